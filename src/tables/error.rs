//! Why a file that somebody brought cannot be read.

use std::{io, path::PathBuf};

use rusqlite::ffi;

use super::MOST;

/// Why a file cannot be read: what it is and what to do, in one line.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// The file itself.
    #[error("{path} cannot be opened ({source}). Name the database file of the app.")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder, or something else that is no file.
    #[error("{path} is no file. Name the database file of the app.")]
    NoFile {
        /// What was named.
        path: PathBuf,
    },
    /// Another kind of file.
    #[error("{path} is no SQLite database. Name the database file of the app, such as chat.db.")]
    NoDatabase {
        /// Which file.
        path: PathBuf,
    },
    /// The database of a Parlor.
    #[error("{path} is the database of a Parlor. Name the database file of the app.")]
    Ours {
        /// Which file.
        path: PathBuf,
    },
    /// Another program writes it.
    #[error("{path} is in use by another program. Stop the app, and import then.")]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// The program that wrote it did not end well.
    #[error(
        "{path} was not closed well: what stands in the journal beside it is missing. Copy it together with its journal, \
         or start the app once and stop it."
    )]
    Unfinished {
        /// Which file.
        path: PathBuf,
    },
    /// It has been damaged, or does not fit the limits.
    #[error("{path} cannot be read ({problem}). Restore it from a backup, or copy it again.")]
    Broken {
        /// Which file.
        path: PathBuf,
        /// What SQLite says.
        problem: String,
    },
    /// It is too large.
    #[error("{path} has more than {MOST} tables, or more than {MOST} columns in one.")]
    TooMany {
        /// Which file.
        path: PathBuf,
    },
}

impl TablesError {
    /// What SQLite's refusal to open or read `path` means.
    pub(super) fn of(path: PathBuf, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ffi::ErrorCode::NotADatabase) => Self::NoDatabase { path },
            Some(ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked) => {
                Self::Locked { path }
            }
            _ if code == Some(ffi::SQLITE_READONLY_ROLLBACK)
                || code == Some(ffi::SQLITE_READONLY_RECOVERY)
                || code == Some(ffi::SQLITE_READONLY_CANTINIT) =>
            {
                Self::Unfinished { path }
            }
            _ => Self::Broken {
                path,
                problem: error.to_string(),
            },
        }
    }
}

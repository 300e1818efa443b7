//! What went wrong: in opening, for the operator; in a change, for the caller.

use std::{io, path::PathBuf, sync::Arc};

use rusqlite::{Error as SqlError, ffi};

use crate::{model::Denied, store::StoreError};

/// Why the database could not be opened: what it is and what to do, in one line.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it cannot be written.
    #[error(
        "{path} cannot be written: {source}. Give Parlor's user write access, or choose another data folder"
    )]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process holds the lock.
    #[error(
        "{path} is in use by another Parlor. Stop that one, or give this one its own data folder"
    )]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// A later version's schema.
    #[error(
        "{path} was written by a newer Parlor (schema {found}, this one knows {known}). \
         Run that version or a later one, or restore a backup from before"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema's version.
        found: i64,
        /// The newest that this binary knows.
        known: usize,
    },
    /// An earlier version's schema, where nothing is to be changed.
    #[error("{path} was written by an older Parlor. Start this one on it once, and stop it again")]
    Older {
        /// The database.
        path: PathBuf,
    },
    /// No database, where there has to be one.
    #[error(
        "{path} is not there. Name the data folder of a server with --data-dir, or start one there first"
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A database, but not ours.
    #[error("{path} is another program's database. Move it away, or choose another data folder")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// No database, or a broken one.
    #[error(
        "{path} is damaged or is no database ({source}). Restore it from a backup, or move it away to begin anew"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: SqlError,
    },
    /// The file system cannot do what WAL needs.
    #[error(
        "{path} lies on a file system without shared memory, such as a network share. \
         Choose a data folder on a local disk"
    )]
    NoWal {
        /// The database.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{path} cannot be opened: {source}. Check the disk's free space and its health")]
    Failed {
        /// The database.
        path: PathBuf,
        /// What failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    /// What SQLite's refusal to open or read `path` means.
    pub(super) fn of(path: PathBuf, source: SqlError) -> Self {
        match source.sqlite_error_code() {
            Some(ffi::ErrorCode::NotADatabase | ffi::ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path, source }
            }
            Some(
                ffi::ErrorCode::CannotOpen
                | ffi::ErrorCode::ReadOnly
                | ffi::ErrorCode::PermissionDenied,
            ) => Self::Unwritable {
                path,
                source: io::Error::other(source),
            },
            Some(ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked) => {
                Self::Locked { path }
            }
            _ => Self::Failed {
                path,
                source: source.into(),
            },
        }
    }
}

/// Unique columns, and the field that a caller knows each by.
const TAKEN: [(&str, &str); 6] = [
    ("UNIQUE constraint failed: users.name_key", "name"),
    ("UNIQUE constraint failed: users.email_key", "email"),
    ("UNIQUE constraint failed: rooms.code", "room"),
    (
        "UNIQUE constraint failed: oidc_identities.issuer, oidc_identities.subject",
        "identity",
    ),
    (
        "UNIQUE constraint failed: oidc_identities.user_id",
        "identity",
    ),
    (
        "UNIQUE constraint failed: passkeys.credential_id",
        "passkey",
    ),
];

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        if let SqlError::SqliteFailure(_, Some(text)) = &error
            && let Some((_, field)) = TAKEN.iter().find(|(constraint, _)| constraint == text)
        {
            return Self::Taken(field);
        }
        Self::Failed(error.into())
    }
}

impl From<Denied> for StoreError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// The transaction that held a change was not committed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the transaction was not committed: {0}")]
pub(super) struct NotCommitted(pub(super) Arc<SqlError>);

/// A change ended in a panic and was undone.
#[derive(Debug, thiserror::Error)]
#[error("the change panicked")]
pub(super) struct Panicked;

//! What a transaction did to rows that concern more than it: SQLite tells of each row by its update hook.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use rusqlite::{Connection, hooks::Action};

use super::search;

/// The table that lists uploads whose files must be deleted.
const DOOMED: &str = "doomed_uploads";

/// The table of messages.
const MESSAGES: &str = "messages";

/// Every message is in the index of the search.
const ALL_INDEXED: i64 = i64::MAX;

/// What this transaction did to rows that concern more than it.
#[derive(Debug)]
pub(super) struct Noticed {
    /// It doomed an upload.
    dooms: AtomicBool,
    /// The first new message that is not in the index of the search yet, nor is any after it.
    unindexed: AtomicI64,
}

impl Default for Noticed {
    fn default() -> Self {
        Self {
            dooms: AtomicBool::new(false),
            unindexed: AtomicI64::new(ALL_INDEXED),
        }
    }
}

impl Noticed {
    /// Is told of each row from now on.
    pub(super) fn watch(self: Arc<Self>, connection: &Connection) -> rusqlite::Result<()> {
        connection.update_hook(Some(move |action, _: &str, table: &str, row| {
            if action != Action::SQLITE_INSERT {
                return;
            }
            if table == MESSAGES {
                self.unindexed.fetch_min(row, Ordering::Relaxed);
            } else if table == DOOMED {
                self.dooms.store(true, Ordering::Relaxed);
            }
        }))
    }

    /// A transaction begins, in which no message is new yet.
    pub(super) fn begin(&self) {
        self.unindexed.store(ALL_INDEXED, Ordering::Relaxed);
    }

    /// Whether an upload was doomed since this was last asked.
    pub(super) fn dooms(&self) -> bool {
        self.dooms.swap(false, Ordering::Relaxed)
    }

    /// The first new message that is not in the index of the search yet.
    pub(super) fn unindexed(&self) -> i64 {
        self.unindexed.load(Ordering::Relaxed)
    }

    /// A change was undone, before which the first message that is not in the index was this one.
    pub(super) fn undo(&self, unindexed: i64) {
        self.unindexed.store(unindexed, Ordering::Relaxed);
    }

    /// Puts the new messages that are not in the index yet there.
    pub(super) fn index(&self, connection: &Connection) -> rusqlite::Result<()> {
        let first = self.unindexed.swap(ALL_INDEXED, Ordering::Relaxed);
        if first == ALL_INDEXED {
            return Ok(());
        }
        search::index(connection, first)
    }
}

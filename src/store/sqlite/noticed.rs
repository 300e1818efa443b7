//! What the writer did to rows that concern more than it: SQLite tells of each row by its update hook.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use rusqlite::{Connection, hooks::Action};

use crate::model::MessageId;

/// The table that lists uploads whose files must be deleted.
const DOOMED: &str = "doomed_uploads";

/// The table of messages.
const MESSAGES: &str = "messages";

/// How many new messages make their index due. It bounds how long a search waits for them and how long they hold up the
/// writer (some milliseconds), and is high enough for that to happen to fewer than one message in a hundred.
const INDEX_DUE: i64 = 256;

/// What was done to rows that concern more than the writer.
#[derive(Debug)]
pub(super) struct Noticed {
    /// An upload was doomed.
    dooms: AtomicBool,
    /// The newest message. It may be higher than that, when one was undone.
    newest: AtomicI64,
    /// Up to which message all are known to be in the index of the search.
    indexed: AtomicI64,
    /// From which message on the index is due.
    due: AtomicI64,
}

impl Default for Noticed {
    /// What an earlier run left out of the index is due, and not known.
    fn default() -> Self {
        Self {
            dooms: AtomicBool::new(false),
            newest: AtomicI64::new(0),
            indexed: AtomicI64::new(-1),
            due: AtomicI64::new(0),
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
                self.newest.fetch_max(row, Ordering::Relaxed);
            } else if table == DOOMED {
                self.dooms.store(true, Ordering::Relaxed);
            }
        }))
    }

    /// Whether an upload was doomed since this was last asked.
    pub(super) fn dooms(&self) -> bool {
        self.dooms.swap(false, Ordering::Relaxed)
    }

    /// Whether there are so many new messages that it is time to put them into the index of the search. Not again before
    /// there are as many more.
    pub(super) fn index_is_due(&self) -> bool {
        let newest = self.newest.load(Ordering::Relaxed);
        let due = newest > self.due.load(Ordering::Relaxed);
        if due {
            self.due.store(newest + INDEX_DUE, Ordering::Relaxed);
        }
        due
    }

    /// Whether every message is in the index of the search.
    pub(super) fn all_indexed(&self) -> bool {
        self.newest.load(Ordering::Relaxed) <= self.indexed.load(Ordering::Relaxed)
    }

    /// All messages up to this one are in the index of the search, on disk.
    pub(super) fn indexed(&self, upto: MessageId) {
        self.indexed.fetch_max(upto.0, Ordering::Relaxed);
    }
}

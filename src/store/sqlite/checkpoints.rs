//! Checkpoints: what stands in the write-ahead log goes into the database, so that the log begins anew.
//!
//! SQLite would do it inside of a commit, which then waits until a thousand pages are written and on disk: with it everybody
//! whose message is in that commit, and those behind. Here a thread of its own does most of it while the writer goes on, which
//! a PASSIVE checkpoint allows (SQLite's manual, *Write-Ahead Logging*, section 3.4). What was committed meanwhile are few pages:
//! these the writer adds itself, since only when nothing is left over does the log begin anew.

use std::{
    cell::Cell,
    ffi::c_int,
    io,
    sync::mpsc::{Receiver, Sender, TryRecvError, channel},
};

use rusqlite::{Connection, hooks::Wal};

use crate::base;

/// How many pages of the log make a checkpoint due: 32 MiB. A checkpoint syncs the database, which the commits beside it feel,
/// and writes a page once however often it is in the log, so that few and long ones cost less than SQLite's usual 1,000 pages:
/// with one message a commit these are full after some seventy of them.
pub(super) const DUE: c_int = 8_192;

/// So many pages more, 64 MiB, and the writer waits for nobody: it does the whole checkpoint itself.
const MOST: c_int = 16_384;

const PASSIVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

thread_local! {
    /// How long the log was after this thread's last commit.
    static PAGES: Cell<c_int> = const { Cell::new(0) };
}

/// The writer's side.
pub(super) struct Checkpoints {
    ask: Sender<()>,
    done: Receiver<()>,
    /// Whether the thread was asked and has not said that it is done.
    asked: bool,
    /// How many pages make one due.
    every: c_int,
    /// From how many pages on the next one is due.
    due: c_int,
    /// How many there were last.
    pages: c_int,
}

impl Checkpoints {
    /// Starts the thread, which works on `own` whenever the log has `every` pages more. Takes the place of what SQLite does by
    /// itself on `writer`, whose thread must be the one that calls [`after_commit`](Self::after_commit).
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(writer: &Connection, own: Connection, every: c_int) -> io::Result<Self> {
        writer.wal_hook(Some(|_: &Wal, pages| {
            PAGES.set(pages);
            Ok(())
        }));
        let (ask, asked) = channel();
        let (say, done) = channel();
        base::thread("store-checkpoint", move || work(own, &asked, say))?;
        Ok(Self {
            ask,
            done,
            asked: false,
            every,
            due: every,
            pages: 0,
        })
    }

    /// To be called after each commit of `writer`.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        let pages = PAGES.get();
        if pages < self.pages {
            // The log has begun anew.
            self.due = self.every;
        }
        self.pages = pages;
        if self.asked {
            let most_is_done = self.done.try_recv() != Err(TryRecvError::Empty);
            if !most_is_done && pages < self.due.saturating_add(MOST) {
                return;
            }
            self.asked = !most_is_done;
        } else {
            if pages < self.due {
                return;
            }
            self.asked = self.ask.send(()).is_ok();
            if self.asked {
                return;
            }
        }
        checkpoint(writer);
        self.due = pages.saturating_add(self.every);
    }

    /// Waits until the thread has ended and its connection is closed.
    pub(super) fn end(self) {
        drop(self.ask);
        while self.done.recv().is_ok() {}
    }
}

fn work(own: Connection, asked: &Receiver<()>, say: Sender<()>) {
    while asked.recv().is_ok() {
        checkpoint(&own);
        if say.send(()).is_err() {
            break;
        }
    }
    drop(own);
    // Only now does the writer learn of the end.
    drop(say);
}

/// One that waits for nobody. When it fails the log is longer, no more: the next one does what this did not.
fn checkpoint(connection: &Connection) {
    if let Err(error) = connection.query_row(PASSIVE, [], |_| Ok(())) {
        tracing::warn!(error = %error, "the write-ahead log could not be written into the database; the next checkpoint does it");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::{Connection, OpenFlags};
    use tempfile::TempDir;

    use super::Checkpoints;

    #[test]
    fn the_log_begins_anew_while_commits_come_without_a_pause() {
        let folder = TempDir::new().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let open = || Connection::open_with_flags(at("words.db"), OpenFlags::default());
        let (writer, own) = (open().expect("opened"), open().expect("opened"));
        writer
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE words (text TEXT)")
            .expect("a table");
        let mut checkpoints = Checkpoints::start(&writer, own, 200).expect("a thread");
        let text = "word ".repeat(1_000);
        for _ in 0..2_000 {
            writer
                .execute("INSERT INTO words VALUES (?1)", [&text])
                .expect("committed");
            checkpoints.after_commit(&writer);
        }
        let size = |name: &str| fs::metadata(at(name)).expect("a file").len();
        let (database, log) = (size("words.db"), size("words.db-wal"));
        assert!(database > 4 << 20, "checkpoints were done: {database}");
        assert!(log < database, "the log began anew: {log} of {database}");
        checkpoints.end();
        writer.close().expect("closed");
        assert!(!at("words.db-wal").exists());
    }
}

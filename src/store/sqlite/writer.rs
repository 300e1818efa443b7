//! The writer: one connection, one thread, one order for every change.
//!
//! It runs all that is queued in one transaction (group commit), commits, tells the feed, and only then answers. It never
//! answers what is not on disk. Each change has a savepoint of its own, but for plain messages, of which most changes are:
//! a savepoint copies every page that is written after it began. One of them that fails half done takes the whole transaction with it.
//!
//! New messages go into the index of the search many at once, in a transaction after theirs, or when somebody searches.

use std::{
    collections::VecDeque,
    fs::File,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use rusqlite::{Connection, Error as SqlError, ffi};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::{
    checkpoints::{self, Checkpoints},
    errors::NotCommitted,
    noticed::Noticed,
    open::Opened,
    queued::{Job, Queued, Savepoint},
    rows::execute,
    search,
};
use crate::{
    base,
    model::{Change, MessageId},
    store::{Pending, Result, StoreError, WriterStats, feed::FeedSender},
};

/// The most changes in one transaction; it bounds how long the first of them waits for its answer.
const GROUP: usize = 256;

/// How often all who wait for this core go first, before what is queued is taken, while changes come at the same time:
/// one commit for all costs less than one for each, and who listens hears of all of them by one system call. On a core
/// that nobody else needs it takes no time. `PostgreSQL` waits likewise (`commit_delay`, `commit_siblings`).
const YIELDS: u32 = 2;

/// Changes come at the same time while one of so many transactions in a row has more than one.
const COMPANY: u32 = 16;

const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
const SAVE: &str = "SAVEPOINT job";
const KEEP: &str = "RELEASE job";
const UNDO: &str = "ROLLBACK TO job";

/// What a change works on.
pub(super) struct Transaction<'t> {
    /// The open transaction.
    pub(super) connection: &'t Connection,
    changes: &'t mut Vec<Change>,
}

impl Transaction<'_> {
    /// Tells the feed of this, once it is committed.
    pub(super) fn tell(&mut self, change: Change) {
        self.changes.push(change);
    }
}

#[derive(Debug, Default)]
struct Counters {
    commits: AtomicU64,
    changes: AtomicU64,
    failing: AtomicBool,
}

/// The callers' end.
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    counters: Arc<Counters>,
    noticed: Arc<Noticed>,
    doomed: Arc<Notify>,
    ended: CancellationToken,
}

impl Writer {
    /// Starts the thread. Up to `capacity` changes wait; more are refused.
    pub(super) fn start(opened: Opened, capacity: usize, feed: FeedSender) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        let counters = Arc::new(Counters::default());
        let doomed = Arc::new(Notify::new());
        let noticed = Arc::new(Noticed::default());
        let Opened {
            connection,
            checkpointer,
            lock,
        } = opened;
        Arc::clone(&noticed)
            .watch(&connection)
            .map_err(io::Error::other)?;
        let checkpoints = Checkpoints::start(&connection, checkpointer, checkpoints::DUE)?;
        let work = Loop {
            connection,
            checkpoints,
            lock,
            noticed: Arc::clone(&noticed),
            doomed: Arc::clone(&doomed),
            queue: receiver,
            waiting: VecDeque::with_capacity(GROUP),
            company: 0,
            feed,
            counters: Arc::clone(&counters),
        };
        let ended = base::thread("store-writer", move || work.run())?;
        Ok(Self {
            queue: Mutex::new(Some(sender)),
            counters,
            noticed,
            doomed,
            ended,
        })
    }

    /// Queues a change, which is decided in the order of the calls and answered after the commit.
    ///
    /// # Errors
    /// `Busy` when the queue is full, `Closed` when the writer is.
    pub(super) fn queue<T: Send + 'static>(
        &self,
        savepoint: Savepoint,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>> {
        let (job, pending) = Queued::new(savepoint, work);
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        match queue.as_ref().ok_or(StoreError::Closed)?.try_send(job) {
            Ok(()) => Ok(pending),
            Err(mpsc::error::TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(StoreError::Closed),
        }
    }

    /// Has every message that was committed before this call put into the index of the search, if one is not there.
    ///
    /// # Errors
    /// As for every change: not queued, or not committed.
    pub(super) async fn index(&self) -> Result<()> {
        if self.noticed.all_indexed() {
            return Ok(());
        }
        let upto = self.queue(Savepoint::Own, index)?.await?;
        self.noticed.indexed(upto);
        Ok(())
    }

    /// What it has done so far.
    pub(super) fn stats(&self) -> WriterStats {
        WriterStats {
            commits: self.counters.commits.load(Ordering::Relaxed),
            changes: self.counters.changes.load(Ordering::Relaxed),
        }
    }

    /// Whether the last transaction could not be committed.
    pub(super) fn failing(&self) -> bool {
        self.counters.failing.load(Ordering::Relaxed)
    }

    /// Is notified after each commit that put something on the list of doomed uploads.
    pub(super) fn doomed(&self) -> &Notify {
        &self.doomed
    }

    /// Takes no more changes and waits until what is queued was committed and the connection closed.
    pub(super) async fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        self.ended.cancelled().await;
    }
}

/// Puts new messages into the index of the search.
fn index(transaction: &mut Transaction<'_>) -> Result<MessageId> {
    Ok(search::index(transaction.connection)?)
}

/// The thread's end.
struct Loop {
    connection: Connection,
    checkpoints: Checkpoints,
    lock: File,
    queue: mpsc::Receiver<Box<dyn Job>>,
    /// Taken from the queue, not yet run.
    waiting: VecDeque<Box<dyn Job>>,
    /// In how many more transactions changes are taken to come at the same time.
    company: u32,
    feed: FeedSender,
    counters: Arc<Counters>,
    noticed: Arc<Noticed>,
    doomed: Arc<Notify>,
}

impl Loop {
    fn run(mut self) {
        while self.gather() {
            self.round();
        }
        let Self {
            connection,
            checkpoints,
            lock,
            ..
        } = self;
        checkpoints.end();
        let checkpoint = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = checkpoint.and_then(|()| connection.close().map_err(|(_, error)| error))
        {
            tracing::warn!(error = %error, "the database was not tidied up at its end; the next start does it");
        }
        drop(lock);
    }

    /// Waits for something to do and takes all of it, up to a group. Says `false` at the end.
    fn gather(&mut self) -> bool {
        if self.waiting.is_empty() {
            match self.queue.blocking_recv() {
                Some(job) => self.waiting.push_back(job),
                None => return false,
            }
        }
        if self.company > 0 {
            for _ in 0..YIELDS {
                std::thread::yield_now();
            }
        }
        while self.waiting.len() < GROUP
            && let Ok(job) = self.queue.try_recv()
        {
            self.waiting.push_back(job);
        }
        true
    }

    /// One transaction: run, commit, tell, answer.
    fn round(&mut self) {
        let mut changes = Vec::new();
        let mut done = Vec::with_capacity(self.waiting.len());
        let committed = self
            .transact(&mut changes, &mut done)
            .map_err(|error| NotCommitted(Arc::new(error)));
        self.counters
            .failing
            .store(committed.is_err(), Ordering::Relaxed);
        if committed.is_ok() {
            let count = u64::try_from(done.len()).unwrap_or(u64::MAX);
            self.counters.commits.fetch_add(1, Ordering::Relaxed);
            self.counters.changes.fetch_add(count, Ordering::Relaxed);
            self.feed.publish(changes);
            if self.noticed.dooms() {
                self.doomed.notify_one();
            }
        } else if !self.connection.is_autocommit() {
            // When even this fails, the next BEGIN does, and says so to the next callers.
            drop(execute(&self.connection, ROLLBACK, []));
        }
        self.company = match done.len() {
            0 | 1 => self.company.saturating_sub(1),
            _ => COMPANY,
        };
        let kept = committed.is_ok();
        for job in done {
            job.answer(committed.as_ref().err());
        }
        if kept {
            self.checkpoints.after_commit(&self.connection);
            if self.noticed.index_is_due() {
                let (job, _) = Queued::new(Savepoint::Own, index);
                self.waiting.push_back(job);
            }
        }
    }

    /// Runs what waits and commits it. What was begun is in `done`, also when this fails.
    fn transact(
        &mut self,
        changes: &mut Vec<Change>,
        done: &mut Vec<Box<dyn Job>>,
    ) -> rusqlite::Result<()> {
        let connection = &self.connection;
        if let Err(error) = execute(connection, BEGIN, []) {
            done.extend(self.waiting.drain(..));
            return Err(error);
        }
        while let Some(mut job) = self.waiting.pop_front() {
            let ran = attempt(connection, changes, &mut *job);
            done.push(job);
            ran?;
        }
        execute(connection, COMMIT, []).map(drop)
    }
}

/// Runs one change; one that is refused leaves nothing behind.
///
/// # Errors
/// When the transaction around it is lost: a full disk or an I/O error can make SQLite roll all of it back, and what was half
/// done without a savepoint must not be kept.
fn attempt(
    connection: &Connection,
    changes: &mut Vec<Change>,
    job: &mut dyn Job,
) -> rusqlite::Result<()> {
    let before = changes.len();
    let undoable = job.savepoint() == Savepoint::Own;
    let written = connection.total_changes();
    if undoable {
        execute(connection, SAVE, [])?;
    }
    let keep = job.run(&mut Transaction {
        connection,
        changes,
    });
    if connection.is_autocommit() {
        return Err(lost("SQLite rolled all of it back"));
    }
    if !keep {
        changes.truncate(before);
        if undoable {
            execute(connection, UNDO, [])?;
        } else if connection.total_changes() != written {
            return Err(lost("a message could be written only in part"));
        }
    }
    if undoable {
        execute(connection, KEEP, [])?;
    }
    Ok(())
}

/// The transaction does not go on.
fn lost(why: &str) -> SqlError {
    SqlError::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_ABORT_ROLLBACK),
        Some(why.to_owned()),
    )
}

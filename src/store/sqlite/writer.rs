//! The writer: one connection, one thread, one order for every change.
//!
//! It runs all that is queued in one transaction (group commit), each change in a savepoint of its
//! own, commits, tells the feed, and only then answers. It never answers what is not on disk.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use rusqlite::{Connection, Error as SqlError, ffi, hooks::Action};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{
    errors::{NotCommitted, Panicked},
    open::Opened,
    rows::execute,
};
use crate::{
    base,
    model::Change,
    store::{Pending, Result, StoreError, WriterStats, feed::FeedSender},
};

/// The most changes in one transaction; it bounds how long the first of them waits for its answer.
const GROUP: usize = 256;

const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
const SAVE: &str = "SAVEPOINT job";
const KEEP: &str = "RELEASE job";
const UNDO: &str = "ROLLBACK TO job";

/// The table that lists uploads whose files must be deleted.
const DOOMED: &str = "doomed_uploads";

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
    doomed: Arc<Notify>,
    ended: CancellationToken,
}

impl Writer {
    /// Starts the thread. Up to `capacity` changes wait; more are refused.
    pub(super) fn start(opened: Opened, capacity: usize, feed: FeedSender) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        let counters = Arc::new(Counters::default());
        let doomed = Arc::new(Notify::new());
        let dooms = Arc::new(AtomicBool::new(false));
        watch(&opened.connection, Arc::clone(&dooms)).map_err(io::Error::other)?;
        let work = Loop {
            opened,
            dooms,
            doomed: Arc::clone(&doomed),
            queue: receiver,
            waiting: VecDeque::with_capacity(GROUP),
            feed,
            counters: Arc::clone(&counters),
        };
        let ended = base::thread("store-writer", move || work.run())?;
        Ok(Self {
            queue: Mutex::new(Some(sender)),
            counters,
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
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>> {
        let (reply, pending) = Pending::new();
        let job = Box::new(Queued {
            work: Some(work),
            result: None,
            reply,
        });
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        match queue.as_ref().ok_or(StoreError::Closed)?.try_send(job) {
            Ok(()) => Ok(pending),
            Err(mpsc::error::TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(StoreError::Closed),
        }
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

/// Has `dooms` set whenever a row of `doomed_uploads` is written.
fn watch(connection: &Connection, dooms: Arc<AtomicBool>) -> rusqlite::Result<()> {
    connection.update_hook(Some(move |action, _: &str, table: &str, _| {
        if action == Action::SQLITE_INSERT && table == DOOMED {
            dooms.store(true, Ordering::Relaxed);
        }
    }))
}

/// A change on its way: run inside the transaction, answered after it.
trait Job: Send {
    /// Does it, and remembers how it went. Says whether it is to be kept.
    fn run(&mut self, transaction: &mut Transaction<'_>) -> bool;

    /// Answers the caller. `failure` is why the transaction does not hold, if it does not.
    fn answer(self: Box<Self>, failure: Option<&NotCommitted>);
}

struct Queued<T, F> {
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnOnce(&mut Transaction<'_>) -> Result<T> + Send> Job for Queued<T, F> {
    fn run(&mut self, transaction: &mut Transaction<'_>) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let result = catch_unwind(AssertUnwindSafe(|| work(transaction)))
            .unwrap_or_else(|_| Err(StoreError::Failed(Panicked.into())));
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, failure: Option<&NotCommitted>) {
        let result = match failure {
            Some(failure) => Err(StoreError::Failed(failure.clone().into())),
            None => self.result.unwrap_or(Err(StoreError::Closed)),
        };
        // A caller that no longer waits does not need the answer.
        drop(self.reply.send(result));
    }
}

/// The thread's end.
struct Loop {
    opened: Opened,
    queue: mpsc::Receiver<Box<dyn Job>>,
    /// Taken from the queue, not yet run.
    waiting: VecDeque<Box<dyn Job>>,
    feed: FeedSender,
    counters: Arc<Counters>,
    /// Whether this transaction doomed an upload.
    dooms: Arc<AtomicBool>,
    doomed: Arc<Notify>,
}

impl Loop {
    fn run(mut self) {
        while self.gather() {
            self.round();
        }
        let Opened { connection, lock } = self.opened;
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
        while self.waiting.len() < GROUP {
            match self.queue.try_recv() {
                Ok(job) => self.waiting.push_back(job),
                Err(_) => break,
            }
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
            if self.dooms.swap(false, Ordering::Relaxed) {
                self.doomed.notify_one();
            }
        } else if !self.opened.connection.is_autocommit() {
            // When even this fails, the next BEGIN does, and says so to the next callers.
            drop(execute(&self.opened.connection, ROLLBACK, []));
        }
        for job in done {
            job.answer(committed.as_ref().err());
        }
    }

    /// Runs what waits and commits it. What was begun is in `done`, also when this fails.
    fn transact(
        &mut self,
        changes: &mut Vec<Change>,
        done: &mut Vec<Box<dyn Job>>,
    ) -> rusqlite::Result<()> {
        let connection = &self.opened.connection;
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

/// Runs one change in a savepoint; one that fails leaves nothing behind.
///
/// # Errors
/// When the transaction around it was lost: a full disk or an I/O error can make SQLite roll all of it back.
fn attempt(
    connection: &Connection,
    changes: &mut Vec<Change>,
    job: &mut dyn Job,
) -> rusqlite::Result<()> {
    let before = changes.len();
    execute(connection, SAVE, [])?;
    let keep = job.run(&mut Transaction {
        connection,
        changes,
    });
    if connection.is_autocommit() {
        let code = ffi::Error::new(ffi::SQLITE_ABORT_ROLLBACK);
        return Err(SqlError::SqliteFailure(
            code,
            Some("SQLite rolled all of it back".to_owned()),
        ));
    }
    if !keep {
        changes.truncate(before);
        execute(connection, UNDO, [])?;
    }
    execute(connection, KEEP, []).map(drop)
}

//! Readers: a pool of connections that cannot write, each used by one blocking thread at a time.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::Connection;

use super::{open, rows::execute};
use crate::{
    base::Blocking,
    store::{Result, StoreError},
};

const BEGIN: &str = "BEGIN";

const END: &str = "COMMIT";

/// How long a read waits for a connection; there is one for each thread that may ask, so only a new one is waited for.
const WAIT: Duration = Duration::from_secs(5);

/// The pool, and the bound on the threads that use it. Empty once closed.
pub(super) struct Reader {
    pool: Mutex<Option<Pool<SqliteConnectionManager>>>,
    blocking: Blocking,
}

impl Reader {
    /// Up to `connections` to the database at `path`, opened when they are first needed and kept.
    pub(super) fn new(path: &Path, connections: u32) -> Result<Self, r2d2::Error> {
        let connections = connections.max(1);
        let manager = SqliteConnectionManager::file(path)
            .with_flags(open::flags())
            .with_init(open::initialise_reader);
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .max_lifetime(None)
            .idle_timeout(None)
            .test_on_check_out(false)
            .connection_timeout(WAIT)
            .build(manager)?;
        let at_once = usize::try_from(connections).unwrap_or(usize::MAX);
        Ok(Self {
            pool: Mutex::new(Some(pool)),
            blocking: Blocking::new(at_once),
        })
    }

    /// Runs `work` in one read transaction, so that all it reads is of one moment.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let pool = self
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let pool = pool.ok_or(StoreError::Closed)?;
        let read = move || {
            let connection = pool
                .get()
                .map_err(|error| StoreError::Failed(error.into()))?;
            let moment = Moment::begin(&connection)?;
            let result = work(&connection)?;
            moment.end()?;
            Ok(result)
        };
        self.blocking.run(read).await
    }

    /// Lets the connections go; reads that have begun end first on their own.
    pub(super) async fn close(&self) {
        let pool = self
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.blocking.run(move || drop(pool)).await;
    }
}

/// One read transaction, which ends with this even when the work in it panics: else the connection would be of no more use.
///
/// Its statements stay prepared, unlike those of [`rusqlite::Transaction`].
struct Moment<'c>(&'c Connection);

impl<'c> Moment<'c> {
    fn begin(connection: &'c Connection) -> rusqlite::Result<Self> {
        execute(connection, BEGIN, [])?;
        Ok(Self(connection))
    }

    fn end(self) -> rusqlite::Result<()> {
        execute(self.0, END, []).map(drop)
    }
}

impl Drop for Moment<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // When even this fails, the next read on this connection says so.
            drop(execute(self.0, END, []));
        }
    }
}

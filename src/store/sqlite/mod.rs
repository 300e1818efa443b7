//! The store in SQLite: a pool of readers, one writer, one file a subject with its SQL.
//!
//! This is the only place that knows SQL. A query is a named constant with named parameters, prepared
//! once a connection; what it is read into stands in `rows`. Writes go through `writer` only.

mod accounts;
mod addresses;
mod administration;
mod behind;
mod bots;
mod changes;
mod checkpoints;
mod claims;
mod closing;
mod concerned;
mod devices;
mod errors;
mod exports;
mod extras;
mod factors;
mod guests;
mod hooks;
mod identities;
mod imports;
mod invites;
mod lists;
mod logins;
mod measures;
mod members;
mod mentions;
mod merges;
mod messages;
mod migrations;
mod missed;
mod moderation;
mod noticed;
mod notices;
mod open;
mod outgoing;
mod own;
mod passkeys;
#[cfg(test)]
mod plans;
mod previews;
mod queued;
mod reader;
mod recovery;
mod reports;
mod retention;
mod room_changes;
mod rooms;
mod rows;
mod search;
mod sessions;
#[cfg(test)]
pub(crate) mod tests;
mod tokens;
mod uploads;
mod views;
mod writer;

use std::{path::PathBuf, sync::Arc};

use rusqlite::Connection;

pub use self::{errors::OpenError, search::index as index_messages};
use self::{
    queued::Savepoint,
    reader::Reader,
    rows::{execute, one},
    writer::{Transaction, Writer},
};
use super::{Pending, Result, Store, StoreError, WriterStats, feed::FeedSender};
use crate::model::Timestamp;

const READ_SOMETHING: &str = "SELECT id FROM rooms WHERE code = 'lobby'";

const WRITE_SOMETHING: &str = "UPDATE rooms SET topic = topic WHERE code = 'lobby'";

/// Where the database is and how much of the machine it may use.
#[derive(Debug, Clone)]
pub struct Options {
    /// The database's file; it is made where it is missing, its folder is not.
    pub path: PathBuf,
    /// How many connections read.
    pub readers: u32,
    /// How many changes may wait for the writer.
    pub writer_queue: usize,
    /// Now: when the lobby was made, if this makes it.
    pub now: Timestamp,
}

/// All that Parlor keeps, in one SQLite database.
pub struct SqliteStore {
    reader: Reader,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database, brings its schema up to date and starts the writer, which tells `feed` of
    /// what it has committed. Blocks while it does.
    ///
    /// # Errors
    /// When the file cannot be written or is damaged, foreign, newer than this binary, or in use by another server.
    pub fn open(options: &Options, feed: FeedSender) -> Result<Arc<Self>, OpenError> {
        Self::begin(options, feed, open::open(&options.path, options.now)?)
    }

    /// As [`SqliteStore::open`], but what another version left is refused instead of brought up to date, so that nothing is
    /// written.
    ///
    /// # Errors
    /// The same, and for an older schema.
    pub fn open_as_it_is(options: &Options, feed: FeedSender) -> Result<Arc<Self>, OpenError> {
        open::is_of_today(&options.path)?;
        Self::open(options, feed)
    }

    fn begin(
        options: &Options,
        feed: FeedSender,
        opened: open::Opened,
    ) -> Result<Arc<Self>, OpenError> {
        let failed = |source| OpenError::Failed {
            path: options.path.clone(),
            source,
        };
        let reader =
            Reader::new(&options.path, options.readers).map_err(|error| failed(error.into()))?;
        let writer = Writer::start(opened, options.writer_queue, feed)
            .map_err(|error| failed(error.into()))?;
        Ok(Arc::new(Self { reader, writer }))
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.reader.read(work).await
    }

    fn queue<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>> {
        self.writer.queue(Savepoint::Own, work)
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.queue(work)?.await
    }
}

#[async_trait::async_trait]
impl Store for SqliteStore {
    fn stats(&self) -> WriterStats {
        self.writer.stats()
    }

    /// The writer answers a change that changes nothing. Only when its last commit failed, one that
    /// writes something: otherwise who asks for `/readyz` could keep the disk busy.
    async fn ready(&self) -> Result<()> {
        self.read(|connection| {
            one(connection, READ_SOMETHING, [], |_| Ok(())).map_err(StoreError::from)
        })
        .await?;
        let failing = self.writer.failing();
        self.write(move |transaction| {
            if failing {
                execute(transaction.connection, WRITE_SOMETHING, [])?;
            }
            Ok(())
        })
        .await
    }

    async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

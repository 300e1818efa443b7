//! A change on its way through the writer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::{
    errors::{NotCommitted, Panicked},
    writer::Transaction,
};
use crate::store::{Pending, Result, StoreError};

/// How a change that is refused is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Savepoint {
    /// It has a savepoint of its own.
    Own,
    /// There is nothing to undo: it is refused before it has written anything.
    None,
}

/// A change on its way: run inside the transaction, answered after it.
pub(super) trait Job: Send {
    /// How it is undone.
    fn savepoint(&self) -> Savepoint;

    /// Does it, and remembers how it went. Says whether it is to be kept.
    fn run(&mut self, transaction: &mut Transaction<'_>) -> bool;

    /// Answers the caller. `failure` is why the transaction does not hold, if it does not.
    fn answer(self: Box<Self>, failure: Option<&NotCommitted>);
}

/// What its caller waits for.
pub(super) struct Queued<T, F> {
    savepoint: Savepoint,
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Queued<T, F> {
    /// A change, and where its answer comes.
    pub(super) fn new(savepoint: Savepoint, work: F) -> (Box<Self>, Pending<T>) {
        let (reply, pending) = Pending::new();
        let job = Self {
            savepoint,
            work: Some(work),
            result: None,
            reply,
        };
        (Box::new(job), pending)
    }
}

impl<T: Send, F: FnOnce(&mut Transaction<'_>) -> Result<T> + Send> Job for Queued<T, F> {
    fn savepoint(&self) -> Savepoint {
        self.savepoint
    }

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

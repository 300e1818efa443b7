//! Work that blocks a thread, with a bound on how much of it runs at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A place for blocking work of one kind: at most so many at once, the others wait their turn.
#[derive(Debug, Clone)]
pub struct Blocking {
    permits: Arc<Semaphore>,
}

impl Blocking {
    /// Room for `at_once` pieces of work (at least one).
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once.max(1))),
        }
    }

    /// Runs `work` on a thread that may block. Once begun it runs to its end, even when the caller
    /// stops waiting.
    ///
    /// # Panics
    /// When `work` panics: the panic goes on in the caller.
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that moves work to blocking threads"
    )]
    pub async fn run<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .expect("this semaphore is never closed");
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        match done.await {
            Ok(result) => result,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

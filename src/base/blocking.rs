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
    /// stops waiting. Work that is asked for while the runtime shuts down is never begun, and
    /// never ends.
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
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_shutting_down) => std::future::pending().await,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::pin,
        task::{Context, Waker},
    };

    use super::Blocking;

    #[test]
    fn work_asked_for_during_a_shutdown_does_not_panic_where_it_is_awaited() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_background();

        let _entered = handle.enter();
        let blocking = Blocking::new(1);
        let mut work = pin!(blocking.run(|| ()));
        let mut look = Context::from_waker(Waker::noop());
        assert!(work.as_mut().poll(&mut look).is_pending());
        assert!(work.as_mut().poll(&mut look).is_pending());
    }
}

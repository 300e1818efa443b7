//! Background tasks: all counted, all ended by one token.

use std::{future::Future, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Every task that Parlor runs beside its requests.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// No tasks yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `task` beside the caller. It must end soon after [`Tasks::stopping`] is cancelled.
    #[allow(clippy::disallowed_methods, reason = "the one place that spawns")]
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.tracker.spawn(task));
    }

    /// Runs `task` beside the caller and drops it where it stands when a stop comes.
    pub fn until_stopped(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.spawn(async move {
            stop.run_until_cancelled(task).await;
        });
    }

    /// Runs `work` after `delay`, unless a stop comes first.
    pub fn after(&self, delay: Duration, work: impl FnOnce() + Send + 'static) {
        self.until_stopped(async move {
            tokio::time::sleep(delay).await;
            work();
        });
    }

    /// The token that ends every task.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// How many tasks run now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.tracker.len()
    }

    /// Ends all tasks and waits for them, `within` at most. Says whether all had ended by then.
    pub async fn stop(&self, within: Duration) -> bool {
        self.stop.cancel();
        self.tracker.close();
        tokio::time::timeout(within, self.tracker.wait())
            .await
            .is_ok()
    }
}

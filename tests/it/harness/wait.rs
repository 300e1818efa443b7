//! Waiting, always with an end: a test that hangs fails instead, and says for what it waited.

use std::{future::Future, panic::Location, time::Duration};

/// Far longer than anything takes on a machine that has other things to do as well.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition is looked at that nothing announces.
const GLANCE: Duration = Duration::from_millis(2);

/// The future's value, if it comes in time.
#[track_caller]
pub(crate) fn within<F: Future>(what: &str, future: F) -> impl Future<Output = F::Output> {
    let caller = Location::caller();
    async move {
        tokio::time::timeout(PATIENCE, future)
            .await
            .unwrap_or_else(|_| panic!("{caller}: waited in vain for {what}"))
    }
}

/// Waits until a condition holds that can only be looked at.
#[track_caller]
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) -> impl Future<Output = ()> {
    within(what, async move {
        while !holds() {
            tokio::time::sleep(GLANCE).await;
        }
    })
}

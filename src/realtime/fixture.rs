//! A connection whose way out leads into a test.

use serde_json::value::RawValue;

use super::connection::{NotSent, Outlet};

/// Takes everything, and hands each payload to a closure.
pub(super) struct Tells<F>(pub(super) F);

impl<F: Fn(&RawValue) + Send + Sync> Outlet for Tells<F> {
    fn send(&self, _: &str, payload: &RawValue) -> Result<(), NotSent> {
        (self.0)(payload);
        Ok(())
    }

    fn send_pair(&self, _: &str, first: &RawValue, second: &RawValue) -> Result<(), NotSent> {
        (self.0)(first);
        (self.0)(second);
        Ok(())
    }

    fn send_volatile(&self, _: &str, payload: &RawValue) {
        (self.0)(payload);
    }

    fn disconnect(&self) {}

    fn cut(&self) {}
}

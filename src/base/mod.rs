//! The ground under everything: time, background tasks and the pool for blocking work.
//!
//! This is the only place that spawns, blocks a thread, or asks what time it is, so that tests can
//! turn the clock and a stop can wait for everything that runs.

mod background;
mod blocking;
mod clock;
mod tasks;
mod thread;

pub use background::Background;
pub use blocking::Blocking;
pub use clock::{Clock, ManualClock, SystemClock, utc};
pub use tasks::Tasks;
pub use thread::thread;

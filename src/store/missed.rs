//! Mentions and direct messages that wait to be mailed, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{MissedBy, MissedEnd, Timestamp, UserId};

/// What is mailed unless it is read before. It is noted by [`Notices::note`](super::Notices::note).
#[async_trait]
pub trait MissedMail: Send + Sync {
    /// Those who have missed something for long enough, with all that they have still not read, at most `limit`.
    async fn due_missed(&self, now: Timestamp, limit: u32) -> Result<Vec<MissedBy>>;

    /// When the next of them is due, if there is one.
    async fn next_missed(&self) -> Result<Option<Timestamp>>;

    /// Notes how it ended: what came meanwhile stays noted.
    async fn end_missed(&self, missed: &MissedBy, end: MissedEnd) -> Result<()>;

    /// Mails nothing to this person any more.
    async fn end_mail(&self, user: UserId) -> Result<()>;
}

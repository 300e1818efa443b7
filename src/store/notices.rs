//! Who is to be told of what, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{Gathered, MessageId, Notice, Push, PushOutcome, PushPlace, Seen, Timestamp};

/// What is told to people who do not look. Nothing of it is worked out while a message is stored: whoever delivers
/// gathers afterwards what was said since it last did, and notes whom it concerns.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Up to which message it was gathered.
    async fn noticed(&self) -> Result<MessageId>;

    /// Whom what was said after this message concerns, and what edits have added to others; `mail` asks for what may be mailed, too. What was said before
    /// `since` concerns nobody any more.
    async fn gather(
        &self,
        after: MessageId,
        since: Timestamp,
        now: Timestamp,
        mail: bool,
    ) -> Result<Gathered>;

    /// Notes who is to be told, and what was looked at for that. `mail_at` is when it is mailed.
    async fn note(
        &self,
        notices: Vec<Notice>,
        seen: Seen,
        now: Timestamp,
        mail_at: Timestamp,
    ) -> Result<()>;

    /// What is due to be pushed, at most `limit`.
    async fn due_pushes(&self, now: Timestamp, limit: u32) -> Result<Vec<Push>>;

    /// When a device that waits after a failure is tried again, if one does.
    async fn next_push(&self, now: Timestamp) -> Result<Option<Timestamp>>;

    /// Notes how a push of this message ended.
    async fn end_push(
        &self,
        place: PushPlace,
        message: MessageId,
        cleared: bool,
        outcome: PushOutcome,
    ) -> Result<()>;
}

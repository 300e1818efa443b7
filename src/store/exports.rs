//! What a person said, sent and reacted, for an export of their data, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{Account, Message, MessageId, Operator, OwnFile, OwnReaction, UploadId, UserId};

/// What is somebody's own, page by page.
#[async_trait]
pub trait Exports: Send + Sync {
    /// Some of the messages that this person wrote, from `from` on, in the order of their ids, wherever they stand; and from
    /// where to go on, unless that was all. A page may be empty, and still not the last.
    async fn said_by(
        &self,
        user: UserId,
        from: MessageId,
    ) -> Result<(Vec<Message>, Option<MessageId>)>;

    /// Notes in the site's log that who runs the site makes an export of somebody's data; answers with their account.
    ///
    /// # Errors
    /// `NotFound("account")`; `Denied` where the operator does not run the site.
    async fn note_export(&self, by: Operator, user: UserId) -> Result<Account>;

    /// This person's reactions, those after the number `after`, in their order.
    async fn reactions_by(&self, user: UserId, after: i64, limit: u32) -> Result<Vec<OwnReaction>>;

    /// The files that this person sent, those after the id `after`, in the order of their ids.
    async fn files_by(&self, user: UserId, after: UploadId, limit: u32) -> Result<Vec<OwnFile>>;
}

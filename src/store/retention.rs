//! Deleting what is older than a room or the site keeps, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{MessageId, RoomId, Timestamp};

/// The old messages of a room: its first ones, up to the first that is not old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldMessages {
    /// The room.
    pub room: RoomId,
    /// All of its messages before this one.
    pub before: MessageId,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweptMessages {
    /// How many messages were deleted for good, or emptied because later ones refer to them.
    pub count: i64,
    /// Behind which message the next step begins; `None` where this was the last.
    pub next: Option<MessageId>,
}

/// Messages that are older than their room or the site keeps.
#[async_trait]
pub trait Retention: Send + Sync {
    /// The first room after `after`, by its id, that has messages which are older than the site keeps, or than the room
    /// does at the time `now`. `time` is when the oldest were sent that the site keeps; `None` where it keeps all of them.
    async fn old_messages(
        &self,
        after: RoomId,
        time: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<OldMessages>>;

    /// Has everybody in a room read what is going to be deleted, so that nobody's unread messages count what is gone; told to
    /// the feed as `Read`.
    async fn read_old(&self, old: OldMessages) -> Result<()>;

    /// Deletes some of a room's old messages behind `after` for good, with their files. One that later messages refer to
    /// becomes a tombstone, told to the feed as `Message`, and goes once those have gone.
    async fn sweep_old(&self, old: OldMessages, after: MessageId) -> Result<SweptMessages>;

    /// Notes in the site's log that so many messages were swept.
    async fn note_swept(&self, count: i64, now: Timestamp) -> Result<()>;
}

//! Threads, pins and what people saved, as the store offers them.

use std::collections::HashSet;

use async_trait::async_trait;

use super::Result;
use crate::model::{Message, MessageId, Permit, RoomId, RoomName, Timestamp, UserId};

/// Part of a list of messages.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are more.
    pub more: bool,
}

/// A saved message, and what its room is called.
#[derive(Debug, Clone)]
pub struct SavedMessage {
    /// The message.
    pub message: Message,
    /// Its room's name.
    pub room_name: RoomName,
}

/// Threads, pins and saved messages.
#[async_trait]
pub trait Lists: Send + Sync {
    /// The first `limit` replies of the thread that begins with `root`, after the message `after`, in the order of
    /// their ids.
    async fn replies(&self, root: MessageId, after: MessageId, limit: u32) -> Result<Listed>;

    /// The `limit` messages that were pinned last in a room, the newest pin first.
    async fn pins(&self, room: RoomId, limit: u32) -> Result<Listed>;

    /// Saves a message for this person, or takes it out; harmless when it is so already, else told to the feed.
    /// Answers with the message.
    ///
    /// # Errors
    /// `NotFound("message")`, also for one that is deleted or in a room that the person may not know of; `Denied`.
    async fn save(
        &self,
        id: MessageId,
        user: UserId,
        on: bool,
        now: Timestamp,
        permit: Permit,
    ) -> Result<Message>;

    /// What this person saved before the message `before` in rooms to which they belong, the newest messages first; one
    /// more than `limit` where there are more.
    async fn saved(&self, user: UserId, before: MessageId, limit: u32)
    -> Result<Vec<SavedMessage>>;

    /// Which of the messages from `first` to `last` this person saved.
    async fn saved_among(
        &self,
        user: UserId,
        first: MessageId,
        last: MessageId,
    ) -> Result<HashSet<MessageId>>;
}

//! Messages, as the store offers them.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Pending, Result};
use crate::model::{
    Message, MessageEdit, MessageId, MessagePermit, NewMessage, RoomId, Seq, Timestamp, UserId,
};

/// A message that is on disk.
#[derive(Debug, Clone)]
pub struct Appended {
    /// The message, or the earlier one with the same author and client id.
    pub message: Arc<Message>,
    /// Whether it was there before.
    pub duplicate: bool,
}

/// Which part of a room's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The newest.
    Newest,
    /// The newest of those before this one.
    Before(MessageId),
    /// The oldest of those after this one.
    After(MessageId),
    /// This one in the middle.
    Around(MessageId),
}

/// Part of a room's history, in the order of the ids.
#[derive(Debug, Clone, Default)]
pub struct HistoryPage {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are earlier ones.
    pub more_before: bool,
    /// Whether there are later ones.
    pub more_after: bool,
    /// The room's seq when this was read: what is not in this page and not older has a greater one.
    pub seq: i64,
}

/// What a listener has missed since some seq: present states, in the order of their places ([`Message::place`]).
#[derive(Debug, Clone, Default)]
pub struct Missed {
    /// The messages; at most as many as were asked for.
    pub messages: Vec<Message>,
    /// Whether there were more than that.
    pub more: bool,
    /// The room's seq when this was read.
    pub seq: i64,
}

impl Missed {
    /// The room's seq when this was read.
    #[must_use]
    pub fn seq(&self) -> Seq {
        Seq(self.seq)
    }
}

/// Messages.
#[async_trait]
pub trait Messages: Send + Sync {
    /// Queues a message. It is decided in the order of the calls; the answer comes after the commit.
    /// A repeated client id of the same author answers with the first one's row, whatever came with it.
    ///
    /// # Errors
    /// At once: `Busy`, `Closed`. After the wait: `NotFound("room")`, `NotFound("message")` for a reply
    /// to none of this room's, `Denied`, `Failed`.
    async fn append(&self, new: NewMessage) -> Result<Pending<Appended>>;

    /// Changes a message, if it is not so already; the room's seq grows with each change, and the feed is told. Answers
    /// with the message as it is now. Deleting what is deleted is harmless; nothing else can be done to that.
    ///
    /// # Errors
    /// `NotFound("message")`, also in a room that the person may not know of; `Denied`; `Full("emoji")` for one more
    /// emoji than a message may have.
    async fn change_message(
        &self,
        id: MessageId,
        actor: UserId,
        edit: MessageEdit,
        now: Timestamp,
        permit: MessagePermit,
    ) -> Result<Arc<Message>>;

    /// The message with this id.
    async fn message(&self, id: MessageId) -> Result<Option<Message>>;

    /// Part of a room's history.
    async fn history(&self, room: RoomId, page: Page, limit: u32) -> Result<HistoryPage>;

    /// All that changed in each of these rooms after the seq beside it, the newest `limit` of it; `None` for a room to
    /// which the person does not belong. Tells of the first rooms only, of as many as have `limit` messages together.
    async fn missed(
        &self,
        rooms: Vec<(RoomId, Seq)>,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<Option<Missed>>>;

    /// What changed in a room after `since`, the first `limit` of it in the order of places; `more` when there is more
    /// after that, which is found by asking again from the last one's place on. `None` for who does not belong to it.
    async fn changes(
        &self,
        room: RoomId,
        user: UserId,
        since: Seq,
        limit: u32,
    ) -> Result<Option<Missed>>;
}

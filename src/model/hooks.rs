//! Webhooks: what comes in by them speaks in one room, under a name of its own; what goes out by them tells of one.

use super::{
    HookId, Message, MessageChange, Permit, RoomCode, Timestamp, UserCard, UserId, UserName,
};

/// An incoming webhook. Its token is known to whoever made it only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingHook {
    /// Its id.
    pub id: HookId,
    /// The room in which it speaks.
    pub room: RoomCode,
    /// The bot in whose name it speaks.
    pub bot: UserCard,
    /// Since when it exists.
    pub created_at: Timestamp,
}

/// An incoming webhook about to be made; only the SHA-256 of its token is known here.
#[derive(Debug, Clone)]
pub struct NewIncomingHook {
    /// Where it speaks.
    pub room: RoomCode,
    /// Its name, free or not: the store decides.
    pub name: UserName,
    /// SHA-256 of its token.
    pub hash: [u8; 32],
    /// Who makes it.
    pub by: UserId,
    /// Now.
    pub created_at: Timestamp,
    /// Whether they may.
    pub permit: Permit,
}

/// An outgoing webhook, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingHook {
    /// Its id.
    pub id: HookId,
    /// The room that it tells of.
    pub room: RoomCode,
    /// Where it posts to.
    pub url: String,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Since when nothing that it posted was taken.
    pub failing_since: Option<Timestamp>,
    /// Whether it posts nothing any more, after days of failure.
    pub disabled: bool,
}

/// An outgoing webhook about to be made.
#[derive(Debug, Clone)]
pub struct NewOutgoingHook {
    /// The room that it tells of.
    pub room: RoomCode,
    /// Where it posts to.
    pub url: String,
    /// What it signs with.
    pub secret: [u8; 32],
    /// Who makes it.
    pub by: UserId,
    /// Now.
    pub created_at: Timestamp,
    /// Whether they may.
    pub permit: Permit,
}

/// Something that an outgoing webhook has to post.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its number; the same at each attempt.
    pub id: i64,
    /// By which webhook.
    pub hook: HookId,
    /// Where to.
    pub url: String,
    /// What to sign with.
    pub secret: [u8; 32],
    /// How often it was tried.
    pub attempts: u32,
    /// What changed in a message that was there; `None` for a new one.
    pub change: Option<MessageChange>,
    /// The message as it stands now.
    pub message: Message,
}

/// How an attempt to deliver ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Delivered,
    /// It was not; the next attempt is due then, unless this was the last.
    Failed {
        /// When to try again; `None` gives it up.
        retry_at: Option<Timestamp>,
        /// The webhook is disabled if it has been failing since before this.
        disable_before: Timestamp,
    },
    /// The receiver says that it wants no more.
    Gone,
}

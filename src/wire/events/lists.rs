//! Messages that belong together other than by their place in a room: threads, pins, what somebody saved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::Message;

/// `thread`: the thread that a message belongs to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Thread {
    /// Any message of it.
    pub id: i64,
    /// Only replies after this message id; where it is left out, the thread's first message comes first.
    pub after: Option<i64>,
    /// 1 to 200; 50 where it is left out. The thread's first message does not count.
    pub limit: Option<i64>,
}

/// `pins`: what is pinned in a room, the newest pin first; 200 at most.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Pins {
    /// Which room.
    pub room: String,
}

/// `saved`: what the person saved, the newest messages first.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ListSaved {
    /// Those before this message id.
    pub before: Option<i64>,
    /// 1 to 200; 50 where it is left out.
    pub limit: Option<i64>,
}

/// The answer to `thread`, `pins` and `saved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MessagesAck {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are more.
    pub more: bool,
}

/// `save`: keep a message for later, for oneself alone.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Save {
    /// Which message.
    pub id: i64,
    /// Whether it is saved.
    pub on: bool,
}

/// `saved`: the person saved a message, or takes it out again; to all of their sockets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Saved {
    /// Which message.
    pub id: i64,
    /// Whether it is saved.
    pub on: bool,
}

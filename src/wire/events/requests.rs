//! What clients emit, and what they are answered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::{Member, Message, Room, RoomState, Time};

/// The CONNECT packet's payload, `auth` in the official client; keys of others are ignored.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Auth {
    /// A bearer token.
    pub token: Option<String>,
    /// The rooms to listen to, each with the last seq that the client saw; 1,000 at most.
    pub rooms: Option<BTreeMap<String, i64>>,
    /// Of Socket.IO's "get started" chat: the id of the last message that the client saw.
    #[serde(rename = "serverOffset")]
    pub server_offset: Option<i64>,
}

/// `message`: say something.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SendMessage {
    /// Where; may be left out by a socket that listens to one room only.
    pub room: Option<String>,
    /// What: 1 to 4,000 characters; may be empty where files come with it.
    pub data: String,
    /// The sender's own name for it, 1 to 64 characters: makes a resend harmless.
    pub client_id: Option<String>,
    /// The id of the message that it replies to, in the same room.
    pub reply_to: Option<i64>,
    /// The ids of uploads of the sender's that no message has taken, 10 at most.
    pub attachments: Option<Vec<String>>,
}

/// The answer to `message`: it is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MessageAck {
    /// Its id.
    pub id: i64,
    /// The room's seq with it.
    pub seq: i64,
    /// When.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// Whether it was there already, under the same `client_id`.
    pub duplicate: bool,
}

/// `join`: this socket listens from now on; the person becomes a member of a public room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Join {
    /// Which room.
    pub room: String,
    /// The token of an invitation, for a room that is not public.
    pub invite: Option<String>,
    /// The last seq that the client has seen: what came after is sent before the live ones.
    pub seq: Option<i64>,
}

/// The answer to `join`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JoinAck {
    /// The room.
    pub room: Room,
    /// Who belongs to it, 200 at most.
    pub members: Vec<Member>,
    /// The newest 50 messages; empty where `seq` was given.
    pub messages: Vec<Message>,
    /// How many the person has not read.
    pub unread: i64,
    /// Whether there are earlier messages.
    pub more: bool,
}

/// `leave`: this socket stops listening.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Leave {
    /// Which room.
    pub room: String,
    /// Whether membership is given up too.
    #[serde(default)]
    pub membership: bool,
}

/// An answer that adds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Done {}

/// `history`: part of a room's messages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct History {
    /// Which room.
    pub room: String,
    /// Those before this message id.
    pub before: Option<i64>,
    /// Those after this message id.
    pub after: Option<i64>,
    /// Those around this message id.
    pub around: Option<i64>,
    /// 1 to 200; 50 where it is left out.
    pub limit: Option<i64>,
}

/// The answer to `history`, in the order of the ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HistoryAck {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are earlier ones.
    pub more_before: bool,
    /// Whether there are later ones.
    pub more_after: bool,
}

/// `typing`: the person writes, or stopped.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SetTyping {
    /// Where.
    pub room: String,
    /// Whether.
    pub on: bool,
}

/// `read`: the person has read up to this message.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MarkRead {
    /// Where.
    pub room: String,
    /// The message's id.
    pub id: i64,
}

/// The answer to `read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReadAck {
    /// Messages by others that are left.
    pub unread: i64,
    /// Of these, those that mention the person.
    pub mentions: i64,
}

/// `rooms`: the person's rooms.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ListRooms {}

/// The answer to `rooms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoomsAck {
    /// Those with the newest messages first.
    pub rooms: Vec<RoomState>,
}

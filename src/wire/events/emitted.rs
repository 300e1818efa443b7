//! What the server emits.

use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::{
    Change, LeaveReason, Member, Message, RoomState, Status, User, UserSelf, WireError,
};

/// `ready`: the first event after connecting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ready {
    /// Who is connected.
    pub me: UserSelf,
    /// To what.
    pub server: ServerInfo,
    /// The person's rooms.
    pub rooms: Vec<RoomState>,
}

/// What a client may want to know of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServerInfo {
    /// What its owner calls it.
    pub name: String,
    /// Its version.
    pub version: &'static str,
    /// The limits in force.
    pub limits: ServerLimits,
    /// What it can do beyond the first version.
    pub features: Vec<String>,
}

/// Limits that a client can keep to by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServerLimits {
    /// Characters of a message.
    pub message_characters: u32,
    /// Characters of a name.
    pub name_characters: u32,
    /// Characters of a room's name.
    pub room_name_characters: u32,
    /// Characters of a topic.
    pub topic_characters: u32,
    /// Bytes of a photo.
    pub photo_bytes: u64,
    /// Bytes of a file that comes with a message.
    pub attachment_bytes: u64,
    /// Files of one message.
    pub attachments_per_message: u32,
}

/// `message_updated`: a message in its new state, and what changed; applying it twice is harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MessageUpdated {
    /// The whole message.
    #[serde(flatten)]
    pub message: Message,
    /// What changed.
    pub change: Change,
}

/// `resumed`: all that was missed in this room has been sent; from now on it is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Resumed {
    /// Which room.
    pub room: String,
    /// Up to which seq.
    pub seq: i64,
    /// Whether more was missed than was sent: read the rest by `history`.
    pub more: bool,
}

/// `typing`: somebody writes, or stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Typing {
    /// Where.
    pub room: String,
    /// Who.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// Whether.
    pub on: bool,
}

/// `presence`: a person is there, or not any more; to those who share a room with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Presence {
    /// Who.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// Whether they can be reached.
    pub status: Status,
}

/// `member_joined`: somebody belongs to the room now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberJoined {
    /// Which room.
    pub room: String,
    /// Who.
    pub member: Member,
}

/// `member_left`: somebody does not belong to the room any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberLeft {
    /// Which room.
    pub room: String,
    /// Who.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// How.
    pub reason: LeaveReason,
}

/// `unread`: how much the person has not read in a room, to their own sockets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unread {
    /// Which room.
    pub room: String,
    /// Messages by others.
    pub unread: i64,
    /// Of these, those that mention the person.
    pub mentions: i64,
}

/// `profile_updated`: a person has another name or photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct ProfileUpdated(pub User);

/// `problem`: an event that asked for no acknowledgement failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// The event's name.
    pub event: String,
    /// Why.
    pub error: WireError,
}

/// `server_closing`: a planned stop; the client comes back by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServerClosing {
    /// When it is worth a try.
    pub reconnect_after_ms: u64,
}

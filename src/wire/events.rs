//! Socket.IO events: what clients emit with what they are answered, and what the server emits.
//!
//! [`for_each_request!`] and [`for_each_event!`] are the one list of each; dispatch, schemas and the
//! coverage test are made from them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Member, Message, Room, RoomState, Status, User, UserSelf, WireError};

/// An event that a client emits.
pub trait Request: DeserializeOwned + JsonSchema + Send + 'static {
    /// The event's name.
    const EVENT: &'static str;
    /// What its acknowledgement adds to `ok: true`.
    type Ack: Serialize + JsonSchema + Send + 'static;
}

/// An event that the server emits.
pub trait Event: Serialize + JsonSchema {
    /// The event's name.
    const EVENT: &'static str;
}

/// Calls `$with!` with the list of all requests.
#[macro_export]
macro_rules! for_each_request {
    ($with:ident) => {
        $with! {
            SendMessage => MessageAck: "message",
            Join => JoinAck: "join",
            Leave => Done: "leave",
            History => HistoryAck: "history",
            SetTyping => Done: "typing",
            MarkRead => ReadAck: "read",
            ListRooms => RoomsAck: "rooms",
            CreateRoom => RoomAck: "create_room",
            ListMembers => MembersAck: "members",
        }
    };
}

/// Calls `$with!` with the list of all events that the server emits, but for `message`, whose
/// payload is the record [`Message`] itself.
#[macro_export]
macro_rules! for_each_event {
    ($with:ident) => {
        $with! {
            Ready: "ready",
            Resumed: "resumed",
            Typing: "typing",
            Presence: "presence",
            MemberJoined: "member_joined",
            MemberLeft: "member_left",
            Unread: "unread",
            ProfileUpdated: "profile_updated",
            Problem: "problem",
            ServerClosing: "server_closing",
        }
    };
}

macro_rules! requests {
    ($($request:ident => $ack:ident: $event:literal,)+) => {
        $(impl Request for $request {
            const EVENT: &'static str = $event;
            type Ack = $ack;
        })+
    };
}
for_each_request!(requests);

macro_rules! events {
    ($($name:ident: $event:literal,)+) => {
        $(impl Event for $name {
            const EVENT: &'static str = $event;
        })+
    };
}
for_each_event!(events);

/// `message`: say something.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SendMessage {
    /// Where; may be left out by a socket that listens to one room only.
    pub room: Option<String>,
    /// What: 1 to 4,000 characters.
    pub data: String,
    /// The sender's own name for it, 1 to 64 characters: makes a resend harmless.
    pub client_id: Option<String>,
}

/// The answer to `message`: it is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MessageAck {
    /// Its id.
    pub id: i64,
    /// The room's seq with it.
    pub seq: i64,
    /// RFC 3339, UTC, milliseconds.
    pub created_at: String,
    /// Whether it was there already, under the same `client_id`.
    pub duplicate: bool,
}

/// `join`: this socket listens from now on; the person becomes a member of a public room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Join {
    /// Which room.
    pub room: String,
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

/// Who may find a new room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
}

/// `create_room`: open a room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct CreateRoom {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// Who may find it.
    #[serde(default)]
    pub visibility: Visibility,
    /// What it is about, 250 characters at most.
    pub topic: Option<String>,
}

/// The answer to `create_room`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoomAck {
    /// The room.
    pub room: Room,
}

/// `members`: who belongs to a room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ListMembers {
    /// Which room.
    pub room: String,
    /// Those after this user id.
    pub after: Option<i64>,
    /// 1 to 200; 50 where it is left out.
    pub limit: Option<i64>,
}

/// The answer to `members`, in the order of the ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MembersAck {
    /// The members.
    pub members: Vec<Member>,
    /// Whether there are more.
    pub more: bool,
}

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
    /// How: `left`.
    pub reason: &'static str,
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

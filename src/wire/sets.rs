//! Closed sets of the contract: what is one of a few words on the wire, and the one form of a point in time.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

use crate::{error::Code, model};

/// Whether a person can be reached now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Has a live connection.
    Online,
    /// Has a live connection, but is not at the device.
    Away,
    /// Has none.
    Offline,
}

/// Who may find a room, and enter it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoomKind {
    /// Everybody.
    Public,
    /// Members, and who is invited.
    Private,
    /// The people of one conversation.
    Direct,
}

impl RoomKind {
    /// The kind as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }
}

impl From<model::RoomKind> for RoomKind {
    fn from(kind: model::RoomKind) -> Self {
        match kind {
            model::RoomKind::Public => Self::Public,
            model::RoomKind::Private => Self::Private,
            model::RoomKind::Direct => Self::Direct,
        }
    }
}

/// What a member may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Owner,
    /// Keeps order.
    Moderator,
    /// Reads and writes.
    Member,
}

impl Role {
    /// The role as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Moderator => "moderator",
            Self::Member => "member",
        }
    }
}

impl From<model::Role> for Role {
    fn from(role: model::Role) -> Self {
        match role {
            model::Role::Owner => Self::Owner,
            model::Role::Moderator => Self::Moderator,
            model::Role::Member => Self::Member,
        }
    }
}

/// Why somebody does not belong to a room any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LeaveReason {
    /// They left.
    Left,
    /// They were put out, and may come back.
    Kicked,
    /// They were put out for a time.
    Banned,
}

impl From<model::LeaveReason> for LeaveReason {
    fn from(reason: model::LeaveReason) -> Self {
        match reason {
            model::LeaveReason::Left => Self::Left,
            model::LeaveReason::Kicked => Self::Kicked,
            model::LeaveReason::Banned => Self::Banned,
        }
    }
}

/// Why a room is none of a person's any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RemovalReason {
    /// They left it.
    Left,
    /// They were put out, and may come back.
    Kicked,
    /// They were put out for a time.
    Banned,
    /// It is no more.
    Deleted,
}

impl From<model::RemovalReason> for RemovalReason {
    fn from(reason: model::RemovalReason) -> Self {
        match reason {
            model::RemovalReason::Left => Self::Left,
            model::RemovalReason::Kicked => Self::Kicked,
            model::RemovalReason::Banned => Self::Banned,
            model::RemovalReason::Deleted => Self::Deleted,
        }
    }
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// Something that a person wrote.
    Text,
}

/// What changed of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Its text.
    Edited,
    /// Only its place is left.
    Deleted,
    /// What people answered it with.
    Reactions,
    /// Whether it is pinned.
    Pinned,
    /// What is shown of the pages that it links to.
    Preview,
}

impl From<model::MessageChange> for Change {
    fn from(change: model::MessageChange) -> Self {
        match change {
            model::MessageChange::Edited => Self::Edited,
            model::MessageChange::Deleted => Self::Deleted,
            model::MessageChange::Reactions => Self::Reactions,
            model::MessageChange::Pinned => Self::Pinned,
            model::MessageChange::Preview => Self::Preview,
        }
    }
}

/// Of which messages in a room a person wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// All of them.
    All,
    /// Those that mention them.
    Mentions,
    /// None.
    None,
}

impl From<model::Notify> for Notify {
    fn from(notify: model::Notify) -> Self {
        match notify {
            model::Notify::All => Self::All,
            model::Notify::Mentions => Self::Mentions,
            model::Notify::None => Self::None,
        }
    }
}

impl From<Notify> for model::Notify {
    fn from(notify: Notify) -> Self {
        match notify {
            Notify::All => Self::All,
            Notify::Mentions => Self::Mentions,
            Notify::None => Self::None,
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "ErrorCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes = Self::ALL.map(Self::as_str);
        json_schema!({ "type": "string", "enum": codes, "description": "The kinds of failure." })
    }
}

/// How a point in time is written: RFC 3339, UTC, with milliseconds.
pub struct Time;

impl JsonSchema for Time {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
        })
    }
}

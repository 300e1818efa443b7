//! What is done to a message after it was sent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::Message;

/// `edit_message`: have a message of one's own say something else.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct EditMessage {
    /// Which message.
    pub id: i64,
    /// What it says: 1 to 4,000 characters.
    pub data: String,
}

/// `delete_message`: leave only its place; by its author, or by who keeps order in the room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct DeleteMessage {
    /// Which message.
    pub id: i64,
}

/// `react`: answer a message with an emoji, or take that back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct React {
    /// Which message.
    pub id: i64,
    /// One emoji; a message takes 20 different ones.
    pub emoji: String,
    /// Whether it stands there.
    pub on: bool,
}

/// `pin`: keep a message in view; by who keeps order in the room, and in a direct conversation by everybody.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Pin {
    /// Which message.
    pub id: i64,
    /// Whether it is pinned.
    pub on: bool,
}

/// `remove_previews`: show nothing any more of the pages that a message links to; by its author, or by who keeps order in
/// the room. The links themselves stay.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct RemovePreviews {
    /// Which message.
    pub id: i64,
}

/// The answer to what changes a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedAck {
    /// The message as it is now.
    pub message: Message,
}

/// `mention`: somebody mentions the person, in whatever room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mention {
    /// In which message.
    pub message: Message,
}

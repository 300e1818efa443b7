//! Looking for what was said.

use super::{Message, MessageId, RoomId, RoomName, Timestamp, UserId};

/// Words that must stand one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words.
    pub text: String,
    /// Whether the last one may go on.
    pub prefix: bool,
}

/// What somebody looks for: all of it must fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Who asks: only their rooms are looked at.
    pub user: UserId,
    /// What a message must say.
    pub phrases: Vec<Phrase>,
    /// In which room.
    pub room: Option<RoomId>,
    /// By whom.
    pub author: Option<UserId>,
    /// Only what has files.
    pub files: bool,
    /// Sent at this time or later.
    pub since: Timestamp,
    /// Sent before this time.
    pub until: Timestamp,
    /// With a lower id than this one.
    pub before: MessageId,
    /// How many, at most.
    pub limit: u32,
}

/// Stand before and after a word that was looked for: two of Unicode's private characters, which mean nothing to Markdown.
pub const MARKS: [char; 2] = ['\u{E010}', '\u{E011}'];

/// A message that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// The message.
    pub message: Message,
    /// Its room's name.
    pub room_name: RoomName,
    /// Its text, with [`MARKS`] around what was looked for.
    pub text: String,
}

//! What is somebody's own, for an export of their data.

use super::{Attachment, MessageId, RoomCode, Timestamp};

/// A reaction of somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReaction {
    /// Its number.
    pub id: i64,
    /// To which message.
    pub message: MessageId,
    /// In which room.
    pub room: RoomCode,
    /// The emoji.
    pub emoji: String,
}

/// A file that somebody sent.
#[derive(Debug, Clone)]
pub struct OwnFile {
    /// The file.
    pub attachment: Attachment,
    /// In which message; `None` while it waits for one.
    pub message: Option<MessageId>,
    /// When.
    pub created_at: Timestamp,
}

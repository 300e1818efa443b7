//! What is brought from another messenger, and how people come by the accounts that were made for them.

use super::{
    Email, Emoji, Mentioned, RoomCode, RoomId, RoomKind, RoomName, Timestamp, Topic, UploadId,
    UserCard, UserId, UserName,
};

/// From where something was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An export of Slack.
    Slack,
    /// The database of a chat that was written with Flask.
    Flask,
}

impl Source {
    /// Its name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Flask => "flask",
        }
    }

    /// Its name where people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Slack => "Slack",
            Self::Flask => "Flask",
        }
    }
}

/// Whose account it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A new one's in which nobody logs in until it is claimed.
    Placeholder(UserName),
    /// A new one's of a program, for what it said; nobody ever logs in to it.
    Program(UserName),
    /// A new one's that an old password opens.
    Person {
        /// Its name.
        name: UserName,
        /// Its address, if it gets one; nobody has shown that it is theirs.
        email: Option<Email>,
        /// The password's hash.
        password_hash: String,
    },
    /// An account that is here.
    Known(UserId),
}

/// Somebody who is brought.
#[derive(Debug, Clone)]
pub struct NewImportedPerson {
    /// From where.
    pub source: Source,
    /// Their id there.
    pub key: String,
    /// Whose account it becomes.
    pub identity: Identity,
    /// Their address there; may be empty. It is kept for who looks for them, and proves nothing.
    pub email: String,
    /// Whether they were there still.
    pub active: bool,
    /// Now.
    pub now: Timestamp,
}

/// A room that is brought.
#[derive(Debug, Clone)]
pub struct NewImportedRoom {
    /// From where.
    pub source: Source,
    /// Its id there.
    pub key: String,
    /// Its random code here.
    pub code: RoomCode,
    /// Its name; of a direct conversation, nothing.
    pub name: RoomName,
    /// Its topic.
    pub topic: Topic,
    /// Its kind.
    pub kind: RoomKind,
    /// Whether it is closed for writing.
    pub archived: bool,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Who belongs to it, each once, with those who own it.
    pub members: Vec<UserId>,
    /// Who of them owns it.
    pub owners: Vec<UserId>,
    /// Now.
    pub now: Timestamp,
}

/// A room that was brought, or the conversation that it continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The store's own number of what was brought.
    pub id: i64,
    /// The room; `None` when it was deleted here.
    pub room: Option<RoomId>,
    /// When the newest message in it was sent.
    pub newest: Option<Timestamp>,
}

/// A message that is brought.
#[derive(Debug, Clone)]
pub struct ImportedMessage {
    /// Its id there, unique in its room.
    pub key: String,
    /// Who wrote it.
    pub author: UserId,
    /// What it says.
    pub text: String,
    /// The same, ready to be shown.
    pub html: String,
    /// Whom it mentions.
    pub mentioned: Mentioned,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Since when it is pinned.
    pub pinned_at: Option<Timestamp>,
    /// Whether only its place is left.
    pub deleted: bool,
    /// The id there of the first message of the thread that it answers in.
    pub thread: Option<String>,
    /// What people answered it with.
    pub reactions: Vec<(Emoji, Vec<UserId>)>,
    /// Uploads of the author's that wait.
    pub attachments: Vec<UploadId>,
}

/// An account that waits for the person for whom it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclaimed {
    /// The account.
    pub card: UserCard,
    /// The person's address where they came from; may be empty.
    pub email: String,
    /// Whether they were there still.
    pub active: bool,
}

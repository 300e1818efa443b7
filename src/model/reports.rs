//! What people tell the site's admin of: a message, or a person.

use super::{
    Denied, MessageId, Reason, RoomCode, RoomName, Standing, Target, Timestamp, UserCard, UserId,
};

/// What somebody reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A message.
    Message(MessageId),
    /// A person.
    Person(UserId),
}

/// A report about to be made.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// Of what.
    pub subject: Subject,
    /// By whom.
    pub by: UserId,
    /// Why.
    pub reason: Reason,
    /// Now.
    pub now: Timestamp,
    /// Whether they may report a message in its room.
    pub permit: fn(&Standing, Target, Timestamp) -> Result<(), Denied>,
}

/// What one person said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportReason {
    /// Who.
    pub by: UserCard,
    /// Why.
    pub reason: Reason,
    /// When.
    pub created_at: Timestamp,
}

/// The message that was reported, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedMessage {
    /// Its id; it may be deleted since.
    pub id: MessageId,
    /// What it said.
    pub text: String,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// The room of a message that was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedRoom {
    /// Its code.
    pub code: RoomCode,
    /// Its name now.
    pub name: RoomName,
}

/// A report: one for each message or person until the admin has resolved it, whoever tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its number: grows with each.
    pub id: i64,
    /// Who is reported, or wrote the message.
    pub user: UserCard,
    /// The message, where it is about one.
    pub message: Option<ReportedMessage>,
    /// Its room, unless that is gone.
    pub room: Option<ReportedRoom>,
    /// Who reported it and why, each person once, in the order of their ids.
    pub reasons: Vec<ReportReason>,
    /// When it was reported first.
    pub created_at: Timestamp,
    /// When the admin resolved it.
    pub resolved_at: Option<Timestamp>,
}

//! Of what people are told while they do not look: when they want to hear nothing, and on which devices they do.

use super::{Account, Credential, Message, MessageId, Room, RoomId, Timestamp, UserId};

/// The same hours of each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietHours {
    /// From this minute of the day on.
    pub from: u16,
    /// To this one; where it is not later, to the next day's.
    pub to: u16,
    /// By the clocks of this time zone, as IANA names it.
    pub zone: String,
}

/// When and how somebody wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationSettings {
    /// Until when of nothing.
    pub quiet_until: Option<Timestamp>,
    /// At which hours of nothing.
    pub quiet_hours: Option<QuietHours>,
    /// Whether what they missed is mailed.
    pub mail: bool,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            quiet_until: None,
            quiet_hours: None,
            mail: true,
        }
    }
}

/// What a push to a device is encrypted with (RFC 8291).
#[derive(Clone, PartialEq, Eq)]
pub struct PushKeys {
    /// The device's public key: a point of P-256, uncompressed.
    pub p256dh: [u8; 65],
    /// The secret that it shares with us.
    pub auth: [u8; 16],
}

impl std::fmt::Debug for PushKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PushKeys(…)")
    }
}

/// A device that wants to be pushed to.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// Whose it is.
    pub user_id: UserId,
    /// The session or token with which the subscription ends.
    pub via: Credential,
    /// Where to push to.
    pub endpoint: String,
    /// What to encrypt with.
    pub keys: PushKeys,
    /// What the device is called.
    pub label: String,
    /// Now.
    pub created_at: Timestamp,
}

/// A device that is pushed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// The session or token with which it ends.
    pub via: Credential,
}

/// Which of one's subscriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichSubscription {
    /// The one with this id.
    Id(i64),
    /// The one that is pushed to at this address.
    Endpoint(String),
}

/// Somebody whom something that was said in a room concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// Who.
    pub user_id: UserId,
    /// Where it was said.
    pub room: RoomId,
    /// The newest message that concerns them.
    pub message: MessageId,
    /// The first and the last that mentions them or is for them alone, where they want such mailed.
    pub missed: Option<(MessageId, MessageId)>,
    /// Whether a device of theirs is pushed to.
    pub device: bool,
    /// When they want to hear nothing.
    pub settings: NotificationSettings,
}

/// What was looked at for who is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The last message.
    pub upto: MessageId,
    /// The mentions that edits have added: in which message, and of whom.
    pub later: Vec<(MessageId, UserId)>,
}

/// What was said since it was last looked, and whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// What was looked at.
    pub seen: Seen,
    /// Whether there may be more.
    pub more: bool,
    /// Whom it concerns, each once a room.
    pub concerned: Vec<Concerned>,
}

/// Somebody who is to be told of something in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Who.
    pub user_id: UserId,
    /// Where it was said.
    pub room: RoomId,
    /// The message that is pushed to their devices.
    pub push: Option<MessageId>,
    /// The first and the last message that is mailed unless it is read before.
    pub missed: Option<(MessageId, MessageId)>,
}

/// A push's place in the queue: there is one a room and device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PushPlace {
    /// To whom.
    pub user_id: UserId,
    /// Of which room.
    pub room: RoomId,
    /// To which device.
    pub subscription: i64,
}

/// What is due to be pushed.
#[derive(Debug, Clone)]
pub struct Push {
    /// Its place.
    pub place: PushPlace,
    /// The newest message of which the device is told, or of which it was.
    pub message: MessageId,
    /// Whether the room was read since: the device is to take away what it shows.
    pub cleared: bool,
    /// Whether the device may show something of it.
    pub shown: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// Where to push to.
    pub endpoint: String,
    /// What to encrypt with.
    pub keys: PushKeys,
    /// How often the device's push service failed in a row.
    pub failures: u32,
    /// The session or token of the device.
    pub via: Credential,
}

/// How a push ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushOutcome {
    /// The push service took it.
    Taken,
    /// It may take it later; the device waits until then.
    Later {
        /// When to try again.
        retry_at: Timestamp,
        /// Whether this one is given up.
        give_up: bool,
    },
    /// It takes this one never, or there is nothing to be pushed any more.
    Dropped,
    /// The device is not there any more.
    Gone,
}

/// What somebody missed in one room.
#[derive(Debug, Clone)]
pub struct MissedRoom {
    /// The room, as they see it.
    pub room: Room,
    /// The last message that was noted.
    pub last: MessageId,
    /// Those that they have still not read, the oldest first.
    pub messages: Vec<Message>,
}

/// Somebody who missed something.
#[derive(Debug, Clone)]
pub struct MissedBy {
    /// Who.
    pub account: Account,
    /// Whether they want it mailed.
    pub mail: bool,
    /// How often that was tried.
    pub attempts: u32,
    /// In which rooms.
    pub rooms: Vec<MissedRoom>,
}

/// How it ended that somebody was to be mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissedEnd {
    /// They were, or there was nothing any more.
    Done {
        /// When they are mailed what came meanwhile.
        next_at: Timestamp,
    },
    /// The mail server took nothing.
    Later {
        /// When to try again.
        retry_at: Timestamp,
    },
}

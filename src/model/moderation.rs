//! Keeping order in a room: what is done to whom, how long it lasts, and what is noted of it.

use super::{
    Denied, Invalid, Role, RoomCode, Standing, Timestamp, UserCard, UserId, text::one_line,
    text::text,
};

impl Timestamp {
    /// The end of what lasts until somebody takes it back: the last moment of the year 9999.
    pub const FAR: Self = Self(253_402_300_799_999);
}

/// The person that something is done to, as far as it decides whether one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Their role in the room, if they belong to it.
    pub role: Option<Role>,
    /// Whether it is who does it.
    pub oneself: bool,
}

impl Target {
    /// It is done to nobody.
    pub const NOBODY: Self = Self {
        role: None,
        oneself: false,
    };
}

/// Why something is done, in one line; may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason(String);

text!(Reason);

impl Reason {
    /// The most characters of a reason.
    pub const MAX: usize = 250;

    /// Reads a reason: one line of at most [`Self::MAX`] characters.
    ///
    /// # Errors
    /// When it is longer, or holds control or direction characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_line(text, "A reason", Self::MAX).map(Self)
    }
}

/// Something that is done to keep order in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A member is put out, and may come back where the room is public.
    Kick,
    /// A person is put out, or kept out.
    Ban {
        /// Until when.
        until: Timestamp,
    },
    /// A person may come in again.
    Unban,
    /// A member may not write.
    Mute {
        /// Until when.
        until: Timestamp,
    },
    /// A member may write again.
    Unmute,
    /// A member has another role.
    SetRole(Role),
    /// Members wait so many seconds between two messages; 0 ends that.
    SlowMode(u32),
    /// What a person said in the last so many seconds is deleted.
    DeleteMessages(u32),
}

impl Measure {
    /// Until when it lasts, if it does.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Ban { until } | Self::Mute { until } => Some(*until),
            _ => None,
        }
    }

    /// The role that it gives, if it does.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::SetRole(role) => Some(*role),
            _ => None,
        }
    }

    /// The seconds that it is about, if it is.
    #[must_use]
    pub const fn seconds(&self) -> Option<u32> {
        match self {
            Self::SlowMode(seconds) | Self::DeleteMessages(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

/// The rule that the store asks inside the transaction: whether somebody of this standing may take the measure
/// against this person.
pub type MeasurePermit = fn(&Measure, &Standing, Target, Timestamp) -> Result<(), Denied>;

/// A measure about to be taken.
#[derive(Debug, Clone)]
pub struct NewMeasure {
    /// Where.
    pub room: RoomCode,
    /// By whom.
    pub by: UserId,
    /// Against whom; nobody where it is about the room.
    pub user: Option<UserId>,
    /// What.
    pub measure: Measure,
    /// Why.
    pub reason: Reason,
    /// Now.
    pub now: Timestamp,
    /// Whether they may.
    pub permit: MeasurePermit,
}

/// What a room's log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// Order was kept.
    Measure(Measure),
    /// Messages are kept for so many days from now on; 0: as long as the site keeps any.
    Retention(u32),
}

/// Something that was done in a room, as its log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number: grows with each.
    pub id: i64,
    /// What.
    pub what: Logged,
    /// Against whom; nobody where it is about the room.
    pub user: Option<UserCard>,
    /// By whom.
    pub by: UserCard,
    /// How many messages were deleted, where it is about messages.
    pub messages: Option<i64>,
    /// Why.
    pub reason: Reason,
    /// When.
    pub created_at: Timestamp,
}

/// Somebody who is kept out of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Who.
    pub user: UserCard,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: Reason,
}

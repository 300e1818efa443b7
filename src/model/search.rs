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
    /// Further back than this.
    pub before: SearchPlace,
    /// How many, at most.
    pub limit: u32,
}

/// Where a message stands in the order of what is found: by the minute in which it was sent, then by its id. An imported
/// message is older than its id says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchPlace(i64);

impl SearchPlace {
    /// After every message.
    pub const END: Self = Self(i64::MAX);

    /// How many of its bits are the id: 68 billion messages, and minutes until the year 2225.
    const ID_BITS: u32 = 36;

    /// Of the message `id` that was sent at `at`; whatever is older than 1970 is of its first minute.
    #[must_use]
    pub fn of(at: Timestamp, id: MessageId) -> Self {
        let minute = at.0.max(0) / 60_000;
        minute
            .checked_mul(1 << Self::ID_BITS)
            .map_or(Self::END, |first| Self(first | id.0))
    }

    /// As it is written into a cursor and into the index.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// From a cursor.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// A message that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// The message.
    pub message: Message,
    /// Its room's name.
    pub room_name: RoomName,
}

impl SearchHit {
    /// Where it stands among all that is found.
    #[must_use]
    pub fn place(&self) -> SearchPlace {
        SearchPlace::of(self.message.created_at, self.message.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_order_of_time_and_then_of_ids() {
        let of = |at, id| SearchPlace::of(Timestamp(at), MessageId(id));
        assert!(of(60_000, 1) > of(59_999, i64::from(u32::MAX)));
        assert!(of(60_000, 2) > of(61_000, 1));
        assert!(of(-5, 2) > of(0, 1));
        assert!(of(4_102_444_800_000, 1) < SearchPlace::END);
        assert_eq!(of(i64::MAX, 1), SearchPlace::END);
        let place = of(1_700_000_000_000, 7);
        assert_eq!(SearchPlace::parse(&place.number().to_string()), Some(place));
    }
}

//! Keeping order in a room: whom something is done to, and how long it lasts.

use super::{Role, Timestamp};

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

impl Timestamp {
    /// The end of what lasts until somebody takes it back: the last moment of the year 9999.
    pub const FAR: Self = Self(253_402_300_799_999);
}

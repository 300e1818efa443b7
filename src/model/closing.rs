//! What becomes of an account that is deleted.

use super::{UserCard, UserId, UserName};

/// What a deleted account is called. Nobody can have this name: it has a space.
pub const CLOSED_NAME: &str = "deleted account";

/// What becomes of what somebody said, once their account is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidBefore {
    /// It stays, as said by a deleted account.
    Keep,
    /// Messages become tombstones, their files go, and so do reactions.
    Remove,
}

impl UserCard {
    /// What everybody sees of a person whose account was deleted.
    #[must_use]
    pub fn closed(id: UserId) -> Self {
        Self {
            id,
            name: UserName::stored(CLOSED_NAME.to_owned()),
            photo: None,
            bot: false,
            guest: false,
            deleted: true,
        }
    }
}

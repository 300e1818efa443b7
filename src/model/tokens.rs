//! Tokens by which programs speak for a person, as that person sees them.

use super::{Scopes, Timestamp};

/// A token, without the token itself, which nobody but its holder knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnToken {
    /// Its id: the beginning of its SHA-256, in hex.
    pub id: String,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// What it may do; `None` is all that the account may.
    pub scopes: Option<Scopes>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// When it was last used, a few minutes more or less; `None` where it was not yet.
    pub used_at: Option<Timestamp>,
    /// When it ends by itself, if it does.
    pub expires_at: Option<Timestamp>,
    /// Whether it is the one that asks.
    pub current: bool,
}

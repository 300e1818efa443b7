//! Bots: accounts of programs, for which a person answers.

use super::{Account, Scopes, Timestamp, UserCard, UserId, UserName};

/// A bot as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// Its account, as everybody sees it.
    pub card: UserCard,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Its tokens, the oldest first.
    pub tokens: Vec<BotToken>,
}

/// A token of a bot, without the token itself, which nobody but its holder knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotToken {
    /// Its id: the beginning of its SHA-256, in hex.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Since when it exists.
    pub created_at: Timestamp,
}

/// A bot about to be made.
#[derive(Debug, Clone)]
pub struct NewBot {
    /// Its name, free or not: the store decides.
    pub name: UserName,
    /// Who answers for it.
    pub owner: UserId,
    /// Now.
    pub created_at: Timestamp,
}

/// Whom a token speaks for, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Whom.
    pub account: Account,
    /// What it may do; `None` is all that the account may.
    pub scopes: Option<Scopes>,
    /// When it was last used, as far as that was noted.
    pub used_at: Option<Timestamp>,
}

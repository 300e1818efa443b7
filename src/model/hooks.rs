//! Webhooks: what comes in by them speaks in one room, under a name of its own.

use super::{HookId, Permit, RoomCode, Timestamp, UserCard, UserId, UserName};

/// An incoming webhook. Its token is known to whoever made it only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingHook {
    /// Its id.
    pub id: HookId,
    /// The room in which it speaks.
    pub room: RoomCode,
    /// The bot in whose name it speaks.
    pub bot: UserCard,
    /// Since when it exists.
    pub created_at: Timestamp,
}

/// An incoming webhook about to be made; only the SHA-256 of its token is known here.
#[derive(Debug, Clone)]
pub struct NewIncomingHook {
    /// Where it speaks.
    pub room: RoomCode,
    /// Its name, free or not: the store decides.
    pub name: UserName,
    /// SHA-256 of its token.
    pub hash: [u8; 32],
    /// Who makes it.
    pub by: UserId,
    /// Now.
    pub created_at: Timestamp,
    /// Whether they may.
    pub permit: Permit,
}

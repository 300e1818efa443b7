//! Invitations: links by which people come into a room, or to the site.

use super::{InviteId, Permit, RoomCode, Timestamp, UserCard, UserId};

/// An invitation, as it is listed. Only the SHA-256 of its token is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// To which room; to the site alone where there is none.
    pub room: Option<RoomCode>,
    /// Who made it.
    pub created_by: UserCard,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// How many people may come by it.
    pub uses: Option<i64>,
    /// How many did.
    pub used: i64,
}

/// An invitation about to be made.
#[derive(Debug, Clone)]
pub struct NewInvite {
    /// SHA-256 of its token.
    pub hash: [u8; 32],
    /// To which room; to the site alone where there is none.
    pub room: Option<RoomCode>,
    /// Who makes it.
    pub created_by: UserId,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// How many people may come by it.
    pub uses: Option<i64>,
    /// Whether they may, where it is to a room.
    pub permit: Permit,
}

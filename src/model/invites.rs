//! Invitations: links by which people come into a room, or to the site.

use super::{InviteId, Permit, RoomCode, Timestamp, UserCard, UserId};

/// An invitation, as it is listed. Only the SHA-256 of its token is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// To which room; to the site alone where there is none.
    pub room: Option<RoomCode>,
    /// Whether it is to the site, and was made by who runs it.
    pub site: bool,
    /// Who made it; of those made on the command line, the site's first admin.
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

/// An invitation to the site about to be made, by who runs it.
#[derive(Debug, Clone)]
pub struct NewSiteInvite {
    /// SHA-256 of its token.
    pub hash: [u8; 32],
    /// In which room people land; in the lobby alone where there is none.
    pub room: Option<RoomCode>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// How many people may come by it.
    pub uses: Option<i64>,
    /// Whether it may lead into the room.
    pub permit: Permit,
}

/// An invitation to a room about to be made.
#[derive(Debug, Clone)]
pub struct NewInvite {
    /// SHA-256 of its token.
    pub hash: [u8; 32],
    /// To which room.
    pub room: RoomCode,
    /// Who makes it.
    pub created_by: UserId,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// How many people may come by it.
    pub uses: Option<i64>,
    /// Whether they may.
    pub permit: Permit,
}

//! Invitations, as the store offers them.

use async_trait::async_trait;

use super::{Actor, Joined, Result};
use crate::model::{
    Account, Invite, InviteId, NewAccount, NewInvite, NewSiteInvite, Operator, Room, RoomId,
    Timestamp, UserId,
};

/// An invitation that holds, as whoever has its link sees it.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The invitation.
    pub invite: Invite,
    /// The room that it is to; to the site alone where there is none.
    pub room: Option<Room>,
}

/// Invitations.
#[async_trait]
pub trait Invites: Send + Sync {
    /// Keeps an invitation to a room.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`.
    async fn create_invite(&self, new: NewInvite) -> Result<Invite>;

    /// Keeps an invitation to the site, and puts that down in the site's log.
    ///
    /// # Errors
    /// `NotFound("room")`, `NoOwner` on the command line of a site without admin, `Denied`.
    async fn create_site_invite(&self, by: Operator, new: NewSiteInvite) -> Result<Invite>;

    /// Invitations to the site that hold at `now`, the newest first.
    async fn site_invites(&self, now: Timestamp, limit: u32) -> Result<Vec<Invite>>;

    /// Ends an invitation to the site, and puts that down in the site's log.
    ///
    /// # Errors
    /// `NotFound("invite")`, also of one that was not made for the site; `Denied`.
    async fn revoke_site_invite(&self, by: Operator, invite: InviteId) -> Result<()>;

    /// Invitations into a room that hold at `now`, those to the site too, the newest first; with `by`, this person's.
    async fn invites(
        &self,
        room: RoomId,
        by: Option<UserId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Invite>>;

    /// The invitation with this hash, if it holds at `now`.
    async fn invitation(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Invitation>>;

    /// Ends an invitation into a room: one's own, or where the permit allows it.
    ///
    /// # Errors
    /// `NotFound("invite")`, also where it is not theirs to know of; `Denied`.
    async fn revoke_invite(&self, invite: InviteId, by: Actor) -> Result<()>;

    /// Makes this person a member of the room to which the invitation is, and counts that. Harmless, and not counted,
    /// when they are one.
    ///
    /// # Errors
    /// `NotFound("invite")` when it does not hold or is to the site alone; `Denied`.
    async fn join_invited(&self, hash: [u8; 32], by: Actor) -> Result<Joined>;

    /// Makes an account by an invitation, counts that, and makes it a member of the room, all of it or nothing.
    ///
    /// # Errors
    /// As [`super::Accounts::create_account`] and [`Invites::join_invited`].
    async fn register_invited(&self, new: NewAccount, hash: [u8; 32], by: Actor)
    -> Result<Account>;
}

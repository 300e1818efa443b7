//! Rooms and who belongs to them, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    Member, Membership, MessageId, NewRoom, Permit, Room, RoomCode, RoomId, RoomState, Standing,
    Timestamp, UserCard, UserId,
};

/// A join that was committed.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The room, with the new count, and the person's place in it.
    pub standing: Standing,
    /// Whether they did not belong to it before.
    pub new: bool,
}

/// Rooms and memberships.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Makes a room, with its owner as the first member.
    ///
    /// # Errors
    /// `Taken("room")` when the code is in use.
    async fn create_room(&self, new: NewRoom) -> Result<Standing>;

    /// The room with this code and this person's place in it.
    async fn standing(&self, room: &RoomCode, user: UserId) -> Result<Option<Standing>>;

    /// This person's rooms with the newest message of each, those with the newest messages first.
    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomState>>;

    /// Public rooms to which this person does not belong and from which nobody keeps them out now, the most members
    /// first.
    async fn public_rooms(&self, user: UserId, now: Timestamp, limit: u32) -> Result<Vec<Room>>;

    /// Makes this person a member; harmless when they are one. A new membership starts with everything read
    /// and is told to the feed as `Joined`.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`.
    async fn join(
        &self,
        room: &RoomCode,
        user: UserId,
        now: Timestamp,
        permit: Permit,
    ) -> Result<Joined>;

    /// Gives a membership up; told to the feed as `Left`.
    ///
    /// # Errors
    /// `NotFound("room")` when there was none.
    async fn leave(&self, room: &RoomCode, user: UserId) -> Result<()>;

    /// A room's members in the order of their ids, those after `after`.
    async fn members(&self, room: RoomId, after: Option<UserId>, limit: u32)
    -> Result<Vec<Member>>;

    /// Whether these two belong to one room at least, or are the same.
    async fn share_a_room(&self, one: UserId, other: UserId) -> Result<bool>;

    /// Everybody who belongs to a room with this person, themselves too.
    async fn acquaintances(&self, user: UserId) -> Result<Vec<UserCard>>;

    /// Moves this person's read mark to `upto`, never back; told to the feed as `Read`.
    ///
    /// # Errors
    /// `NotFound("room")` when they do not belong to it.
    async fn mark_read(&self, room: &RoomCode, user: UserId, upto: MessageId)
    -> Result<Membership>;
}

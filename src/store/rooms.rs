//! Rooms and who belongs to them, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    Member, Membership, MessageId, NewRoom, Permit, Role, Room, RoomChange, RoomCode, RoomId,
    RoomState, Standing, Timestamp, UserId,
};

/// A join that was committed.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The room, with the new count, and the person's place in it.
    pub standing: Standing,
    /// Whether they did not belong to it before.
    pub new: bool,
}

/// Who changes something, when, and by which right.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// Now.
    pub now: Timestamp,
    /// Whether they may.
    pub permit: Permit,
}

/// Rooms and memberships.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Makes a room, with its owner as the first member.
    ///
    /// # Errors
    /// `Taken("room")` when the code is in use.
    async fn create_room(&self, new: NewRoom) -> Result<Standing>;

    /// Changes a room; what is no change is told to nobody, the rest to the feed as `Room`.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`.
    async fn change_room(&self, room: &RoomCode, by: Actor, change: RoomChange)
    -> Result<Standing>;

    /// Ends a room: it is nobody's from now on, told to the feed as `Removed`. What was said in it is deleted by
    /// [`Rooms::sweep_rooms`]. Answers with what it was.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`.
    async fn delete_room(&self, room: &RoomCode, by: Actor) -> Result<Standing>;

    /// Deletes some of what was said in ended rooms; says whether there is more.
    async fn sweep_rooms(&self) -> Result<bool>;

    /// The room with this id; a direct conversation as nobody in particular sees it.
    async fn room(&self, id: RoomId) -> Result<Option<Room>>;

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

    /// Gives a membership up; told to the feed as `Left`. A room's last owner leaves it to who has been a moderator
    /// the longest, else a member; a private room without members is archived.
    ///
    /// # Errors
    /// `NotFound("room")` when there was none, `Denied`.
    async fn leave(&self, room: &RoomCode, by: Actor) -> Result<()>;

    /// A room's members in the order of their ids, those after `after`.
    async fn members(&self, room: RoomId, after: Option<UserId>, limit: u32)
    -> Result<Vec<Member>>;

    /// Everybody who belongs to a room, and as what.
    async fn roles(&self, room: RoomId) -> Result<Vec<(UserId, Role)>>;

    /// Which members of a room go by these names (`UserName::key`), with the name under which each was asked for.
    async fn members_named(
        &self,
        room: &RoomCode,
        names: Vec<String>,
    ) -> Result<Vec<(String, UserId)>>;

    /// Whether these two belong to one room at least, or are the same.
    async fn share_a_room(&self, one: UserId, other: UserId) -> Result<bool>;

    /// Everybody who belongs to a room with this person, themselves too.
    async fn acquaintances(&self, user: UserId) -> Result<Vec<UserId>>;

    /// Moves this person's read mark to `upto`, never back; told to the feed as `Read`.
    ///
    /// # Errors
    /// `NotFound("room")` when they do not belong to it.
    async fn mark_read(&self, room: &RoomCode, user: UserId, upto: MessageId)
    -> Result<Membership>;
}

//! What one person has in a room, and whom they know, as the store offers it.

use async_trait::async_trait;

use super::{Actor, Joined, Result};
use crate::model::{
    Member, Membership, MessageId, PreferencesChange, RoomCode, RoomId, Standing, Timestamp,
    UserCard, UserId,
};

/// A direct conversation to be found, or else made.
#[derive(Debug, Clone)]
pub struct NewDirect {
    /// Its code, if it is made.
    pub code: RoomCode,
    /// Who opens it.
    pub by: UserId,
    /// Who talks in it: they and the others, in any order.
    pub people: Vec<UserId>,
    /// Now.
    pub now: Timestamp,
}

/// Memberships, as their owners see them.
#[async_trait]
pub trait Members: Send + Sync {
    /// Finds the direct conversation of these people, or makes it, each of them told to the feed as `Joined`.
    /// Found, it is in the list of who opens it again.
    ///
    /// # Errors
    /// `Taken("room")` when the code is in use, `NotFound("account")`.
    async fn direct(&self, new: NewDirect) -> Result<Joined>;

    /// Makes somebody a member; harmless when they are one. Told to the feed as `Joined`.
    ///
    /// # Errors
    /// `NotFound("room")`, `NotFound("account")`; `KeptOut` where they are banned; `Denied`.
    async fn add_member(&self, room: &RoomCode, by: Actor, user: UserId) -> Result<Member>;

    /// Changes how a person hears of a room; told to the feed as `Preferences`.
    ///
    /// # Errors
    /// `NotFound("room")` when they do not belong to it.
    async fn set_preferences(
        &self,
        room: &RoomCode,
        user: UserId,
        change: PreferencesChange,
    ) -> Result<Standing>;

    /// Moves this person's read mark back to before `from`, never on; told to the feed as `Read`.
    ///
    /// # Errors
    /// `NotFound("room")` when they do not belong to it.
    async fn mark_unread(
        &self,
        room: &RoomCode,
        user: UserId,
        from: MessageId,
    ) -> Result<Membership>;

    /// The first message of a room that was sent at `since` or later. Messages are taken to lie in the order of
    /// their times.
    async fn first_since(&self, room: RoomId, since: Timestamp) -> Result<Option<MessageId>>;

    /// Who shares a room with this person, or belongs to this one room, and whose name's key begins so, in the order
    /// of their names.
    async fn people(
        &self,
        user: UserId,
        room: Option<RoomId>,
        prefix: &str,
        limit: u32,
    ) -> Result<Vec<UserCard>>;
}

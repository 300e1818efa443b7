//! What is shown together, as the store offers it: all of one moment, and read on one way to the database.

use std::collections::HashSet;

use async_trait::async_trait;

use super::{Actor, HistoryPage, Page, Result};
use crate::model::{
    Credential, Member, MessageId, RoomCode, RoomState, Standing, Timestamp, UserCard, UserId,
};

/// How much of a room is shown.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Which part of the history; none of it where somebody has it already.
    pub page: Option<Page>,
    /// The most messages of it.
    pub messages: u32,
    /// The most members.
    pub members: u32,
    /// Whether with what stands around the history on a page: saved messages, read marks, the person's rooms.
    pub surroundings: bool,
}

/// What a member is shown of a room.
#[derive(Debug, Clone)]
pub struct RoomView {
    /// The room, and their place in it.
    pub standing: Standing,
    /// The first of its members, in the order of their ids.
    pub members: Vec<Member>,
    /// Part of its history; where none was asked for, the room's seq alone.
    pub page: HistoryPage,
    /// Which of those messages they saved.
    pub saved: HashSet<MessageId>,
    /// How far each member has read in a direct conversation; nobody's mark in any other room.
    pub marks: Vec<(UserCard, MessageId)>,
    /// All their rooms, as [`Rooms::rooms_of`](super::Rooms::rooms_of).
    pub mine: Vec<RoomState>,
}

/// What is shown together.
#[async_trait]
pub trait Views: Send + Sync {
    /// What a member is shown of a room; `None` for who may come in and does not belong to it yet.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`.
    async fn room_view(
        &self,
        room: &RoomCode,
        by: Actor,
        extent: Extent,
    ) -> Result<Option<RoomView>>;

    /// The rooms of who holds this credential, as [`Rooms::rooms_of`](super::Rooms::rooms_of); `None` where it holds no more.
    async fn rooms_by(
        &self,
        credential: Credential,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<RoomState>>>;
}

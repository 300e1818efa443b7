//! Keeping order in rooms, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{Ban, LogEntry, NewMeasure, Room, RoomId, Timestamp, UserId};

/// Measures, the rooms' logs, and whom they keep out.
#[async_trait]
pub trait Moderation: Send + Sync {
    /// Takes a measure, notes it in the room's log and tells the feed; answers with what was noted, or nothing where
    /// all is as it should be already.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`; `NotFound("member")` or `NotFound("person")` for whom it is against;
    /// `LastOwner` when a room would be left without one.
    async fn moderate(&self, new: NewMeasure) -> Result<Option<LogEntry>>;

    /// A room's log, the newest first, those before `before`.
    async fn room_log(
        &self,
        room: RoomId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<LogEntry>>;

    /// Whom a room keeps out at `now`, in the order of their ids, those after `after`.
    async fn bans(
        &self,
        room: RoomId,
        now: Timestamp,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Ban>>;

    /// All rooms of the site, in the order of their ids, those after `after`.
    async fn all_rooms(&self, after: Option<RoomId>, limit: u32) -> Result<Vec<Room>>;
}

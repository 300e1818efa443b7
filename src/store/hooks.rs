//! Webhooks, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    Account, HookId, IncomingHook, NewIncomingHook, Permit, RoomCode, RoomId, Timestamp, UserId,
};

/// Webhooks.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Makes an incoming webhook, with a bot account that becomes a member of its room (told as `Joined`).
    ///
    /// # Errors
    /// `Taken("name")`, `NotFound("room")`, `Denied`.
    async fn add_incoming_hook(&self, new: NewIncomingHook) -> Result<IncomingHook>;

    /// A room's incoming webhooks, the oldest first.
    async fn incoming_hooks(&self, room: RoomId) -> Result<Vec<IncomingHook>>;

    /// The room and the bot account of the incoming webhook whose token has this hash.
    async fn incoming_hook(&self, hash: [u8; 32]) -> Result<Option<(RoomCode, Account)>>;

    /// Revokes an incoming webhook of this room: its bot leaves (told as `Left`) and its account closes; its
    /// messages stay.
    ///
    /// # Errors
    /// `NotFound("room")`, `NotFound("webhook")`, `Denied`.
    async fn remove_incoming_hook(
        &self,
        room: &RoomCode,
        id: HookId,
        by: UserId,
        now: Timestamp,
        permit: Permit,
    ) -> Result<()>;
}

//! Outgoing webhooks and what they have to deliver, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    Delivery, HookId, NewOutgoingHook, Outcome, OutgoingHook, Permit, RoomCode, RoomId, Timestamp,
    UserId,
};

/// Outgoing webhooks. What they have to deliver is queued with each message and each change to one in their room, in
/// the same transaction.
#[async_trait]
pub trait OutgoingHooks: Send + Sync {
    /// Makes an outgoing webhook.
    ///
    /// # Errors
    /// `NotFound("room")`, `Denied`.
    async fn add_outgoing_hook(&self, new: NewOutgoingHook) -> Result<OutgoingHook>;

    /// A room's outgoing webhooks, the oldest first.
    async fn outgoing_hooks(&self, room: RoomId) -> Result<Vec<OutgoingHook>>;

    /// Removes an outgoing webhook with all that it had to deliver.
    ///
    /// # Errors
    /// `NotFound("room")`, `NotFound("webhook")`, `Denied`.
    async fn remove_outgoing_hook(
        &self,
        room: &RoomCode,
        id: HookId,
        by: UserId,
        now: Timestamp,
        permit: Permit,
    ) -> Result<()>;

    /// What is due now: of each webhook the oldest, at most `limit`.
    async fn due_deliveries(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>>;

    /// When the next delivery is due, if there is one.
    async fn next_delivery(&self) -> Result<Option<Timestamp>>;

    /// Notes how an attempt ended at `now`. Of a webhook that fails, the newest 10,000 deliveries are kept.
    async fn end_delivery(&self, id: i64, outcome: Outcome, now: Timestamp) -> Result<()>;
}

//! A person's own browser sessions, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{Device, Timestamp, UserId};

/// A person's own browser sessions.
#[async_trait]
pub trait Logins: Send + Sync {
    /// The person's live sessions, the last used first; 100 at most. The one with this hash is the one that asks.
    async fn devices(
        &self,
        user: UserId,
        asks: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Vec<Device>>;

    /// Ends one of the person's sessions by its id ([`Device::id`]); its sockets are told of through the feed.
    ///
    /// # Errors
    /// `NotFound("session")`, also for somebody else's.
    async fn end_device(&self, user: UserId, id: &str) -> Result<()>;

    /// Ends all of the person's sessions but the one with this hash; their sockets are told of through the feed.
    async fn end_other_devices(&self, user: UserId, keep: Option<[u8; 32]>) -> Result<()>;
}

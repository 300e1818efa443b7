//! How people want to be told, and on which devices, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    NewSubscription, NotificationSettings, Subscription, Timestamp, UserId, WhichSubscription,
};

/// How people want to be told, and the devices that are pushed to.
#[async_trait]
pub trait Devices: Send + Sync {
    /// The server's own secret of this name; `fresh` is kept where there is none yet.
    async fn key(&self, name: &'static str, fresh: Vec<u8>) -> Result<Vec<u8>>;

    /// When and how somebody wants to be told.
    async fn notification_settings(&self, user: UserId) -> Result<NotificationSettings>;

    /// Changes that.
    ///
    /// # Errors
    /// `NotFound("account")`.
    async fn set_notification_settings(
        &self,
        user: UserId,
        settings: NotificationSettings,
    ) -> Result<()>;

    /// Pushes to a device from now on. One that is pushed to already takes the new keys and belongs to who asks now; of
    /// 20 devices of one person the oldest gives way.
    ///
    /// # Errors
    /// `NotFound("session")` where the session or token has ended.
    async fn subscribe(&self, new: NewSubscription) -> Result<Subscription>;

    /// Pushes to a device no more.
    ///
    /// # Errors
    /// `NotFound("subscription")`.
    async fn unsubscribe(&self, user: UserId, which: WhichSubscription) -> Result<()>;

    /// The devices of this person that are pushed to, the oldest first.
    async fn subscriptions(&self, user: UserId, now: Timestamp) -> Result<Vec<Subscription>>;
}

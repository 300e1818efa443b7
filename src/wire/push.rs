//! Web Push on the wire: the server's key, and the devices that are pushed to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Time;
use crate::model;

/// `{ key }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PushKeyBody {
    /// The server's public key, for `applicationServerKey`: a point of P-256, in base64url.
    pub key: String,
}

/// `POST /push/subscriptions`: what `PushSubscription.toJSON()` yields in a browser.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewSubscription {
    /// The public https address of the browser's push service.
    pub endpoint: String,
    /// What pushes are encrypted with.
    pub keys: SubscriptionKeys,
}

/// What pushes to a device are encrypted with (RFC 8291).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SubscriptionKeys {
    /// The device's public key, in base64url.
    pub p256dh: String,
    /// The secret that it shares with the server, in base64url.
    pub auth: String,
}

/// `DELETE /push/subscriptions`: which one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct EndedSubscription {
    /// Its address.
    pub endpoint: String,
}

/// A device that is pushed to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Subscription {
    /// Its id.
    pub id: i64,
    /// What it is called, after its browser.
    pub label: String,
    /// Since when.
    #[schemars(with = "Time")]
    pub created_at: String,
}

/// `{ subscription }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubscriptionBody {
    /// The device.
    pub subscription: Subscription,
}

/// `{ subscriptions }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubscriptionsBody {
    /// The oldest first.
    pub subscriptions: Vec<Subscription>,
}

impl Subscription {
    /// A device as its owner sees it.
    #[must_use]
    pub fn of(subscription: &model::Subscription) -> Self {
        Self {
            id: subscription.id,
            label: subscription.label.clone(),
            created_at: subscription.created_at.to_string(),
        }
    }
}

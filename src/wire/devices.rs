//! One's browser sessions on the wire.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use crate::model::Device;

/// A browser session, as its owner sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// What the browser is, in plain words.
    pub device: String,
    /// The address from which it logged in.
    pub address: String,
    /// When it logged in.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When it was last used, a few minutes more or less.
    #[schemars(with = "Time")]
    pub used_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `{ sessions }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SessionsBody {
    /// The last used first.
    pub sessions: Vec<Session>,
}

impl Session {
    /// A session as the wire has it.
    #[must_use]
    pub fn of(device: &Device) -> Self {
        Self {
            id: device.id.clone(),
            device: device.words(),
            address: device.address.clone(),
            created_at: device.created_at.to_string(),
            used_at: device.used_at.to_string(),
            current: device.current,
        }
    }
}

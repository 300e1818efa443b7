//! Passkeys, as their owner sees them and as the store keeps them.

use super::Timestamp;

/// How many passkeys a person may have.
pub const MOST_PASSKEYS: usize = 20;

/// A passkey's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PasskeyId(pub i64);

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// The server's name that it belongs to.
    pub host: String,
    /// What its owner calls it.
    pub name: String,
    /// The device's own name for it.
    pub credential_id: Vec<u8>,
    /// By what devices know its owner.
    pub handle: [u8; 16],
    /// The public key and what came with it, as JSON.
    pub credential: String,
    /// Whether it is kept in more places than one device.
    pub backed_up: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// A passkey that is to be kept.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    /// The server's name that it belongs to.
    pub host: String,
    /// What its owner calls it.
    pub name: String,
    /// The device's own name for it.
    pub credential_id: Vec<u8>,
    /// By what devices know its owner.
    pub handle: [u8; 16],
    /// The public key and what came with it, as JSON.
    pub credential: String,
    /// How often it says it was used; 0 for one that does not count.
    pub sign_count: u32,
    /// Whether it is kept in more places than one device.
    pub backed_up: bool,
}

/// What is known of a passkey after it was used.
#[derive(Debug, Clone)]
pub struct PasskeyUse {
    /// The public key and what came with it, as JSON.
    pub credential: String,
    /// How often it says it was used; 0 for one that does not count.
    pub sign_count: u32,
    /// Whether it is kept in more places than one device.
    pub backed_up: bool,
    /// When it was used.
    pub at: Timestamp,
}

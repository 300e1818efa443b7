//! What else than a password shows who somebody is, as its owner sees it.

use super::Timestamp;

/// A person's second factors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when a login asks for a code of the person's app; `None` where it does not.
    pub totp_since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

/// The app whose first code was right, and the recovery codes that come with it.
#[derive(Debug, Clone)]
pub struct NewTotp {
    /// The secret that waited for it.
    pub secret: [u8; 20],
    /// The step of that code.
    pub step: i64,
    /// The SHA-256 of each recovery code; those that were there before go.
    pub recovery_codes: Vec<[u8; 32]>,
}

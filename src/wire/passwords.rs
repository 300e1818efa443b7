//! How strong a password would be: the bodies of the call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `POST /passwords/strength`: judge a password before it is chosen. It is not kept.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct CheckPassword {
    /// The password that somebody thinks of.
    pub password: String,
    /// Their name, which it should not be.
    pub name: Option<String>,
    /// Their address, which it should not be either.
    pub email: Option<String>,
}

/// What a password would be worth.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PasswordStrength {
    /// From 0, guessed at once, to 4, out of reach.
    pub score: u8,
    /// Why it would be refused, if it would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The same in a sentence, for whoever types it.
    pub words: String,
}

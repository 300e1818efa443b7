//! Recovery of accounts on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `POST /recovery`: have a link mailed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct AskRecovery {
    /// Name or e-mail address.
    pub login: String,
}

/// `PUT /recovery`: choose a new password, by `token`, or by `login` and `recovery_code`.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct Recover {
    /// What stands at the end of the link that was mailed.
    pub token: Option<String>,
    /// Name or e-mail address, where no mail is set up.
    pub login: Option<String>,
    /// With it, one of the account's recovery codes.
    pub recovery_code: Option<String>,
    /// The new password, 8 to 128 characters.
    pub password: String,
}

/// `POST /addresses/confirm`: use a link that was mailed for a new address.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct ConfirmAddress {
    /// What stands at the end of the link.
    pub token: String,
}

/// `{ changed }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AddressBody {
    /// Whether the account has the new address now; else the link to the other address has to be used, too.
    pub changed: bool,
}

//! Second factors on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Time;
use crate::model::Factors;

/// `GET /me/two-factor`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TwoFactorBody {
    /// Whether a login asks for a code.
    pub on: bool,
    /// Since when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub since: Option<String>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

impl From<Factors> for TwoFactorBody {
    fn from(factors: Factors) -> Self {
        Self {
            on: factors.totp_since.is_some(),
            since: factors.totp_since.map(|since| since.to_string()),
            recovery_codes: factors.recovery_codes,
        }
    }
}

/// Who one is, once more: needed with a token, and with a session whose owner did not show it lately.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ShowWho {
    /// The present password.
    pub current_password: Option<String>,
    /// A code of one's app or a recovery code, where logins ask for one.
    pub code: Option<String>,
}

/// `PUT /me/two-factor`: have logins ask for a code; the app takes the place of one that is on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct FirstCode {
    /// The code that the app shows.
    pub code: String,
    /// The present password; needed as for the other calls.
    pub current_password: Option<String>,
    /// A code of the app until now or a recovery code, where logins ask for one; needed as for the other calls.
    pub old_code: Option<String>,
}

/// `{ secret, uri }`: what an app is given.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AppSecretBody {
    /// The secret in base32.
    pub secret: String,
    /// The same with its names, as apps read it from a QR code: `otpauth://totp/…`.
    pub uri: String,
}

/// `{ recovery_codes }`: they are shown this once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecoveryCodesBody {
    /// Each is good for once.
    pub recovery_codes: Vec<String>,
}

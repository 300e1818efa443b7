//! Passkeys on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Time;
use crate::model;

/// A passkey, as its owner sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Passkey {
    /// Its id.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The server's name that it belongs to; under another it is good for nothing.
    pub host: String,
    /// Whether it is kept in more places than one device.
    pub backed_up: bool,
    /// When it was added.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When it was last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub used_at: Option<String>,
}

impl From<&model::Passkey> for Passkey {
    fn from(passkey: &model::Passkey) -> Self {
        Self {
            id: passkey.id.0,
            name: passkey.name.clone(),
            host: passkey.host.clone(),
            backed_up: passkey.backed_up,
            created_at: passkey.created_at.to_string(),
            used_at: passkey.used_at.map(|used| used.to_string()),
        }
    }
}

/// `{ passkeys }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PasskeysBody {
    /// In the order in which they were added.
    pub passkeys: Vec<Passkey>,
}

/// `{ passkey }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PasskeyBody {
    /// The passkey.
    pub passkey: Passkey,
}

/// `POST /me/passkeys`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewPasskey {
    /// What its owner calls it: 1 to 64 characters.
    pub name: String,
    /// What `navigator.credentials.create` answered, by its `toJSON()`.
    pub credential: Map<String, Value>,
}

/// `PATCH /me/passkeys/{id}`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct PatchPasskey {
    /// What its owner calls it from now on: 1 to 64 characters.
    pub name: String,
}

/// What a passkey is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyPurpose {
    /// To log in without name and password: the answer goes to the form of `/login/passkey`.
    LogIn,
    /// To end a login whose password was right, in the place of a code: the answer goes to the form of `/login/code`.
    SecondFactor,
    /// To show once more who one is: the answer goes to the form of `/settings/confirm`.
    Confirm,
}

/// `POST /passkeys/challenge`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct AskPasskey {
    /// What for.
    pub purpose: PasskeyPurpose,
}

/// `{ public_key }`: what the browser is to make, or to ask its devices for. Good for five minutes, once, and in this
/// browser.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PasskeyChallenge {
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    pub public_key: Map<String, Value>,
}

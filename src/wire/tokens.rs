//! One's tokens on the wire.

use schemars::JsonSchema;
use serde::Serialize;

use super::Time;
use crate::model::{OwnToken, Scope, Scopes};

/// A token, as its owner sees it; the token itself is shown only when it is made.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// What it may do: `read`, `write`, `join`, and `account` for everything else.
    pub scopes: Vec<String>,
    /// Since when it exists.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When it was last used, a few minutes more or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub used_at: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub expires_at: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `{ tokens }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TokensBody {
    /// The last used or made first.
    pub tokens: Vec<Token>,
}

impl Token {
    /// A token as the wire has it.
    #[must_use]
    pub fn of(token: &OwnToken) -> Self {
        Self {
            id: token.id.clone(),
            label: token.label.clone(),
            scopes: names(token.scopes.as_ref()),
            created_at: token.created_at.to_string(),
            used_at: token.used_at.map(|used| used.to_string()),
            expires_at: token.expires_at.map(|ends| ends.to_string()),
            current: token.current,
        }
    }
}

/// The names of a token's scopes: all of them, where it may do all that its account may.
#[must_use]
pub fn names(scopes: Option<&Scopes>) -> Vec<String> {
    match scopes {
        Some(scopes) => scopes.names().map(str::to_owned).collect(),
        None => Scope::ALL.map(|scope| scope.as_str().to_owned()).to_vec(),
    }
}

//! Webhooks on the wire: records, and bodies of their calls.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Time, User};
use crate::model;

/// An incoming webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncomingHook {
    /// Its id.
    pub id: i64,
    /// The code of the room in which it speaks.
    pub room: String,
    /// The bot in whose name it speaks.
    pub user: User,
    /// Since when it exists.
    #[schemars(with = "Time")]
    pub created_at: String,
}

/// `POST /rooms/{code}/hooks`: make an incoming webhook.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewIncomingHook {
    /// The name under which it speaks; 2 to 32 letters, digits, `_`, `.`, `-`.
    pub name: String,
}

/// `{ hook, url, token }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IncomingHookBody {
    /// The webhook.
    pub hook: IncomingHook,
    /// The address to post to; it is shown this once.
    pub url: String,
    /// The token in the address.
    pub token: String,
}

/// `{ hooks }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IncomingHooksBody {
    /// The oldest first.
    pub hooks: Vec<IncomingHook>,
}

/// `POST /hooks/{token}`: `{ text }`, or what Slack's incoming webhooks take.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct HookMessage {
    /// What to say: 1 to 4,000 characters.
    pub text: Option<String>,
    /// The sender's own name for it, 1 to 64 characters: makes a resend harmless. The header `Idempotency-Key` says
    /// the same.
    pub client_id: Option<String>,
    /// Attachments as Slack has them: their `pretext`, `title`, `title_link`, `text`, `fields` or `fallback` are read.
    #[serde(default)]
    pub attachments: Vec<Value>,
    /// Blocks as Slack has them; read where there is no `text`.
    #[serde(default)]
    pub blocks: Vec<Value>,
    /// Whether it came in Slack's own way, so that its text is Slack's too.
    #[serde(skip)]
    pub slack: bool,
}

impl IncomingHook {
    /// A webhook, whose bot is never connected.
    #[must_use]
    pub fn of(hook: &model::IncomingHook) -> Self {
        Self {
            id: hook.id.0,
            room: hook.room.as_str().to_owned(),
            user: User::of(&hook.bot, super::Status::Offline),
            created_at: hook.created_at.to_string(),
        }
    }
}

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

/// An outgoing webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OutgoingHook {
    /// Its id.
    pub id: i64,
    /// The code of the room that it tells of.
    pub room: String,
    /// Where it posts to.
    pub url: String,
    /// Since when it exists.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// Since when nothing that it posted was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub failing_since: Option<String>,
    /// Whether it posts nothing any more, after days of failure or because its receiver said 410.
    pub disabled: bool,
}

/// `POST /rooms/{code}/outgoing-hooks`: make an outgoing webhook.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewOutgoingHook {
    /// Where it posts to: a public http or https address.
    pub url: String,
}

/// `{ hook, secret }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OutgoingHookBody {
    /// The webhook.
    pub hook: OutgoingHook,
    /// What its posts are signed with, as Standard Webhooks write it; it is shown this once.
    pub secret: String,
}

/// `{ hooks }`, of those that go out.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OutgoingHooksBody {
    /// The oldest first.
    pub hooks: Vec<OutgoingHook>,
}

impl OutgoingHook {
    /// A webhook.
    #[must_use]
    pub fn of(hook: &model::OutgoingHook) -> Self {
        Self {
            id: hook.id.0,
            room: hook.room.as_str().to_owned(),
            url: hook.url.clone(),
            created_at: hook.created_at.to_string(),
            failing_since: hook.failing_since.map(|since| since.to_string()),
            disabled: hook.disabled,
        }
    }
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

//! Bots on the wire: records, and bodies of their calls.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Status, Time, User};
use crate::model;

/// A bot, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bot {
    /// Its account.
    pub user: User,
    /// Since when it exists.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// Its tokens, the oldest first.
    pub tokens: Vec<BotToken>,
}

/// A bot's token, without the token itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BotToken {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// What it may do: `read`, `write`, `join`.
    pub scopes: Vec<String>,
    /// Since when it exists.
    #[schemars(with = "Time")]
    pub created_at: String,
}

/// `POST /bots`: make a bot.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewBot {
    /// 2 to 32 letters, digits, `_`, `.`, `-`.
    pub name: String,
}

/// `POST /bots/{id}/tokens`: make a token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewBotToken {
    /// What it is for, for its owner's eyes; 64 characters at most.
    pub label: Option<String>,
    /// What it may do, at least one: `read` rooms and hear them, `write` messages, `join` and leave rooms.
    pub scopes: Vec<String>,
    /// The present password, from a session whose owner did not show lately who they are.
    pub current_password: Option<String>,
    /// With it, a code of one's app or a recovery code, where logins ask for one.
    pub code: Option<String>,
}

/// `{ bot }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BotBody {
    /// The bot.
    pub bot: Bot,
}

/// `{ bots }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BotsBody {
    /// The oldest first.
    pub bots: Vec<Bot>,
}

/// `{ token, scopes }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BotTokenBody {
    /// The token; it is shown this once.
    pub token: String,
    /// What it may do.
    pub scopes: Vec<String>,
}

impl Bot {
    /// A bot with this status.
    #[must_use]
    pub fn of(bot: &model::Bot, status: Status) -> Self {
        let token = |token: &model::BotToken| BotToken {
            id: token.id.clone(),
            label: token.label.clone(),
            scopes: token.scopes.names().map(str::to_owned).collect(),
            created_at: token.created_at.to_string(),
        };
        Self {
            user: User::of(&bot.card, status),
            created_at: bot.created_at.to_string(),
            tokens: bot.tokens.iter().map(token).collect(),
        }
    }
}

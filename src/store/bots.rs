//! Bots, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{Bot, NewBot, NewToken, UserId};

/// Bots and their tokens; everything here is asked for by the bot's owner.
#[async_trait]
pub trait Bots: Send + Sync {
    /// Makes a bot, which belongs to no room yet.
    ///
    /// # Errors
    /// `Taken("name")`; `Denied` where its owner neither owns a room nor runs the site.
    async fn add_bot(&self, new: NewBot) -> Result<Bot>;

    /// This person's bots, the oldest first.
    async fn bots_of(&self, owner: UserId) -> Result<Vec<Bot>>;

    /// Deletes a bot: it leaves its rooms (told as `Left`), its tokens end (told as `Revoked`), its account closes;
    /// its messages stay.
    ///
    /// # Errors
    /// `NotFound("bot")`.
    async fn remove_bot(&self, owner: UserId, bot: UserId) -> Result<()>;

    /// Keeps a token of a bot.
    ///
    /// # Errors
    /// `NotFound("bot")`.
    async fn add_bot_token(&self, owner: UserId, new: NewToken) -> Result<()>;

    /// Ends a token of a bot by the token's id; told as `Revoked`.
    ///
    /// # Errors
    /// `NotFound("bot")`, `NotFound("token")`.
    async fn end_bot_token(&self, owner: UserId, bot: UserId, token: &str) -> Result<()>;
}

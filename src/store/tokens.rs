//! A person's own tokens, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{OwnToken, Timestamp, UserId};

/// A person's own tokens, and how tokens end by themselves.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// The person's tokens that hold, the last used or made first; 100 at most. The one with this hash is the one that
    /// asks.
    async fn tokens_of(
        &self,
        user: UserId,
        asks: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Vec<OwnToken>>;

    /// Notes that a token was used; harmless when it has ended.
    async fn note_token_use(&self, hash: [u8; 32], now: Timestamp) -> Result<()>;

    /// Ends one of the person's tokens by its id ([`OwnToken::id`]); told as `Revoked`.
    ///
    /// # Errors
    /// `NotFound("token")`, also for somebody else's.
    async fn end_token_of(&self, user: UserId, id: &str) -> Result<()>;

    /// Ends tokens that have run out, each told as `Revoked`; 100 at once at most, and says how many. Nothing is
    /// written when there is none.
    async fn end_expired_tokens(&self, now: Timestamp) -> Result<usize>;
}

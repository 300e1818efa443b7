//! Recovery of accounts whose passwords are forgotten, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{Account, Timestamp, UserId};

/// Recovery of accounts. A new password ends every session, every token and every link of the account, told to the feed as
/// `Revoked`. Disabled accounts are not recovered.
#[async_trait]
pub trait Recovery: Send + Sync {
    /// Keeps a link by the SHA-256 of its token; links that have run out by `now` go.
    ///
    /// # Errors
    /// `NotFound("account")`.
    async fn add_recovery(
        &self,
        user: UserId,
        hash: [u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()>;

    /// Whose account this link recovers, if it holds.
    async fn recovery(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Account>>;

    /// Gives the account of this link a new password, once.
    ///
    /// # Errors
    /// `NotFound("link")` where it holds no more.
    async fn recover_by_link(
        &self,
        hash: [u8; 32],
        password_hash: String,
        now: Timestamp,
    ) -> Result<Account>;

    /// Gives an account a new password for one of its recovery codes, which is taken. Where logins ask for a code of an
    /// app, its other recovery codes end, too: they must not stand for the app as well.
    ///
    /// # Errors
    /// `NotFound("code")` where it is none of the account's, or there is no such account.
    async fn recover_by_code(
        &self,
        user: UserId,
        code: [u8; 32],
        password_hash: String,
    ) -> Result<Account>;
}

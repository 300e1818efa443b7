//! Addresses that wait to be confirmed, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{Account, Email, Timestamp, UserId};

/// Addresses that wait to be confirmed.
#[async_trait]
pub trait Addresses: Send + Sync {
    /// Has an address wait for these links, kept by the SHA-256 of their tokens; one that waited for the same account goes,
    /// and so does what has run out by `now`.
    ///
    /// # Errors
    /// `Taken("email")` where an account has it already.
    async fn begin_address(
        &self,
        user: UserId,
        email: Email,
        links: Vec<[u8; 32]>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()>;

    /// The account that a link is of, and the address that waits for it.
    async fn new_address(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Account, String)>>;

    /// Uses a link. Says what the account was, and what it is where this was the last one: it has the address then.
    ///
    /// # Errors
    /// `NotFound("link")`; `Taken("email")` where an account has it by now.
    async fn confirm_address(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<(Account, Option<Account>)>;
}

//! Second factors, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{Factors as Kept, NewTotp, Operator, UserId};

/// People's second factors. That one is switched on or off stands in the site's log in the same transaction, under the
/// person's own name.
#[async_trait]
pub trait Factors: Send + Sync {
    /// What a person has.
    async fn factors(&self, user: UserId) -> Result<Kept>;

    /// The secret that a person shares with their app: the one that logins ask for, or the one that waits for its first
    /// code.
    async fn totp_secret(&self, user: UserId, on: bool) -> Result<Option<[u8; 20]>>;

    /// Keeps a secret that waits for its first code, in the place of one that waited. Where logins ask for codes already,
    /// they go on asking for those of the app that is on until then.
    async fn begin_totp(&self, user: UserId, secret: [u8; 20]) -> Result<()>;

    /// Has logins ask for a code from now on; an app that is on opens nothing any more.
    ///
    /// # Errors
    /// `NotFound("secret")` where this secret does not wait any more.
    async fn turn_on_totp(&self, by: Operator, user: UserId, new: NewTotp) -> Result<()>;

    /// Has logins ask for no code any more; recovery codes stay. Says whether they did.
    async fn turn_off_totp(&self, by: Operator, user: UserId) -> Result<bool>;

    /// Takes the code of this step, once: says no where it, or a later one, was taken before.
    async fn take_step(&self, user: UserId, step: i64) -> Result<bool>;

    /// Keeps recovery codes by their SHA-256, in the place of those that were there.
    async fn set_recovery_codes(&self, user: UserId, hashes: Vec<[u8; 32]>) -> Result<()>;

    /// Takes a recovery code, once: says how many are left, or `None` where it is none.
    async fn take_recovery_code(&self, user: UserId, hash: [u8; 32]) -> Result<Option<i64>>;
}

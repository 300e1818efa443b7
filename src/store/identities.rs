//! Who people are at an OpenID Connect provider, as the store offers them.

use async_trait::async_trait;

use super::{Actor, Result};
use crate::model::{Account, NewAccount, OidcIdentity, Operator, UserId};

/// People's identities at a provider: one for each account at most.
#[async_trait]
pub trait Identities: Send + Sync {
    /// Whose this identity is, and whether the account is disabled.
    async fn identified(&self, identity: &OidcIdentity) -> Result<Option<(Account, bool)>>;

    /// The person's identity, if they have one.
    async fn identity_of(&self, user: UserId) -> Result<Option<OidcIdentity>>;

    /// Makes an account for an identity, where there is an invitation by it: the SHA-256 of its token, and who joins.
    ///
    /// # Errors
    /// As [`Accounts::create_account`](super::Accounts::create_account) and
    /// [`Invites::register_invited`](super::Invites::register_invited); `Taken("identity")`.
    async fn register_identified(
        &self,
        new: NewAccount,
        identity: OidcIdentity,
        invite: Option<([u8; 32], Actor)>,
    ) -> Result<Account>;

    /// Gives a person this identity, which is noted in the site's log.
    ///
    /// # Errors
    /// `Taken("identity")` where it is somebody's, or the person has another; `NotFound("account")`.
    async fn link_identity(&self, by: Operator, user: UserId, identity: OidcIdentity)
    -> Result<()>;

    /// Takes a person's identity away, which is noted in the site's log. Says no where there is none, or no password is
    /// left to get in by.
    async fn unlink_identity(&self, by: Operator, user: UserId) -> Result<bool>;
}

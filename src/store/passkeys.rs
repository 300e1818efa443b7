//! Passkeys, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{Account, NewPasskey, Operator, Passkey, PasskeyId, PasskeyUse, UserId};

/// Whose a passkey is.
#[derive(Debug, Clone)]
pub struct Held {
    /// The passkey.
    pub passkey: Passkey,
    /// Its owner.
    pub account: Account,
    /// Whether nobody may log in to the account.
    pub disabled: bool,
}

/// People's passkeys. That one is added or removed stands in the site's log in the same transaction, under the person's own
/// name.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// A person's passkeys, in the order in which they were added.
    async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>>;

    /// The passkey that its device knows by this id, unless its owner's account was deleted.
    async fn held_passkey(&self, credential_id: Vec<u8>) -> Result<Option<Held>>;

    /// Keeps a passkey.
    ///
    /// # Errors
    /// `Taken("passkey")` where its id is known already; `Full("passkey")` where the person has
    /// [`MOST_PASSKEYS`](crate::model::MOST_PASSKEYS).
    async fn add_passkey(&self, by: Operator, user: UserId, new: NewPasskey) -> Result<Passkey>;

    /// Gives a passkey of this person's another name.
    ///
    /// # Errors
    /// `NotFound("passkey")`.
    async fn rename_passkey(&self, user: UserId, id: PasskeyId, name: &str) -> Result<Passkey>;

    /// Takes a passkey of this person's away; answers with what it was called.
    ///
    /// # Errors
    /// `NotFound("passkey")`.
    async fn remove_passkey(&self, by: Operator, user: UserId, id: PasskeyId) -> Result<String>;

    /// Notes that a passkey was used. Says no where it is gone, or has counted no further than it had: each use is taken
    /// once, and of two who hold copies of a passkey that counts, one is found out.
    async fn use_passkey(&self, id: PasskeyId, used: PasskeyUse) -> Result<bool>;
}

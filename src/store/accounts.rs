//! Accounts, sessions and tokens, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    Account, Bearer, Credential, Email, NewAccount, NewSession, NewToken, RoomCode, Session,
    Timestamp, UserId, UserName,
};

/// What a login is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Whose.
    pub account: Account,
    /// The password's hash: a PHC string, or one of werkzeug's behind its mark (`secrets::MARK`).
    pub password_hash: String,
    /// Whether nobody may log in to it.
    pub disabled: bool,
}

/// A new password, and which of the person's sessions goes on under which new id.
#[derive(Debug, Clone)]
pub struct Password {
    /// The new hash, a PHC string.
    pub hash: String,
    /// The session that changed it and the SHA-256 of its new token; all others and all tokens end.
    pub keep: Option<([u8; 32], [u8; 32])>,
}

/// What changes in an account; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// The new name.
    pub name: Option<UserName>,
    /// The new address.
    pub email: Option<Email>,
    /// The new password.
    pub password: Option<Password>,
    /// The new photo's upload id; `Some(None)` takes it away.
    pub photo: Option<Option<String>>,
}

/// Accounts, sessions and tokens.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account, which joins the lobby; the very first one becomes the site's admin and the lobby's owner.
    ///
    /// # Errors
    /// `Taken("name")`, `Taken("email")`; `NoOwner` when it would be the first and may not be.
    async fn create_account(&self, new: NewAccount) -> Result<Account>;

    /// Whether anybody has an account yet.
    async fn has_owner(&self) -> Result<bool>;

    /// A person's account, unless it was closed.
    async fn account(&self, id: UserId) -> Result<Option<Account>>;

    /// The account that goes by this name's key ([`UserName::key_of`]).
    async fn account_by_name(&self, name_key: &str) -> Result<Option<Account>>;

    /// The account that logs in with this: a name, or an e-mail address (what has an `@`).
    async fn credentials(&self, login: &str) -> Result<Option<Credentials>>;

    /// The stored hash of this person's password.
    async fn password_hash(&self, id: UserId) -> Result<Option<String>>;

    /// Puts another hash of the same password in the place of this one; where that is not there any more, nothing is done.
    /// Sessions and tokens go on.
    async fn renew_hash(&self, id: UserId, before: &str, after: &str) -> Result<()>;

    /// The methods of the hashes that werkzeug made (`secrets::WerkzeugHash::method`), each once.
    async fn brought_hashes(&self) -> Result<Vec<String>>;

    /// Changes an account, all of it or nothing. A new name or photo is told to the feed as `Profile`, a new
    /// password as `Revoked` (other sessions and all tokens are deleted in the same transaction).
    ///
    /// # Errors
    /// `Taken("name")`, `Taken("email")`, `NotFound("account")`.
    async fn change_account(&self, id: UserId, change: AccountChange) -> Result<Account>;

    /// Opens a session.
    async fn open_session(&self, new: NewSession) -> Result<()>;

    /// The live session with this hash.
    async fn session(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Session>>;

    /// Puts off a session's end because it was used.
    async fn extend_session(
        &self,
        hash: [u8; 32],
        used_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()>;

    /// Notes that a session's owner showed who they are; harmless when it has ended.
    async fn prove_session(&self, hash: [u8; 32], now: Timestamp) -> Result<()>;

    /// Notes the room that a session entered last.
    async fn enter_room(&self, hash: [u8; 32], room: RoomCode) -> Result<()>;

    /// Ends a session; its sockets are told of through the feed.
    async fn end_session(&self, hash: [u8; 32]) -> Result<()>;

    /// Keeps a token.
    async fn add_token(&self, new: NewToken) -> Result<()>;

    /// The account that this token speaks for, and what it may do; none once it has run out.
    async fn token(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Bearer>>;

    /// Whether this credential of the person's still holds; a guest's does as long as there is the guest.
    async fn holds(&self, credential: Credential, user: UserId, now: Timestamp) -> Result<bool>;

    /// Ends a token; its sockets are told of through the feed. Says whether there was one.
    async fn end_token(&self, hash: [u8; 32]) -> Result<bool>;

    /// Deletes the sessions that had ended by `now`, of whose sockets the feed is told; says how many.
    async fn sweep_sessions(&self, now: Timestamp) -> Result<usize>;
}

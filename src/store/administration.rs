//! Running the site, as the store offers it: accounts and rooms as the operator sees and changes them, and the site's log.

use async_trait::async_trait;

use super::Result;
use crate::model::{
    AccountDeed, Listed, NewAccount, Operator, Room, RoomCode, RoomDeed, SiteLogEntry, UserId,
};

/// Running the site. Each change stands in the site's log in the same transaction; the log keeps the newest 100,000
/// entries. Where the operator is a person, they must run the site when it is done, else `Denied`.
#[async_trait]
pub trait Administration: Send + Sync {
    /// Accounts in the order of their ids, those after `after`, with `query` somewhere in their name or address whatever
    /// the case of its letters; guests have none, closed ones are left out.
    async fn listed_accounts(
        &self,
        query: &str,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Listed>>;

    /// The account with this id.
    async fn listed(&self, user: UserId) -> Result<Option<Listed>>;

    /// The account that goes by this name, or has this address (what has an `@`).
    async fn listed_account(&self, login: &str) -> Result<Option<Listed>>;

    /// Makes an account, which runs the site where `admin`; the very first one does so anyway.
    ///
    /// # Errors
    /// `Taken("name")`, `Taken("email")`, `Denied`.
    async fn create_account_by(&self, by: Operator, new: NewAccount, admin: bool)
    -> Result<Listed>;

    /// Changes an account. What is so already changes nothing, and stands in no log. Ended sessions and tokens are told
    /// to the feed as `Revoked`.
    ///
    /// # Errors
    /// `NotFound("account")`; `LastAdmin` where nobody would be left to run the site; `Program` where only a person can
    /// have it done; `Denied`.
    async fn change_account_by(
        &self,
        by: Operator,
        user: UserId,
        deed: AccountDeed,
    ) -> Result<Listed>;

    /// Drops a person's sockets; sessions and tokens go on. Told to the feed as `Revoked`.
    async fn drop_sockets(&self, user: UserId) -> Result<()>;

    /// Archives, restores or ends a room; told to the feed as `Room` or `Removed`. Answers with what it is, or was.
    ///
    /// # Errors
    /// `NotFound("room")`; `Fixed` for the lobby and direct conversations; `Denied`.
    async fn change_room_by(&self, by: Operator, room: &RoomCode, deed: RoomDeed) -> Result<Room>;

    /// The room with this code, whoever belongs to it.
    async fn listed_room(&self, room: &RoomCode) -> Result<Option<Room>>;

    /// The site's log, the newest entries first, those before `before`.
    async fn site_log(&self, before: Option<i64>, limit: u32) -> Result<Vec<SiteLogEntry>>;
}

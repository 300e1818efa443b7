//! What is brought from another messenger, as the store keeps it.

use std::collections::HashSet;

use async_trait::async_trait;

use super::Result;
use crate::model::{
    Account, ImportedMessage, Merged, NewAccount, NewImportedPerson, NewImportedRoom, Place,
    RoomId, Source, Timestamp, Unclaimed, UserId,
};

/// Bringing things, and claiming accounts. Nothing of it is told to listeners but a claim: it happens before they come.
#[async_trait]
pub trait Imports: Send + Sync {
    /// The first admin, if the site has one.
    async fn first_admin(&self) -> Result<Option<UserId>>;

    /// Everybody who was brought from this source: their ids there, and who they are here.
    async fn imported_people(&self, source: Source) -> Result<Vec<(String, UserId)>>;

    /// Makes or notes the account of somebody who is brought.
    ///
    /// # Errors
    /// `Taken("name")`; `NotFound("account")` for a known one that is not there.
    async fn import_person(&self, new: NewImportedPerson) -> Result<UserId>;

    /// The room that was brought from this source under this id, if one was.
    async fn imported_room(&self, source: Source, key: &str) -> Result<Option<Place>>;

    /// The direct conversation between exactly these people, and when its newest message was sent.
    async fn direct_between(
        &self,
        people: Vec<UserId>,
    ) -> Result<Option<(RoomId, Option<Timestamp>)>>;

    /// Makes a room for what is brought, also where another one held it so far. A direct conversation that is here is
    /// taken as it is.
    ///
    /// # Errors
    /// `Taken("room")`; `NotFound("account")`.
    async fn import_room(&self, new: NewImportedRoom) -> Result<Place>;

    /// Makes people members of a room that was brought before; who is one stays as they are.
    async fn import_members(&self, room: RoomId, people: Vec<UserId>, now: Timestamp)
    -> Result<()>;

    /// Which of these messages were brought before.
    async fn imported_messages(&self, place: i64, keys: Vec<String>) -> Result<HashSet<String>>;

    /// Adds messages to the room of `place`, in this order; those that were brought before are left out. Whoever had
    /// read everything has read them too. Answers how many were added.
    ///
    /// # Errors
    /// `NotFound("room")`; `NotFound("upload")`.
    async fn import_messages(
        &self,
        place: i64,
        room: RoomId,
        messages: Vec<ImportedMessage>,
    ) -> Result<usize>;

    /// The accounts that wait for their people, by name.
    async fn unclaimed(&self) -> Result<Vec<Unclaimed>>;

    /// Has the account be claimed by the token with this hash, until then; another one no longer does.
    ///
    /// # Errors
    /// `NotFound("account")` where it does not wait for anybody.
    async fn offer_claim(&self, user: UserId, hash: [u8; 32], until: Timestamp) -> Result<()>;

    /// The account that this token claims.
    async fn claim(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Unclaimed>>;

    /// Gives an account that waits its name, address and password; it joins the lobby.
    ///
    /// # Errors
    /// `NotFound("claim")`; `Taken("name")`, `Taken("email")`.
    async fn claim_account(&self, hash: [u8; 32], new: NewAccount) -> Result<Account>;

    /// Makes an account that waits a part of one that is somebody's: messages, mentions, reactions, files and memberships
    /// move in one transaction, later imports follow, and the account is gone. Nobody is told: it happens while no server
    /// runs. Where both had a direct conversation with the same people, the imported one becomes a private room.
    ///
    /// # Errors
    /// `NotFound("account")` where `from` does not wait for anybody; `NotFound("person")` where `into` is nobody's.
    async fn merge_account(&self, from: UserId, into: UserId, now: Timestamp) -> Result<Merged>;
}

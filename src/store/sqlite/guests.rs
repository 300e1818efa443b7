//! Guests in SQLite: rows of `users` without address and password.

use async_trait::async_trait;
use rusqlite::named_params;

use super::{
    SqliteStore, Transaction, accounts, members, rooms,
    rows::{all, code, execute, one, value},
};
use crate::{
    model::{Account, LeaveReason, Permit, Role, RoomCode, Timestamp, UserId, UserName},
    store::{Guests, Result, StoreError},
};

/// What stands in the place of an address's key must be nobody's: an address has an `@`.
const INSERT: &str = "INSERT INTO users (name, name_key, email, email_key, password_hash, admin, guest, created_at) \
    VALUES (:name, :key, '', hex(randomblob(16)), '', 0, 1, :now) RETURNING id";

pub(super) const CLOSE: &str =
    "UPDATE users SET deleted = 1 WHERE id = :id AND guest = 1 AND deleted = 0";

pub(super) const PRESENT: &str = "SELECT id FROM users WHERE guest = 1 AND deleted = 0";

pub(super) const ROOMS: &str =
    "SELECT r.code FROM members b JOIN rooms r ON r.id = b.room_id WHERE b.user_id = :id";

#[async_trait]
impl Guests for SqliteStore {
    async fn create_guest(
        &self,
        name: UserName,
        permit: Permit,
        now: Timestamp,
    ) -> Result<Account> {
        self.write(move |transaction| create(transaction, &name, permit, now))
            .await
    }

    async fn remove_guest(&self, id: UserId) -> Result<()> {
        self.write(move |transaction| remove(transaction, id)).await
    }

    async fn remove_guests(&self) -> Result<usize> {
        self.write(|transaction| {
            let present: Vec<i64> = all(transaction.connection, PRESENT, [], value)?;
            for id in &present {
                remove(transaction, UserId(*id))?;
            }
            Ok(present.len())
        })
        .await
    }
}

fn create(
    transaction: &mut Transaction<'_>,
    name: &UserName,
    permit: Permit,
    now: Timestamp,
) -> Result<Account> {
    let connection = transaction.connection;
    if !accounts::has_owner(connection)? {
        return Err(StoreError::NoOwner);
    }
    let values = named_params! { ":name": name.as_str(), ":key": name.key(), ":now": now.0 };
    let id = one(connection, INSERT, values, value)?.map(UserId);
    let account = id
        .map(|id| accounts::by_id(connection, id))
        .transpose()?
        .flatten();
    let account = account.ok_or(StoreError::NotFound("account"))?;
    let lobby = RoomCode::lobby();
    let standing = rooms::standing(connection, &lobby, account.card.id)?;
    permit(&standing.ok_or(StoreError::NotFound("room"))?, now)?;
    members::add(transaction, &lobby, account.card.id, Role::Member, now)?;
    Ok(account)
}

fn remove(transaction: &mut Transaction<'_>, id: UserId) -> Result<()> {
    let values = named_params! { ":id": id.0 };
    let connection = transaction.connection;
    let rooms: Vec<RoomCode> = all(connection, ROOMS, values, code)?;
    if execute(connection, CLOSE, values)? > 0 {
        for room in rooms {
            members::remove(transaction, &room, id, LeaveReason::Left)?;
        }
    }
    Ok(())
}

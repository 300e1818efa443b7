//! Addresses that wait to be confirmed, in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, accounts,
    rows::{account, account_columns, card_columns, execute, one, value},
};
use crate::{
    model::{Account, Email, Timestamp, UserId},
    store::{Addresses, Result, StoreError},
};

pub(super) const USED: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE email_key = :key)";

pub(super) const SWEEP: &str = "DELETE FROM new_addresses WHERE expires_at <= :now";

pub(super) const FORGET: &str = "DELETE FROM new_addresses WHERE user_id = :user";

const ADD: &str = "INSERT INTO new_addresses (hash, user_id, email, expires_at) \
    VALUES (:hash, :user, :email, :expires_at)";

pub(super) const BY_HASH: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", a.email FROM new_addresses a JOIN users u ON u.id = a.user_id \
     WHERE a.hash = :hash AND a.expires_at > :now AND u.deleted = 0 AND u.disabled_at IS NULL"
);

pub(super) const USE: &str = "DELETE FROM new_addresses WHERE hash = :hash";

pub(super) const LEFT: &str = "SELECT EXISTS (SELECT 1 FROM new_addresses WHERE user_id = :user)";

pub(super) const SET: &str = "UPDATE users SET email = :email, email_key = :key WHERE id = :user";

#[async_trait]
impl Addresses for SqliteStore {
    async fn begin_address(
        &self,
        user: UserId,
        email: Email,
        links: Vec<[u8; 32]>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let taken = one(connection, USED, named_params! { ":key": email.key() }, value)?;
            if taken.unwrap_or(false) {
                return Err(StoreError::Taken("email"));
            }
            execute(connection, SWEEP, named_params! { ":now": now.0 })?;
            execute(connection, FORGET, named_params! { ":user": user.0 })?;
            for hash in links {
                let values = named_params! {
                    ":hash": hash, ":user": user.0, ":email": email.as_str(), ":expires_at": expires_at.0,
                };
                execute(connection, ADD, values)?;
            }
            Ok(())
        })
        .await
    }

    async fn new_address(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(Account, String)>> {
        self.read(move |connection| find(connection, hash, now))
            .await
    }

    async fn confirm_address(
        &self,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<(Account, Option<Account>)> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let found = find(connection, hash, now)?;
            let (before, email) = found.ok_or(StoreError::NotFound("link"))?;
            execute(connection, USE, named_params! { ":hash": hash })?;
            let user = before.card.id;
            let left = one(connection, LEFT, named_params! { ":user": user.0 }, value)?;
            if left.unwrap_or(false) {
                return Ok((before, None));
            }
            let values = named_params! {
                ":user": user.0, ":email": email, ":key": Email::key_of(&email),
            };
            execute(connection, SET, values)?;
            Ok((before, accounts::by_id(connection, user)?))
        })
        .await
    }
}

fn find(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<(Account, String)>> {
    let values = named_params! { ":hash": hash, ":now": now.0 };
    Ok(one(connection, BY_HASH, values, |row| {
        Ok((account(row)?, row.take()?))
    })?)
}

//! Accounts of programs in SQLite. Nobody logs in to one: it has no password and no address.

use rusqlite::{Connection, named_params};

use super::rows::{one, value};
use crate::{
    model::{Timestamp, UserId, UserName},
    store::{Result, StoreError},
};

/// An account needs an address's key that nobody else has; this one is nobody's address, since it has no `@`.
const INSERT: &str = "INSERT INTO users (name, name_key, email, email_key, password_hash, admin, bot, created_at) \
    VALUES (:name, :name_key, '', 'bot:' || hex(randomblob(16)), '', 0, 1, :now) RETURNING id";

/// Makes the account of a program; it belongs to no room yet.
pub(super) fn insert(connection: &Connection, name: &UserName, now: Timestamp) -> Result<UserId> {
    let values = named_params! { ":name": name.as_str(), ":name_key": name.key(), ":now": now.0 };
    let id = one(connection, INSERT, values, value)?;
    id.map(UserId).ok_or(StoreError::NotFound("account"))
}

//! Accounts that wait for the people for whom they were made, in SQLite. Of a link's token only the hash is kept.

use rusqlite::{Connection, named_params};

use super::{
    Transaction, accounts, members,
    rows::{Columns, all, card, card_columns, execute, one, value},
};
use crate::{
    model::{
        Account, Change, Email, NewAccount, Role, RoomCode, Timestamp, Unclaimed, UserId, UserName,
    },
    store::{Result, StoreError},
};

/// What stands in the place of an address's key is nobody's address, since it has no `@`.
const INSERT: &str = "INSERT INTO users (name, name_key, email, email_key, password_hash, admin, placeholder, created_at) \
    VALUES (:name, :name_key, :email, coalesce(:email_key, 'import:' || hex(randomblob(16))), :password_hash, 0, \
    :placeholder, :now) RETURNING id";

/// A query for accounts that wait, with these conditions.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            card_columns!(),
            ", p.email, p.active FROM imported_people p JOIN users u ON u.id = p.user_id \
             WHERE u.placeholder = 1 AND u.deleted = 0 AND u.disabled_at IS NULL ",
            $rest
        )
    };
}

const WAITING: &str = select!("ORDER BY u.name_key");

pub(super) const BY_HASH: &str = select!("AND p.claim = :hash AND p.claim_until > :now");

pub(super) const OFFER: &str = "UPDATE imported_people SET claim = :hash, claim_until = :until WHERE user_id = :user \
    AND EXISTS (SELECT 1 FROM users WHERE id = :user AND placeholder = 1 AND deleted = 0 AND disabled_at IS NULL)";

pub(super) const TAKE: &str = "UPDATE users SET name = :name, name_key = :name_key, email = :email, email_key = :email_key, \
    password_hash = :password_hash, placeholder = 0 WHERE id = :user AND placeholder = 1";

pub(super) const USED: &str =
    "UPDATE imported_people SET claim = NULL, claim_until = NULL WHERE user_id = :user";

pub(super) const IN_LOBBY: &str = "SELECT EXISTS (SELECT 1 FROM members b JOIN rooms r ON r.id = b.room_id \
    WHERE r.code = :lobby AND b.user_id = :user)";

/// Makes an account that waits.
pub(super) fn placeholder(
    connection: &Connection,
    name: &UserName,
    now: Timestamp,
) -> Result<UserId> {
    insert(connection, name, None, None, now)
}

/// Makes an account that an old password opens; it may have no address.
pub(super) fn person(
    connection: &Connection,
    name: &UserName,
    email: Option<&Email>,
    password_hash: &str,
    now: Timestamp,
) -> Result<UserId> {
    insert(connection, name, email, Some(password_hash), now)
}

fn insert(
    connection: &Connection,
    name: &UserName,
    email: Option<&Email>,
    password_hash: Option<&str>,
    now: Timestamp,
) -> Result<UserId> {
    let values = named_params! {
        ":name": name.as_str(), ":name_key": name.key(),
        ":email": email.map_or("", Email::as_str), ":email_key": email.map(Email::key),
        ":password_hash": password_hash.unwrap_or_default(), ":placeholder": password_hash.is_none(), ":now": now.0,
    };
    let id = one(connection, INSERT, values, value)?;
    id.map(UserId).ok_or(StoreError::NotFound("account"))
}

pub(super) fn waiting(connection: &Connection) -> Result<Vec<Unclaimed>> {
    Ok(all(connection, WAITING, [], unclaimed)?)
}

fn unclaimed(row: &mut Columns<'_>) -> rusqlite::Result<Unclaimed> {
    Ok(Unclaimed {
        card: card(row)?,
        email: row.take()?,
        active: row.take()?,
    })
}

pub(super) fn offer(
    connection: &Connection,
    user: UserId,
    hash: [u8; 32],
    until: Timestamp,
) -> Result<()> {
    let values = named_params! { ":user": user.0, ":hash": hash, ":until": until.0 };
    match execute(connection, OFFER, values)? {
        0 => Err(StoreError::NotFound("account")),
        _ => Ok(()),
    }
}

pub(super) fn find(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Unclaimed>> {
    let values = named_params! { ":hash": hash, ":now": now.0 };
    Ok(one(connection, BY_HASH, values, unclaimed)?)
}

pub(super) fn take(
    transaction: &mut Transaction<'_>,
    hash: [u8; 32],
    new: &NewAccount,
) -> Result<Account> {
    let missing = || StoreError::NotFound("claim");
    let connection = transaction.connection;
    let found = find(connection, hash, new.created_at)?.ok_or_else(missing)?;
    let user = found.card.id;
    let values = named_params! {
        ":user": user.0, ":name": new.name.as_str(), ":name_key": new.name.key(),
        ":email": new.email.as_str(), ":email_key": new.email.key(), ":password_hash": new.password_hash,
    };
    execute(connection, TAKE, values)?;
    execute(connection, USED, named_params! { ":user": user.0 })?;
    let account = accounts::by_id(connection, user)?.ok_or_else(missing)?;
    transaction.tell(Change::Profile(account.card.clone()));
    let lobby = RoomCode::lobby();
    let values = named_params! { ":lobby": lobby.as_str(), ":user": user.0 };
    if one(connection, IN_LOBBY, values, value)? == Some(false) {
        members::add(transaction, &lobby, user, Role::Member, new.created_at)?;
    }
    Ok(account)
}

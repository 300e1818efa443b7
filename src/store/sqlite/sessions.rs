//! Sessions and tokens in SQLite. Only hashes of what clients hold are here.

use rusqlite::{Connection, named_params};

use super::{
    Transaction, accounts,
    rows::{account, account_columns, all, card_columns, code, execute, one, scopes, value},
};
use crate::{
    model::{
        Bearer, Change, Credential, NewSession, NewToken, Revocation, RoomCode, Session, Timestamp,
        UserId,
    },
    store::{Result, StoreError},
};

const OPEN: &str = "INSERT INTO sessions (hash, user_id, address, user_agent, created_at, used_at, proved_at, expires_at) \
    SELECT :hash, id, :address, :user_agent, :created_at, :created_at, :proved_at, :expires_at \
    FROM users WHERE id = :user AND deleted = 0 AND disabled_at IS NULL";

pub(super) const SESSION: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", s.created_at, s.expires_at, s.proved_at, r.code FROM sessions s JOIN users u ON u.id = s.user_id \
     LEFT JOIN rooms r ON r.id = s.entered_room \
     WHERE s.hash = :hash AND s.expires_at > :now AND u.deleted = 0"
);

pub(super) const EXTEND: &str = "UPDATE sessions SET used_at = max(used_at, :used_at), \
    expires_at = max(expires_at, :expires_at) WHERE hash = :hash AND expires_at > :used_at";

pub(super) const PROVE: &str =
    "UPDATE sessions SET proved_at = max(proved_at, :now) WHERE hash = :hash";

pub(super) const ENTER_ROOM: &str = "UPDATE sessions SET entered_room = r.id FROM rooms r \
    WHERE r.code = :room AND sessions.hash = :hash AND sessions.entered_room IS NOT r.id";

pub(super) const END: &str = "DELETE FROM sessions WHERE hash = :hash";

pub(super) const END_OTHERS: &str =
    "DELETE FROM sessions WHERE user_id = :user AND hash IS NOT :keep";

pub(super) const RENEW: &str =
    "UPDATE sessions SET hash = :new WHERE hash = :old AND user_id = :user";

pub(super) const SWEEP: &str = "DELETE FROM sessions WHERE expires_at <= :now RETURNING hash";

const ADD_TOKEN: &str = "INSERT INTO tokens (hash, user_id, label, scopes, created_at, expires_at) \
    SELECT :hash, id, :label, :scopes, :created_at, :expires_at FROM users WHERE id = :user AND deleted = 0 AND disabled_at IS NULL";

pub(super) const TOKEN: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", t.scopes, t.used_at FROM tokens t JOIN users u ON u.id = t.user_id \
     WHERE t.hash = :hash AND (t.expires_at IS NULL OR t.expires_at > :now) AND u.deleted = 0"
);

pub(super) const END_TOKEN: &str = "DELETE FROM tokens WHERE hash = :hash";

pub(super) const END_TOKENS: &str = "DELETE FROM tokens WHERE user_id = :user";

pub(super) fn open(transaction: &mut Transaction<'_>, new: &NewSession) -> Result<()> {
    let values = named_params! {
        ":hash": new.hash, ":user": new.user_id.0,
        ":address": new.origin.address.to_string(), ":user_agent": new.origin.user_agent,
        ":created_at": new.created_at.0, ":proved_at": new.proved_at.0, ":expires_at": new.expires_at.0,
    };
    match execute(transaction.connection, OPEN, values)? {
        0 => Err(StoreError::NotFound("account")),
        _ => Ok(()),
    }
}

pub(super) fn find(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Session>> {
    let found = one(
        connection,
        SESSION,
        named_params! { ":hash": hash, ":now": now.0 },
        |row| {
            Ok(Session {
                hash,
                account: account(row)?,
                created_at: Timestamp(row.take()?),
                expires_at: Timestamp(row.take()?),
                proved_at: Timestamp(row.take()?),
                entered: row.joined(code)?,
            })
        },
    )?;
    Ok(found)
}

/// Whether a credential of this person's still holds; a guest's does as long as there is the guest.
pub(super) fn holds(
    connection: &Connection,
    credential: Credential,
    user: UserId,
    now: Timestamp,
) -> Result<bool> {
    Ok(match credential {
        Credential::Session(hash) => find(connection, hash, now)?.is_some(),
        Credential::Token(hash) => token(connection, hash, now)?.is_some(),
        Credential::Guest => accounts::by_id(connection, user)?.is_some(),
    })
}

/// Harmless when the session has ended: it is not brought back.
pub(super) fn extend(
    transaction: &mut Transaction<'_>,
    hash: [u8; 32],
    used_at: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    let values =
        named_params! { ":hash": hash, ":used_at": used_at.0, ":expires_at": expires_at.0 };
    execute(transaction.connection, EXTEND, values)?;
    Ok(())
}

/// Harmless when the session has ended.
pub(super) fn prove(
    transaction: &mut Transaction<'_>,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<()> {
    let values = named_params! { ":hash": hash, ":now": now.0 };
    execute(transaction.connection, PROVE, values)?;
    Ok(())
}

/// Harmless when the session has ended or there is no such room.
pub(super) fn enter_room(
    transaction: &mut Transaction<'_>,
    hash: [u8; 32],
    room: &RoomCode,
) -> Result<()> {
    let values = named_params! { ":hash": hash, ":room": room.as_str() };
    execute(transaction.connection, ENTER_ROOM, values)?;
    Ok(())
}

pub(super) fn end(transaction: &mut Transaction<'_>, hash: [u8; 32]) -> Result<()> {
    if execute(transaction.connection, END, named_params! { ":hash": hash })? > 0 {
        transaction.tell(Change::Revoked(Revocation::Session(hash)));
    }
    Ok(())
}

/// Ends all of a person's sessions and tokens; of `keep` (old hash, new hash) the old one goes on as the new one.
pub(super) fn end_others(
    connection: &Connection,
    user: UserId,
    keep: Option<([u8; 32], [u8; 32])>,
) -> Result<()> {
    let old = keep.map(|(old, _)| old);
    execute(
        connection,
        END_OTHERS,
        named_params! { ":user": user.0, ":keep": old },
    )?;
    execute(connection, END_TOKENS, named_params! { ":user": user.0 })?;
    if let Some((old, new)) = keep {
        execute(
            connection,
            RENEW,
            named_params! { ":user": user.0, ":old": old, ":new": new },
        )?;
    }
    Ok(())
}

pub(super) fn sweep(transaction: &mut Transaction<'_>, now: Timestamp) -> Result<usize> {
    let ended: Vec<[u8; 32]> = all(
        transaction.connection,
        SWEEP,
        named_params! { ":now": now.0 },
        value,
    )?;
    for hash in &ended {
        transaction.tell(Change::Revoked(Revocation::Session(*hash)));
    }
    Ok(ended.len())
}

pub(super) fn add_token(transaction: &mut Transaction<'_>, new: &NewToken) -> Result<()> {
    let values = named_params! {
        ":hash": new.hash, ":user": new.user_id.0, ":label": new.label,
        ":scopes": new.scopes.as_ref().map(ToString::to_string), ":created_at": new.created_at.0,
        ":expires_at": new.expires_at.map(|ends| ends.0),
    };
    match execute(transaction.connection, ADD_TOKEN, values)? {
        0 => Err(StoreError::NotFound("account")),
        _ => Ok(()),
    }
}

pub(super) fn token(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Bearer>> {
    Ok(one(
        connection,
        TOKEN,
        named_params! { ":hash": hash, ":now": now.0 },
        |row| {
            Ok(Bearer {
                account: account(row)?,
                scopes: scopes(row)?,
                used_at: row.take::<Option<i64>>()?.map(Timestamp),
            })
        },
    )?)
}

pub(super) fn end_token(transaction: &mut Transaction<'_>, hash: [u8; 32]) -> Result<bool> {
    let ended = execute(
        transaction.connection,
        END_TOKEN,
        named_params! { ":hash": hash },
    )? > 0;
    if ended {
        transaction.tell(Change::Revoked(Revocation::Token(hash)));
    }
    Ok(ended)
}

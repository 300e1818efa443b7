//! Passkeys in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, administration,
    rows::{Columns, account, account_columns, all, card_columns, execute, one, value},
};
use crate::{
    model::{
        Deed, MOST_PASSKEYS, NewPasskey, Operator, Passkey, PasskeyId, PasskeyUse, Timestamp,
        UserId,
    },
    store::{Held, Passkeys, Result, StoreError},
};

macro_rules! passkey_columns {
    () => {
        "k.id, k.host, k.name, k.credential_id, k.handle, k.credential, k.backed_up, k.created_at, k.used_at"
    };
}

pub(super) const OF_USER: &str = concat!(
    "SELECT ",
    passkey_columns!(),
    " FROM passkeys k WHERE k.user_id = :user ORDER BY k.id"
);

pub(super) const ONE: &str = concat!(
    "SELECT ",
    passkey_columns!(),
    " FROM passkeys k WHERE k.id = :id AND k.user_id = :user"
);

pub(super) const HELD: &str = concat!(
    "SELECT ",
    passkey_columns!(),
    ", ",
    account_columns!(),
    ", u.disabled_at IS NOT NULL FROM passkeys k JOIN users u ON u.id = k.user_id \
     WHERE k.credential_id = :credential_id AND u.deleted = 0"
);

pub(super) const COUNT: &str = "SELECT count(*) FROM passkeys WHERE user_id = :user";

const ADD: &str = "INSERT INTO passkeys \
    (user_id, credential_id, handle, host, name, credential, sign_count, backed_up, created_at) \
    SELECT id, :credential_id, :handle, :host, :name, :credential, :sign_count, :backed_up, :now \
    FROM users WHERE id = :user AND deleted = 0";

pub(super) const RENAME: &str =
    "UPDATE passkeys SET name = :name WHERE id = :id AND user_id = :user";

pub(super) const REMOVE: &str = "DELETE FROM passkeys WHERE id = :id AND user_id = :user";

/// A passkey that does not count stays at 0.
pub(super) const USE: &str = "UPDATE passkeys SET credential = :credential, sign_count = :sign_count, \
    backed_up = :backed_up, used_at = :now \
    WHERE id = :id AND (sign_count < :sign_count OR (sign_count = 0 AND :sign_count = 0))";

pub(super) const FORGET: &str = "DELETE FROM passkeys WHERE user_id = :user";

#[async_trait]
impl Passkeys for SqliteStore {
    async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0 };
            Ok(all(connection, OF_USER, values, passkey)?)
        })
        .await
    }

    async fn held_passkey(&self, credential_id: Vec<u8>) -> Result<Option<Held>> {
        self.read(move |connection| {
            let values = named_params! { ":credential_id": credential_id };
            Ok(one(connection, HELD, values, |row| {
                Ok(Held {
                    passkey: passkey(row)?,
                    account: account(row)?,
                    disabled: row.take()?,
                })
            })?)
        })
        .await
    }

    async fn add_passkey(&self, by: Operator, user: UserId, new: NewPasskey) -> Result<Passkey> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let values = named_params! { ":user": user.0 };
            let count: i64 = one(connection, COUNT, values, value)?.unwrap_or_default();
            if usize::try_from(count).is_ok_and(|count| count >= MOST_PASSKEYS) {
                return Err(StoreError::Full("passkey"));
            }
            let values = named_params! {
                ":user": user.0, ":credential_id": new.credential_id, ":handle": new.handle,
                ":host": new.host, ":name": new.name, ":credential": new.credential,
                ":sign_count": new.sign_count, ":backed_up": new.backed_up, ":now": by.now.0,
            };
            if execute(connection, ADD, values)? == 0 {
                return Err(StoreError::NotFound("account"));
            }
            let id = PasskeyId(connection.last_insert_rowid());
            administration::note_own(connection, &by, user, Deed::AddPasskey)?;
            find(connection, user, id)
        })
        .await
    }

    async fn rename_passkey(&self, user: UserId, id: PasskeyId, name: &str) -> Result<Passkey> {
        let name = name.to_owned();
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0, ":id": id.0, ":name": name };
            execute(transaction.connection, RENAME, values)?;
            find(transaction.connection, user, id)
        })
        .await
    }

    async fn remove_passkey(&self, by: Operator, user: UserId, id: PasskeyId) -> Result<String> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let removed = find(connection, user, id)?;
            let values = named_params! { ":user": user.0, ":id": id.0 };
            execute(connection, REMOVE, values)?;
            administration::note_own(connection, &by, user, Deed::RemovePasskey)?;
            Ok(removed.name)
        })
        .await
    }

    async fn use_passkey(&self, id: PasskeyId, used: PasskeyUse) -> Result<bool> {
        self.write(move |transaction| {
            let values = named_params! {
                ":id": id.0, ":credential": used.credential, ":sign_count": used.sign_count,
                ":backed_up": used.backed_up, ":now": used.at.0,
            };
            Ok(execute(transaction.connection, USE, values)? > 0)
        })
        .await
    }
}

fn find(connection: &Connection, user: UserId, id: PasskeyId) -> Result<Passkey> {
    let values = named_params! { ":user": user.0, ":id": id.0 };
    one(connection, ONE, values, passkey)?.ok_or(StoreError::NotFound("passkey"))
}

fn passkey(row: &mut Columns<'_>) -> rusqlite::Result<Passkey> {
    Ok(Passkey {
        id: PasskeyId(row.take()?),
        host: row.take()?,
        name: row.take()?,
        credential_id: row.take()?,
        handle: row.take()?,
        credential: row.take()?,
        backed_up: row.take()?,
        created_at: Timestamp(row.take()?),
        used_at: row.take::<Option<i64>>()?.map(Timestamp),
    })
}

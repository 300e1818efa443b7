//! Second factors in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore,
    administration::note_own,
    passkeys,
    rows::{execute, one, value},
};
use crate::{
    model::{Deed, Factors as Kept, NewTotp, Operator, Timestamp, UserId},
    store::{Factors, Result, StoreError},
};

pub(super) const FACTORS: &str = "SELECT (SELECT on_since FROM totp WHERE user_id = :user), \
    (SELECT count(*) FROM recovery_codes WHERE user_id = :user)";

pub(super) const SECRET: &str = "SELECT iif((on_since IS NOT NULL) = :on, secret, iif(:on, NULL, next_secret)) \
    FROM totp WHERE user_id = :user";

/// Where one is on, the new one waits beside it.
const BEGIN: &str = "INSERT INTO totp (user_id, secret) VALUES (:user, :secret) \
    ON CONFLICT (user_id) DO UPDATE SET secret = iif(on_since IS NULL, excluded.secret, secret), \
    next_secret = iif(on_since IS NULL, NULL, excluded.secret)";

pub(super) const TURN_ON: &str = "UPDATE totp SET secret = :secret, next_secret = NULL, on_since = :now, last_step = :step \
    WHERE user_id = :user AND :secret = iif(on_since IS NULL, secret, next_secret)";

pub(super) const TURN_OFF: &str = "DELETE FROM totp WHERE user_id = :user AND on_since IS NOT NULL";

pub(super) const TAKE_STEP: &str = "UPDATE totp SET last_step = :step \
    WHERE user_id = :user AND on_since IS NOT NULL AND last_step < :step";

pub(super) const FORGET_CODES: &str = "DELETE FROM recovery_codes WHERE user_id = :user";

const ADD_CODE: &str = "INSERT INTO recovery_codes (user_id, hash) VALUES (:user, :hash)";

pub(super) const TAKE_CODE: &str =
    "DELETE FROM recovery_codes WHERE user_id = :user AND hash = :hash";

pub(super) const FORGET_TOTP: &str = "DELETE FROM totp WHERE user_id = :user";

#[async_trait]
impl Factors for SqliteStore {
    async fn factors(&self, user: UserId) -> Result<Kept> {
        self.read(move |connection| find(connection, user)).await
    }

    async fn totp_secret(&self, user: UserId, on: bool) -> Result<Option<[u8; 20]>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0, ":on": on };
            let found: Option<Option<[u8; 20]>> = one(connection, SECRET, values, value)?;
            Ok(found.flatten())
        })
        .await
    }

    async fn begin_totp(&self, user: UserId, secret: [u8; 20]) -> Result<()> {
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0, ":secret": secret };
            execute(transaction.connection, BEGIN, values)?;
            Ok(())
        })
        .await
    }

    async fn turn_on_totp(&self, by: Operator, user: UserId, new: NewTotp) -> Result<()> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let values = named_params! {
                ":user": user.0, ":secret": new.secret, ":step": new.step, ":now": by.now.0,
            };
            if execute(connection, TURN_ON, values)? == 0 {
                return Err(StoreError::NotFound("secret"));
            }
            set_codes(connection, user, &new.recovery_codes)?;
            note_own(connection, &by, user, Deed::TurnOnFactor)
        })
        .await
    }

    async fn turn_off_totp(&self, by: Operator, user: UserId) -> Result<bool> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let was_on = execute(connection, TURN_OFF, named_params! { ":user": user.0 })? > 0;
            if was_on {
                note_own(connection, &by, user, Deed::TurnOffFactor)?;
            }
            Ok(was_on)
        })
        .await
    }

    async fn take_step(&self, user: UserId, step: i64) -> Result<bool> {
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0, ":step": step };
            Ok(execute(transaction.connection, TAKE_STEP, values)? > 0)
        })
        .await
    }

    async fn set_recovery_codes(&self, user: UserId, hashes: Vec<[u8; 32]>) -> Result<()> {
        self.write(move |transaction| set_codes(transaction.connection, user, &hashes))
            .await
    }

    async fn take_recovery_code(&self, user: UserId, hash: [u8; 32]) -> Result<Option<i64>> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            if !take_code(connection, user, hash)? {
                return Ok(None);
            }
            Ok(Some(find(connection, user)?.recovery_codes))
        })
        .await
    }
}

pub(super) fn find(connection: &Connection, user: UserId) -> Result<Kept> {
    let values = named_params! { ":user": user.0 };
    let found = one(connection, FACTORS, values, |row| {
        Ok(Kept {
            totp_since: row.take::<Option<i64>>()?.map(Timestamp),
            recovery_codes: row.take()?,
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// Takes a recovery code, if it is one.
pub(super) fn take_code(connection: &Connection, user: UserId, hash: [u8; 32]) -> Result<bool> {
    let values = named_params! { ":user": user.0, ":hash": hash };
    Ok(execute(connection, TAKE_CODE, values)? > 0)
}

pub(super) fn set_codes(connection: &Connection, user: UserId, hashes: &[[u8; 32]]) -> Result<()> {
    execute(connection, FORGET_CODES, named_params! { ":user": user.0 })?;
    for hash in hashes {
        let values = named_params! { ":user": user.0, ":hash": hash };
        execute(connection, ADD_CODE, values)?;
    }
    Ok(())
}

/// Takes all of a person's factors and passkeys away; says whether there were any.
pub(super) fn remove(connection: &Connection, user: UserId) -> Result<bool> {
    let mut removed = 0;
    for sql in [FORGET_TOTP, FORGET_CODES, passkeys::FORGET] {
        removed += execute(connection, sql, named_params! { ":user": user.0 })?;
    }
    Ok(removed > 0)
}

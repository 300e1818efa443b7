//! Recovery of accounts in SQLite.

use async_trait::async_trait;
use rusqlite::named_params;

use super::{
    SqliteStore, Transaction, accounts,
    administration::SET_PASSWORD,
    factors,
    rows::{account, account_columns, card_columns, execute, one},
    sessions,
};
use crate::{
    model::{Account, Change, Revocation, Timestamp, UserId},
    store::{Recovery, Result, StoreError},
};

const ADD: &str = "INSERT INTO recoveries (hash, user_id, expires_at) \
    SELECT :hash, id, :expires_at FROM users WHERE id = :user AND deleted = 0 AND disabled_at IS NULL";

pub(super) const SWEEP: &str = "DELETE FROM recoveries WHERE expires_at <= :now";

pub(super) const BY_HASH: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM recoveries p JOIN users u ON u.id = p.user_id \
     WHERE p.hash = :hash AND p.expires_at > :now AND u.deleted = 0 AND u.disabled_at IS NULL"
);

pub(super) const FORGET: &str = "DELETE FROM recoveries WHERE user_id = :user";

pub(super) const OPEN: &str =
    "SELECT EXISTS (SELECT 1 FROM users WHERE id = :user AND deleted = 0 AND disabled_at IS NULL)";

#[async_trait]
impl Recovery for SqliteStore {
    async fn add_recovery(
        &self,
        user: UserId,
        hash: [u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            execute(connection, SWEEP, named_params! { ":now": now.0 })?;
            let values =
                named_params! { ":hash": hash, ":user": user.0, ":expires_at": expires_at.0 };
            match execute(connection, ADD, values)? {
                0 => Err(StoreError::NotFound("account")),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn recovery(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Account>> {
        self.read(move |connection| {
            let values = named_params! { ":hash": hash, ":now": now.0 };
            Ok(one(connection, BY_HASH, values, account)?)
        })
        .await
    }

    async fn recover_by_link(
        &self,
        hash: [u8; 32],
        password_hash: String,
        now: Timestamp,
    ) -> Result<Account> {
        self.write(move |transaction| {
            let values = named_params! { ":hash": hash, ":now": now.0 };
            let found = one(transaction.connection, BY_HASH, values, account)?;
            let account = found.ok_or(StoreError::NotFound("link"))?;
            set_password(transaction, account.card.id, &password_hash)?;
            Ok(account)
        })
        .await
    }

    async fn recover_by_code(
        &self,
        user: UserId,
        code: [u8; 32],
        password_hash: String,
    ) -> Result<Account> {
        self.write(move |transaction| {
            let missing = || StoreError::NotFound("code");
            let connection = transaction.connection;
            let values = named_params! { ":user": user.0 };
            let open = one(connection, OPEN, values, super::rows::value)?;
            if !open.unwrap_or(false) || !factors::take_code(connection, user, code)? {
                return Err(missing());
            }
            if factors::find(connection, user)?.totp_since.is_some() {
                factors::set_codes(connection, user, &[])?;
            }
            set_password(transaction, user, &password_hash)?;
            accounts::by_id(transaction.connection, user)?.ok_or_else(missing)
        })
        .await
    }
}

/// Gives an account another password, and ends all that the old one opened.
fn set_password(
    transaction: &mut Transaction<'_>,
    user: UserId,
    password_hash: &str,
) -> Result<()> {
    let connection = transaction.connection;
    let values = named_params! { ":id": user.0, ":hash": password_hash };
    execute(connection, SET_PASSWORD, values)?;
    execute(connection, FORGET, named_params! { ":user": user.0 })?;
    sessions::end_others(connection, user, None)?;
    transaction.tell(Change::Revoked(Revocation::Everything {
        user_id: user,
        except: None,
    }));
    Ok(())
}

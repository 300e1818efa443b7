//! A person's own tokens in SQLite, and those that have run out.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore,
    rows::{all, execute, one, scopes, value},
    sessions,
};
use crate::{
    model::{OwnToken, Timestamp, UserId},
    store::{Result, StoreError, Tokens},
};

/// A person's tokens are few.
pub(super) const OF_USER: &str = "SELECT lower(hex(substr(hash, 1, 8))), label, scopes, created_at, used_at, expires_at, hash IS :asks \
    FROM tokens WHERE user_id = :user AND (expires_at IS NULL OR expires_at > :now) \
    ORDER BY coalesce(used_at, created_at) DESC, hash LIMIT 100";

pub(super) const ONE: &str =
    "SELECT hash FROM tokens WHERE user_id = :user AND lower(hex(substr(hash, 1, 8))) = :id";

pub(super) const USED: &str =
    "UPDATE tokens SET used_at = max(coalesce(used_at, 0), :now) WHERE hash = :hash";

pub(super) const EXPIRED: &str = "SELECT hash FROM tokens WHERE expires_at <= :now LIMIT 100";

#[async_trait]
impl Tokens for SqliteStore {
    async fn tokens_of(
        &self,
        user: UserId,
        asks: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Vec<OwnToken>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0, ":asks": asks, ":now": now.0 };
            Ok(all(connection, OF_USER, values, |row| {
                let (id, label) = (row.take()?, row.take()?);
                let (scopes, created_at) = (scopes(row)?, Timestamp(row.take()?));
                let (used_at, expires_at): (Option<i64>, Option<i64>) = (row.take()?, row.take()?);
                Ok(OwnToken {
                    id,
                    label,
                    scopes,
                    created_at,
                    used_at: used_at.map(Timestamp),
                    expires_at: expires_at.map(Timestamp),
                    current: row.take()?,
                })
            })?)
        })
        .await
    }

    async fn note_token_use(&self, hash: [u8; 32], now: Timestamp) -> Result<()> {
        self.write(move |transaction| {
            let values = named_params! { ":hash": hash, ":now": now.0 };
            execute(transaction.connection, USED, values)?;
            Ok(())
        })
        .await
    }

    async fn end_token_of(&self, user: UserId, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0, ":id": id };
            let hash = one(transaction.connection, ONE, values, value)?;
            let hash = hash.ok_or(StoreError::NotFound("token"))?;
            sessions::end_token(transaction, hash).map(drop)
        })
        .await
    }

    async fn end_expired_tokens(&self, now: Timestamp) -> Result<usize> {
        let due = self.read(move |connection| expired(connection, now));
        if due.await?.is_empty() {
            return Ok(0);
        }
        self.write(move |transaction| {
            let hashes = expired(transaction.connection, now)?;
            for hash in &hashes {
                sessions::end_token(transaction, *hash)?;
            }
            Ok(hashes.len())
        })
        .await
    }
}

fn expired(connection: &Connection, now: Timestamp) -> Result<Vec<[u8; 32]>> {
    Ok(all(
        connection,
        EXPIRED,
        named_params! { ":now": now.0 },
        value,
    )?)
}

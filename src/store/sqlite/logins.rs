//! A person's own browser sessions in SQLite.

use async_trait::async_trait;
use rusqlite::named_params;

use super::{
    SqliteStore,
    rows::{all, one, value},
    sessions,
};
use crate::{
    model::{Device, Timestamp, UserId},
    store::{Logins, Result, StoreError},
};

/// A person's sessions are few.
pub(super) const OF_USER: &str = "SELECT lower(hex(substr(hash, 1, 8))), address, user_agent, created_at, used_at, hash IS :asks \
    FROM sessions WHERE user_id = :user AND expires_at > :now ORDER BY used_at DESC, hash LIMIT 100";

pub(super) const ONE: &str =
    "SELECT hash FROM sessions WHERE user_id = :user AND lower(hex(substr(hash, 1, 8))) = :id";

pub(super) const OTHERS: &str =
    "SELECT hash FROM sessions WHERE user_id = :user AND hash IS NOT :keep";

#[async_trait]
impl Logins for SqliteStore {
    async fn devices(
        &self,
        user: UserId,
        asks: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Vec<Device>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0, ":asks": asks, ":now": now.0 };
            Ok(all(connection, OF_USER, values, |row| {
                Ok(Device {
                    id: row.take()?,
                    address: row.take()?,
                    user_agent: row.take()?,
                    created_at: Timestamp(row.take()?),
                    used_at: Timestamp(row.take()?),
                    current: row.take()?,
                })
            })?)
        })
        .await
    }

    async fn end_device(&self, user: UserId, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0, ":id": id };
            let hash = one(transaction.connection, ONE, values, value)?;
            sessions::end(transaction, hash.ok_or(StoreError::NotFound("session"))?)
        })
        .await
    }

    async fn end_other_devices(&self, user: UserId, keep: Option<[u8; 32]>) -> Result<()> {
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0, ":keep": keep };
            let hashes: Vec<[u8; 32]> = all(transaction.connection, OTHERS, values, value)?;
            hashes
                .into_iter()
                .try_for_each(|hash| sessions::end(transaction, hash))
        })
        .await
    }
}

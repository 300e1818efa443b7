//! Outgoing webhooks and their queue in SQLite; what is queued, triggers of the migration queue.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, hooks, messages,
    rows::{Columns, all, change, code, execute, one, value},
};
use crate::{
    model::{
        Delivery, HookId, MessageChange, MessageId, NewOutgoingHook, Outcome, OutgoingHook, Permit,
        RoomCode, RoomId, Timestamp, UserId,
    },
    store::{OutgoingHooks, Result, StoreError},
};

/// How many deliveries of a webhook that fails are kept.
const KEPT: i64 = 10_000;

const INSERT: &str = "INSERT INTO outgoing_hooks (room_id, url, secret, created_by, created_at) \
    VALUES (:room, :url, :secret, :by, :now) RETURNING id";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT h.id, r.code, h.url, h.created_at, h.failing_since, h.disabled \
             FROM outgoing_hooks h JOIN rooms r ON r.id = h.room_id ",
            $rest
        )
    };
}

pub(super) const BY_ID: &str = select!("WHERE h.id = :id");

pub(super) const OF_ROOM: &str = select!("WHERE h.room_id = :room ORDER BY h.id");

pub(super) const REMOVE: &str = "DELETE FROM outgoing_hooks WHERE id = :id AND room_id = :room";

/// Webhooks are few; of each, the index of its deliveries is read up to the first that is due.
const DUE: &str = "SELECT d.id, h.id, h.url, h.secret, d.attempts, d.change, d.message_id FROM outgoing_hooks h \
    JOIN deliveries d ON d.id = (SELECT id FROM deliveries WHERE hook_id = h.id AND due_at <= :now ORDER BY id LIMIT 1) \
    WHERE h.disabled = 0 LIMIT :limit";

pub(super) const NEXT: &str = "SELECT min(due_at) FROM deliveries";

pub(super) const HOOK_OF: &str = "SELECT hook_id FROM deliveries WHERE id = :id";

pub(super) const DONE: &str = "DELETE FROM deliveries WHERE id = :id";

pub(super) const WORKS: &str =
    "UPDATE outgoing_hooks SET failing_since = NULL WHERE id = :hook AND failing_since IS NOT NULL";

pub(super) const AGAIN: &str =
    "UPDATE deliveries SET attempts = attempts + 1, due_at = :retry_at WHERE id = :id";

pub(super) const FAILS: &str = "UPDATE outgoing_hooks SET failing_since = coalesce(failing_since, :now), \
    disabled = coalesce(failing_since, :now) < :before WHERE id = :hook RETURNING disabled";

pub(super) const DISABLE: &str = "UPDATE outgoing_hooks SET disabled = 1 WHERE id = :hook";

pub(super) const FORGET: &str = "DELETE FROM deliveries WHERE hook_id = :hook";

pub(super) const TRIM: &str = "DELETE FROM deliveries WHERE hook_id = :hook AND id <= \
    (SELECT id FROM deliveries WHERE hook_id = :hook ORDER BY id DESC LIMIT 1 OFFSET :kept)";

#[async_trait]
impl OutgoingHooks for SqliteStore {
    async fn add_outgoing_hook(&self, new: NewOutgoingHook) -> Result<OutgoingHook> {
        self.write(move |transaction| add(transaction.connection, &new))
            .await
    }

    async fn outgoing_hooks(&self, room: RoomId) -> Result<Vec<OutgoingHook>> {
        self.read(move |connection| {
            let values = named_params! { ":room": room.0 };
            Ok(all(connection, OF_ROOM, values, outgoing)?)
        })
        .await
    }

    async fn remove_outgoing_hook(
        &self,
        room: &RoomCode,
        id: HookId,
        by: UserId,
        now: Timestamp,
        permit: Permit,
    ) -> Result<()> {
        let room = room.clone();
        self.write(move |transaction| {
            let connection = transaction.connection;
            let room = hooks::permitted(connection, &room, by, now, permit)?;
            match execute(
                connection,
                REMOVE,
                named_params! { ":id": id.0, ":room": room.0 },
            )? {
                0 => Err(StoreError::NotFound("webhook")),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn due_deliveries(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>> {
        self.read(move |connection| due(connection, now, limit))
            .await
    }

    async fn next_delivery(&self) -> Result<Option<Timestamp>> {
        self.read(|connection| {
            let next: Option<Option<i64>> = one(connection, NEXT, [], value)?;
            Ok(next.flatten().map(Timestamp))
        })
        .await
    }

    async fn end_delivery(&self, id: i64, outcome: Outcome, now: Timestamp) -> Result<()> {
        self.write(move |transaction| end(transaction, id, outcome, now))
            .await
    }
}

fn outgoing(row: &mut Columns<'_>) -> rusqlite::Result<OutgoingHook> {
    Ok(OutgoingHook {
        id: HookId(row.take()?),
        room: code(row)?,
        url: row.take()?,
        created_at: Timestamp(row.take()?),
        failing_since: row.take::<Option<i64>>()?.map(Timestamp),
        disabled: row.take()?,
    })
}

fn add(connection: &Connection, new: &NewOutgoingHook) -> Result<OutgoingHook> {
    let room = hooks::permitted(connection, &new.room, new.by, new.created_at, new.permit)?;
    let values = named_params! {
        ":room": room.0, ":url": new.url, ":secret": new.secret, ":by": new.by.0, ":now": new.created_at.0,
    };
    let id: Option<i64> = one(connection, INSERT, values, value)?;
    one(connection, BY_ID, named_params! { ":id": id }, outgoing)?
        .ok_or(StoreError::NotFound("webhook"))
}

/// A delivery as it is queued, before its message is read.
type Queued = (i64, i64, String, [u8; 32], u32, Option<MessageChange>, i64);

fn due(connection: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Delivery>> {
    let values = named_params! { ":now": now.0, ":limit": limit };
    let queued: Vec<Queued> = all(connection, DUE, values, |row| {
        Ok((
            row.take()?,
            row.take()?,
            row.take()?,
            row.take()?,
            row.take()?,
            change(row)?,
            row.take()?,
        ))
    })?;
    let mut found = Vec::with_capacity(queued.len());
    for (id, hook, url, secret, attempts, change, message) in queued {
        let message = messages::by_id(connection, MessageId(message))?;
        found.push(Delivery {
            id,
            hook: HookId(hook),
            url,
            secret,
            attempts,
            change,
            message: message.ok_or(StoreError::NotFound("message"))?,
        });
    }
    Ok(found)
}

/// Harmless when the webhook was removed meanwhile.
fn end(transaction: &mut Transaction<'_>, id: i64, outcome: Outcome, now: Timestamp) -> Result<()> {
    let connection = transaction.connection;
    let this = named_params! { ":id": id };
    let Some(hook) = one(connection, HOOK_OF, this, value::<i64>)? else {
        return Ok(());
    };
    let hooks = named_params! { ":hook": hook };
    match outcome {
        Outcome::Delivered => {
            execute(connection, DONE, this)?;
            execute(connection, WORKS, hooks)?;
        }
        Outcome::Failed {
            retry_at,
            disable_before,
        } => {
            match retry_at {
                Some(at) => execute(
                    connection,
                    AGAIN,
                    named_params! { ":id": id, ":retry_at": at.0 },
                )?,
                None => execute(connection, DONE, this)?,
            };
            let values =
                named_params! { ":hook": hook, ":now": now.0, ":before": disable_before.0 };
            if one(connection, FAILS, values, value)? == Some(true) {
                execute(connection, FORGET, hooks)?;
            }
            execute(
                connection,
                TRIM,
                named_params! { ":hook": hook, ":kept": KEPT },
            )?;
        }
        Outcome::Gone => {
            execute(connection, DISABLE, hooks)?;
            execute(connection, FORGET, hooks)?;
        }
    }
    Ok(())
}

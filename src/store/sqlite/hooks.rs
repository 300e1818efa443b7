//! Webhooks in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, bots, members, rooms,
    rows::{Columns, account, account_columns, all, card, card_columns, code, one, value},
};
use crate::{
    model::{
        Account, HookId, IncomingHook, LeaveReason, NewIncomingHook, Permit, Role, RoomCode,
        RoomId, Timestamp, UserId,
    },
    store::{Hooks, Result, StoreError},
};

const INSERT: &str = "INSERT INTO incoming_hooks (room_id, user_id, hash, created_by, created_at) \
    VALUES (:room, :bot, :hash, :by, :now) RETURNING id";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT h.id, r.code, ",
            card_columns!(),
            ", h.created_at FROM incoming_hooks h JOIN rooms r ON r.id = h.room_id \
             JOIN users u ON u.id = h.user_id ",
            $rest
        )
    };
}

pub(super) const BY_ID: &str = select!("WHERE h.id = :id");

pub(super) const OF_ROOM: &str = select!("WHERE h.room_id = :room ORDER BY h.id");

pub(super) const BY_HASH: &str = concat!(
    "SELECT r.code, ",
    account_columns!(),
    " FROM incoming_hooks h JOIN rooms r ON r.id = h.room_id JOIN users u ON u.id = h.user_id \
     WHERE h.hash = :hash"
);

pub(super) const REMOVE: &str =
    "DELETE FROM incoming_hooks WHERE id = :id AND room_id = :room RETURNING user_id";

#[async_trait]
impl Hooks for SqliteStore {
    async fn add_incoming_hook(&self, new: NewIncomingHook) -> Result<IncomingHook> {
        self.write(move |transaction| add(transaction, &new)).await
    }

    async fn incoming_hooks(&self, room: RoomId) -> Result<Vec<IncomingHook>> {
        self.read(move |connection| {
            let values = named_params! { ":room": room.0 };
            Ok(all(connection, OF_ROOM, values, incoming)?)
        })
        .await
    }

    async fn incoming_hook(&self, hash: [u8; 32]) -> Result<Option<(RoomCode, Account)>> {
        self.read(move |connection| {
            let values = named_params! { ":hash": hash };
            Ok(one(connection, BY_HASH, values, |row| {
                Ok((code(row)?, account(row)?))
            })?)
        })
        .await
    }

    async fn remove_incoming_hook(
        &self,
        room: &RoomCode,
        id: HookId,
        by: UserId,
        now: Timestamp,
        permit: Permit,
    ) -> Result<()> {
        let room = room.clone();
        self.write(move |transaction| remove(transaction, &room, id, by, now, permit))
            .await
    }
}

fn incoming(row: &mut Columns<'_>) -> rusqlite::Result<IncomingHook> {
    Ok(IncomingHook {
        id: HookId(row.take()?),
        room: code(row)?,
        bot: card(row)?,
        created_at: Timestamp(row.take()?),
    })
}

/// The room, if the permit lets this person do it there.
pub(super) fn permitted(
    connection: &Connection,
    room: &RoomCode,
    by: UserId,
    now: Timestamp,
    permit: Permit,
) -> Result<RoomId> {
    let standing = rooms::standing(connection, room, by)?.ok_or(StoreError::NotFound("room"))?;
    permit(&standing, now)?;
    Ok(standing.room.id)
}

fn add(transaction: &mut Transaction<'_>, new: &NewIncomingHook) -> Result<IncomingHook> {
    let connection = transaction.connection;
    let room = permitted(connection, &new.room, new.by, new.created_at, new.permit)?;
    let bot = bots::insert(connection, &new.name, new.created_at)?;
    members::add(transaction, &new.room, bot, Role::Member, new.created_at)?;
    let values = named_params! {
        ":room": room.0, ":bot": bot.0, ":hash": new.hash, ":by": new.by.0, ":now": new.created_at.0,
    };
    let id: Option<i64> = one(connection, INSERT, values, value)?;
    one(connection, BY_ID, named_params! { ":id": id }, incoming)?
        .ok_or(StoreError::NotFound("webhook"))
}

fn remove(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    id: HookId,
    by: UserId,
    now: Timestamp,
    permit: Permit,
) -> Result<()> {
    let connection = transaction.connection;
    let room = permitted(connection, code, by, now, permit)?;
    let values = named_params! { ":id": id.0, ":room": room.0 };
    let bot: Option<i64> = one(connection, REMOVE, values, value)?;
    let bot = UserId(bot.ok_or(StoreError::NotFound("webhook"))?);
    match members::remove(transaction, code, bot, LeaveReason::Left) {
        // A moderator may have removed the bot already.
        Ok(()) | Err(StoreError::NotFound(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

//! Threads, pins and what people saved, in SQLite.

use std::collections::HashSet;

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, extras, messages, rooms,
    rows::{all, card_columns, execute, message, message_columns, value},
};
use crate::{
    model::{Change, Denied, Message, MessageId, Permit, RoomId, RoomName, Timestamp, UserId},
    store::{Listed, Lists, Result, SavedMessage, StoreError},
};

pub(super) const REPLIES: &str =
    messages::select!("WHERE m.thread_id = :root AND m.id > :after ORDER BY m.id LIMIT :limit");

pub(super) const PINS: &str = messages::select!(
    "WHERE m.room_id = :room AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC, m.id DESC LIMIT :limit"
);

/// What is in rooms to which the person no longer belongs stays saved, and is not shown.
pub(super) const SAVED: &str = concat!(
    "SELECT ",
    message_columns!(),
    ", r.name FROM saved s JOIN messages m ON m.id = s.message_id \
     JOIN members b ON b.room_id = m.room_id AND b.user_id = s.user_id \
     JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = m.author_id \
     WHERE s.user_id = :user AND s.message_id < :before ORDER BY s.message_id DESC LIMIT :limit"
);

pub(super) const SAVED_AMONG: &str = "SELECT message_id FROM saved \
    WHERE user_id = :user AND message_id BETWEEN :first AND :last";

pub(super) const SAVE: &str =
    "INSERT OR IGNORE INTO saved (user_id, message_id) VALUES (:user, :id)";

pub(super) const TAKE_OUT: &str = "DELETE FROM saved WHERE user_id = :user AND message_id = :id";

#[async_trait]
impl Lists for SqliteStore {
    async fn replies(&self, root: MessageId, after: MessageId, limit: u32) -> Result<Listed> {
        self.read(move |connection| {
            let values = named_params! {
                ":root": root.0, ":after": after.0, ":limit": i64::from(limit) + 1,
            };
            Ok(listed(extras::all(connection, REPLIES, values)?, limit))
        })
        .await
    }

    async fn pins(&self, room: RoomId, limit: u32) -> Result<Listed> {
        self.read(move |connection| {
            let values = named_params! { ":room": room.0, ":limit": i64::from(limit) + 1 };
            Ok(listed(extras::all(connection, PINS, values)?, limit))
        })
        .await
    }

    async fn save(
        &self,
        id: MessageId,
        user: UserId,
        on: bool,
        now: Timestamp,
        permit: Permit,
    ) -> Result<Message> {
        self.write(move |transaction| save(transaction, id, user, on, now, permit))
            .await
    }

    async fn saved(
        &self,
        user: UserId,
        before: MessageId,
        limit: u32,
    ) -> Result<Vec<SavedMessage>> {
        self.read(move |connection| saved(connection, user, before, limit))
            .await
    }

    async fn saved_among(
        &self,
        user: UserId,
        first: MessageId,
        last: MessageId,
    ) -> Result<HashSet<MessageId>> {
        self.read(move |connection| saved_among(connection, user, first, last))
            .await
    }
}

/// Which of the messages from `first` to `last` this person saved.
pub(super) fn saved_among(
    connection: &Connection,
    user: UserId,
    first: MessageId,
    last: MessageId,
) -> Result<HashSet<MessageId>> {
    let values = named_params! { ":user": user.0, ":first": first.0, ":last": last.0 };
    let found: Vec<i64> = all(connection, SAVED_AMONG, values, value)?;
    Ok(found.into_iter().map(MessageId).collect())
}

/// The first `limit` of what was found, and whether there was more.
fn listed(mut messages: Vec<Message>, limit: u32) -> Listed {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = messages.len() > limit;
    messages.truncate(limit);
    Listed { messages, more }
}

fn save(
    transaction: &mut Transaction<'_>,
    id: MessageId,
    user: UserId,
    on: bool,
    now: Timestamp,
    permit: Permit,
) -> Result<Message> {
    let connection = transaction.connection;
    let missing = || StoreError::NotFound("message");
    let message = messages::by_id(connection, id)?.ok_or_else(missing)?;
    let standing = rooms::standing(connection, &message.room, user)?.ok_or_else(missing)?;
    match permit(&standing, now) {
        Err(Denied::NotFound) => return Err(missing()),
        permitted => permitted?,
    }
    if message.deleted {
        return Err(missing());
    }
    let values = named_params! { ":user": user.0, ":id": id.0 };
    if execute(connection, if on { SAVE } else { TAKE_OUT }, values)? > 0 {
        transaction.tell(Change::Saved {
            user_id: user,
            id,
            on,
        });
    }
    Ok(message)
}

fn saved(
    connection: &Connection,
    user: UserId,
    before: MessageId,
    limit: u32,
) -> Result<Vec<SavedMessage>> {
    let values = named_params! {
        ":user": user.0, ":before": before.0, ":limit": i64::from(limit) + 1,
    };
    let found = all(connection, SAVED, values, |row| {
        Ok((message(row)?, RoomName::stored(row.take()?)))
    })?;
    let complete = found.into_iter().map(|(row, room_name)| {
        Ok(SavedMessage {
            message: extras::complete(connection, row)?,
            room_name,
        })
    });
    complete.collect()
}

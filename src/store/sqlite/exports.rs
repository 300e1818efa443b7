//! What is somebody's own, in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, administration, extras,
    messages::select,
    rows::{all, attachment_columns, card_columns, code, message_columns, one, value},
    uploads,
};
use crate::{
    model::{
        Account, Deed, Message, MessageId, Operator, OwnFile, OwnReaction, Timestamp, UploadId,
        UserId,
    },
    store::{Exports, Result},
};

/// How many messages are read at a time.
const MESSAGES: i64 = 200;

/// Over how many ids one query looks for them. There is no index of authors: every message would have to be put into it,
/// for what is hardly ever asked.
const SPAN: i64 = 20_000;

pub(super) const SAID: &str = select!(
    "WHERE m.id >= :from AND m.id < :upto AND m.author_id = :user AND m.deleted = 0 ORDER BY m.id LIMIT :limit"
);

pub(super) const NEWEST: &str = "SELECT coalesce(max(id), 0) FROM messages";

pub(super) const REACTIONS: &str = "SELECT a.id, a.message_id, r.code, a.emoji FROM reactions a \
    CROSS JOIN messages m ON m.id = a.message_id CROSS JOIN rooms r ON r.id = m.room_id \
    WHERE a.user_id = :user AND a.id > :after ORDER BY a.id LIMIT :limit";

pub(super) const FILES: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    ", a.message_id, a.created_at FROM uploads a WHERE a.user_id = :user AND a.id > :after ORDER BY a.id LIMIT :limit"
);

#[async_trait]
impl Exports for SqliteStore {
    async fn said_by(
        &self,
        user: UserId,
        from: MessageId,
    ) -> Result<(Vec<Message>, Option<MessageId>)> {
        self.read(move |connection| said_by(connection, user, from.0))
            .await
    }

    async fn note_export(&self, by: Operator, user: UserId) -> Result<Account> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let by_name = administration::permitted(connection, &by)?;
            let account = administration::by_id(connection, user)?.account;
            let name = account.card.name.as_str();
            administration::note(connection, &by, &by_name, Deed::ExportUser, name)?;
            Ok(account)
        })
        .await
    }

    async fn reactions_by(&self, user: UserId, after: i64, limit: u32) -> Result<Vec<OwnReaction>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0, ":after": after, ":limit": limit };
            Ok(all(connection, REACTIONS, values, |row| {
                Ok(OwnReaction {
                    id: row.take()?,
                    message: MessageId(row.take()?),
                    room: code(row)?,
                    emoji: row.take()?,
                })
            })?)
        })
        .await
    }

    async fn files_by(&self, user: UserId, after: UploadId, limit: u32) -> Result<Vec<OwnFile>> {
        self.read(move |connection| {
            let values =
                named_params! { ":user": user.0, ":after": after.as_str(), ":limit": limit };
            Ok(all(connection, FILES, values, |row| {
                Ok(OwnFile {
                    attachment: uploads::attachment(row)?,
                    message: row.take::<Option<i64>>()?.map(MessageId),
                    created_at: Timestamp(row.take()?),
                })
            })?)
        })
        .await
    }
}

fn said_by(
    connection: &Connection,
    user: UserId,
    from: i64,
) -> Result<(Vec<Message>, Option<MessageId>)> {
    let upto = from.saturating_add(SPAN);
    let values =
        named_params! { ":user": user.0, ":from": from, ":upto": upto, ":limit": MESSAGES };
    let found = extras::all(connection, SAID, values)?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count == MESSAGES);
    let last = found.last().map(|message| message.id.0);
    let next = match last.filter(|_| full) {
        Some(last) => last.saturating_add(1),
        None => upto,
    };
    let newest: i64 = one(connection, NEWEST, [], value)?.unwrap_or_default();
    Ok((found, (next <= newest).then_some(MessageId(next))))
}

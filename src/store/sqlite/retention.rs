//! Deleting what is older than a room or the site keeps, in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, administration, changes, members, mentions, messages, rooms,
    rows::{Columns, all, execute, one, value},
};
use crate::{
    model::{Change, Deed, MessageChange, MessageId, Operator, RoomId, Timestamp, UserId},
    store::{OldMessages, Result, Retention, SweptMessages},
};

/// How many messages go at once: as long as the writer may be kept by it.
const AT_ONCE: usize = 100;

/// What stands in the site's log for the server itself.
const SERVER: &str = "the server";
const HERE: &str = "this machine";

/// A room, and when the oldest message was sent that is kept there: what the site does not keep, no room keeps. A day has
/// 86,400,000 milliseconds.
pub(super) const ROOM: &str = "SELECT room, time FROM (SELECT r.id AS room, CASE \
    WHEN r.retention_days IS NULL THEN :time WHEN :time IS NULL THEN :now - r.retention_days * 86400000 \
    ELSE max(:time, :now - r.retention_days * 86400000) END AS time \
    FROM rooms r WHERE r.id > :after AND r.ended = 0) WHERE time IS NOT NULL \
    AND (SELECT m.created_at FROM messages m WHERE m.room_id = room ORDER BY m.id LIMIT 1) < time \
    ORDER BY room LIMIT 1";

/// The first message that is not old, or else what would be the next one.
pub(super) const CUT: &str = "SELECT coalesce((SELECT id FROM messages WHERE room_id = :room AND created_at >= :time \
    ORDER BY id LIMIT 1), (SELECT last_id + 1 FROM rooms WHERE id = :room))";

/// A read mark is nobody's business where everything old was read.
pub(super) const BEHIND: &str = "SELECT user_id FROM members WHERE room_id = :room AND read_id < \
    (SELECT max(id) FROM messages WHERE room_id = :room AND id < :before)";

pub(super) const OLD: &str = "SELECT id FROM messages WHERE room_id = :room AND id > :after AND id < :before \
    ORDER BY id LIMIT :limit";

pub(super) const REFERRED_TO: &str = "SELECT EXISTS (SELECT 1 FROM messages WHERE reply_to = :id) \
    OR EXISTS (SELECT 1 FROM messages WHERE thread_id = :id)";

pub(super) const DELETE: &str = "DELETE FROM messages WHERE id = :id";

#[async_trait]
impl Retention for SqliteStore {
    async fn old_messages(
        &self,
        after: RoomId,
        time: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<OldMessages>> {
        self.read(move |connection| old_messages(connection, after, time, now))
            .await
    }

    async fn read_old(&self, old: OldMessages) -> Result<()> {
        self.write(move |transaction| read_old(transaction, old))
            .await
    }

    async fn sweep_old(&self, old: OldMessages, after: MessageId) -> Result<SweptMessages> {
        self.write(move |transaction| sweep(transaction, old, after))
            .await
    }

    async fn note_swept(&self, count: i64, now: Timestamp) -> Result<()> {
        let by = Operator {
            user: None,
            address: HERE.to_owned(),
            now,
        };
        self.write(move |transaction| {
            let target = format!("{count} messages");
            let connection = transaction.connection;
            administration::note(connection, &by, SERVER, Deed::SweepMessages, &target)
        })
        .await
    }
}

fn old_messages(
    connection: &Connection,
    after: RoomId,
    time: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<OldMessages>> {
    let time = time.map(|time| time.0);
    let values = named_params! { ":after": after.0, ":time": time, ":now": now.0 };
    let read = |row: &mut Columns<'_>| Ok((row.take::<i64>()?, row.take::<i64>()?));
    let Some((room, time)) = one(connection, ROOM, values, read)? else {
        return Ok(None);
    };
    let values = named_params! { ":room": room, ":time": time };
    let before: Option<i64> = one(connection, CUT, values, value)?.flatten();
    Ok(before.map(|before| OldMessages {
        room: RoomId(room),
        before: MessageId(before),
    }))
}

fn read_old(transaction: &mut Transaction<'_>, old: OldMessages) -> Result<()> {
    let connection = transaction.connection;
    let values = named_params! { ":room": old.room.0, ":before": old.before.0 };
    let behind: Vec<i64> = all(connection, BEHIND, values, value)?;
    let code = rooms::by_id(connection, old.room)?.code;
    for user in behind {
        let upto = MessageId(old.before.0 - 1);
        members::mark_read(transaction, &code, UserId(user), upto)?;
    }
    Ok(())
}

fn sweep(
    transaction: &mut Transaction<'_>,
    old: OldMessages,
    after: MessageId,
) -> Result<SweptMessages> {
    let connection = transaction.connection;
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let values = named_params! {
        ":room": old.room.0, ":after": after.0, ":before": old.before.0, ":limit": limit,
    };
    let found: Vec<i64> = all(connection, OLD, values, value)?;
    let mut count = 0;
    // The newest first: a reply goes before what it refers to.
    for id in found.iter().rev() {
        count += i64::from(remove(transaction, MessageId(*id))?);
    }
    let last = found.last().filter(|_| found.len() == AT_ONCE);
    // The last step of a room tells of all of them.
    if last.is_none() && (count > 0 || after.0 > 0) {
        let room = rooms::by_id(connection, old.room)?;
        let before = old.before;
        transaction.tell(Change::Swept { room, before });
    }
    Ok(SweptMessages {
        count,
        next: last.map(|id| MessageId(*id)),
    })
}

/// Says whether anything changed.
fn remove(transaction: &mut Transaction<'_>, id: MessageId) -> Result<bool> {
    let connection = transaction.connection;
    let Some(message) = messages::by_id(connection, id)? else {
        return Ok(false);
    };
    let values = named_params! { ":id": id.0 };
    if one(connection, REFERRED_TO, values, value)? == Some(true) {
        let Some(counted) = changes::delete(connection, &message)? else {
            return Ok(false);
        };
        let message = changes::number(transaction, &message, MessageChange::Deleted)?;
        mentions::tell_counts(transaction, &message, &counted)?;
        return Ok(true);
    }
    if let (Some(thread), false) = (message.thread, message.deleted) {
        let values = named_params! { ":thread": thread.0, ":by": -1 };
        execute(connection, changes::REPLIES, values)?;
    }
    execute(connection, DELETE, values)?;
    Ok(true)
}

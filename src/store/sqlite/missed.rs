//! Mentions and direct messages that wait to be mailed, in SQLite. Whether they were read meanwhile is seen when they are
//! due, from the read marks.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, extras,
    messages::select,
    rows::{
        Columns, account, account_columns, all, card_columns, execute, membership,
        membership_columns, message_columns, one, room, room_columns, value,
    },
};
use crate::{
    model::{
        Account, Membership, MessageId, MissedBy, MissedEnd, MissedRoom, Room, Timestamp, UserId,
    },
    store::{MissedMail, Result},
};

/// How many messages of one room are mailed; the newest of them.
const OF_ROOM: i64 = 10;

pub(super) const DUE: &str =
    "SELECT DISTINCT user_id FROM missed WHERE due_at <= :now ORDER BY due_at LIMIT :limit";

pub(super) const PERSON: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", coalesce(s.mail, 1) AND u.disabled_at IS NULL, (SELECT max(attempts) FROM missed WHERE user_id = :user) \
     FROM users u LEFT JOIN notification_settings s ON s.user_id = u.id \
     WHERE u.id = :user AND u.deleted = 0"
);

pub(super) const ROOMS: &str = concat!(
    "SELECT d.first_id, d.last_id, ",
    room_columns!(),
    ", ",
    membership_columns!(),
    " FROM missed d CROSS JOIN rooms r ON r.id = d.room_id \
     CROSS JOIN members b ON b.room_id = d.room_id AND b.user_id = d.user_id WHERE d.user_id = :user"
);

pub(super) const MESSAGES: &str = select!(
    "WHERE m.room_id = :room AND m.id >= :first AND m.id <= :last AND m.id > :read \
     AND m.author_id <> :user AND m.deleted = 0 AND (r.kind = 'direct' OR m.mentions_room \
     OR EXISTS (SELECT 1 FROM mentions n WHERE n.message_id = m.id AND n.user_id = :user)) \
     ORDER BY m.id DESC LIMIT :limit"
);

pub(super) const NEXT: &str = "SELECT min(due_at) FROM missed";

pub(super) const DONE: &str =
    "DELETE FROM missed WHERE user_id = :user AND room_id = :room AND last_id <= :last";

pub(super) const REST: &str = "UPDATE missed SET first_id = :last + 1, due_at = :next_at, attempts = 0 \
    WHERE user_id = :user AND room_id = :room AND last_id > :last";

pub(super) const AGAIN: &str =
    "UPDATE missed SET attempts = attempts + 1, due_at = :retry_at WHERE user_id = :user";

pub(super) const FORGET: &str = "DELETE FROM missed WHERE user_id = :user";

#[async_trait]
impl MissedMail for SqliteStore {
    async fn due_missed(&self, now: Timestamp, limit: u32) -> Result<Vec<MissedBy>> {
        self.read(move |connection| {
            let values = named_params! { ":now": now.0, ":limit": limit };
            let people: Vec<i64> = all(connection, DUE, values, value)?;
            let people = people.into_iter().map(|user| by(connection, UserId(user)));
            people.filter_map(Result::transpose).collect()
        })
        .await
    }

    async fn next_missed(&self) -> Result<Option<Timestamp>> {
        self.read(|connection| {
            let next: Option<Option<i64>> = one(connection, NEXT, [], value)?;
            Ok(next.flatten().map(Timestamp))
        })
        .await
    }

    async fn end_missed(&self, missed: &MissedBy, end: MissedEnd) -> Result<()> {
        let user = missed.account.card.id.0;
        let rooms: Vec<_> = missed
            .rooms
            .iter()
            .map(|one| (one.room.id, one.last))
            .collect();
        self.write(move |transaction| {
            let connection = transaction.connection;
            match end {
                MissedEnd::Done { next_at } => {
                    for (room, last) in &rooms {
                        let values =
                            named_params! { ":user": user, ":room": room.0, ":last": last.0 };
                        execute(connection, DONE, values)?;
                        let values = named_params! {
                            ":user": user, ":room": room.0, ":last": last.0, ":next_at": next_at.0,
                        };
                        execute(connection, REST, values)?;
                    }
                }
                MissedEnd::Later { retry_at } => {
                    let values = named_params! { ":user": user, ":retry_at": retry_at.0 };
                    execute(connection, AGAIN, values)?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn end_mail(&self, user: UserId) -> Result<()> {
        self.write(move |transaction| {
            let values = named_params! { ":user": user.0 };
            execute(transaction.connection, FORGET, values)?;
            Ok(())
        })
        .await
    }
}

/// A person as they are to be mailed; `None` where the account is closed, whose notes go with its memberships.
fn by(connection: &Connection, user: UserId) -> Result<Option<MissedBy>> {
    let values = named_params! { ":user": user.0 };
    let person: Option<(Account, bool, Option<u32>)> = one(connection, PERSON, values, |row| {
        Ok((account(row)?, row.take()?, row.take()?))
    })?;
    let Some((account, mail, attempts)) = person else {
        return Ok(None);
    };
    let read = |row: &mut Columns<'_>| {
        let (first, last): (i64, i64) = (row.take()?, row.take()?);
        Ok((first, last, room(row)?, membership(row)?))
    };
    let noted: Vec<(i64, i64, Room, Membership)> = all(connection, ROOMS, values, read)?;
    let mut rooms = Vec::with_capacity(noted.len());
    for (first, last, room, membership) in noted {
        let values = named_params! {
            ":room": room.id.0, ":user": user.0, ":first": first, ":last": last,
            ":read": membership.read_id.0, ":limit": OF_ROOM,
        };
        let mut messages = extras::all(connection, MESSAGES, values)?;
        messages.reverse();
        rooms.push(MissedRoom {
            room: room.seen_by(user),
            last: MessageId(last),
            messages,
        });
    }
    Ok(Some(MissedBy {
        account,
        mail,
        attempts: attempts.unwrap_or_default(),
        rooms,
    }))
}

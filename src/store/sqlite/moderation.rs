//! Keeping order in rooms, in SQLite: each measure and its line in the room's log in one transaction.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, changes,
    measures::{action_text, entry},
    members, mentions, messages, rooms,
    rows::{all, card, card_columns, execute, member, one, role_text, room, room_columns, value},
};
use crate::{
    model::{
        Ban, Change, LeaveReason, LogEntry, Measure, Member, MessageChange, MessageId, NewMeasure,
        Reason, Role, Room, RoomId, Standing, Target, Timestamp, UserCard, UserId,
    },
    store::{Moderation, Result, StoreError},
};

/// A query for whole entries of the log: `u` is whom it is against, if anybody, `v` who did it.
macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.until, l.role, l.seconds, l.days, l.action, l.messages, l.reason, l.created_at, \
             ",
            card_columns!("v"),
            ", ",
            card_columns!(),
            " FROM room_log l JOIN users v ON v.id = l.by_id LEFT JOIN users u ON u.id = l.user_id ",
            $rest
        )
    };
}

pub(super) const ENTRY: &str = entries!("WHERE l.id = :id");

pub(super) const LOG: &str =
    entries!("WHERE l.room_id = :room AND l.id < :before ORDER BY l.id DESC LIMIT :limit");

const NOTE: &str = "INSERT INTO room_log \
    (room_id, action, user_id, by_id, until, role, seconds, messages, reason, created_at) VALUES \
    (:room, :action, :user, :by, :until, :role, :seconds, :messages, :reason, :now) RETURNING id";

pub(super) const PERSON: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM users u WHERE u.id = :user AND u.deleted = 0"
);

pub(super) const BAN: &str = "INSERT INTO bans (room_id, user_id, until, by_id, reason, created_at) \
    VALUES (:room, :user, :until, :by, :reason, :now) ON CONFLICT DO UPDATE SET \
    until = excluded.until, by_id = excluded.by_id, reason = excluded.reason, created_at = excluded.created_at";

pub(super) const UNBAN: &str = "DELETE FROM bans WHERE room_id = :room AND user_id = :user";

pub(super) const BANS: &str = concat!(
    "SELECT ",
    card_columns!(),
    ", x.until, x.reason FROM bans x JOIN users u ON u.id = x.user_id \
     WHERE x.room_id = :room AND x.user_id > :after AND x.until > :now ORDER BY x.user_id LIMIT :limit"
);

pub(super) const MUTE: &str = "UPDATE members SET muted_until = :until \
    WHERE room_id = :room AND user_id = :user AND muted_until IS NOT :until";

pub(super) const FORGET_MUTE: &str = "DELETE FROM mutes WHERE room_id = :room AND user_id = :user";

pub(super) const SLOW: &str = "UPDATE rooms SET slow_mode_s = :seconds \
    WHERE id = :room AND slow_mode_s <> :seconds";

pub(super) const BACKWARDS: &str = "SELECT id, author_id, created_at FROM messages \
    WHERE room_id = :room AND deleted = 0 ORDER BY id DESC";

/// The most messages that one measure deletes; the next one goes on before them.
const AT_ONCE: usize = 1_000;

pub(super) const OTHER_OWNER: &str = "SELECT EXISTS (SELECT 1 FROM members \
    WHERE room_id = :room AND user_id <> :user AND role = 'owner')";

pub(super) const ALL_ROOMS: &str = concat!(
    "SELECT ",
    room_columns!(),
    " FROM rooms r WHERE r.id > :after AND r.ended = 0 ORDER BY r.id LIMIT :limit"
);

#[async_trait]
impl Moderation for SqliteStore {
    async fn moderate(&self, new: NewMeasure) -> Result<Option<LogEntry>> {
        self.write(move |transaction| moderate(transaction, &new))
            .await
    }

    async fn room_log(
        &self,
        room: RoomId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<LogEntry>> {
        let before = before.unwrap_or(i64::MAX);
        self.read(move |connection| {
            let values = named_params! { ":room": room.0, ":before": before, ":limit": limit };
            Ok(all(connection, LOG, values, entry)?)
        })
        .await
    }

    async fn bans(
        &self,
        room: RoomId,
        now: Timestamp,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Ban>> {
        let after = after.map_or(i64::MIN, |user| user.0);
        self.read(move |connection| {
            let values = named_params! {
                ":room": room.0, ":now": now.0, ":after": after, ":limit": limit,
            };
            let bans = all(connection, BANS, values, |row| {
                Ok(Ban {
                    user: card(row)?,
                    until: Timestamp(row.take()?),
                    reason: Reason::stored(row.take()?),
                })
            });
            Ok(bans?)
        })
        .await
    }

    async fn all_rooms(&self, after: Option<RoomId>, limit: u32) -> Result<Vec<Room>> {
        let after = after.map_or(i64::MIN, |room| room.0);
        self.read(move |connection| {
            let values = named_params! { ":after": after, ":limit": limit };
            Ok(all(connection, ALL_ROOMS, values, room)?)
        })
        .await
    }
}

/// Whom a measure is against, as the transaction finds them.
struct Subject {
    id: UserId,
    member: Option<Member>,
}

impl Subject {
    /// They must belong to the room.
    fn member(&self) -> Result<&Member> {
        self.member.as_ref().ok_or(StoreError::NotFound("member"))
    }

    /// They must have an account.
    fn card(&self, connection: &Connection) -> Result<UserCard> {
        match &self.member {
            Some(member) => Ok(member.user.clone()),
            None => person(connection, self.id),
        }
    }
}

/// Somebody with an account.
pub(super) fn person(connection: &Connection, user: UserId) -> Result<UserCard> {
    one(connection, PERSON, named_params! { ":user": user.0 }, card)?
        .ok_or(StoreError::NotFound("person"))
}

fn moderate(transaction: &mut Transaction<'_>, new: &NewMeasure) -> Result<Option<LogEntry>> {
    let connection = transaction.connection;
    let standing =
        rooms::standing(connection, &new.room, new.by)?.ok_or(StoreError::NotFound("room"))?;
    let room = standing.room.id;
    let subject = match new.user {
        Some(id) => {
            let values = named_params! { ":room": room.0, ":user": id.0 };
            let member = one(connection, members::MEMBER, values, member)?;
            Some(Subject { id, member })
        }
        None => None,
    };
    permit(new, &standing, subject.as_ref())?;
    let done = match &subject {
        Some(subject) => against(transaction, room, new, subject)?,
        None => about_room(transaction, room, &new.measure)?,
    };
    let Some(messages) = done else {
        return Ok(None);
    };
    let entry = note(connection, room, new, messages)?;
    transaction.tell(Change::Moderated {
        room: rooms::by_id(connection, room)?,
        measure: new.measure,
        entry: Box::new(entry.clone()),
    });
    Ok(Some(entry))
}

fn permit(new: &NewMeasure, standing: &Standing, subject: Option<&Subject>) -> Result<()> {
    let target = subject.map_or(Target::NOBODY, |subject| Target {
        role: subject.member.as_ref().map(|member| member.role),
        oneself: subject.id == new.by,
    });
    Ok((new.permit)(&new.measure, standing, target, new.now)?)
}

/// What came of it: nothing where all was so already, otherwise how many messages it deleted, where it does.
type Done = Option<Option<i64>>;

const CHANGED: Done = Some(None);

fn if_any(changed: usize) -> Done {
    (changed > 0).then_some(None)
}

fn against(
    transaction: &mut Transaction<'_>,
    room: RoomId,
    new: &NewMeasure,
    subject: &Subject,
) -> Result<Done> {
    let connection = transaction.connection;
    let person = named_params! { ":room": room.0, ":user": subject.id.0 };
    match new.measure {
        Measure::Kick => {
            subject.member()?;
            members::remove(transaction, &new.room, subject.id, LeaveReason::Kicked)?;
            Ok(CHANGED)
        }
        Measure::Ban { until } => {
            subject.card(connection)?;
            let values = named_params! {
                ":room": room.0, ":user": subject.id.0, ":until": until.0, ":by": new.by.0,
                ":reason": new.reason.as_str(), ":now": new.now.0,
            };
            execute(connection, BAN, values)?;
            if subject.member.is_some() {
                members::remove(transaction, &new.room, subject.id, LeaveReason::Banned)?;
            }
            Ok(CHANGED)
        }
        Measure::Unban => {
            subject.card(connection)?;
            Ok(if_any(execute(connection, UNBAN, person)?))
        }
        Measure::Mute { until } => mute(transaction, room, subject, Some(until)),
        Measure::Unmute => mute(transaction, room, subject, None),
        Measure::SetRole(role) => set_role(transaction, room, subject, role),
        Measure::DeleteMessages(seconds) => {
            subject.card(connection)?;
            let since = new.now.0 - i64::from(seconds) * 1000;
            let deleted = delete_since(transaction, room, subject.id, Timestamp(since))?;
            Ok((deleted > 0).then_some(Some(deleted)))
        }
        Measure::SlowMode(_) => about_room(transaction, room, &new.measure),
    }
}

fn mute(
    transaction: &mut Transaction<'_>,
    room: RoomId,
    subject: &Subject,
    until: Option<Timestamp>,
) -> Result<Done> {
    let connection = transaction.connection;
    subject.member()?;
    let values = named_params! {
        ":room": room.0, ":user": subject.id.0, ":until": until.map(|until| until.0),
    };
    let changed = execute(connection, MUTE, values)?;
    if until.is_none() {
        let values = named_params! { ":room": room.0, ":user": subject.id.0 };
        execute(connection, FORGET_MUTE, values)?;
    }
    if changed > 0 {
        transaction.tell(Change::Member {
            room: rooms::by_id(connection, room)?,
            member: members::find(connection, room, subject.id)?,
        });
    }
    Ok(if_any(changed))
}

fn set_role(
    transaction: &mut Transaction<'_>,
    room: RoomId,
    subject: &Subject,
    role: Role,
) -> Result<Done> {
    let present = subject.member()?.role;
    if present == role {
        return Ok(None);
    }
    let values = named_params! { ":room": room.0, ":user": subject.id.0 };
    let another: bool =
        one(transaction.connection, OTHER_OWNER, values, value)?.unwrap_or_default();
    if present == Role::Owner && !another {
        return Err(StoreError::LastOwner);
    }
    members::set_role(transaction, room, subject.id, role)?;
    Ok(CHANGED)
}

/// Deletes what somebody said in a room since then, the newest first; each is a change of its own.
fn delete_since(
    transaction: &mut Transaction<'_>,
    room: RoomId,
    author: UserId,
    since: Timestamp,
) -> Result<i64> {
    let connection = transaction.connection;
    let mut deleted = 0;
    let (mut recounted, mut last) = (BTreeSet::new(), None);
    for id in said_since(connection, room, author, since)? {
        let message = messages::by_id(connection, id)?.ok_or(StoreError::NotFound("message"))?;
        if let Some(counted) = changes::delete(connection, &message)? {
            changes::number(transaction, &message, MessageChange::Deleted)?;
            recounted.extend(counted);
            last = Some(message);
            deleted += 1;
        }
    }
    if let Some(message) = last {
        mentions::tell_counts(transaction, &message, &recounted)?;
    }
    Ok(deleted)
}

/// The newest messages of somebody in a room since then. Read backwards and no further than that time, which asks for
/// no index that every message would have to be put into.
fn said_since(
    connection: &Connection,
    room: RoomId,
    author: UserId,
    since: Timestamp,
) -> Result<Vec<MessageId>> {
    let mut statement = connection.prepare_cached(BACKWARDS)?;
    let mut rows = statement.query(named_params! { ":room": room.0 })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, by, at): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if at < since.0 || found.len() >= AT_ONCE {
            break;
        }
        if by == author.0 {
            found.push(MessageId(id));
        }
    }
    Ok(found)
}

fn about_room(transaction: &mut Transaction<'_>, room: RoomId, measure: &Measure) -> Result<Done> {
    let Measure::SlowMode(seconds) = measure else {
        return Err(StoreError::NotFound("member"));
    };
    let values = named_params! { ":room": room.0, ":seconds": seconds };
    let changed = execute(transaction.connection, SLOW, values)?;
    if changed > 0 {
        let room = rooms::by_id(transaction.connection, room)?;
        transaction.tell(Change::Room(room));
    }
    Ok(if_any(changed))
}

fn note(
    connection: &Connection,
    room: RoomId,
    new: &NewMeasure,
    messages: Option<i64>,
) -> Result<LogEntry> {
    let measure = &new.measure;
    let values = named_params! {
        ":room": room.0, ":action": action_text(measure), ":user": new.user.map(|user| user.0),
        ":by": new.by.0, ":until": measure.until().map(|until| until.0),
        ":role": measure.role().map(role_text), ":seconds": measure.seconds(),
        ":messages": messages, ":reason": new.reason.as_str(), ":now": new.now.0,
    };
    let id: Option<i64> = one(connection, NOTE, values, value)?;
    one(connection, ENTRY, named_params! { ":id": id }, entry)?.ok_or(StoreError::NotFound("entry"))
}

//! What one person has in a room, and whom they know, in SQLite.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, members, room_changes, rooms,
    rows::{all, card, card_columns, code, execute, notify_text, one, value},
};
use crate::{
    model::{
        Change, Member, Membership, MessageId, PreferencesChange, Role, RoomCode, RoomId, Standing,
        Timestamp, UserCard, UserId,
    },
    store::{Actor, Joined, Members, NewDirect, Result, StoreError},
};

/// Where there are more messages than so many after a mark, own ones and mentions among them are not counted anew.
const COUNTED: i64 = 10_000;

/// A room of at most so many members is read to find names in it; in a larger one names are looked up among all.
const SMALL: i64 = 500;

pub(super) const DIRECT: &str = "SELECT code FROM rooms WHERE people_key = :people";

const OPEN: &str = "INSERT INTO rooms (code, name, kind, people_key, created_at) \
    VALUES (:code, '', 'direct', :people, :now)";

pub(super) const PREFER: &str = "UPDATE members SET notify = coalesce(:notify, notify), \
    quiet_until = iif(:change_quiet, :quiet_until, quiet_until), favourite = coalesce(:favourite, favourite), \
    hidden = coalesce(:hidden, hidden) WHERE room_id = :room AND user_id = :user";

/// The last message before this one.
pub(super) const BEFORE: &str = "SELECT id, ordinal FROM messages WHERE room_id = :room AND id < :from ORDER BY id DESC LIMIT 1";

/// How many messages were there before the first one from here on.
pub(super) const FIRST: &str =
    "SELECT ordinal - 1 FROM messages WHERE room_id = :room AND id >= :from ORDER BY id LIMIT 1";

pub(super) const OWN_AFTER: &str =
    "SELECT count(*) FROM messages WHERE room_id = :room AND id > :after AND author_id = :user";

pub(super) const MARK_UNREAD: &str = "UPDATE members SET read_id = :id, read_ordinal = :ordinal, \
    mention_count = iif(:count, (SELECT count(*) FROM messages m WHERE m.room_id = :room AND m.id > :id \
    AND m.author_id <> :user AND (m.mentions_room \
    OR EXISTS (SELECT 1 FROM mentions n WHERE n.message_id = m.id AND n.user_id = :user))), mention_count) \
    WHERE room_id = :room AND user_id = :user AND read_id > :id";

pub(super) const LAST_ORDINAL: &str = "SELECT message_count FROM rooms WHERE id = :room";

/// The ids of a room's first and last message.
pub(super) const ENDS: &str = "SELECT (SELECT min(id) FROM messages WHERE room_id = :room), \
    (SELECT last_id FROM rooms WHERE id = :room)";

/// The first message from an id on, and its time.
pub(super) const FROM: &str =
    "SELECT id, created_at FROM messages WHERE room_id = :room AND id >= :from ORDER BY id LIMIT 1";

/// So many at most: a direct conversation has fewer.
pub(super) const READ_MARKS: &str = concat!(
    "SELECT ",
    card_columns!(),
    ", b.read_id FROM members b JOIN users u ON u.id = b.user_id WHERE b.room_id = :room \
     ORDER BY b.user_id LIMIT 100"
);

pub(super) const PEOPLE: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM users u WHERE u.name_key >= :from AND u.name_key < :upto AND u.deleted = 0 \
     AND EXISTS (SELECT 1 FROM members a JOIN members b ON b.room_id = a.room_id AND b.user_id = u.id \
     WHERE a.user_id = :user) ORDER BY u.name_key LIMIT :limit"
);

pub(super) const PEOPLE_OF_ROOM: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM users u WHERE u.name_key >= :from AND u.name_key < :upto AND u.deleted = 0 \
     AND EXISTS (SELECT 1 FROM members b WHERE b.room_id = :room AND b.user_id = u.id) \
     ORDER BY u.name_key LIMIT :limit"
);

pub(super) const PEOPLE_OF_SMALL_ROOM: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM members b CROSS JOIN users u ON u.id = b.user_id \
     WHERE b.room_id = :room AND u.name_key >= :from AND u.name_key < :upto AND u.deleted = 0 \
     ORDER BY u.name_key LIMIT :limit"
);

#[async_trait]
impl Members for SqliteStore {
    async fn direct(&self, new: NewDirect) -> Result<Joined> {
        self.write(move |transaction| direct(transaction, new))
            .await
    }

    async fn add_member(&self, room: &RoomCode, by: Actor, user: UserId) -> Result<Member> {
        let room = room.clone();
        self.write(move |transaction| add(transaction, &room, by, user))
            .await
    }

    async fn set_preferences(
        &self,
        room: &RoomCode,
        user: UserId,
        change: PreferencesChange,
    ) -> Result<Standing> {
        let room = room.clone();
        self.write(move |transaction| prefer(transaction, &room, user, change))
            .await
    }

    async fn mark_unread(
        &self,
        room: &RoomCode,
        user: UserId,
        from: MessageId,
    ) -> Result<Membership> {
        let room = room.clone();
        self.write(move |transaction| mark_unread(transaction, &room, user, from))
            .await
    }

    async fn first_since(&self, room: RoomId, since: Timestamp) -> Result<Option<MessageId>> {
        self.read(move |connection| first_since(connection, room, since))
            .await
    }

    async fn people(
        &self,
        user: UserId,
        room: Option<RoomId>,
        prefix: &str,
        limit: u32,
    ) -> Result<Vec<UserCard>> {
        let prefix = prefix.to_owned();
        self.read(move |connection| people(connection, user, room, &prefix, limit))
            .await
    }
}

fn missing() -> StoreError {
    StoreError::NotFound("room")
}

/// The person's place in a room to which they belong.
fn place(connection: &Connection, code: &RoomCode, user: UserId) -> Result<(Standing, Membership)> {
    let standing = rooms::standing(connection, code, user)?.ok_or_else(missing)?;
    let membership = standing.membership.clone().ok_or_else(missing)?;
    Ok((standing, membership))
}

/// By what the direct conversation between exactly these people is found.
pub(super) fn people_key(people: &[UserId]) -> String {
    let unique: BTreeSet<_> = people.iter().collect();
    let ids: Vec<_> = unique.iter().map(ToString::to_string).collect();
    ids.join(",")
}

fn direct(transaction: &mut Transaction<'_>, mut new: NewDirect) -> Result<Joined> {
    new.people.sort_unstable();
    new.people.dedup();
    let key = people_key(&new.people);
    if let Some(found) = one(
        transaction.connection,
        DIRECT,
        named_params! { ":people": key },
        code,
    )? {
        let shown = PreferencesChange {
            hidden: Some(false),
            ..PreferencesChange::default()
        };
        return Ok(Joined {
            standing: prefer(transaction, &found, new.by, shown)?,
            new: false,
        });
    }
    let values = named_params! { ":code": new.code.as_str(), ":people": key, ":now": new.now.0 };
    execute(transaction.connection, OPEN, values)?;
    // Who joins is told of the room as it is once everybody is in.
    for user in &new.people {
        members::insert(
            transaction.connection,
            &new.code,
            *user,
            Role::Member,
            new.now,
        )?;
    }
    for user in &new.people {
        members::tell_joined(transaction, &new.code, *user)?;
    }
    Ok(Joined {
        standing: rooms::standing(transaction.connection, &new.code, new.by)?
            .ok_or_else(missing)?,
        new: true,
    })
}

fn add(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    by: Actor,
    user: UserId,
) -> Result<Member> {
    let room = room_changes::permitted(transaction.connection, code, by)?.room;
    let theirs = rooms::standing(transaction.connection, code, user)?.ok_or_else(missing)?;
    if theirs.membership.is_none() {
        if theirs.banned_until.is_some_and(|until| until > by.now) {
            return Err(StoreError::KeptOut);
        }
        members::add(transaction, code, user, Role::Member, by.now)?;
    }
    members::find(transaction.connection, room.id, user)
}

fn prefer(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    user: UserId,
    change: PreferencesChange,
) -> Result<Standing> {
    let (standing, before) = place(transaction.connection, code, user)?;
    let values = named_params! {
        ":room": standing.room.id.0, ":user": user.0, ":notify": change.notify.map(notify_text),
        ":change_quiet": change.muted_until.is_some(),
        ":quiet_until": change.muted_until.flatten().map(|until| until.0),
        ":favourite": change.favourite, ":hidden": change.hidden,
    };
    execute(transaction.connection, PREFER, values)?;
    let (standing, after) = place(transaction.connection, code, user)?;
    if after.preferences != before.preferences {
        transaction.tell(Change::Preferences {
            user_id: user,
            room: standing.room.clone(),
            preferences: after.preferences,
        });
    }
    Ok(standing)
}

fn mark_unread(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    user: UserId,
    from: MessageId,
) -> Result<Membership> {
    let connection = transaction.connection;
    let (standing, before) = place(connection, code, user)?;
    let room = standing.room.id.0;
    let last: i64 = one(
        connection,
        LAST_ORDINAL,
        named_params! { ":room": room },
        value,
    )?
    .ok_or_else(missing)?;
    let values = named_params! { ":room": room, ":from": from.0 };
    let found = one(connection, BEFORE, values, |row| {
        Ok((row.take()?, row.take()?))
    })?;
    let (id, ordinal): (i64, i64) = match found {
        Some(found) => found,
        // What stood before it may have been deleted for good: it counts as read.
        None => (
            0,
            one(connection, FIRST, values, value)?.unwrap_or_default(),
        ),
    };
    // What is unread is what others said: one's own messages after the mark are taken as read.
    let counted = last - ordinal <= COUNTED;
    let own: i64 = if counted {
        let values = named_params! { ":room": room, ":after": id, ":user": user.0 };
        one(connection, OWN_AFTER, values, value)?.unwrap_or_default()
    } else {
        0
    };
    let values = named_params! {
        ":room": room, ":user": user.0, ":id": id, ":ordinal": ordinal + own, ":count": counted,
    };
    if id >= before.read_id.0 || execute(connection, MARK_UNREAD, values)? == 0 {
        return Ok(before);
    }
    let (standing, membership) = place(connection, code, user)?;
    transaction.tell(Change::Read {
        user_id: user,
        room: standing.room,
        membership: membership.clone(),
        back: true,
    });
    Ok(membership)
}

/// How far each member of a small room has read.
pub(super) fn read_marks(
    connection: &Connection,
    room: RoomId,
) -> Result<Vec<(UserCard, MessageId)>> {
    let values = named_params! { ":room": room.0 };
    Ok(all(connection, READ_MARKS, values, |row| {
        Ok((card(row)?, MessageId(row.take()?)))
    })?)
}

/// Halves the room's ids until the first message that is late enough is found: some thirty look-ups by index, in the
/// place of an index of its own that every message would pay for.
fn first_since(
    connection: &Connection,
    room: RoomId,
    since: Timestamp,
) -> Result<Option<MessageId>> {
    let ends = one(connection, ENDS, named_params! { ":room": room.0 }, |row| {
        Ok((row.take()?, row.take()?))
    })?;
    let Some((Some(mut low), Some(mut high))) = ends else {
        return Ok(None);
    };
    while low < high {
        let middle: i64 = low + (high - low) / 2;
        let values = named_params! { ":room": room.0, ":from": middle };
        let found = one(connection, FROM, values, |row| {
            Ok((row.take()?, row.take()?))
        })?;
        let (id, at): (i64, i64) = found.ok_or_else(missing)?;
        if at >= since.0 {
            high = middle.min(id);
        } else {
            low = id + 1;
        }
    }
    let values = named_params! { ":room": room.0, ":from": low };
    let found = one(connection, FROM, values, |row| {
        Ok((row.take()?, row.take()?))
    })?;
    let late_enough = found.filter(|(_, at): &(i64, i64)| *at >= since.0);
    Ok(late_enough.map(|(id, _)| MessageId(id)))
}

fn people(
    connection: &Connection,
    user: UserId,
    room: Option<RoomId>,
    prefix: &str,
    limit: u32,
) -> Result<Vec<UserCard>> {
    let upto = format!("{prefix}{}", char::MAX);
    let Some(room) = room else {
        let values =
            named_params! { ":user": user.0, ":from": prefix, ":upto": upto, ":limit": limit };
        return Ok(all(connection, PEOPLE, values, card)?);
    };
    let values = named_params! { ":room": room.0, ":from": prefix, ":upto": upto, ":limit": limit };
    let small = rooms::by_id(connection, room)?.members <= SMALL;
    let sql = if small {
        PEOPLE_OF_SMALL_ROOM
    } else {
        PEOPLE_OF_ROOM
    };
    Ok(all(connection, sql, values, card)?)
}

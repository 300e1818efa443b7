//! What a listener is behind by, in SQLite: the messages that changed in a room since some seq.

use rusqlite::{Connection, named_params};

use super::{
    extras,
    messages::select,
    rows::{card_columns, message_columns, one, value},
};
use crate::{
    model::{Message, RoomId, Seq, UserId},
    store::{Missed, Result},
};

pub(super) const CHANGES: &str =
    select!("WHERE m.room_id = :room AND m.seq > :since ORDER BY m.seq LIMIT :limit");

/// Those that were created in between and changed later.
pub(super) const CHANGED_LATER: &str = select!(
    "WHERE m.room_id = :room AND m.created_seq > :since AND m.created_seq <= :until AND m.seq <> m.created_seq \
     ORDER BY m.created_seq LIMIT :limit"
);

pub(super) const MISSED: &str =
    select!("WHERE m.room_id = :room AND m.seq > :since ORDER BY m.seq DESC LIMIT :limit");

/// A room's seq, for who belongs to it.
pub(super) const SEQ_FOR: &str = "SELECT r.last_seq FROM members b JOIN rooms r ON r.id = b.room_id \
    WHERE b.room_id = :room AND b.user_id = :user";

fn seq_for(connection: &Connection, room: RoomId, user: UserId) -> Result<Option<i64>> {
    let values = named_params! { ":room": room.0, ":user": user.0 };
    Ok(one(connection, SEQ_FOR, values, value)?)
}

/// What was missed in the first of these rooms, until it is `limit` messages or more.
pub(super) fn missed(
    connection: &Connection,
    rooms: &[(RoomId, Seq)],
    user: UserId,
    limit: u32,
) -> Result<Vec<Option<Missed>>> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found = Vec::with_capacity(rooms.len());
    let mut messages = 0;
    for &(room, since) in rooms {
        let find = || newest(connection, room, since, limit);
        let missed = for_member(connection, room, user, find)?;
        messages += missed.as_ref().map_or(0, |missed| missed.messages.len());
        found.push(missed);
        if messages >= most {
            break;
        }
    }
    Ok(found)
}

/// What changed in a room after `since`, the first `limit` of it by place, for who belongs to it.
pub(super) fn changes(
    connection: &Connection,
    room: RoomId,
    user: UserId,
    since: Seq,
    limit: u32,
) -> Result<Option<Missed>> {
    let find = || first(connection, room, since, limit);
    for_member(connection, room, user, find)
}

/// What `find` finds, for who belongs to the room; `None` for others.
fn for_member(
    connection: &Connection,
    room: RoomId,
    user: UserId,
    find: impl FnOnce() -> Result<(Vec<Message>, bool)>,
) -> Result<Option<Missed>> {
    let Some(seq) = seq_for(connection, room, user)? else {
        return Ok(None);
    };
    let (messages, more) = find()?;
    Ok(Some(Missed {
        messages,
        more,
        seq,
    }))
}

/// The newest `limit` messages by seq, and whether there are more.
fn newest(
    connection: &Connection,
    room: RoomId,
    since: Seq,
    limit: u32,
) -> Result<(Vec<Message>, bool)> {
    let (mut messages, more) = some_of(connection, MISSED, room, since, limit)?;
    messages.sort_unstable_by_key(|message| message.place(since));
    Ok((messages, more))
}

/// The first `limit` messages by place, and whether there are more.
fn first(
    connection: &Connection,
    room: RoomId,
    since: Seq,
    limit: u32,
) -> Result<(Vec<Message>, bool)> {
    let (mut messages, mut more) = some_of(connection, CHANGES, room, since, limit)?;
    if more {
        // Some that have their places among these may have changed so late that their seqs are beyond them.
        let until = messages.last().map_or(since, |message| message.seq);
        let values = named_params! { ":room": room.0, ":since": since.0, ":until": until.0, ":limit": limit };
        let beyond = extras::all(connection, CHANGED_LATER, values)?;
        messages.extend(beyond.into_iter().filter(|message| message.seq > until));
    }
    messages.sort_unstable_by_key(|message| message.place(since));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    more |= messages.len() > limit;
    messages.truncate(limit);
    Ok((messages, more))
}

/// The first `limit` messages that `sql` finds after `since`, and whether there are more.
fn some_of(
    connection: &Connection,
    sql: &'static str,
    room: RoomId,
    since: Seq,
    limit: u32,
) -> Result<(Vec<Message>, bool)> {
    let values =
        named_params! { ":room": room.0, ":since": since.0, ":limit": i64::from(limit) + 1 };
    let mut messages = extras::all(connection, sql, values)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = messages.len() > limit;
    messages.truncate(limit);
    Ok((messages, more))
}

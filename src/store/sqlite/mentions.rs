//! Who is mentioned in which message, and how many mentions a member has not read.
//!
//! `members.mention_count` is kept with each change: it grows with a mention that is still unread, shrinks when that goes
//! away, and is 0 once the member has read on.

use std::sync::Arc;

use rusqlite::{Connection, named_params};

use super::{
    Transaction, rooms,
    rows::{all, execute, one, value},
};
use crate::{
    model::{Change, Mentioned, Message, MessageId, RoomCode, RoomId, UserId},
    store::Result,
};

pub(super) const OF_MESSAGE: &str =
    "SELECT user_id FROM mentions WHERE message_id = :id ORDER BY user_id";

/// Only of a member, and not of the author.
pub(super) const ADD: &str = "INSERT OR IGNORE INTO mentions (message_id, user_id) \
    SELECT :id, user_id FROM members WHERE room_id = :room AND user_id = :user AND user_id <> :author";

pub(super) const REMOVE: &str = "DELETE FROM mentions WHERE message_id = :id";

pub(super) const NOTE: &str =
    "UPDATE messages SET mention_count = :count, mentions_room = :all WHERE id = :id";

/// A member who has read further is not concerned.
pub(super) const COUNT_ONE: &str = "UPDATE members SET mention_count = max(0, mention_count + :by) \
    WHERE room_id = :room AND user_id = :user AND read_id < :id";

pub(super) const COUNT_ALL: &str = "UPDATE members SET mention_count = max(0, mention_count + :by) \
    WHERE room_id = :room AND user_id <> :author AND read_id < :id";

pub(super) const MEMBERS: &str =
    "SELECT user_id FROM members WHERE room_id = :room AND user_id <> :author";

pub(super) const MEMBER_NAMED: &str = "SELECT u.id FROM users u \
    JOIN rooms r ON r.code = :room JOIN members b ON b.room_id = r.id AND b.user_id = u.id WHERE u.name_key = :name";

/// Which members of a room go by these names.
pub(super) fn members_named(
    connection: &Connection,
    room: &RoomCode,
    names: Vec<String>,
) -> Result<Vec<(String, UserId)>> {
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let values = named_params! { ":room": room.as_str(), ":name": name };
        if let Some(id) = one(connection, MEMBER_NAMED, values, value)? {
            found.push((name, UserId(id)));
        }
    }
    Ok(found)
}

/// Who is mentioned by name.
pub(super) fn of_message(
    connection: &Connection,
    message: MessageId,
) -> rusqlite::Result<Vec<UserId>> {
    let values = named_params! { ":id": message.0 };
    let found = all(connection, OF_MESSAGE, values, value)?;
    Ok(found.into_iter().map(UserId).collect())
}

/// Notes whom a message without mentions mentions; says who that is, everybody where the room is meant.
pub(super) fn set(
    connection: &Connection,
    room: RoomId,
    message: MessageId,
    author: UserId,
    mentioned: &Mentioned,
) -> Result<Vec<UserId>> {
    if *mentioned == Mentioned::default() {
        return Ok(Vec::new());
    }
    let mut people = Vec::with_capacity(mentioned.people.len());
    for user in &mentioned.people {
        let values = named_params! {
            ":id": message.0, ":room": room.0, ":user": user.0, ":author": author.0,
        };
        if execute(connection, ADD, values)? > 0 {
            people.push(*user);
        }
    }
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let values = named_params! { ":id": message.0, ":count": count, ":all": mentioned.room };
    execute(connection, NOTE, values)?;
    if mentioned.room {
        let values = named_params! { ":room": room.0, ":author": author.0 };
        let everybody = all(connection, MEMBERS, values, value)?;
        people = everybody.into_iter().map(UserId).collect();
    }
    count_unread(
        connection,
        room,
        message,
        author,
        mentioned.room,
        &people,
        1,
    )?;
    Ok(people)
}

/// Takes a message's mentions away; says whom it mentioned.
pub(super) fn clear(connection: &Connection, message: &Message) -> Result<Vec<UserId>> {
    let mentioned = &message.mentioned;
    if *mentioned == Mentioned::default() {
        return Ok(Vec::new());
    }
    let (room, author) = (message.room_id, message.author.id);
    let people = &mentioned.people;
    count_unread(
        connection,
        room,
        message.id,
        author,
        mentioned.room,
        people,
        -1,
    )?;
    execute(connection, REMOVE, named_params! { ":id": message.id.0 })?;
    let values = named_params! { ":id": message.id.0, ":count": 0, ":all": false };
    execute(connection, NOTE, values)?;
    Ok(people.clone())
}

fn count_unread(
    connection: &Connection,
    room: RoomId,
    message: MessageId,
    author: UserId,
    everybody: bool,
    people: &[UserId],
    by: i64,
) -> Result<()> {
    if everybody {
        let values = named_params! {
            ":room": room.0, ":author": author.0, ":id": message.0, ":by": by,
        };
        execute(connection, COUNT_ALL, values)?;
        return Ok(());
    }
    for user in people {
        let values = named_params! {
            ":room": room.0, ":user": user.0, ":id": message.0, ":by": by,
        };
        execute(connection, COUNT_ONE, values)?;
    }
    Ok(())
}

/// Tells these people's devices how much is unread now that a message no longer mentions them.
pub(super) fn tell_counts(
    transaction: &mut Transaction<'_>,
    message: &Message,
    people: &[UserId],
) -> Result<()> {
    for user in people {
        let standing = rooms::standing(transaction.connection, &message.room, *user)?;
        let Some((room, membership)) =
            standing.and_then(|standing| Some((standing.room, standing.membership?)))
        else {
            continue;
        };
        transaction.tell(Change::Read {
            user_id: *user,
            room,
            membership,
            back: true,
        });
    }
    Ok(())
}

/// Tells the feed of new mentions, if there are any.
pub(super) fn tell(transaction: &mut Transaction<'_>, message: &Arc<Message>, people: Vec<UserId>) {
    if !people.is_empty() {
        let message = Arc::clone(message);
        transaction.tell(Change::Mentioned { message, people });
    }
}

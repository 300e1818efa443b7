//! Who is mentioned in which message, and how many mentions a member has not read.
//!
//! `members.mention_count` is kept with each change: it grows with a mention that is still unread, shrinks when that goes
//! away, and is 0 once the member has read on.

use std::{collections::BTreeSet, sync::Arc};

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
pub(super) const COUNT_ONE: &str = "UPDATE members SET mention_count = mention_count + :by \
    WHERE room_id = :room AND user_id = :user AND read_id < :id AND mention_count + :by >= 0 RETURNING user_id";

pub(super) const COUNT_ALL: &str = "UPDATE members SET mention_count = mention_count + :by \
    WHERE room_id = :room AND user_id <> :author AND read_id < :id AND mention_count + :by >= 0 RETURNING user_id";

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

/// Who is concerned by a message's mentions.
#[derive(Default)]
pub(super) struct Concerned {
    /// Who is mentioned: by name, or everybody where the room is meant.
    pub(super) people: Vec<UserId>,
    /// Whose count of unread mentions is another one now.
    pub(super) counted: BTreeSet<UserId>,
}

/// Notes whom a message without mentions mentions.
pub(super) fn set(
    connection: &Connection,
    room: RoomId,
    message: MessageId,
    author: UserId,
    mentioned: &Mentioned,
) -> Result<Concerned> {
    if *mentioned == Mentioned::default() {
        return Ok(Concerned::default());
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
    let counted = count_unread(
        connection,
        room,
        message,
        author,
        mentioned.room,
        &people,
        1,
    )?;
    Ok(Concerned { people, counted })
}

/// Takes a message's mentions away; says whom it mentioned by name.
pub(super) fn clear(connection: &Connection, message: &Message) -> Result<Concerned> {
    let mentioned = &message.mentioned;
    if *mentioned == Mentioned::default() {
        return Ok(Concerned::default());
    }
    let (room, author) = (message.room_id, message.author.id);
    let people = &mentioned.people;
    let counted = count_unread(
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
    Ok(Concerned {
        people: people.clone(),
        counted,
    })
}

/// Counts one mention more or less for those who have not read the message; says for whom.
fn count_unread(
    connection: &Connection,
    room: RoomId,
    message: MessageId,
    author: UserId,
    everybody: bool,
    people: &[UserId],
    by: i64,
) -> Result<BTreeSet<UserId>> {
    let mut counted = Vec::new();
    if everybody {
        let values = named_params! {
            ":room": room.0, ":author": author.0, ":id": message.0, ":by": by,
        };
        counted = all(connection, COUNT_ALL, values, value)?;
    } else {
        for user in people {
            let values = named_params! {
                ":room": room.0, ":user": user.0, ":id": message.0, ":by": by,
            };
            counted.extend(all(connection, COUNT_ONE, values, value::<i64>)?);
        }
    }
    Ok(counted.into_iter().map(UserId).collect())
}

/// Tells these people's devices how much is unread now that a message mentions them, or does so no longer.
pub(super) fn tell_counts(
    transaction: &mut Transaction<'_>,
    message: &Message,
    people: &BTreeSet<UserId>,
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

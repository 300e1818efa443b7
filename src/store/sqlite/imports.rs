//! What is brought from another messenger, in SQLite. Messages get their numbers like any others, but nobody is told of
//! them, and they keep the times at which they were sent.

use std::collections::HashSet;

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, accounts, bots, changes, claims, members, mentions, merges, messages,
    own,
    rows::{all, execute, kind_text, one, value},
    uploads,
};
use crate::{
    model::{
        Account, Identity, ImportedMessage, Merged, MessageId, NewAccount, NewImportedPerson,
        NewImportedRoom, Place, Role, RoomCode, RoomId, RoomKind, Source, Timestamp, Unclaimed,
        UserId,
    },
    store::{Imports, Result, StoreError},
};

pub(super) const FIRST_ADMIN: &str = "SELECT min(id) FROM users WHERE admin = 1 AND deleted = 0";

pub(super) const PEOPLE: &str = "SELECT key, user_id FROM imported_people WHERE source = :source";

const NOTE_PERSON: &str = "INSERT INTO imported_people (source, key, user_id, email, active) \
    VALUES (:source, :key, :user, :email, :active)";

pub(super) const PLACE: &str = "SELECT p.id, r.id, \
    (SELECT created_at FROM messages WHERE id = r.last_id) \
    FROM imported_rooms p LEFT JOIN rooms r ON r.id = p.room_id AND r.ended = 0 \
    WHERE p.source = :source AND p.key = :key";

pub(super) const DIRECT: &str = "SELECT r.id, \
    (SELECT created_at FROM messages WHERE id = r.last_id) \
    FROM rooms r WHERE r.people_key = :people";

const ADD_ROOM: &str = "INSERT INTO rooms (code, name, topic, kind, archived, people_key, created_at) \
    VALUES (:code, :name, :topic, :kind, :archived, :people, :created_at) RETURNING id";

const NOTE_ROOM: &str = "INSERT INTO imported_rooms (source, key, room_id) VALUES (:source, :key, :room) \
    ON CONFLICT (source, key) DO UPDATE SET room_id = excluded.room_id";

pub(super) const KNOWN: &str =
    "SELECT message_id FROM imported_messages WHERE place_id = :place AND key = :key";

pub(super) const THREAD: &str =
    "SELECT coalesce(thread_id, id) FROM messages WHERE id = :id AND room_id = :room";

const ADD_MESSAGE: &str = "INSERT INTO messages (room_id, author_id, seq, created_seq, ordinal, text, html, created_at, \
    edited_at, deleted, reply_to, thread_id, pinned_at, attachment_count) \
    VALUES (:room, :author, :seq, :seq, :ordinal, :text, :html, :created_at, \
    :edited_at, :deleted, :thread, :thread, :pinned_at, :attachments) RETURNING id";

const NOTE_MESSAGE: &str =
    "INSERT INTO imported_messages (place_id, key, message_id) VALUES (:place, :key, :id)";

/// What was said elsewhere, long ago, is no news to a webhook.
pub(super) const NO_NEWS: &str = "DELETE FROM deliveries WHERE message_id = :id";

/// Who had read all that stood there before has read what was brought.
pub(super) const READ_ALL: &str = "UPDATE members SET read_id = :id, read_ordinal = :ordinal, mention_count = 0 \
    WHERE room_id = :room AND read_ordinal >= :before";

#[async_trait]
impl Imports for SqliteStore {
    async fn first_admin(&self) -> Result<Option<UserId>> {
        self.read(|connection| {
            let first: Option<Option<i64>> = one(connection, FIRST_ADMIN, [], value)?;
            Ok(first.flatten().map(UserId))
        })
        .await
    }

    async fn imported_people(&self, source: Source) -> Result<Vec<(String, UserId)>> {
        self.read(move |connection| {
            let values = named_params! { ":source": source.as_str() };
            Ok(all(connection, PEOPLE, values, |row| {
                Ok((row.take()?, UserId(row.take()?)))
            })?)
        })
        .await
    }

    async fn import_person(&self, new: NewImportedPerson) -> Result<UserId> {
        self.write(move |transaction| person(transaction, &new))
            .await
    }

    async fn imported_room(&self, source: Source, key: &str) -> Result<Option<Place>> {
        let key = key.to_owned();
        self.read(move |connection| place(connection, source, &key))
            .await
    }

    async fn direct_between(
        &self,
        people: Vec<UserId>,
    ) -> Result<Option<(RoomId, Option<Timestamp>)>> {
        self.read(move |connection| direct(connection, &people))
            .await
    }

    async fn import_room(&self, new: NewImportedRoom) -> Result<Place> {
        self.write(move |transaction| room(transaction.connection, &new))
            .await
    }

    async fn import_members(
        &self,
        room: RoomId,
        people: Vec<UserId>,
        now: Timestamp,
    ) -> Result<()> {
        self.write(move |transaction| {
            for user in people {
                join(transaction.connection, room, user, Role::Member, now)?;
            }
            Ok(())
        })
        .await
    }

    async fn imported_messages(&self, place: i64, keys: Vec<String>) -> Result<HashSet<String>> {
        self.read(move |connection| {
            let mut known = HashSet::new();
            for key in keys {
                if message_of(connection, place, &key)?.is_some() {
                    known.insert(key);
                }
            }
            Ok(known)
        })
        .await
    }

    async fn import_messages(
        &self,
        place: i64,
        room: RoomId,
        messages: Vec<ImportedMessage>,
    ) -> Result<usize> {
        self.write(move |transaction| add_all(transaction, place, room, &messages))
            .await
    }

    async fn unclaimed(&self) -> Result<Vec<Unclaimed>> {
        self.read(claims::waiting).await
    }

    async fn offer_claim(&self, user: UserId, hash: [u8; 32], until: Timestamp) -> Result<()> {
        self.write(move |transaction| claims::offer(transaction.connection, user, hash, until))
            .await
    }

    async fn claim(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Unclaimed>> {
        self.read(move |connection| claims::find(connection, hash, now))
            .await
    }

    async fn merge_account(&self, from: UserId, into: UserId, now: Timestamp) -> Result<Merged> {
        self.write(move |transaction| merges::merge(transaction.connection, from, into, now))
            .await
    }

    async fn claim_account(&self, hash: [u8; 32], new: NewAccount) -> Result<Account> {
        self.write(move |transaction| claims::take(transaction, hash, &new))
            .await
    }
}

fn person(transaction: &mut Transaction<'_>, new: &NewImportedPerson) -> Result<UserId> {
    let connection = transaction.connection;
    let user = match &new.identity {
        Identity::Placeholder(name) => claims::placeholder(connection, name, new.now)?,
        Identity::Program(name) => bots::insert(connection, name, new.now)?,
        Identity::Person {
            name,
            email,
            password_hash,
        } => {
            let user = claims::person(connection, name, email.as_ref(), password_hash, new.now)?;
            members::add(transaction, &RoomCode::lobby(), user, Role::Member, new.now)?;
            user
        }
        Identity::Known(user) => {
            accounts::by_id(connection, *user)?.ok_or(StoreError::NotFound("account"))?;
            *user
        }
    };
    let values = named_params! {
        ":source": new.source.as_str(), ":key": new.key, ":user": user.0, ":email": new.email, ":active": new.active,
    };
    execute(connection, NOTE_PERSON, values)?;
    Ok(user)
}

fn place(connection: &Connection, source: Source, key: &str) -> Result<Option<Place>> {
    let values = named_params! { ":source": source.as_str(), ":key": key };
    Ok(one(connection, PLACE, values, |row| {
        Ok(Place {
            id: row.take()?,
            room: row.take::<Option<i64>>()?.map(RoomId),
            newest: row.take::<Option<i64>>()?.map(Timestamp),
        })
    })?)
}

fn direct(
    connection: &Connection,
    people: &[UserId],
) -> Result<Option<(RoomId, Option<Timestamp>)>> {
    let key = own::people_key(people);
    Ok(one(
        connection,
        DIRECT,
        named_params! { ":people": key },
        |row| {
            Ok((
                RoomId(row.take()?),
                row.take::<Option<i64>>()?.map(Timestamp),
            ))
        },
    )?)
}

fn room(connection: &Connection, new: &NewImportedRoom) -> Result<Place> {
    let is_direct = new.kind == RoomKind::Direct;
    let key = is_direct.then(|| own::people_key(&new.members));
    let there = if is_direct {
        direct(connection, &new.members)?
    } else {
        None
    };
    let id = if let Some((id, _)) = there {
        id
    } else {
        let values = named_params! {
            ":code": new.code.as_str(), ":name": new.name.as_str(), ":topic": new.topic.as_str(),
            ":kind": kind_text(new.kind), ":archived": new.archived, ":people": key, ":created_at": new.created_at.0,
        };
        let id: Option<i64> = one(connection, ADD_ROOM, values, value)?;
        let id = RoomId(id.ok_or(StoreError::NotFound("room"))?);
        for user in &new.members {
            let role = if new.owners.contains(user) {
                Role::Owner
            } else {
                Role::Member
            };
            join(connection, id, *user, role, new.now)?;
        }
        id
    };
    let values = named_params! { ":source": new.source.as_str(), ":key": new.key, ":room": id.0 };
    execute(connection, NOTE_ROOM, values)?;
    place(connection, new.source, &new.key)?.ok_or(StoreError::NotFound("room"))
}

/// Makes somebody a member who is none yet.
fn join(
    connection: &Connection,
    room: RoomId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    match members::find(connection, room, user) {
        Err(StoreError::NotFound(_)) => members::enter(connection, room, user, role, now),
        found => found.map(drop),
    }
}

fn message_of(connection: &Connection, place: i64, key: &str) -> Result<Option<MessageId>> {
    let values = named_params! { ":place": place, ":key": key };
    Ok(one(connection, KNOWN, values, value)?.map(MessageId))
}

fn add_all(
    transaction: &mut Transaction<'_>,
    place: i64,
    room: RoomId,
    messages: &[ImportedMessage],
) -> Result<usize> {
    let connection = transaction.connection;
    let values = named_params! { ":room": room.0 };
    let before: i64 =
        one(connection, own::LAST_ORDINAL, values, value)?.ok_or(StoreError::NotFound("room"))?;
    let mut last = None;
    let mut added = 0;
    for message in messages {
        if message_of(connection, place, &message.key)?.is_none() {
            last = Some(add(connection, place, room, message)?);
            added += 1;
        }
    }
    if let Some((id, ordinal)) = last {
        let values =
            named_params! { ":room": room.0, ":id": id.0, ":ordinal": ordinal, ":before": before };
        execute(connection, READ_ALL, values)?;
    }
    Ok(added)
}

/// Adds one message; answers its id and its number in its room.
fn add(
    connection: &Connection,
    place: i64,
    room: RoomId,
    message: &ImportedMessage,
) -> Result<(MessageId, i64)> {
    let missing = || StoreError::NotFound("room");
    let values = named_params! { ":room": room.0 };
    let number = one(connection, messages::NUMBER, values, |row| {
        Ok((row.take()?, row.take()?))
    })?;
    let (seq, ordinal): (i64, i64) = number.ok_or_else(missing)?;
    let thread = match &message.thread {
        Some(key) => thread(connection, place, room, key, message.deleted)?,
        None => None,
    };
    let attachments = i64::try_from(message.attachments.len()).unwrap_or(i64::MAX);
    let values = named_params! {
        ":room": room.0, ":author": message.author.0, ":seq": seq, ":ordinal": ordinal,
        ":text": message.text, ":html": message.html, ":created_at": message.created_at.0,
        ":edited_at": message.edited_at.map(|at| at.0), ":deleted": message.deleted, ":thread": thread,
        ":pinned_at": message.pinned_at.map(|at| at.0), ":attachments": attachments,
    };
    let id: i64 = one(connection, ADD_MESSAGE, values, value)?.ok_or_else(missing)?;
    let id = MessageId(id);
    let values = named_params! { ":place": place, ":key": message.key, ":id": id.0 };
    execute(connection, NOTE_MESSAGE, values)?;
    uploads::attach(connection, id, message.author, &message.attachments)?;
    mentions::set(connection, room, id, message.author, &message.mentioned)?;
    let mut reactions = 0_i64;
    for (emoji, people) in &message.reactions {
        for user in people {
            let values = named_params! { ":id": id.0, ":user": user.0, ":emoji": emoji.as_str() };
            if execute(connection, changes::REACT, values)? > 0 {
                reactions += 1;
            }
        }
    }
    if reactions > 0 {
        let values = named_params! { ":id": id.0, ":by": reactions };
        execute(connection, changes::COUNT_REACTIONS, values)?;
    }
    execute(connection, NO_NEWS, named_params! { ":id": id.0 })?;
    Ok((id, ordinal))
}

/// The first message of a thread, which has one more reply, unless that is deleted; `None` where it is not in this room.
fn thread(
    connection: &Connection,
    place: i64,
    room: RoomId,
    key: &str,
    deleted: bool,
) -> Result<Option<i64>> {
    let Some(source) = message_of(connection, place, key)? else {
        return Ok(None);
    };
    let values = named_params! { ":id": source.0, ":room": room.0 };
    let first: Option<i64> = one(connection, THREAD, values, value)?;
    if let (Some(first), false) = (first, deleted) {
        let values = named_params! { ":thread": first, ":by": 1 };
        execute(connection, changes::REPLIES, values)?;
    }
    Ok(first)
}

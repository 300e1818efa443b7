//! Rooms in SQLite. Who belongs to them stands in `members`.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, extras, members, mentions, room_changes,
    rows::{
        all, card_columns, execute, kind_text, membership, membership_columns, message,
        message_columns, one, room, room_columns,
    },
};
use crate::{
    model::{
        Member, Membership, MessageId, NewRoom, Permit, Role, Room, RoomChange, RoomCode, RoomId,
        RoomState, Standing, Timestamp, UserId,
    },
    store::{Actor, Joined, Result, Rooms, StoreError},
};

pub(super) const ROOM: &str = concat!(
    "SELECT ",
    room_columns!(),
    " FROM rooms r WHERE r.id = :room"
);

pub(super) const STANDING: &str = concat!(
    "SELECT ",
    room_columns!(),
    ", CASE WHEN b.user_id IS NULL THEN \
     (SELECT until FROM bans WHERE room_id = r.id AND user_id = :user) END, ",
    membership_columns!(),
    " FROM rooms r LEFT JOIN members b ON b.room_id = r.id AND b.user_id = :user WHERE r.code = :room"
);

/// A person's rooms are few, so they may be sorted; each room says which message is its newest.
pub(super) const ROOMS_OF: &str = concat!(
    "SELECT ",
    room_columns!(),
    ", ",
    membership_columns!(),
    ", ",
    message_columns!(),
    " FROM members b JOIN rooms r ON r.id = b.room_id \
     LEFT JOIN messages m ON m.id = r.last_id \
     LEFT JOIN users u ON u.id = m.author_id \
     WHERE b.user_id = :user ORDER BY m.id DESC, r.id DESC"
);

pub(super) const PUBLIC_ROOMS: &str = concat!(
    "SELECT ",
    room_columns!(),
    " FROM rooms r WHERE r.kind = 'public' AND r.archived = 0 \
     AND NOT EXISTS (SELECT 1 FROM members WHERE room_id = r.id AND user_id = :user) \
     AND NOT EXISTS (SELECT 1 FROM bans WHERE room_id = r.id AND user_id = :user AND until > :now) \
     ORDER BY r.member_count DESC, r.id DESC LIMIT :limit"
);

const INSERT: &str = "INSERT INTO rooms (code, name, topic, kind, created_at) \
    VALUES (:code, :name, :topic, :kind, :created_at)";

#[async_trait]
impl Rooms for SqliteStore {
    async fn create_room(&self, new: NewRoom) -> Result<Standing> {
        self.write(move |transaction| create(transaction, &new))
            .await
    }

    async fn change_room(
        &self,
        room: &RoomCode,
        by: Actor,
        change: RoomChange,
    ) -> Result<Standing> {
        let room = room.clone();
        self.write(move |transaction| room_changes::change(transaction, &room, by, &change))
            .await
    }

    async fn delete_room(&self, room: &RoomCode, by: Actor) -> Result<Standing> {
        let room = room.clone();
        self.write(move |transaction| room_changes::end(transaction, &room, by))
            .await
    }

    async fn sweep_rooms(&self) -> Result<bool> {
        self.write(|transaction| room_changes::sweep(transaction.connection))
            .await
    }

    async fn room(&self, id: RoomId) -> Result<Option<Room>> {
        self.read(move |connection| {
            Ok(one(
                connection,
                ROOM,
                named_params! { ":room": id.0 },
                room,
            )?)
        })
        .await
    }

    async fn standing(&self, room: &RoomCode, user: UserId) -> Result<Option<Standing>> {
        let room = room.clone();
        self.read(move |connection| standing(connection, &room, user))
            .await
    }

    async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomState>> {
        self.read(move |connection| rooms_of(connection, user))
            .await
    }

    async fn public_rooms(&self, user: UserId, now: Timestamp, limit: u32) -> Result<Vec<Room>> {
        self.read(move |connection| {
            Ok(all(
                connection,
                PUBLIC_ROOMS,
                named_params! { ":user": user.0, ":now": now.0, ":limit": limit },
                room,
            )?)
        })
        .await
    }

    async fn join(
        &self,
        room: &RoomCode,
        user: UserId,
        now: Timestamp,
        permit: Permit,
    ) -> Result<Joined> {
        let code = room.clone();
        let read = self.read(move |connection| joined(connection, &code, user, now, permit));
        if let Some(joined) = read.await? {
            return Ok(joined);
        }
        let room = room.clone();
        self.write(move |transaction| join(transaction, &room, user, now, permit))
            .await
    }

    async fn leave(&self, room: &RoomCode, by: Actor) -> Result<()> {
        let room = room.clone();
        self.write(move |transaction| room_changes::leave(transaction, &room, by))
            .await
    }

    async fn members(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Member>> {
        self.read(move |connection| members::page(connection, room, after, limit))
            .await
    }

    async fn roles(&self, room: RoomId) -> Result<Vec<(UserId, Role)>> {
        self.read(move |connection| members::roles(connection, room))
            .await
    }

    async fn members_named(
        &self,
        room: &RoomCode,
        names: Vec<String>,
    ) -> Result<Vec<(String, UserId)>> {
        let room = room.clone();
        self.read(move |connection| mentions::members_named(connection, &room, names))
            .await
    }

    async fn share_a_room(&self, one: UserId, other: UserId) -> Result<bool> {
        if one == other {
            return Ok(true);
        }
        self.read(move |connection| members::share_a_room(connection, one, other))
            .await
    }

    async fn acquaintances(&self, user: UserId) -> Result<Vec<UserId>> {
        self.read(move |connection| members::acquaintances(connection, user))
            .await
    }

    async fn mark_read(
        &self,
        room: &RoomCode,
        user: UserId,
        upto: MessageId,
    ) -> Result<Membership> {
        let room = room.clone();
        self.write(move |transaction| members::mark_read(transaction, &room, user, upto))
            .await
    }
}

/// The room with this code, and this person's place in it.
pub(super) fn standing(
    connection: &Connection,
    code: &RoomCode,
    user: UserId,
) -> Result<Option<Standing>> {
    let found = one(
        connection,
        STANDING,
        named_params! { ":room": code.as_str(), ":user": user.0 },
        |row| {
            Ok(Standing {
                room: room(row)?.seen_by(user),
                banned_until: row.take::<Option<i64>>()?.map(Timestamp),
                membership: row.joined(membership)?,
            })
        },
    )?;
    Ok(found)
}

/// The room with this id.
pub(super) fn by_id(connection: &Connection, id: RoomId) -> Result<Room> {
    one(connection, ROOM, named_params! { ":room": id.0 }, room)?
        .ok_or(StoreError::NotFound("room"))
}

pub(super) fn rooms_of(connection: &Connection, user: UserId) -> Result<Vec<RoomState>> {
    let rooms = all(
        connection,
        ROOMS_OF,
        named_params! { ":user": user.0 },
        |row| {
            Ok((
                room(row)?.seen_by(user),
                membership(row)?,
                row.joined(message)?,
            ))
        },
    )?;
    let complete = rooms.into_iter().map(|(room, membership, last)| {
        let last_message = last
            .map(|last| extras::complete(connection, last))
            .transpose()?;
        Ok(RoomState {
            room,
            membership,
            last_message,
        })
    });
    complete.collect()
}

fn create(transaction: &mut Transaction<'_>, new: &NewRoom) -> Result<Standing> {
    let values = named_params! {
        ":code": new.code.as_str(), ":name": new.name.as_str(), ":topic": new.topic.as_str(),
        ":kind": kind_text(new.kind), ":created_at": new.created_at.0,
    };
    execute(transaction.connection, INSERT, values)?;
    members::add(
        transaction,
        &new.code,
        new.owner,
        Role::Owner,
        new.created_at,
    )
}

/// This person's place in the room, where they may come in and belong to it already.
pub(super) fn joined(
    connection: &Connection,
    code: &RoomCode,
    user: UserId,
    now: Timestamp,
    permit: Permit,
) -> Result<Option<Joined>> {
    let standing = standing(connection, code, user)?.ok_or(StoreError::NotFound("room"))?;
    permit(&standing, now)?;
    let joined = standing.membership.is_some();
    Ok(joined.then_some(Joined {
        standing,
        new: false,
    }))
}

/// A member by now is one who joined since it was looked.
fn join(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    user: UserId,
    now: Timestamp,
    permit: Permit,
) -> Result<Joined> {
    if let Some(joined) = joined(transaction.connection, code, user, now, permit)? {
        return Ok(joined);
    }
    let standing = members::add(transaction, code, user, Role::Member, now)?;
    Ok(Joined {
        standing,
        new: true,
    })
}

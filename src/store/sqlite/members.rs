//! Who belongs to which room, and how far they have read, in SQLite.
//!
//! Unread messages are never counted: a room numbers its messages, a membership keeps the number of
//! the last one read, and the difference is what is unread.

use rusqlite::{Connection, named_params};

use super::{
    Transaction, rooms,
    rows::{all, card_columns, execute, member, member_columns, one, role, role_text, value},
};
use crate::{
    model::{
        Change, LeaveReason, Member, Membership, MessageId, Role, RoomCode, RoomId, Standing,
        Timestamp, UserId,
    },
    store::{Result, StoreError},
};

/// A new member has read everything, is muted where they were when they left, waits before the first message of a slow
/// room, and is told of mentions alone unless the room is a direct conversation.
pub(super) const ADD: &str = "INSERT INTO members \
    (room_id, user_id, role, joined_at, read_id, read_ordinal, muted_until, sent_at, notify) \
    SELECT r.id, u.id, :role, :now, \
    coalesce(r.last_id, 0), r.message_count, \
    (SELECT until FROM mutes WHERE room_id = r.id AND user_id = u.id), \
    CASE WHEN r.slow_mode_s > 0 THEN :now END, iif(r.kind = 'direct', 'all', 'mentions') \
    FROM rooms r, users u WHERE r.id = :room AND u.id = :user AND u.deleted = 0";

pub(super) const REMOVE: &str = "DELETE FROM members WHERE room_id = :room AND user_id = :user";

/// Coming back does not lift a mute.
pub(super) const REMEMBER_MUTE: &str = "INSERT INTO mutes (room_id, user_id, until) \
    SELECT room_id, user_id, muted_until FROM members \
    WHERE room_id = :room AND user_id = :user AND muted_until IS NOT NULL \
    ON CONFLICT DO UPDATE SET until = excluded.until";
pub(super) const SET_ROLE: &str =
    "UPDATE members SET role = :role WHERE room_id = :room AND user_id = :user";

pub(super) const ROLES: &str = "SELECT user_id, role FROM members WHERE room_id = :room";

pub(super) const COUNT: &str =
    "UPDATE rooms SET member_count = member_count + :by WHERE id = :room";

pub(super) const MEMBER: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM members b JOIN users u ON u.id = b.user_id WHERE b.room_id = :room AND b.user_id = :user"
);

pub(super) const PAGE: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM members b JOIN users u ON u.id = b.user_id \
     WHERE b.room_id = :room AND b.user_id > :after ORDER BY b.user_id LIMIT :limit"
);

pub(super) const SHARE_A_ROOM: &str = "SELECT EXISTS (SELECT 1 FROM members a \
    JOIN members b ON b.room_id = a.room_id AND b.user_id = :other WHERE a.user_id = :one)";

pub(super) const ACQUAINTANCES: &str = "SELECT b.user_id FROM members a \
    JOIN members b ON b.room_id = a.room_id WHERE a.user_id = :user UNION SELECT :user ORDER BY 1";

/// The newest message of the room that is not newer than `:upto` becomes the mark, unless it is behind it.
pub(super) const MARK_READ: &str = "UPDATE members SET read_id = newest.id, read_ordinal = newest.ordinal, \
    mention_count = CASE WHEN mention_count = 0 THEN 0 ELSE (SELECT count(*) FROM messages m \
    WHERE m.room_id = :room AND m.id > newest.id AND m.author_id <> :user AND (m.mentions_room \
    OR EXISTS (SELECT 1 FROM mentions n WHERE n.message_id = m.id AND n.user_id = :user))) END \
    FROM (SELECT id, ordinal FROM messages WHERE room_id = :room AND id <= :upto ORDER BY id DESC LIMIT 1) newest \
    WHERE members.room_id = :room AND members.user_id = :user AND members.read_id < newest.id";

/// Makes a person, who is none yet, a member of a room, and tells of it.
pub(super) fn add(
    transaction: &mut Transaction<'_>,
    room: &RoomCode,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<Standing> {
    insert(transaction.connection, room, user, role, now)?;
    tell_joined(transaction, room, user)
}

/// Makes a person, who is none yet, a member of a room; it is still to be told.
pub(super) fn insert(
    connection: &Connection,
    room: &RoomCode,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    let id = rooms::standing(connection, room, user)?
        .ok_or(StoreError::NotFound("room"))?
        .room
        .id;
    enter(connection, id, user, role, now)
}

/// The same, where the room is known by its id.
pub(super) fn enter(
    connection: &Connection,
    room: RoomId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    let values =
        named_params! { ":room": room.0, ":user": user.0, ":role": role_text(role), ":now": now.0 };
    if execute(connection, ADD, values)? == 0 {
        return Err(StoreError::NotFound("account"));
    }
    execute(
        connection,
        COUNT,
        named_params! { ":room": room.0, ":by": 1 },
    )?;
    Ok(())
}

/// Tells of a new member.
pub(super) fn tell_joined(
    transaction: &mut Transaction<'_>,
    room: &RoomCode,
    user: UserId,
) -> Result<Standing> {
    let connection = transaction.connection;
    let standing = rooms::standing(connection, room, user)?.ok_or(StoreError::NotFound("room"))?;
    let member = find(connection, standing.room.id, user)?;
    transaction.tell(Change::Joined {
        room: standing.room.clone(),
        member,
    });
    Ok(standing)
}

/// Takes a member out of a room, and tells of it.
pub(super) fn remove(
    transaction: &mut Transaction<'_>,
    room: &RoomCode,
    user: UserId,
    reason: LeaveReason,
) -> Result<()> {
    let connection = transaction.connection;
    let id = room_of_member(connection, room, user)?;
    let user = find(connection, id, user)?.user;
    let values = named_params! { ":room": id.0, ":user": user.id.0 };
    execute(connection, REMEMBER_MUTE, values)?;
    execute(connection, REMOVE, values)?;
    let values = named_params! { ":room": id.0, ":by": -1 };
    execute(connection, COUNT, values)?;
    let room = rooms::by_id(connection, id)?;
    transaction.tell(Change::Left { room, user, reason });
    Ok(())
}

/// Gives a member another role, and tells of it.
pub(super) fn set_role(
    transaction: &mut Transaction<'_>,
    room: RoomId,
    user: UserId,
    role: Role,
) -> Result<Member> {
    let values = named_params! { ":room": room.0, ":user": user.0, ":role": role_text(role) };
    execute(transaction.connection, SET_ROLE, values)?;
    let member = find(transaction.connection, room, user)?;
    transaction.tell(Change::Member {
        room: rooms::by_id(transaction.connection, room)?,
        member: member.clone(),
    });
    Ok(member)
}

/// Everybody who belongs to a room, and as what.
pub(super) fn roles(connection: &Connection, room: RoomId) -> Result<Vec<(UserId, Role)>> {
    let values = named_params! { ":room": room.0 };
    Ok(all(connection, ROLES, values, |row| {
        Ok((UserId(row.take()?), role(row)?))
    })?)
}

pub(super) fn page(
    connection: &Connection,
    room: RoomId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Member>> {
    let after = after.map_or(i64::MIN, |user| user.0);
    let values = named_params! { ":room": room.0, ":after": after, ":limit": limit };
    Ok(all(connection, PAGE, values, member)?)
}

pub(super) fn share_a_room(connection: &Connection, a: UserId, b: UserId) -> Result<bool> {
    let values = named_params! { ":one": a.0, ":other": b.0 };
    Ok(one(connection, SHARE_A_ROOM, values, value)?.unwrap_or_default())
}

pub(super) fn acquaintances(connection: &Connection, user: UserId) -> Result<Vec<UserId>> {
    let values = named_params! { ":user": user.0 };
    Ok(all(connection, ACQUAINTANCES, values, |row| {
        row.take().map(UserId)
    })?)
}

pub(super) fn mark_read(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    user: UserId,
    upto: MessageId,
) -> Result<Membership> {
    let room = room_of_member(transaction.connection, code, user)?;
    let values = named_params! { ":room": room.0, ":user": user.0, ":upto": upto.0 };
    let moved = execute(transaction.connection, MARK_READ, values)? > 0;
    let standing = rooms::standing(transaction.connection, code, user)?;
    let Some(Standing {
        room,
        membership: Some(membership),
        ..
    }) = standing
    else {
        return Err(StoreError::NotFound("room"));
    };
    if moved {
        transaction.tell(Change::Read {
            user_id: user,
            room,
            membership: membership.clone(),
            back: false,
        });
    }
    Ok(membership)
}

/// The room, if this person belongs to it; who does not learns nothing of it.
pub(super) fn room_of_member(
    connection: &Connection,
    code: &RoomCode,
    user: UserId,
) -> Result<RoomId> {
    match rooms::standing(connection, code, user)? {
        Some(Standing {
            room,
            membership: Some(_),
            ..
        }) => Ok(room.id),
        _ => Err(StoreError::NotFound("room")),
    }
}

/// This member of a room.
pub(super) fn find(connection: &Connection, room: RoomId, user: UserId) -> Result<Member> {
    one(
        connection,
        MEMBER,
        named_params! { ":room": room.0, ":user": user.0 },
        member,
    )?
    .ok_or(StoreError::NotFound("member"))
}

//! What becomes of a room in SQLite: changes to its head, leaving it, its end.

use rusqlite::{Connection, named_params};

use super::{
    Transaction, measures, members, rooms,
    rows::{execute, kind_text, one, value},
};
use crate::{
    model::{
        Change, LeaveReason, RemovalReason, Role, Room, RoomChange, RoomCode, RoomId, RoomKind,
        RoomName, Standing, Topic, UserId,
    },
    store::{Actor, Result, StoreError},
};

/// How many messages of an ended room are deleted at once: as long as the writer may be kept by it.
const AT_ONCE: u32 = 200;

pub(super) const CHANGE: &str = "UPDATE rooms SET name = coalesce(:name, name), topic = coalesce(:topic, topic), \
    kind = coalesce(:kind, kind), archived = coalesce(:archived, archived), \
    retention_days = nullif(coalesce(:retention_days, retention_days), 0) WHERE id = :room";

pub(super) const OWNERS: &str =
    "SELECT count(*) FROM members WHERE room_id = :room AND role = 'owner'";

/// Who has kept order the longest, else who has been here the longest.
pub(super) const SUCCESSOR: &str = "SELECT b.user_id FROM members b JOIN users u ON u.id = b.user_id \
    WHERE b.room_id = :room AND u.deleted = 0 AND u.bot = 0 \
    ORDER BY b.role = 'moderator' DESC, b.joined_at, b.user_id LIMIT 1";

/// Its code is one that nobody was ever told, and nobody is a member.
pub(super) const END: &str = "UPDATE rooms SET ended = 1, code = lower(hex(randomblob(16))), kind = 'private', \
    people_key = NULL, member_count = 0 WHERE id = :room";

pub(super) const END_MEMBERS: &str = "DELETE FROM members WHERE room_id = :room";

pub(super) const END_INVITES: &str = "DELETE FROM invites WHERE room_id = :room";

pub(super) const END_VISITS: &str =
    "UPDATE sessions SET entered_room = NULL WHERE entered_room = :room";

pub(super) const ENDED: &str = "SELECT id FROM rooms WHERE ended = 1 LIMIT 1";

/// The newest first: a reply goes before what it refers to.
pub(super) const SWEEP_MESSAGES: &str = "DELETE FROM messages WHERE id IN \
    (SELECT id FROM messages WHERE room_id = :room ORDER BY id DESC LIMIT :limit)";

pub(super) const SWEEP_ROOM: &str = "DELETE FROM rooms WHERE id = :room";

/// The room and this person's place in it, if they may do what they are about to.
pub(super) fn permitted(connection: &Connection, code: &RoomCode, by: Actor) -> Result<Standing> {
    let standing =
        rooms::standing(connection, code, by.user)?.ok_or(StoreError::NotFound("room"))?;
    (by.permit)(&standing, by.now)?;
    Ok(standing)
}

/// Changes a room's head, and tells of it where that makes a difference.
pub(super) fn change(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    by: Actor,
    change: &RoomChange,
) -> Result<Standing> {
    let before = permitted(transaction.connection, code, by)?;
    write(transaction, before.room.id, change)?;
    let after = rooms::standing(transaction.connection, code, by.user)?
        .ok_or(StoreError::NotFound("room"))?;
    if after.room.retention_days != before.room.retention_days {
        let days = after.room.retention_days;
        measures::note_retention(transaction.connection, after.room.id, by, days)?;
    }
    if after.room != before.room {
        transaction.tell(Change::Room(after.room.clone()));
    }
    Ok(after)
}

fn write(transaction: &mut Transaction<'_>, room: RoomId, change: &RoomChange) -> Result<()> {
    let values = named_params! {
        ":room": room.0, ":name": change.name.as_ref().map(RoomName::as_str),
        ":topic": change.topic.as_ref().map(Topic::as_str), ":kind": change.kind.map(kind_text),
        ":archived": change.archived, ":retention_days": change.retention_days,
    };
    execute(transaction.connection, CHANGE, values)?;
    Ok(())
}

/// Gives a membership up, and hands on what would be left without an owner.
pub(super) fn leave(transaction: &mut Transaction<'_>, code: &RoomCode, by: Actor) -> Result<()> {
    let missing = || StoreError::NotFound("room");
    let standing = rooms::standing(transaction.connection, code, by.user)?.ok_or_else(missing)?;
    let membership = standing.membership.as_ref().ok_or_else(missing)?;
    (by.permit)(&standing, by.now)?;
    let room = &standing.room;
    members::remove(transaction, code, by.user, LeaveReason::Left)?;
    if membership.role == Role::Owner {
        hand_on(transaction, room.id)?;
    }
    if room.kind == RoomKind::Private && room.members == 1 {
        archive(transaction, room.id, true)?;
    }
    Ok(())
}

/// Archives a room or takes it back, whoever asks; tells nobody.
pub(super) fn archive(transaction: &mut Transaction<'_>, room: RoomId, on: bool) -> Result<()> {
    let change = RoomChange {
        archived: Some(on),
        ..RoomChange::default()
    };
    write(transaction, room, &change)
}

/// Gives a room that has lost its last owner another one, where anybody is left; says whether it has one.
pub(super) fn hand_on(transaction: &mut Transaction<'_>, room: RoomId) -> Result<bool> {
    let connection = transaction.connection;
    let values = named_params! { ":room": room.0 };
    let owners: i64 = one(connection, OWNERS, values, value)?.unwrap_or_default();
    if owners > 0 {
        return Ok(true);
    }
    let successor = one(connection, SUCCESSOR, values, value)?;
    if let Some(successor) = successor {
        members::set_role(transaction, room, UserId(successor), Role::Owner)?;
    }
    Ok(successor.is_some())
}

/// Ends a room.
pub(super) fn end(
    transaction: &mut Transaction<'_>,
    code: &RoomCode,
    by: Actor,
) -> Result<Standing> {
    let standing = permitted(transaction.connection, code, by)?;
    end_room(transaction, &standing.room)?;
    Ok(standing)
}

/// Ends a room, whoever asks.
pub(super) fn end_room(transaction: &mut Transaction<'_>, room: &Room) -> Result<()> {
    let connection = transaction.connection;
    let members = members::roles(connection, room.id)?;
    for sql in [END, END_MEMBERS, END_INVITES, END_VISITS] {
        execute(connection, sql, named_params! { ":room": room.id.0 })?;
    }
    transaction.tell(Change::Removed {
        room: room.clone(),
        members: members.into_iter().map(|(user, _)| user).collect(),
        reason: RemovalReason::Deleted,
    });
    Ok(())
}

/// Deletes some messages of an ended room, and the room with the last of them; says whether there is more to do.
pub(super) fn sweep(connection: &Connection) -> Result<bool> {
    let Some(room) = one(connection, ENDED, [], value::<i64>)? else {
        return Ok(false);
    };
    let values = named_params! { ":room": room, ":limit": AT_ONCE };
    if execute(connection, SWEEP_MESSAGES, values)? == 0 {
        execute(connection, SWEEP_ROOM, named_params! { ":room": room })?;
    }
    Ok(true)
}

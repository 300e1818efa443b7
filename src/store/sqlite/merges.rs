//! An account that waits becomes part of one that somebody has here already: everything that was made in its name moves, and
//! nothing is left of it. Some of this reads whole tables: it is done by hand, while no server runs.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};

use super::{
    members, own,
    rows::{Columns, all, execute, one, role, role_of, role_text, value},
};
use crate::{
    model::{Merged, Role, RoomId, Timestamp, UserId},
    store::{Result, StoreError},
};

/// The most characters of people's names in the name of a room.
const NAME: usize = 50;

const WAITS: &str =
    "SELECT count(*) FROM users WHERE id = :from AND placeholder = 1 AND deleted = 0";

const IS_HERE: &str = "SELECT count(*) FROM users \
    WHERE id = :into AND placeholder = 0 AND deleted = 0 AND bot = 0 AND guest = 0";

const MESSAGES: &str = "UPDATE messages SET author_id = :into WHERE author_id = :from";

const NAMED: &str =
    "UPDATE messages SET html = replace(html, :before, :after) WHERE instr(html, :before) > 0";

const MENTIONED_IN: &str = "SELECT message_id FROM mentions WHERE user_id = :from";

/// Nobody mentions themselves.
const MENTIONS: &str = "UPDATE OR IGNORE mentions SET user_id = :into WHERE user_id = :from \
    AND NOT EXISTS (SELECT 1 FROM messages WHERE id = message_id AND author_id = :into)";

const OWN_MENTIONS: &str = "SELECT m.id FROM mentions n JOIN messages m ON m.id = n.message_id \
    WHERE n.user_id = :into AND m.author_id = :into";

const NOT_ONESELF: &str = "DELETE FROM mentions WHERE message_id = :id AND user_id = :user";

const LEFT_MENTIONS: &str = "DELETE FROM mentions WHERE user_id = :from";

const COUNT_MENTIONS: &str = "UPDATE messages SET \
    mention_count = (SELECT count(*) FROM mentions WHERE message_id = :id) WHERE id = :id";

const REACTED_TO: &str = "SELECT DISTINCT message_id FROM reactions WHERE user_id = :from";

const REACTIONS: &str = "UPDATE OR IGNORE reactions SET user_id = :into WHERE user_id = :from";

const LEFT_REACTIONS: &str = "DELETE FROM reactions WHERE user_id = :from";

const COUNT_REACTIONS: &str = "UPDATE messages SET \
    reaction_count = (SELECT count(*) FROM reactions WHERE message_id = :id) WHERE id = :id";

const ROOMS: &str = "SELECT b.room_id, b.role, r.people_key, \
    EXISTS (SELECT 1 FROM bans WHERE room_id = r.id AND user_id = :into AND until > :now), \
    (SELECT role FROM members WHERE room_id = r.id AND user_id = :into) \
    FROM members b JOIN rooms r ON r.id = b.room_id WHERE b.user_id = :from";

const MEMBER: &str = "UPDATE members SET user_id = :into WHERE room_id = :room AND user_id = :from";

const COUNT_UNREAD: &str = "UPDATE members SET mention_count = (SELECT count(*) FROM messages m \
    WHERE m.room_id = :room AND m.id > members.read_id AND m.author_id <> :user AND (m.mentions_room \
    OR EXISTS (SELECT 1 FROM mentions n WHERE n.message_id = m.id AND n.user_id = :user))) \
    WHERE room_id = :room AND user_id = :user";

const PEOPLE: &str = "UPDATE rooms SET people_key = :people WHERE id = :room";

/// Two conversations between the same people cannot both be *the* direct one: the older one goes on as a private room.
const BESIDE: &str =
    "UPDATE rooms SET kind = 'private', people_key = NULL, name = :name WHERE id = :room";

const ALL_OWN: &str = "UPDATE members SET role = 'owner' WHERE room_id = :room";

const NAMES: &str = "SELECT u.name FROM members b JOIN users u ON u.id = b.user_id \
    WHERE b.room_id = :room AND u.id <> :from ORDER BY u.name_key";

const FILES: &str = "UPDATE uploads SET user_id = :into WHERE user_id = :from";

const FILE_BYTES: &str = "UPDATE users SET upload_bytes = upload_bytes + \
    (SELECT upload_bytes FROM users WHERE id = :from) WHERE id = :into";

/// A report of both is one that was dealt with.
const DOUBLE_REPORTS: &str = "UPDATE reports SET user_id = :into, resolved_at = :now \
    WHERE user_id = :from AND resolved_at IS NULL";

const GONE: &str = "DELETE FROM users WHERE id = :from";

/// What else names the account, for the other one's good; what that has already stays as it is, and goes with the account.
const REST: [&str; 10] = [
    "UPDATE OR IGNORE oidc_identities SET user_id = :into WHERE user_id = :from",
    "UPDATE OR IGNORE mutes SET user_id = :into WHERE user_id = :from",
    "UPDATE OR IGNORE saved SET user_id = :into WHERE user_id = :from",
    "UPDATE OR IGNORE reports SET user_id = :into WHERE user_id = :from",
    "UPDATE reports SET resolved_by = :into WHERE resolved_by = :from",
    "UPDATE OR IGNORE report_reasons SET user_id = :into WHERE user_id = :from",
    "UPDATE bans SET by_id = :into WHERE by_id = :from",
    "UPDATE room_log SET user_id = :into WHERE user_id = :from",
    "UPDATE room_log SET by_id = :into WHERE by_id = :from",
    "UPDATE imported_people SET user_id = :into, claim = NULL, claim_until = NULL WHERE user_id = :from",
];

/// A ban holds for the person, where they have not come in as somebody else meanwhile.
const BANS: &str = "UPDATE OR IGNORE bans SET user_id = :into WHERE user_id = :from \
    AND room_id NOT IN (SELECT room_id FROM members WHERE user_id = :into)";

/// Moves all that is `from`'s to `into`.
pub(super) fn merge(
    connection: &Connection,
    from: UserId,
    into: UserId,
    now: Timestamp,
) -> Result<Merged> {
    let is = |sql, values: &[(&str, &dyn rusqlite::ToSql)]| -> Result<bool> {
        Ok(one(connection, sql, values, value::<i64>)? == Some(1))
    };
    if !is(WAITS, named_params! { ":from": from.0 })? {
        return Err(StoreError::NotFound("account"));
    }
    if !is(IS_HERE, named_params! { ":into": into.0 })? {
        return Err(StoreError::NotFound("person"));
    }
    let both = named_params! { ":from": from.0, ":into": into.0 };
    let rooms = rooms(connection, from, into, now)?;
    let messages = messages(connection, from, into)?;
    mentions(connection, from, into)?;
    reactions(connection, from, into)?;
    for sql in [FILES, FILE_BYTES, BANS].into_iter().chain(REST) {
        execute(connection, sql, both)?;
    }
    let values = named_params! { ":from": from.0, ":into": into.0, ":now": now.0 };
    execute(connection, DOUBLE_REPORTS, values)?;
    for room in &rooms {
        let values = named_params! { ":room": room.0, ":user": into.0 };
        execute(connection, COUNT_UNREAD, values)?;
    }
    execute(connection, GONE, named_params! { ":from": from.0 })?;
    let rooms = rooms.len();
    Ok(Merged { messages, rooms })
}

fn messages(connection: &Connection, from: UserId, into: UserId) -> Result<usize> {
    let both = named_params! { ":from": from.0, ":into": into.0 };
    let moved = execute(connection, MESSAGES, both)?;
    let named = |user: UserId| format!("data-user-id=\"{user}\"");
    let values = named_params! { ":before": named(from), ":after": named(into) };
    execute(connection, NAMED, values)?;
    Ok(moved)
}

fn mentions(connection: &Connection, from: UserId, into: UserId) -> Result<()> {
    let (one, other) = (
        named_params! { ":from": from.0 },
        named_params! { ":into": into.0 },
    );
    let both = named_params! { ":from": from.0, ":into": into.0 };
    let mut touched: BTreeSet<i64> = all(connection, MENTIONED_IN, one, value)?
        .into_iter()
        .collect();
    execute(connection, MENTIONS, both)?;
    execute(connection, LEFT_MENTIONS, one)?;
    for id in all(connection, OWN_MENTIONS, other, value::<i64>)? {
        let values = named_params! { ":id": id, ":user": into.0 };
        execute(connection, NOT_ONESELF, values)?;
        touched.insert(id);
    }
    for id in touched {
        execute(connection, COUNT_MENTIONS, named_params! { ":id": id })?;
    }
    Ok(())
}

fn reactions(connection: &Connection, from: UserId, into: UserId) -> Result<()> {
    let one = named_params! { ":from": from.0 };
    let touched = all(connection, REACTED_TO, one, value::<i64>)?;
    let both = named_params! { ":from": from.0, ":into": into.0 };
    execute(connection, REACTIONS, both)?;
    execute(connection, LEFT_REACTIONS, one)?;
    for id in touched {
        execute(connection, COUNT_REACTIONS, named_params! { ":id": id })?;
    }
    Ok(())
}

/// A room that the account belongs to.
struct Place {
    room: RoomId,
    role: Role,
    /// Between whom, if it is direct.
    people: Option<String>,
    /// Whether the other account is kept out of it.
    banned: bool,
    /// What the other account is in it.
    other: Option<Role>,
}

fn place(row: &mut Columns<'_>) -> rusqlite::Result<Place> {
    Ok(Place {
        room: RoomId(row.take()?),
        role: role(row)?,
        people: row.take()?,
        banned: row.take()?,
        other: row.optional(role_of)?,
    })
}

/// Moves memberships; answers the rooms.
fn rooms(
    connection: &Connection,
    from: UserId,
    into: UserId,
    now: Timestamp,
) -> Result<Vec<RoomId>> {
    let values = named_params! { ":from": from.0, ":into": into.0, ":now": now.0 };
    let places = all(connection, ROOMS, values, place)?;
    for place in &places {
        if let Some(people) = &place.people {
            direct(connection, place.room, people, from, into)?;
        }
        let room = place.room;
        if !place.banned && place.other.is_none() {
            let values = named_params! { ":room": room.0, ":from": from.0, ":into": into.0 };
            execute(connection, MEMBER, values)?;
            continue;
        }
        let values = named_params! { ":room": room.0, ":user": from.0 };
        execute(connection, members::REMOVE, values)?;
        execute(
            connection,
            members::COUNT,
            named_params! { ":room": room.0, ":by": -1 },
        )?;
        if place.other.is_some_and(|other| other < place.role) {
            let values = named_params! {
                ":room": room.0, ":user": into.0, ":role": role_text(place.role),
            };
            execute(connection, members::SET_ROLE, values)?;
        }
    }
    Ok(places.into_iter().map(|place| place.room).collect())
}

/// Has a direct conversation be between the other account and the same people.
fn direct(
    connection: &Connection,
    room: RoomId,
    people: &str,
    from: UserId,
    into: UserId,
) -> Result<()> {
    let ids = people.split(',').filter_map(|id| id.parse().ok());
    let ids: Vec<_> = ids
        .map(|id| if id == from.0 { into } else { UserId(id) })
        .collect();
    let key = own::people_key(&ids);
    let values = named_params! { ":people": key };
    let there: Option<String> = one(connection, own::DIRECT, values, value)?;
    if there.is_none() {
        let values = named_params! { ":people": key, ":room": room.0 };
        execute(connection, PEOPLE, values)?;
        return Ok(());
    }
    let values = named_params! { ":room": room.0, ":from": from.0 };
    let names: Vec<String> = all(connection, NAMES, values, value)?;
    let name: String = names.join(", ").chars().take(NAME).collect();
    let name = format!("{name} (imported)");
    let values = named_params! { ":room": room.0, ":name": name };
    execute(connection, BESIDE, values)?;
    execute(connection, ALL_OWN, named_params! { ":room": room.0 })?;
    Ok(())
}

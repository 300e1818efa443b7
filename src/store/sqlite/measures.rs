//! What was done in a room, as its log holds it: a word each, and what belongs to it.

use rusqlite::{Connection, named_params};

use super::rows::{Columns, card, execute, role_of};
use crate::{
    model::{LogEntry, Logged, Measure, Reason, Role, RoomId, Timestamp},
    store::{Actor, Result},
};

/// The stored form of a measure's kind.
pub(super) const fn action_text(measure: &Measure) -> &'static str {
    match measure {
        Measure::Kick => "kick",
        Measure::Ban { .. } => "ban",
        Measure::Unban => "unban",
        Measure::Mute { .. } => "mute",
        Measure::Unmute => "unmute",
        Measure::SetRole(_) => "set_role",
        Measure::SlowMode(_) => "slow_mode",
        Measure::DeleteMessages(_) => "delete_messages",
    }
}

/// That messages are kept longer, or not so long.
const RETENTION: &str = "retention";

const NOTE_RETENTION: &str = "INSERT INTO room_log (room_id, action, by_id, days, reason, created_at) \
    VALUES (:room, :action, :by, :days, '', :now)";

/// Puts down for how many days a room keeps its messages from now on; 0: as long as the site.
pub(super) fn note_retention(
    connection: &Connection,
    room: RoomId,
    by: Actor,
    days: u32,
) -> Result<()> {
    let values = named_params! {
        ":room": room.0, ":action": RETENTION, ":by": by.user.0, ":days": days, ":now": by.now.0,
    };
    execute(connection, NOTE_RETENTION, values)?;
    Ok(())
}

fn measure_of(
    action: &str,
    until: Option<Timestamp>,
    role: Option<Role>,
    seconds: Option<u32>,
) -> Option<Measure> {
    match (action, until, role, seconds) {
        ("kick", ..) => Some(Measure::Kick),
        ("ban", Some(until), ..) => Some(Measure::Ban { until }),
        ("unban", ..) => Some(Measure::Unban),
        ("mute", Some(until), ..) => Some(Measure::Mute { until }),
        ("unmute", ..) => Some(Measure::Unmute),
        ("set_role", _, Some(role), _) => Some(Measure::SetRole(role)),
        ("slow_mode", .., Some(seconds)) => Some(Measure::SlowMode(seconds)),
        ("delete_messages", .., Some(seconds)) => Some(Measure::DeleteMessages(seconds)),
        _ => None,
    }
}

/// A line of a room's log, as `entries!` lists its columns.
pub(super) fn entry(row: &mut Columns<'_>) -> rusqlite::Result<LogEntry> {
    let id = row.take()?;
    let until = row.take::<Option<i64>>()?.map(Timestamp);
    let role = row.take::<Option<String>>()?;
    let role = role.as_deref().and_then(role_of);
    let seconds: Option<u32> = row.take()?;
    let days: Option<u32> = row.take()?;
    let what = row.parsed(|action| match (action, days) {
        (RETENTION, Some(days)) => Some(Logged::Retention(days)),
        _ => measure_of(action, until, role, seconds).map(Logged::Measure),
    })?;
    let messages = row.take()?;
    let reason = Reason::stored(row.take()?);
    let created_at = Timestamp(row.take()?);
    let by = card(row)?;
    let user = row.joined(card)?;
    Ok(LogEntry {
        id,
        what,
        user,
        by,
        messages,
        reason,
        created_at,
    })
}

//! Measures as a room's log holds them: a word each, and what belongs to it.

use super::rows::{Columns, card, role_of};
use crate::model::{LogEntry, Measure, Reason, Role, Timestamp};

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
    let measure = row.parsed(|action| measure_of(action, until, role, seconds))?;
    let messages = row.take()?;
    let reason = Reason::stored(row.take()?);
    let created_at = Timestamp(row.take()?);
    let by = card(row)?;
    let user = row.joined(card)?;
    Ok(LogEntry {
        id,
        measure,
        user,
        by,
        messages,
        reason,
        created_at,
    })
}

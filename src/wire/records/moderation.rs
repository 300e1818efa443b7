//! What is done to keep order, as moderators and the site's admin read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    model,
    wire::{Role, Time, User},
};

/// Something that is done to keep order in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModerationAction {
    /// Put a member out; they may come back to a public room.
    Kick,
    /// Put a person out, or keep them out, for so many seconds or until it is taken back.
    Ban,
    /// Let a person in again.
    Unban,
    /// Keep a member from writing for so many seconds, or until it is taken back.
    Mute,
    /// Let a member write again.
    Unmute,
    /// Give a member another role; only owners do.
    SetRole,
    /// Have members wait so many seconds between two messages; 0 ends that.
    SlowMode,
    /// Delete what a person said in the last so many seconds; the newest 1,000 messages of it.
    DeleteMessages,
}

impl ModerationAction {
    /// Every action, in the contract's order.
    pub const ALL: [Self; 8] = [
        Self::Kick,
        Self::Ban,
        Self::Unban,
        Self::Mute,
        Self::Unmute,
        Self::SetRole,
        Self::SlowMode,
        Self::DeleteMessages,
    ];

    /// The action as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kick => "kick",
            Self::Ban => "ban",
            Self::Unban => "unban",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::SetRole => "set_role",
            Self::SlowMode => "slow_mode",
            Self::DeleteMessages => "delete_messages",
        }
    }
}

impl From<&model::Measure> for ModerationAction {
    fn from(measure: &model::Measure) -> Self {
        match measure {
            model::Measure::Kick => Self::Kick,
            model::Measure::Ban { .. } => Self::Ban,
            model::Measure::Unban => Self::Unban,
            model::Measure::Mute { .. } => Self::Mute,
            model::Measure::Unmute => Self::Unmute,
            model::Measure::SetRole(_) => Self::SetRole,
            model::Measure::SlowMode(_) => Self::SlowMode,
            model::Measure::DeleteMessages(_) => Self::DeleteMessages,
        }
    }
}

/// What a line of a room's log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum LogAction {
    /// Order was kept.
    Measure(ModerationAction),
    /// The room is to be otherwise.
    Setting(RoomSetting),
}

/// A setting of a room whose changes stand in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomSetting {
    /// For how many days messages are kept.
    Retention,
}

/// One line of a room's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LogEntry {
    /// Its number: grows with each.
    pub id: i64,
    /// What was done.
    pub action: LogAction,
    /// To whom, where it was done to one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// Their present name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who did it, by their present name.
    pub by: String,
    /// Until when it lasts; in the year 9999 where it lasts until it is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub until: Option<String>,
    /// The new role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The seconds of slow mode, or as far back as messages were deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// For how many days messages are kept from then on; 0: as long as the site keeps any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// How many messages were deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<i64>,
    /// Why; may be empty.
    pub reason: String,
    /// When.
    #[schemars(with = "Time")]
    pub created_at: String,
}

impl From<&model::LogEntry> for LogEntry {
    fn from(entry: &model::LogEntry) -> Self {
        let (action, measure, days) = match &entry.what {
            model::Logged::Measure(measure) => {
                (LogAction::Measure(measure.into()), Some(measure), None)
            }
            model::Logged::Retention(days) => (
                LogAction::Setting(RoomSetting::Retention),
                None,
                Some(*days),
            ),
        };
        let user = entry.user.as_ref();
        Self {
            id: entry.id,
            action,
            user_id: user.map(|user| user.id.0),
            name: user.map(|user| user.name.as_str().to_owned()),
            by: entry.by.name.as_str().to_owned(),
            until: measure
                .and_then(model::Measure::until)
                .map(|until| until.to_string()),
            role: measure.and_then(model::Measure::role).map(Role::from),
            seconds: measure.and_then(model::Measure::seconds),
            days,
            messages: entry.messages,
            reason: entry.reason.as_str().to_owned(),
            created_at: entry.created_at.to_string(),
        }
    }
}

/// A message or a person that was reported to the site's admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Its number: grows with each.
    pub id: i64,
    /// Who is reported, or wrote the message.
    pub user: User,
    /// The message, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<ReportedMessage>,
    /// Who reported it, and why.
    pub reasons: Vec<ReportReason>,
    /// When it was reported first.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub resolved_at: Option<String>,
}

/// A message, as it was when it was reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportedMessage {
    /// Its id.
    pub id: i64,
    /// What it said.
    pub text: String,
    /// When it was sent.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// The code of its room, unless that is gone.
    pub room: Option<String>,
    /// The name of its room, unless that is gone.
    pub room_name: Option<String>,
}

/// Why one person reported something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportReason {
    /// Who.
    pub user_id: i64,
    /// Their present name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// When.
    #[schemars(with = "Time")]
    pub created_at: String,
}

impl Report {
    /// A report of this person.
    #[must_use]
    pub fn of(report: &model::Report, user: User) -> Self {
        let room = report.room.as_ref();
        let message = report.message.as_ref().map(|message| ReportedMessage {
            id: message.id.0,
            text: message.text.clone(),
            created_at: message.created_at.to_string(),
            room: room.map(|room| room.code.as_str().to_owned()),
            room_name: room.map(|room| room.name.as_str().to_owned()),
        });
        let reasons = report.reasons.iter().map(|reason| ReportReason {
            user_id: reason.by.id.0,
            name: reason.by.name.as_str().to_owned(),
            reason: reason.reason.as_str().to_owned(),
            created_at: reason.created_at.to_string(),
        });
        Self {
            id: report.id,
            user,
            message,
            reasons: reasons.collect(),
            created_at: report.created_at.to_string(),
            resolved_at: report.resolved_at.map(|at| at.to_string()),
        }
    }
}

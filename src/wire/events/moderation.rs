//! Keeping order: what clients ask, and what they hear of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::UserRef;
use crate::{
    model,
    wire::{LogEntry, ModerationAction, Role, Time},
};

/// `moderate`: keep order in a room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Moderate {
    /// Where.
    pub room: String,
    /// What.
    pub action: ModerationAction,
    /// To whom; left out for `slow_mode` alone.
    pub user: Option<UserRef>,
    /// For `set_role`: which.
    pub role: Option<Role>,
    /// For `ban` and `mute`: how long, until it is taken back where it is left out. For `slow_mode`: the pause. For
    /// `delete_messages`: how far back.
    pub seconds: Option<i64>,
    /// Why, 250 characters at most; moderators read it in the log, the others in `moderated`.
    pub reason: Option<String>,
}

/// `report`: tell the site's admin of a message or of a person.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MakeReport {
    /// The message's id.
    pub id: Option<i64>,
    /// The person, where it is about no message.
    pub user: Option<UserRef>,
    /// Why, 1 to 250 characters.
    pub reason: String,
}

/// `moderated`: something was done to keep order, told to the room and to whom it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moderated {
    /// Where.
    pub room: String,
    /// What.
    pub action: ModerationAction,
    /// To whom; who did it, where it concerns everybody (`slow_mode`).
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// The name of who did it.
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
    /// Why, where it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Moderated {
    /// What is told of this measure, of which the room's log has this line.
    #[must_use]
    pub fn of(room: &model::Room, measure: &model::Measure, entry: &model::LogEntry) -> Self {
        let LogEntry {
            by,
            until,
            role,
            seconds,
            reason,
            ..
        } = LogEntry::from(entry);
        let concerned = entry.user.as_ref().unwrap_or(&entry.by);
        Self {
            room: room.code.as_str().to_owned(),
            action: measure.into(),
            user_id: concerned.id.0,
            name: concerned.name.as_str().to_owned(),
            by,
            until,
            role,
            seconds,
            reason: Some(reason).filter(|reason| !reason.is_empty()),
        }
    }
}

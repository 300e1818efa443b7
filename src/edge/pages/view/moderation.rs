//! What the pages for keeping order show: measures against a person, a room's log, reports, the site's admin.

use askama::Template;

use super::{FieldError, FieldErrors, RoomHead, Shell, hue_of, letter_of};

letter_avatar!(ModeratePage: user_id, ReportRow: user_id);

/// How long something may last, in seconds and in words.
const SPANS: [(&str, &str); 6] = [
    ("600", "10 minutes"),
    ("3600", "An hour"),
    ("86400", "A day"),
    ("604800", "A week"),
    ("2592000", "30 days"),
    ("", "Until it is taken back"),
];

/// How far back messages are deleted, in seconds and in words.
const BACK: [(&str, &str); 4] = [
    ("600", "The last 10 minutes"),
    ("3600", "The last hour"),
    ("86400", "The last day"),
    ("604800", "The last week"),
];

/// Pauses of slow mode, in seconds and in words.
pub(super) const fn pauses() -> &'static [(i64, &'static str)] {
    &[
        (0, "Off"),
        (5, "5 seconds"),
        (30, "30 seconds"),
        (60, "A minute"),
        (600, "10 minutes"),
        (3_600, "An hour"),
    ]
}

/// Roles, as a form sends them and in words.
const ROLES: [(&str, &str); 3] = [
    ("member", "Member"),
    ("moderator", "Moderator"),
    ("owner", "Owner"),
];

/// What somebody may do about one person in a room.
#[derive(Clone, Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a row shows what holds, each on its own"
)]
pub struct Measures {
    /// The room's code.
    pub room: String,
    /// The person's id.
    pub user_id: i64,
    /// The person's name.
    pub name: String,
    /// `owner`, `moderator`, `member`; empty where they do not belong to the room.
    pub role: String,
    /// Whether they are muted now.
    pub muted: bool,
    /// Whether they are banned now.
    pub banned: bool,
    /// Whether measures against them are the reader's to take.
    pub order: bool,
    /// Whether roles are the reader's to give.
    pub roles: bool,
    /// How long, as typed.
    pub seconds: String,
    /// Why, as typed.
    pub reason: String,
    /// Fields: `seconds`, `reason`, `role`.
    pub errors: Vec<FieldError>,
}

#[allow(
    clippy::unused_self,
    reason = "a template calls functions of its record"
)]
impl Measures {
    /// Whether they belong to the room.
    pub(super) fn member(&self) -> bool {
        !self.role.is_empty()
    }

    /// For the template: [`SPANS`].
    pub(super) fn spans(&self) -> &'static [(&'static str, &'static str)] {
        &SPANS
    }

    /// For the template: [`BACK`].
    pub(super) fn back(&self) -> &'static [(&'static str, &'static str)] {
        &BACK
    }

    /// For the template: [`ROLES`].
    pub(super) fn role_words(&self) -> &'static [(&'static str, &'static str)] {
        &ROLES
    }
}

/// Somebody who is kept out of a room.
#[derive(Clone, Debug, Default)]
pub struct BannedRow {
    /// The account's id.
    pub user_id: i64,
    /// The account's name.
    pub name: String,
    /// Until when, in words.
    pub until: String,
    /// Why; may be empty.
    pub reason: String,
}

/// `/room/{code}/moderate?user=…`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/moderate.html")]
pub struct ModeratePage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// The person's id.
    pub user_id: i64,
    /// The person's name.
    pub name: String,
    /// Address of the photo.
    pub avatar: Option<String>,
    /// What they are in the room, in a sentence.
    pub state: String,
    /// What may be done.
    pub measures: Measures,
    /// Fields: `""`.
    pub errors: Vec<FieldError>,
}

/// One line of a room's log.
#[derive(Clone, Debug, Default)]
pub struct LogRow {
    /// What was done by whom to whom, as a sentence.
    pub text: String,
    /// Why; may be empty.
    pub reason: String,
    /// When, RFC 3339.
    pub time: String,
    /// The full date: "Monday, 3 March 2025 at 14:32".
    pub full: String,
}

/// `/room/{code}/log`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/log.html")]
pub struct LogPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// What was done, the newest first.
    pub entries: Vec<LogRow>,
    /// For the link "Earlier": the id of the oldest entry here, when there are older ones.
    pub more_before: Option<i64>,
}

/// `/room/{code}/m/{id}/report` and `/u/{name}/report`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/report.html")]
pub struct ReportPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The path that the form posts to.
    pub action: String,
    /// The path to go back to.
    pub back: String,
    /// Who is reported, or wrote the message.
    pub name: String,
    /// The message's text, as plain text.
    pub text: Option<String>,
    /// Why, as typed.
    pub reason: String,
    /// Whether it was sent.
    pub sent: bool,
    /// Fields: `reason`, and `""`.
    pub errors: Vec<FieldError>,
}

/// Why somebody reported something.
#[derive(Clone, Debug, Default)]
pub struct ReasonRow {
    /// Who.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// One report.
#[derive(Clone, Debug, Default)]
pub struct ReportRow {
    /// Its number.
    pub id: i64,
    /// The id of who is reported, or wrote the message.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// Address of their photo.
    pub avatar: Option<String>,
    /// What the message said, where it is about one.
    pub text: Option<String>,
    /// The name of its room.
    pub room: Option<String>,
    /// Who reported it, and why.
    pub reasons: Vec<ReasonRow>,
    /// When it was reported first, RFC 3339.
    pub time: String,
    /// The full date.
    pub full: String,
}

/// `/admin`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/admin.html")]
pub struct AdminPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Whether the reports here are those that are resolved.
    pub resolved: bool,
    /// Reports, the newest first.
    pub reports: Vec<ReportRow>,
    /// For the link "Earlier": the id of the oldest report here, when there are older ones.
    pub more_before: Option<i64>,
}

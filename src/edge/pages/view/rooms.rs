//! A room's row, its settings, and an invitation.

use askama::Template;

use super::{FieldError, FieldErrors, MemberRow, RoomHead, RoomRow, Shell};

impl RoomRow {
    /// A row with all that one may have, for the script to fill in.
    #[must_use]
    pub fn pattern() -> Self {
        Self {
            with: Some(MemberRow::default()),
            ..Self::default()
        }
    }
}

/// How far the others have read in a direct conversation.
#[derive(Clone, Debug, Default)]
pub struct SeenView {
    /// Who has read my last message, in words; empty where nobody has, or it is not the last one.
    pub text: String,
    /// For the script, as JSON: `[{ user_id, name, read_id }]`.
    pub marks: String,
}

/// Why somebody cannot write in a room.
#[derive(Clone, Debug, Default)]
pub struct Silence {
    /// The sentence in the place of the form.
    pub text: String,
    /// Whether the room is archived: then nobody writes in it.
    pub archived: bool,
    /// The instant at which it ends, RFC 3339, where there is one.
    pub until: Option<String>,
}

/// An invitation that holds.
#[derive(Clone, Debug, Default)]
pub struct InviteRow {
    /// Its id.
    pub id: i64,
    /// Who made it.
    pub author: String,
    /// Whether it is to the site.
    pub site: bool,
    /// Where it leads; only where that does not go without saying.
    pub room: Option<String>,
    /// The day on which it was made: "2026-12-24".
    pub made: String,
    /// The day on which it ends; none where it does not.
    pub until: Option<String>,
    /// How many people may still come by it; none where any number may.
    pub left: Option<i64>,
    /// How many did.
    pub used: i64,
}

impl InviteRow {
    /// What there is to know of it, in a line.
    pub(super) fn words(&self) -> String {
        let until = self.until.as_ref();
        let said = [
            self.room.is_some().then(|| format!("by {}", self.author)),
            (self.site && self.room.is_none()).then(|| "to the site".to_owned()),
            Some(until.map_or_else(
                || "without end".to_owned(),
                |until| format!("until {until}"),
            )),
            Some(match self.used {
                0 => "nobody came yet".to_owned(),
                1 => "1 person came".to_owned(),
                used => format!("{used} people came"),
            }),
            self.left.map(|left| format!("{left} left")),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// An invitation that was just made.
#[derive(Clone, Debug, Default)]
pub struct MadeInvite {
    /// Its link, which is shown this once.
    pub link: String,
    /// The link as a QR code: an SVG picture, which this server drew.
    pub code: Option<String>,
}

/// `/room/{code}/settings`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/settings.html")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a page shows what holds, each on its own"
)]
pub struct SettingsPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// The name, as kept or as typed.
    pub name: String,
    /// The topic, as kept or as typed.
    pub topic: String,
    /// Whether only members and invited people find it.
    pub private: bool,
    /// Whether it is closed for writing.
    pub archived: bool,
    /// `all`, `mentions` or `none`.
    pub notify: String,
    /// Until when I hear nothing, in words.
    pub quiet_until: Option<String>,
    /// Whether it stands on top of my list.
    pub favourite: bool,
    /// Whether it is left out of my list.
    pub hidden: bool,
    /// Whether I may bring others in.
    pub may_invite: bool,
    /// Whether I may change its name and topic.
    pub may_update: bool,
    /// Whether I may make it public or private.
    pub may_publish: bool,
    /// Whether I may archive and delete it.
    pub may_end: bool,
    /// Whether I may say for how long messages are kept.
    pub may_retain: bool,
    /// For how many days messages are kept; 0 is for ever.
    pub kept_days: u32,
    /// Whether the room's owner said so, and not the site.
    pub kept_by_room: bool,
    /// The most days that the owner may name.
    pub most_days: u32,
    /// The days, as kept or as typed; empty is as the site.
    pub retention_days: String,
    /// The invitations that I may revoke.
    pub invites: Vec<InviteRow>,
    /// The invitation that was just made.
    pub made: Option<MadeInvite>,
    /// Which section the errors belong to: `preferences`, `details`, `retention`, `archive`, `delete`, `invites`, or empty.
    pub section: String,
    /// Fields: `name`, `topic`, `retention_days`, `confirm`, `uses`, and `""`.
    pub errors: Vec<FieldError>,
}

impl SettingsPage {
    /// The message about `field`, when `section` is the one that was sent.
    fn error(&self, section: &str, field: &str) -> Option<&str> {
        (self.section == section)
            .then(|| self.errors.of(field))
            .flatten()
    }
}

/// `/claim/{token}`: an account that was made for somebody.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/claim.html")]
pub struct ClaimPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The path that the form posts to.
    pub action: String,
    /// What the account is called.
    pub account: String,
    /// The name that was typed, or the account's.
    pub name: String,
    /// The e-mail that was typed, or where the person came from.
    pub email: String,
    /// Fields: `name`, `email`, `password`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/invite/{token}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/invitation.html")]
pub struct InvitationPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The path that the forms post to.
    pub action: String,
    /// The room's name; none where the invitation is to the site alone.
    pub room: Option<String>,
    /// Who invites.
    pub author: String,
    /// Whether nobody makes an account here, not by an invitation either.
    pub closed: bool,
    /// What the button for single sign-on says and where it leads, where there is one.
    pub sign_on: Option<(String, String)>,
    /// The name that was typed.
    pub name: String,
    /// The e-mail that was typed.
    pub email: String,
    /// Fields: `name`, `email`, `password`, and `""`.
    pub errors: Vec<FieldError>,
}

//! The site's log as pages show it.

use askama::Template;

use super::{AdminPage, FieldError, FieldErrors, InviteRow, MadeInvite, Shell};

/// Says on a page for admins which of their pages it is.
macro_rules! place {
    ($($page:ident: $path:literal),+ $(,)?) => {$(
        impl $page {
            /// Its path, for the list of these pages.
            pub(super) fn place(&self) -> &'static str {
                $path
            }
        }
    )+};
}

place!(
    AdminPage: "/admin",
    AdminPeoplePage: "/admin/people",
    AdminPersonPage: "/admin/people",
    AdminRoomsPage: "/admin/rooms",
    AdminRoomPage: "/admin/rooms",
    AdminInvitesPage: "/admin/invites",
    AuditPage: "/admin/audit",
);

/// An account, as its admin sees it.
#[derive(Clone, Debug, Default)]
pub struct AdminPerson {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its address; may be empty.
    pub email: String,
    /// Whether its person runs the site.
    pub admin: bool,
    /// Whether nobody may log in to it.
    pub disabled: bool,
    /// Whether a person has it: not a program, and not one who was imported and has not come yet.
    pub human: bool,
    /// What there is to know of it at a glance: "admin, disabled"; may be empty.
    pub state: String,
    /// The day on which it was made.
    pub made: String,
    /// When somebody was last seen who is logged in.
    pub seen: Option<String>,
}

/// `/admin/people`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/admin_people.html")]
pub struct AdminPeoplePage {
    /// The page's surroundings.
    pub shell: Shell,
    /// What is looked for; empty for all.
    pub query: String,
    /// Accounts, the oldest first.
    pub people: Vec<AdminPerson>,
    /// The address of the next page, when there are more.
    pub next: Option<String>,
    /// The new account's name, as typed.
    pub name: String,
    /// Its address, as typed.
    pub email: String,
    /// Whether its person is to run the site.
    pub admin: bool,
    /// Fields: `name`, `email`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/admin/people/{id}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/admin_person.html")]
pub struct AdminPersonPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The account.
    pub person: AdminPerson,
    /// Whether it is one's own.
    pub own: bool,
    /// Its new password, which is shown this once.
    pub password: Option<String>,
    /// What was asked for and failed: `disable`, `promote` …
    pub action: String,
    /// Fields: `confirm`, and `""`.
    pub errors: Vec<FieldError>,
}

impl AdminPersonPage {
    /// The message about `field`, when one of these actions was sent.
    fn error(&self, actions: &[&str], field: &str) -> Option<&str> {
        let sent = actions.contains(&self.action.as_str());
        sent.then(|| self.errors.of(field)).flatten()
    }
}

/// A room, as the admin sees it: nothing of what is said in it.
#[derive(Clone, Debug, Default)]
pub struct AdminRoom {
    /// Its code.
    pub code: String,
    /// Its name; "Direct conversation" where it has none.
    pub name: String,
    /// Its topic; may be empty.
    pub topic: String,
    /// What kind it is, in words.
    pub kind: String,
    /// Whether it takes no more messages.
    pub archived: bool,
    /// Whether it stays as it is: the lobby, and direct conversations.
    pub fixed: bool,
    /// How many people are in it.
    pub members: i64,
    /// For how long its messages are kept, in words.
    pub kept: String,
    /// The day it was opened: "3 March 2025".
    pub since: String,
}

/// `/admin/rooms`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/admin_rooms.html")]
pub struct AdminRoomsPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// All rooms, the oldest first.
    pub rooms: Vec<AdminRoom>,
    /// For the link "More": the id of the last room here, when there are more.
    pub next: Option<i64>,
}

/// `/admin/rooms/{code}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/admin_room.html")]
pub struct AdminRoomPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: AdminRoom,
    /// What was asked for and failed: `archive`, `restore`, `delete`.
    pub action: String,
    /// Fields: `confirm`, and `""`.
    pub errors: Vec<FieldError>,
}

impl AdminRoomPage {
    /// The message about `field`, when one of these actions was sent.
    fn error(&self, actions: &[&str], field: &str) -> Option<&str> {
        let sent = actions.contains(&self.action.as_str());
        sent.then(|| self.errors.of(field)).flatten()
    }
}

/// A room that one can choose.
#[derive(Clone, Debug, Default)]
pub struct RoomChoice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// `/admin/invites`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/admin_invites.html")]
pub struct AdminInvitesPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Whether nobody makes an account here, not by an invitation either.
    pub closed: bool,
    /// The invitation that was just made.
    pub made: Option<MadeInvite>,
    /// The invitations that hold, the newest first.
    pub invites: Vec<InviteRow>,
    /// Into which rooms a new one may lead, beside the lobby.
    pub rooms: Vec<RoomChoice>,
    /// The room that was chosen: its code; empty for the lobby.
    pub room: String,
    /// For how many seconds, as chosen.
    pub expires_in: String,
    /// For how many people, as typed.
    pub uses: String,
    /// Fields: `room`, `uses`, and `""`.
    pub errors: Vec<FieldError>,
}

/// One line of the site's log.
#[derive(Clone, Debug, Default)]
pub struct AuditRow {
    /// What was done by whom to whom, as a sentence.
    pub text: String,
    /// From where.
    pub from: String,
    /// When, RFC 3339.
    pub time: String,
    /// The full date: "Monday, 3 March 2025 at 14:32".
    pub full: String,
}

/// `/admin/audit`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/audit.html")]
pub struct AuditPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// What was done, the newest first.
    pub entries: Vec<AuditRow>,
    /// For the link "Earlier": the id of the oldest entry here, when there are older ones.
    pub more_before: Option<i64>,
}

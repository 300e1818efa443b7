//! What the HTML pages show: one `askama` template struct a page, made of plain owned fields.
//!
//! Page handlers fill these from services; the templates in `web/templates` read nothing else.
//! Nothing here knows the rest of the crate, asks a question, or decides what somebody may see.

/// Gives a record with a name and an id what its letter avatar needs.
macro_rules! letter_avatar {
    ($($record:ident: $id:ident),+ $(,)?) => {$(
        impl $record {
            /// See [`hue_of`]; for the template.
            fn hue(&self) -> i64 {
                hue_of(self.$id)
            }

            /// See [`letter_of`]; for the template.
            fn letter(&self) -> String {
                letter_of(&self.name)
            }
        }
    )+};
}

mod administration;
mod attachments;
mod bots;
mod data;
mod devices;
mod home;
mod hooks;
mod message;
mod moderation;
mod notifications;
mod passkeys;
mod person;
mod proof;
mod recovery;
mod rooms;
mod search;
mod timeline;
mod tokens;

pub use administration::*;
pub use attachments::{FileView, PictureView, PreviewView};
pub use bots::{BotRow, BotsPage, TokenRow};
pub use data::DataPage;
pub use devices::{DevicesPage, SessionRow};
pub use home::{HomePage, PublicRoom, RoomRow};
pub use hooks::{HookRow, HooksPage, OutgoingRow};
pub use message::{
    Allowed, DeleteMessagePage, EditMessagePage, ListedMessage, Menu, MessagesPage, QuoteView,
    ReactionView, ThreadPage,
};
pub use moderation::{
    AdminPage, BannedRow, LogPage, LogRow, Measures, ModeratePage, ReasonRow, ReportPage, ReportRow,
};
pub use notifications::{DeviceRow, LevelRow, MailOffPage, NotificationsPage};
pub use passkeys::{PasskeyRow, PasskeysPage};
pub use person::{PersonPage, ProfilePage, RoomLink};
pub use proof::{AppSetup, ConfirmPage, LoginCodePage, LoginPage, SignOnPage, TwoFactorPage};
pub use recovery::{AddressPage, RecoverPage, RecoverTokenPage};
pub use rooms::{
    ClaimPage, InvitationPage, InviteRow, MadeInvite, SeenView, SettingsPage, Silence,
};
pub use search::{HitRow, SearchPage};
pub use timeline::{Entry, MessageView, timeline};
pub use tokens::{OwnTokenRow, Ticks, TokensPage};

use askama::Template;

/// How many hues the letter avatars have; `web/styles/avatar.css` names a colour for each.
const HUES: i64 = 12;

/// The hue of somebody's letter avatar: the same one for ever, since it comes from the id.
fn hue_of(user_id: i64) -> i64 {
    user_id.rem_euclid(HUES)
}

/// The letter that stands for a name without a photo.
fn letter_of(name: &str) -> String {
    name.chars()
        .find(|letter| letter.is_alphanumeric())
        .map_or_else(|| "?".to_owned(), |letter| letter.to_uppercase().collect())
}

letter_avatar!(Me: id, MemberRow: user_id, MessageView: user_id, PersonPage: user_id);

/// What every page has around its content.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// The page's own title; the server's name is put behind it.
    pub title: String,
    /// What the server is called.
    pub server: String,
    /// The token that each form on the page sends back as `csrf`.
    pub csrf: Option<String>,
    /// Who is logged in.
    pub me: Option<Me>,
    /// Changes with the web assets, so that they can be cached for ever.
    pub asset_version: String,
    /// One sentence on top about what was just done ("Your name is saved.").
    pub flash: Option<String>,
}

/// The person who looks at the page.
#[derive(Clone, Debug, Default)]
pub struct Me {
    /// The account's id.
    pub id: i64,
    /// The account's name.
    pub name: String,
    /// Address of the photo.
    pub avatar: Option<String>,
    /// Whether this is one of the site's admins.
    pub admin: bool,
}

/// One thing that is wrong with what was sent by a form.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// The form's field; empty when it is about the form as a whole.
    pub field: String,
    /// What to do, as a sentence.
    pub message: String,
}

impl FieldError {
    /// An error about `field`, or about the whole form when `field` is empty.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// Looks a field's message up in the list that a page carries.
pub trait FieldErrors {
    /// The first message about `field`; `""` asks for the one about the whole form.
    fn of(&self, field: &str) -> Option<&str>;
}

impl FieldErrors for [FieldError] {
    fn of(&self, field: &str) -> Option<&str> {
        self.iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }
}

/// `/register` and `/setup/{token}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/register.html")]
pub struct RegisterPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The path that the form posts to.
    pub action: String,
    /// Whether this makes the site's first account.
    pub owner: bool,
    /// What the button for single sign-on says, where there is one.
    pub sign_on: Option<String>,
    /// The name that was typed.
    pub name: String,
    /// The e-mail that was typed.
    pub email: String,
    /// Fields: `name`, `email`, `password`, and `""`.
    pub errors: Vec<FieldError>,
}

/// The room that a page is about.
#[derive(Clone, Debug, Default)]
pub struct RoomHead {
    /// The room's code.
    pub code: String,
    /// The room's name, as written.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// How many people are in it.
    pub members: i64,
    /// The room's newest `seq` when the page was made.
    pub seq: i64,
    /// The full link to the room.
    pub link: String,
    /// `public`, `private` or `direct`.
    pub kind: String,
}

/// Somebody in a room.
#[derive(Clone, Debug, Default)]
pub struct MemberRow {
    /// The account's id.
    pub user_id: i64,
    /// The account's name.
    pub name: String,
    /// Whether the account is gone, so that the name leads nowhere.
    pub gone: bool,
    /// Address of the photo.
    pub avatar: Option<String>,
    /// `owner`, `moderator` or `member`.
    pub role: String,
    /// `online`, `away` or `offline`.
    pub status: String,
    /// What the reader may do about them, on the page of a room's people.
    pub measures: Option<Measures>,
}

/// `/room/{code}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/room.html")]
pub struct RoomPage {
    /// The page's surroundings; `me` is always set.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// My rooms, for the left column; the one with `current` is this one.
    pub rooms: Vec<RoomRow>,
    /// Messages with their dividers, oldest first: see [`timeline`].
    pub entries: Vec<Entry>,
    /// For the link "Older messages": the id of the oldest message here, when there are older ones.
    pub more_before: Option<i64>,
    /// For the link "Later messages": the id of the newest message here, when there are newer ones.
    pub more_after: Option<i64>,
    /// Whether the newest message is among the entries.
    pub newest: bool,
    /// The newest message that I had read before this page.
    pub last_read: i64,
    /// Who is in the room: the first of them.
    pub members: Vec<MemberRow>,
    /// Who has read what I said, in a direct conversation.
    pub seen: Option<SeenView>,
    /// Why I cannot write here, in the place of the form.
    pub standing: Option<Silence>,
    /// The form's `client_id`: fresh each time, and the same one again when the form is shown with errors.
    pub client_id: String,
    /// The text that was typed and not accepted.
    pub data: String,
    /// The message that is replied to.
    pub reply: Option<QuoteView>,
    /// What I may do here: `owner`, `moderator` or `member`.
    pub role: String,
    /// The files that were sent with it, and wait.
    pub files: Vec<FileView>,
    /// Fields: `data`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/room/{code}/members`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/members.html")]
pub struct MembersPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// Everybody in it.
    pub members: Vec<MemberRow>,
    /// Whether I may bring others in.
    pub may_invite: bool,
    /// The name that was typed.
    pub user: String,
    /// Fields: `user`, and `""`.
    pub errors: Vec<FieldError>,
    /// Whether the reader keeps order here.
    pub keeps_order: bool,
    /// Seconds that a member waits between two messages.
    pub slow_mode: i64,
    /// Who is kept out; only for who keeps order.
    pub banned: Vec<BannedRow>,
}

#[allow(
    clippy::unused_self,
    reason = "a template calls functions of its record"
)]
impl MembersPage {
    /// For the template: how long members may be made to wait, in seconds and in words.
    fn pauses(&self) -> &'static [(i64, &'static str)] {
        moderation::pauses()
    }

    /// For the template: whether the room's pause, set by a program, is none of these.
    fn odd_pause(&self) -> bool {
        !moderation::pauses()
            .iter()
            .any(|(seconds, _)| *seconds == self.slow_mode)
    }
}

/// Any page that could not be given.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words: "There is nothing here".
    pub heading: String,
    /// What to do, as a sentence.
    pub text: String,
    /// The request's id, for the owner's log; empty hides the line.
    pub request_id: String,
}

/// `/offline`: what the service worker shows in the place of a page that it does not have.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/offline.html")]
pub struct OfflinePage {
    /// The page's surroundings.
    pub shell: Shell,
}

/// Shown to everybody but the owner until the first account exists.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/waiting.html")]
pub struct WaitingPage {
    /// The page's surroundings.
    pub shell: Shell,
}

//! Running the site: accounts and rooms as who runs it sees them, what they ask for, and the site's log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Invite, RoomKind, Time, bodies::SaidBefore, deeds::Deed};
use crate::model;

/// An account, as who runs the site sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own, which clients read by its name"
)]
pub struct SiteUser {
    /// Who.
    pub id: i64,
    /// The present name.
    pub name: String,
    /// The address; may be empty.
    pub email: String,
    /// Whether this person runs the site.
    pub admin: bool,
    /// Whether a program speaks here.
    pub bot: bool,
    /// Whether it was imported and waits for its person.
    pub waits: bool,
    /// Since when nobody may log in to it; null where somebody may.
    #[schemars(with = "Option<Time>")]
    pub disabled_at: Option<String>,
    /// Whether a login asks for a second factor.
    pub two_factor: bool,
    /// When it was made.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When one of its live browser sessions was last used, a few minutes more or less; null where it has none.
    #[schemars(with = "Option<Time>")]
    pub seen_at: Option<String>,
}

impl SiteUser {
    /// What there is to say of it, in words: `admin, second factor`; empty where there is nothing.
    #[must_use]
    pub fn state(&self) -> String {
        let states = [
            (self.admin, "admin"),
            (self.bot, "program"),
            (self.waits, "waits for its person"),
            (self.disabled_at.is_some(), "disabled"),
            (self.two_factor, "second factor"),
        ];
        let states = states.iter().filter(|(so, _)| *so).map(|(_, word)| *word);
        states.collect::<Vec<_>>().join(", ")
    }
}

impl From<&model::Listed> for SiteUser {
    fn from(listed: &model::Listed) -> Self {
        let account = &listed.account;
        Self {
            id: account.card.id.0,
            name: account.card.name.as_str().to_owned(),
            email: account.email.as_str().to_owned(),
            admin: account.admin,
            bot: account.card.bot,
            waits: listed.waits,
            disabled_at: listed.disabled_at.map(|at| at.to_string()),
            two_factor: listed.two_factor,
            created_at: account.created_at.to_string(),
            seen_at: listed.seen_at.map(|at| at.to_string()),
        }
    }
}

/// A room, as who runs the site sees it: nothing of what is said there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteRoom {
    /// Its code.
    pub room: String,
    /// Its name; empty for a direct conversation.
    pub name: String,
    /// Its topic.
    pub topic: String,
    /// What kind it is.
    pub kind: RoomKind,
    /// Whether it takes no more messages.
    pub archived: bool,
    /// How many belong to it.
    pub members: i64,
    /// For how many days its messages are kept, as its owner said; 0: as long as the site keeps any.
    pub retention_days: u32,
    /// When it was made.
    #[schemars(with = "Time")]
    pub created_at: String,
}

/// For how long a room keeps messages that keeps them for so many days, in words: `kept for 30 days`.
#[must_use]
pub fn kept(days: u32) -> String {
    match days {
        0 => "kept as long as the site keeps any".to_owned(),
        1 => "kept for a day".to_owned(),
        days => format!("kept for {days} days"),
    }
}

impl From<&model::Room> for SiteRoom {
    fn from(room: &model::Room) -> Self {
        Self {
            room: room.code.as_str().to_owned(),
            name: room.name.as_str().to_owned(),
            topic: room.topic.as_str().to_owned(),
            kind: room.kind.into(),
            archived: room.archived,
            members: room.members,
            retention_days: room.retention_days,
            created_at: room.created_at.to_string(),
        }
    }
}

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserDeed {
    /// Nobody may log in any more; sessions and tokens end.
    Disable,
    /// Logging in is possible again.
    Enable,
    /// A new password, which the answer tells; sessions and tokens end.
    ResetPassword,
    /// The person runs the site.
    Promote,
    /// The person no longer runs the site; sessions and tokens end.
    Demote,
    /// The person logs in by the password alone; second factors, passkeys and recovery codes go.
    RemoveFactors,
}

/// What is done to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomDeed {
    /// It takes no more messages.
    Archive,
    /// It takes messages again.
    Restore,
    /// It is deleted, with all that was said in it.
    Delete,
}

impl From<RoomDeed> for model::RoomDeed {
    fn from(deed: RoomDeed) -> Self {
        match deed {
            RoomDeed::Archive => Self::Archive,
            RoomDeed::Restore => Self::Restore,
            RoomDeed::Delete => Self::Delete,
        }
    }
}

/// `POST /admin/users`: an account with a password that nobody chose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewSiteUser {
    /// Its name.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Whether its person runs the site.
    #[serde(default)]
    pub admin: bool,
    /// The caller's present password, where the account is to run the site; needed with a token, and with a session whose
    /// owner did not show lately who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
    /// A code of the caller's app or a recovery code, where logins of theirs ask for one; needed with the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// `POST /admin/users/{id}`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct TakeUserDeed {
    /// What is done.
    pub action: UserDeed,
    /// The account's name, for `reset_password`: the old password is gone for good.
    pub confirm: Option<String>,
    /// The caller's present password, for what decides how people get in and who runs the site: all but `disable` and
    /// `enable`. Needed with a token, and with a session whose owner did not show lately who they are.
    pub current_password: Option<String>,
    /// A code of the caller's app or a recovery code, where logins of theirs ask for one; needed with the password.
    pub code: Option<String>,
}

/// `POST /admin/rooms/{code}`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct TakeRoomDeed {
    /// What is done.
    pub action: RoomDeed,
    /// The room's name, for `delete`: what was said in it is gone for good.
    pub confirm: Option<String>,
}

/// The answer to `GET /admin/users`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SiteUsersBody {
    /// Accounts, the oldest first.
    pub users: Vec<SiteUser>,
    /// What `after` is for the next page; null on the last one.
    pub next: Option<i64>,
}

/// An account, and the password that it has just been given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SiteUserBody {
    /// The account.
    pub user: SiteUser,
    /// The new password, which is told only here; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// The answer to `GET /admin/rooms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SiteRoomsBody {
    /// Rooms, the oldest first.
    pub rooms: Vec<SiteRoom>,
    /// What `after` is for the next page; null on the last one.
    pub next: Option<i64>,
}

/// A room, as it is, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SiteRoomBody {
    /// The room.
    pub room: SiteRoom,
}

/// `POST /admin/invites`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SiteInviteTerms")]
pub struct NewSiteInvite {
    /// In which room people land; in the lobby alone where it is left out.
    pub room: Option<String>,
    /// Seconds for which it holds, from a minute to a year; without end where it is left out.
    pub expires_in: Option<i64>,
    /// How many people may come by it, 1 to 10,000; any number where it is left out.
    pub uses: Option<i64>,
}

/// What the command line asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Accounts in the order of their ids, those after this one.
    Users(Option<i64>),
    /// The account of this name or address.
    User(String),
    /// A new account, whose password the answer tells.
    CreateUser(NewSiteUser),
    /// Something is done to the account of this name or address.
    ChangeUser(String, UserDeed),
    /// The account of this name or address is deleted.
    DeleteUser(String, SaidBefore),
    /// Rooms in the order in which they were made, those after this number.
    Rooms(Option<i64>),
    /// The room of this code.
    Room(String),
    /// Something is done to the room of this code.
    ChangeRoom(String, RoomDeed),
    /// The invitations to the site that hold.
    Invites,
    /// A new invitation to the site, whose link the answer tells.
    CreateInvite(NewSiteInvite),
    /// The invitation of this number ends.
    RevokeInvite(i64),
}

/// What the command line is answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The accounts.
    pub users: Vec<SiteUser>,
    /// The rooms.
    pub rooms: Vec<SiteRoom>,
    /// The invitations.
    pub invites: Vec<Invite>,
    /// The path of a new invitation's link, which is told only here.
    pub link: Option<String>,
    /// After what there is more.
    pub next: Option<i64>,
    /// The new password, which is told only here.
    pub password: Option<String>,
}

/// One line of the site's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditEntry {
    /// Its number: grows with each.
    pub id: i64,
    /// Who did it; null where the command line did, or the server by itself.
    pub user_id: Option<i64>,
    /// What they were called; `command line` or `the server` where that did it.
    pub by: String,
    /// What was done.
    pub action: Deed,
    /// To whom or what, as it was called; a deleted account is called `account` and its number.
    pub target: String,
    /// From where: an address, `this machine`, or `address not kept` where somebody deleted their own account.
    pub address: String,
    /// When.
    #[schemars(with = "Time")]
    pub created_at: String,
}

impl From<&model::SiteLogEntry> for AuditEntry {
    fn from(entry: &model::SiteLogEntry) -> Self {
        Self {
            id: entry.id,
            user_id: entry.by.map(|user| user.0),
            by: entry.by_name.clone(),
            action: entry.deed.into(),
            target: entry.target.clone(),
            address: entry.address.clone(),
            created_at: entry.created_at.to_string(),
        }
    }
}

/// `{ entries, more }`: the newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuditBody {
    /// What was done.
    pub entries: Vec<AuditEntry>,
    /// Whether there are earlier ones.
    pub more: bool,
}

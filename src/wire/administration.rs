//! Running the site: accounts and rooms as who runs it sees them, what they ask for, and the site's log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RoomKind, Time};
use crate::model;

/// An account, as who runs the site sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// When it was made.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When one of its live browser sessions was last used, a few minutes more or less; null where it has none.
    #[schemars(with = "Option<Time>")]
    pub seen_at: Option<String>,
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
    /// When it was made.
    #[schemars(with = "Time")]
    pub created_at: String,
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

/// What the command line asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Accounts in the order of their ids, those after this one.
    Users(Option<i64>),
    /// The account of this name or address.
    User(String),
    /// A new account, whose password the answer tells.
    CreateUser {
        /// Its name.
        name: String,
        /// Its address.
        email: String,
        /// Whether its person runs the site.
        admin: bool,
    },
    /// Something is done to the account of this name or address.
    ChangeUser(String, UserDeed),
    /// Rooms in the order in which they were made, those after this number.
    Rooms(Option<i64>),
    /// The room of this code.
    Room(String),
    /// Something is done to the room of this code.
    ChangeRoom(String, RoomDeed),
}

/// What the command line is answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The accounts.
    pub users: Vec<SiteUser>,
    /// The rooms.
    pub rooms: Vec<SiteRoom>,
    /// After what there is more.
    pub next: Option<i64>,
    /// The new password, which is told only here.
    pub password: Option<String>,
}

/// What somebody did to run the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// An account was made.
    CreateUser,
    /// Nobody may log in to an account any more.
    DisableUser,
    /// A disabled account is open again.
    EnableUser,
    /// An account has another password.
    ResetPassword,
    /// A person runs the site from then on.
    PromoteUser,
    /// A person no longer runs the site.
    DemoteUser,
    /// A room takes no more messages.
    ArchiveRoom,
    /// An archived room takes messages again.
    RestoreRoom,
    /// A room was deleted.
    DeleteRoom,
    /// A report was dealt with.
    ResolveReport,
}

impl From<model::Deed> for Deed {
    fn from(deed: model::Deed) -> Self {
        match deed {
            model::Deed::CreateUser => Self::CreateUser,
            model::Deed::DisableUser => Self::DisableUser,
            model::Deed::EnableUser => Self::EnableUser,
            model::Deed::ResetPassword => Self::ResetPassword,
            model::Deed::PromoteUser => Self::PromoteUser,
            model::Deed::DemoteUser => Self::DemoteUser,
            model::Deed::ArchiveRoom => Self::ArchiveRoom,
            model::Deed::RestoreRoom => Self::RestoreRoom,
            model::Deed::DeleteRoom => Self::DeleteRoom,
            model::Deed::ResolveReport => Self::ResolveReport,
        }
    }
}

/// One line of the site's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditEntry {
    /// Its number: grows with each.
    pub id: i64,
    /// Who did it; null where the command line did.
    pub user_id: Option<i64>,
    /// What they were called; `command line` where that did it.
    pub by: String,
    /// What was done.
    pub action: Deed,
    /// To whom or what, as it was called.
    pub target: String,
    /// From where: an address, or `this machine`.
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

//! Records of rooms, members, preferences and invitations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Message, User, avatar};
use crate::{
    model::{self, Membership, UserId},
    wire::{Notify, Role, RoomKind, Status, Time},
};

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Room {
    /// Its code.
    pub room: String,
    /// Its name; of a direct conversation, the names of the other people.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// Who may find it.
    pub kind: RoomKind,
    /// Whether it is closed for writing.
    pub archived: bool,
    /// How many belong to it.
    pub members: i64,
    /// When it was opened.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// The number of the last change in it.
    pub last_seq: i64,
    /// Seconds that a member waits between two messages.
    pub slow_mode_s: i64,
    /// For how many days its messages are kept, as its owner said; 0: as long as the site keeps any.
    pub retention_days: u32,
    /// The reader's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Who talks in a direct conversation, the reader too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
}

/// Somebody in a direct conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Their id.
    pub id: i64,
    /// Their present name.
    pub name: String,
    /// The URL of their photo.
    pub avatar: Option<String>,
}

/// A person as a member of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Member {
    /// Who.
    pub user: User,
    /// What they may do in it.
    pub role: Role,
    /// Since when.
    #[schemars(with = "Time")]
    pub joined_at: String,
    /// Until when they may not write.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub muted_until: Option<String>,
}

/// How a person wants to hear of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Preferences {
    /// Of which messages.
    pub notify: Notify,
    /// Until when of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub muted_until: Option<String>,
    /// Whether it stands on top of the list.
    pub favourite: bool,
    /// Whether it is left out of the list.
    pub hidden: bool,
}

/// One of the reader's rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoomState {
    /// The room.
    pub room: Room,
    /// Messages by others that the reader has not read.
    pub unread: i64,
    /// Of these, those that mention them.
    pub mentions: i64,
    /// The newest message.
    pub last_message: Option<Message>,
    /// How they want to hear of it.
    pub preferences: Preferences,
}

/// An invitation. The token of its link is not kept and cannot be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invite {
    /// By which it is revoked.
    pub id: i64,
    /// Into which room; left out where it leads into none but the lobby.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Whether it is to the site, and was made by who runs it.
    pub site: bool,
    /// Who made it.
    pub created_by: Person,
    /// When.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When it ends; left out where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub expires_at: Option<String>,
    /// How many people may come by it; left out where any number may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// How many did.
    pub used: i64,
}

impl Room {
    /// A room as this member, or somebody who is none, sees it.
    #[must_use]
    pub fn of(room: &model::Room, membership: Option<&Membership>) -> Self {
        Self::with(room, membership.map(|membership| membership.role))
    }

    /// A room as somebody of this role sees it.
    #[must_use]
    pub fn with(room: &model::Room, role: Option<model::Role>) -> Self {
        let direct = room.kind == model::RoomKind::Direct;
        Self {
            room: room.code.as_str().to_owned(),
            name: room.name.as_str().to_owned(),
            topic: room.topic.as_str().to_owned(),
            kind: room.kind.into(),
            archived: room.archived,
            members: room.members,
            created_at: room.created_at.to_string(),
            last_seq: room.last_seq.0,
            slow_mode_s: room.slow_mode_s,
            retention_days: room.retention_days,
            role: role.map(Role::from),
            people: direct.then(|| room.people.iter().map(Person::from).collect()),
        }
    }
}

impl From<&model::UserCard> for Person {
    fn from(card: &model::UserCard) -> Self {
        Self {
            id: card.id.0,
            name: card.name.as_str().to_owned(),
            avatar: avatar(card),
        }
    }
}

impl Member {
    /// A member, with whether they are connected.
    #[must_use]
    pub fn of(member: &model::Member, status: Status) -> Self {
        Self {
            user: User::of(&member.user, status),
            role: member.role.into(),
            joined_at: member.joined_at.to_string(),
            muted_until: member.muted_until.map(|until| until.to_string()),
        }
    }
}

impl From<&model::Preferences> for Preferences {
    fn from(preferences: &model::Preferences) -> Self {
        Self {
            notify: preferences.notify.into(),
            muted_until: preferences.muted_until.map(|until| until.to_string()),
            favourite: preferences.favourite,
            hidden: preferences.hidden,
        }
    }
}

impl RoomState {
    /// One of this reader's rooms.
    #[must_use]
    pub fn of(state: &model::RoomState, reader: UserId) -> Self {
        let last = state.last_message.as_ref();
        Self {
            room: Room::of(&state.room, Some(&state.membership)),
            unread: state.membership.unread,
            mentions: state.membership.mentions,
            last_message: last.map(|message| Message::of(message, Some(reader))),
            preferences: Preferences::from(&state.membership.preferences),
        }
    }
}

impl From<&model::Invite> for Invite {
    fn from(invite: &model::Invite) -> Self {
        Self {
            id: invite.id.0,
            room: invite.room.as_ref().map(|code| code.as_str().to_owned()),
            site: invite.site,
            created_by: Person::from(&invite.created_by),
            created_at: invite.created_at.to_string(),
            expires_at: invite.expires_at.map(|at| at.to_string()),
            uses: invite.uses,
            used: invite.used,
        }
    }
}

//! The contract's records (section 2).

use schemars::JsonSchema;
use serde::Serialize;

use super::{MessageKind, Notify, Role, RoomKind, Status, Time};
use crate::{
    error::{Code, Error},
    model::{self, Membership, UserId},
};

/// A person, as everybody who may see them does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct User {
    /// Their id.
    pub id: i64,
    /// Their present name.
    pub name: String,
    /// The URL of their photo.
    pub avatar: Option<String>,
    /// Whether they are connected.
    pub status: Status,
    /// Whether a program speaks here.
    pub bot: bool,
    /// That this is somebody without an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest: Option<bool>,
    /// Whether the account was closed.
    pub deleted: bool,
}

/// A person, as they see themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Me")]
pub struct UserSelf {
    /// What everybody sees.
    #[serde(flatten)]
    pub user: User,
    /// Where letters go.
    pub email: String,
    /// Whether they run the site.
    pub admin: bool,
    /// Whether a second factor is asked at login.
    pub two_factor: bool,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Room {
    /// Its code.
    pub room: String,
    /// Its name.
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
    /// The reader's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
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

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// Grows in the order in which the server accepted messages.
    pub id: i64,
    /// The room's seq at its last change.
    pub seq: i64,
    /// The room's seq at its creation.
    pub created_seq: i64,
    /// Its room's code.
    pub room: String,
    /// Its author.
    pub user_id: i64,
    /// Its author's present name.
    pub name: String,
    /// The URL of its author's photo.
    pub avatar: Option<String>,
    /// What was written.
    pub text: String,
    /// The same text; older clients read this key.
    pub message: String,
    /// The same, safe to be inserted into a page.
    pub html: String,
    /// The author's own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// How many replies its thread has, where it is the first message there.
    pub reply_count: i64,
    /// Files that came with it.
    pub attachments: Vec<Attachment>,
    /// Who is mentioned in it.
    pub mentions: Vec<i64>,
    /// What people answered it with.
    pub reactions: Vec<Reaction>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether only its place is left.
    pub deleted: bool,
    /// What it is.
    pub kind: MessageKind,
    /// When it was accepted.
    #[schemars(with = "Time")]
    pub created_at: String,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub edited_at: Option<String>,
}

/// The message that another one replies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quote {
    /// Its id.
    pub id: i64,
    /// Its author.
    pub user_id: i64,
    /// Its author's present name.
    pub name: String,
    /// How it begins; empty once it is deleted.
    pub excerpt: String,
    /// Whether only its place is left.
    pub deleted: bool,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attachment {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// What its sender called it.
    pub name: String,
    /// Its media type, by content.
    #[serde(rename = "type")]
    pub media_type: String,
    /// In bytes.
    pub size: i64,
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// How many people chose it.
    pub count: i64,
    /// Whether the reader did.
    pub me: bool,
}

/// How a person wants to hear of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Preferences {
    /// Of which messages.
    pub notify: Notify,
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

/// Why something failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WireError {
    /// Which kind.
    pub code: Code,
    /// What to do about it.
    pub message: String,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// Milliseconds after which it is worth another try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub until: Option<String>,
}

impl From<&Error> for WireError {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code,
            message: error.message.clone(),
            field: error.field,
            retry_after_ms: error
                .retry_after
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            until: error.until.map(|until| until.to_string()),
        }
    }
}

/// The URL of a person's photo.
#[must_use]
pub fn avatar(card: &model::UserCard) -> Option<String> {
    card.photo.as_ref().map(|id| format!("/uploads/{id}"))
}

impl User {
    /// What everybody sees of this person.
    #[must_use]
    pub fn of(card: &model::UserCard, status: Status) -> Self {
        Self {
            id: card.id.0,
            name: card.name.as_str().to_owned(),
            avatar: avatar(card),
            status,
            bot: card.bot,
            guest: card.guest.then_some(true),
            deleted: card.deleted,
        }
    }
}

impl UserSelf {
    /// What this person sees of themselves.
    #[must_use]
    pub fn of(account: &model::Account, status: Status) -> Self {
        Self {
            user: User::of(&account.card, status),
            email: account.email.as_str().to_owned(),
            admin: account.admin,
            two_factor: false,
        }
    }
}

impl Room {
    /// A room as this member, or somebody who is none, sees it.
    #[must_use]
    pub fn of(room: &model::Room, membership: Option<&Membership>) -> Self {
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
            role: membership.map(|membership| membership.role.into()),
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

impl Message {
    /// A message as this person sees it, or as anybody who has not reacted to it.
    #[must_use]
    pub fn of(message: &model::Message, reader: Option<UserId>) -> Self {
        let reaction = |reaction: &model::Reaction| Reaction {
            emoji: reaction.emoji.clone(),
            count: i64::try_from(reaction.users.len()).unwrap_or(i64::MAX),
            me: reader.is_some_and(|reader| reaction.users.contains(&reader)),
        };
        let mentions = message.mentioned.people.iter().map(|user| user.0);
        Self {
            id: message.id.0,
            seq: message.seq.0,
            created_seq: message.created_seq.0,
            room: message.room.as_str().to_owned(),
            user_id: message.author.id.0,
            name: message.author.name.as_str().to_owned(),
            avatar: avatar(&message.author),
            text: message.text.clone(),
            message: message.text.clone(),
            html: message.html.clone(),
            client_id: message.client_id.as_ref().map(|id| id.as_str().to_owned()),
            reply_to: message.reply_to.as_ref().map(Quote::from),
            reply_count: message.reply_count,
            attachments: Vec::new(),
            mentions: mentions.collect(),
            reactions: message.reactions.iter().map(reaction).collect(),
            pinned: message.pinned,
            deleted: message.deleted,
            kind: MessageKind::Text,
            created_at: message.created_at.to_string(),
            edited_at: message.edited_at.map(|at| at.to_string()),
        }
    }
}

impl From<&model::Quote> for Quote {
    fn from(quote: &model::Quote) -> Self {
        Self {
            id: quote.id.0,
            user_id: quote.author.id.0,
            name: quote.author.name.as_str().to_owned(),
            excerpt: quote.excerpt.0.clone(),
            deleted: quote.deleted,
        }
    }
}

impl RoomState {
    /// One of this reader's rooms.
    #[must_use]
    pub fn of(state: &model::RoomState, reader: UserId) -> Self {
        Self {
            room: Room::of(&state.room, Some(&state.membership)),
            unread: state.membership.unread,
            mentions: state.membership.mentions,
            last_message: state
                .last_message
                .as_ref()
                .map(|message| Message::of(message, Some(reader))),
            preferences: Preferences {
                notify: Notify::All,
                favourite: false,
                hidden: false,
            },
        }
    }
}

//! The contract's records (section 2).

mod attachments;
mod moderation;
mod previews;
mod rooms;

use schemars::JsonSchema;
use serde::Serialize;

pub use moderation::{
    LogAction, LogEntry, ModerationAction, Report, ReportReason, ReportedMessage, RoomSetting,
};

use super::{MessageKind, Status, Time};
use crate::{
    error::{Code, Error},
    model::{self, UserId},
};

pub use attachments::Attachment;
pub use previews::Preview;
pub use rooms::{Invite, Member, Person, Preferences, Room, RoomState};

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

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// Grows in the order in which the server accepted messages.
    pub id: i64,
    /// The room's seq at its last change; of a new message that comes to somebody who was away, the seq of its creation
    /// where older changes come after it. So the greatest seq that was heard is always the one to go on from.
    pub seq: i64,
    /// The room's seq at its creation.
    pub created_seq: i64,
    /// Its room's code.
    pub room: String,
    /// Its author.
    pub user_id: i64,
    /// Its author's present name.
    pub name: String,
    /// True where its author's account is gone; left out where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_deleted: Option<bool>,
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
    /// Pages that it links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previews: Option<Vec<Preview>>,
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
            two_factor: account.two_factor,
        }
    }
}

impl Message {
    /// Messages as this reader sees them.
    #[must_use]
    pub fn all_of(messages: &[model::Message], reader: UserId) -> Vec<Self> {
        messages
            .iter()
            .map(|message| Self::of(message, Some(reader)))
            .collect()
    }

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
            author_deleted: message.author.deleted.then_some(true),
            avatar: avatar(&message.author),
            text: message.text.clone(),
            message: message.text.clone(),
            html: message.html.clone(),
            client_id: message.client_id.as_ref().map(|id| id.as_str().to_owned()),
            reply_to: message.reply_to.as_ref().map(Quote::from),
            reply_count: message.reply_count,
            attachments: message.attachments.iter().map(Attachment::from).collect(),
            mentions: mentions.collect(),
            reactions: message.reactions.iter().map(reaction).collect(),
            pinned: message.pinned,
            deleted: message.deleted,
            kind: MessageKind::Text,
            created_at: message.created_at.to_string(),
            edited_at: message.edited_at.map(|at| at.to_string()),
            previews: Preview::all_of(&message.previews),
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

//! The JSON files of an export of one's data (`docs/administration.md` describes them).

use serde::Serialize;

use super::{
    Preferences, Role, Room, UserSelf, devices::Session, passkeys::Passkey, push::Subscription,
    sign_on::Identity, tokens::Token,
};
use crate::model::{self, Membership, NotificationSettings};

/// `profile.json`.
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// The account.
    pub user: UserSelf,
    /// Who the person is at the OpenID Connect provider that opens it, if one does.
    pub identity: Option<Identity>,
    /// Since when it exists.
    pub created_at: String,
    /// When the export was made.
    pub exported_at: String,
}

/// `sessions.json`: what speaks for the person.
#[derive(Debug, Clone, Serialize)]
pub struct Sessions {
    /// Browsers.
    pub sessions: Vec<Session>,
    /// Programs.
    pub tokens: Vec<Token>,
    /// What they log in with instead of the password, or beside it; no keys.
    pub passkeys: Vec<Passkey>,
    /// Devices that are pushed to.
    pub push_subscriptions: Vec<Subscription>,
}

/// `settings.json`: how the person wants to be told.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// Until when of nothing.
    pub quiet_until: Option<String>,
    /// Each day of nothing, from this minute of the day to that one, by the clocks of a time zone.
    pub quiet_hours: Option<QuietHours>,
    /// Whether what they missed is mailed.
    pub mail: bool,
}

/// At which hours of a day somebody wants to hear nothing.
#[derive(Debug, Clone, Serialize)]
pub struct QuietHours {
    /// From this minute of the day.
    pub from: i64,
    /// To this one.
    pub to: i64,
    /// The time zone's name.
    pub time_zone: String,
}

impl From<&NotificationSettings> for Settings {
    fn from(settings: &NotificationSettings) -> Self {
        let hours = settings.quiet_hours.as_ref().map(|hours| QuietHours {
            from: i64::from(hours.from),
            to: i64::from(hours.to),
            time_zone: hours.zone.clone(),
        });
        Self {
            quiet_until: settings.quiet_until.map(|until| until.to_string()),
            quiet_hours: hours,
            mail: settings.mail,
        }
    }
}

/// One of `rooms.json`: a room and the person's place in it.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// The room.
    #[serde(flatten)]
    pub room: Room,
    /// What the person may do there.
    pub role: Role,
    /// Since when they belong to it.
    pub joined_at: String,
    /// The last message that they read.
    pub read_id: i64,
    /// How they want to hear of it.
    pub preferences: Preferences,
}

impl Place {
    /// A room, and this place in it.
    #[must_use]
    pub fn of(room: &model::Room, membership: &Membership) -> Self {
        Self {
            room: Room::of(room, None),
            role: membership.role.into(),
            joined_at: membership.joined_at.to_string(),
            read_id: membership.read_id.0,
            preferences: Preferences::from(&membership.preferences),
        }
    }
}

/// One of `messages.json`, `direct/*.json` and `saved.json`.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// Its id.
    pub id: i64,
    /// Its room's code.
    pub room: String,
    /// Who wrote it.
    pub user_id: i64,
    /// What they are called now.
    pub name: String,
    /// As it was typed; empty where it was deleted.
    pub text: String,
    /// To which message it replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i64>,
    /// The ids of its files, which stand in `files.json` where the person sent them.
    pub attachments: Vec<String>,
    /// When.
    pub created_at: String,
    /// When it was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// Whether it was deleted.
    pub deleted: bool,
}

impl From<&model::Message> for Said {
    fn from(message: &model::Message) -> Self {
        let ids = message.attachments.iter().map(|file| file.id.to_string());
        Self {
            id: message.id.0,
            room: message.room.as_str().to_owned(),
            user_id: message.author.id.0,
            name: message.author.name.as_str().to_owned(),
            text: message.text.clone(),
            reply_to: message.reply_to.as_ref().map(|quote| quote.id.0),
            attachments: ids.collect(),
            created_at: message.created_at.to_string(),
            edited_at: message.edited_at.map(|at| at.to_string()),
            deleted: message.deleted,
        }
    }
}

/// One of `reactions.json`.
#[derive(Debug, Clone, Serialize)]
pub struct Reaction {
    /// To which message.
    pub message: i64,
    /// In which room.
    pub room: String,
    /// The emoji.
    pub emoji: String,
}

impl From<&model::OwnReaction> for Reaction {
    fn from(reaction: &model::OwnReaction) -> Self {
        Self {
            message: reaction.message.0,
            room: reaction.room.as_str().to_owned(),
            emoji: reaction.emoji.clone(),
        }
    }
}

/// One of `files.json`.
#[derive(Debug, Clone, Serialize)]
pub struct File {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is, by its content.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Its bytes.
    pub size: i64,
    /// Where it lies in the archive.
    pub path: String,
    /// In which message it was sent; null while it waits for one.
    pub message: Option<i64>,
    /// When.
    pub created_at: String,
}

impl From<&model::OwnFile> for File {
    fn from(file: &model::OwnFile) -> Self {
        let attachment = &file.attachment;
        Self {
            id: attachment.id.to_string(),
            name: attachment.name.as_str().to_owned(),
            media_type: attachment.media_type.clone(),
            size: attachment.size,
            path: path(attachment),
            message: file.message.map(|id| id.0),
            created_at: file.created_at.to_string(),
        }
    }
}

/// Where a file lies in the archive: no two have one id.
#[must_use]
pub fn path(attachment: &model::Attachment) -> String {
    format!("files/{}-{}", attachment.id, attachment.name.as_str())
}

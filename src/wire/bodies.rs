//! Bodies of the JSON calls under `/api/v1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model;

use super::{
    Attachment, LogEntry, Message, ModerationAction, Notify, Report, Role, Room, Time, UserSelf,
    WireError,
    events::{UserRef, Visibility, given},
};

/// `POST /users`: make an account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewUser {
    /// 2 to 32 letters, digits, `_`, `.`, `-`.
    pub name: String,
    /// Where letters go.
    pub email: String,
    /// 8 to 128 characters.
    pub password: String,
    /// The token of an invitation, where registration takes one; the account then belongs to its room.
    pub invite: Option<String>,
    /// The token of a claim link: the account that was imported for this person becomes theirs.
    pub claim: Option<String>,
}

/// `POST /tokens`: log a script in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewToken {
    /// Name or e-mail address.
    pub login: String,
    /// The password.
    pub password: String,
    /// The code that one's app shows, or a recovery code, where the account has a second factor.
    pub code: Option<String>,
    /// What the token is for, for its owner's eyes; 64 characters at most.
    pub label: Option<String>,
    /// What it may do: one or more of `read`, `write`, `join` and `account`; left out: all of it.
    pub scopes: Option<Vec<String>>,
    /// For how many seconds it holds, ten years at most; left out: until somebody ends it.
    pub expires_in: Option<i64>,
}

/// `PATCH /me`: change one's account; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct PatchMe {
    /// The new name.
    pub name: Option<String>,
    /// The new address; asks for `current_password`.
    pub email: Option<String>,
    /// The new password; asks for `current_password`.
    pub password: Option<String>,
    /// The present password.
    pub current_password: Option<String>,
}

/// What becomes of what somebody said, once their account is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaidBefore {
    /// It stays, as said by a deleted account.
    Keep,
    /// Messages become tombstones, their files go, and so do reactions.
    Remove,
}

impl From<SaidBefore> for model::SaidBefore {
    fn from(said: SaidBefore) -> Self {
        match said {
            SaidBefore::Keep => Self::Keep,
            SaidBefore::Remove => Self::Remove,
        }
    }
}

/// `DELETE /me`: delete one's account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct DeleteMe {
    /// One's name, as it stands.
    pub confirm: String,
    /// The present password.
    pub current_password: String,
    /// A code of one's app or a recovery code, where logins ask for one; needed with a token, and with a session whose owner
    /// did not show lately who they are.
    pub code: Option<String>,
    /// What becomes of what one said.
    pub messages: SaidBefore,
}

/// `POST /rooms/{code}/read`; the room stands in the path.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ReadUpTo {
    /// The last message that was read.
    pub id: i64,
}

/// `PATCH /messages/{id}`; the message stands in the path.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewText {
    /// What the message says: 1 to 4,000 characters.
    pub data: String,
}

/// `PATCH /rooms/{code}`: change a room; what is left out stays. The room stands in the path.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct PatchRoom {
    /// Its new name, 1 to 64 characters.
    pub name: Option<String>,
    /// What it is about from now on, 250 characters at most.
    pub topic: Option<String>,
    /// Who may find it from now on.
    pub visibility: Option<Visibility>,
    /// For how many days its messages are kept, for its owner to say: no more than the site keeps them. 0: as long as the
    /// site.
    pub retention_days: Option<i64>,
}

/// `DELETE /rooms/{code}`; the room stands in the path.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ConfirmDelete {
    /// The room's name, as it stands.
    pub confirm: String,
}

/// `POST /rooms/{code}/archive`; the room stands in the path.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SetArchived {
    /// Whether it is closed for writing.
    pub on: bool,
}

/// `POST /rooms/{code}/join`; may be left out for a public room.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct JoinBy {
    /// The token of an invitation.
    pub invite: Option<String>,
}

/// `POST /rooms/{code}/members`; the room stands in the path.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct AddedUser {
    /// Whom.
    pub user: UserRef,
}

/// `POST /rooms/{code}/invites`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "InviteTerms")]
pub struct NewInvite {
    /// Seconds for which it holds, from a minute to a year; without end where it is left out.
    pub expires_in: Option<i64>,
    /// How many people may come by it, 1 to 10,000; any number where it is left out.
    pub uses: Option<i64>,
}

/// `PATCH /rooms/{code}/preferences`; what is left out stays. The room stands in the path.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct PatchPreferences {
    /// Of which messages.
    pub notify: Option<Notify>,
    /// Until when of none; `null` ends that.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Time>")]
    pub muted_until: Option<Option<String>>,
    /// Whether it stands on top of the list.
    pub favourite: Option<bool>,
    /// Whether it is left out of the list, as long as nothing in it is unread.
    pub hidden: Option<bool>,
}

/// `POST /rooms/{code}/moderate`; the room stands in the path.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct TakeMeasure {
    /// What.
    pub action: ModerationAction,
    /// To whom; left out for `slow_mode` alone.
    pub user: Option<UserRef>,
    /// For `set_role`: which.
    pub role: Option<Role>,
    /// How long, the pause, or how far back.
    pub seconds: Option<i64>,
    /// Why, 250 characters at most.
    pub reason: Option<String>,
}

/// `{ entries, more }`: a room's log, the newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LogBody {
    /// The entries.
    pub entries: Vec<LogEntry>,
    /// Whether there are earlier ones.
    pub more: bool,
}

/// `{ reports, more }`: the newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportsBody {
    /// The reports.
    pub reports: Vec<Report>,
    /// Whether there are earlier ones.
    pub more: bool,
}

/// `{ report }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportBody {
    /// The report.
    pub report: Report,
}

/// `{ user }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UserBody {
    /// The person who asks.
    pub user: UserSelf,
}

/// `{ token, user }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TokenBody {
    /// The token; it is shown this once.
    pub token: String,
    /// Whom it speaks for.
    pub user: UserSelf,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    pub expires_at: Option<String>,
}

/// `{ room }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoomBody {
    /// The room.
    pub room: Room,
}

/// `{ message, duplicate }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MessageBody {
    /// The message.
    pub message: Message,
    /// Whether it was there already, under the same `client_id`.
    pub duplicate: bool,
}

/// `{ attachment }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UploadBody {
    /// The file, to be named by its `id` in a message's `attachments`.
    pub attachment: Attachment,
}

/// `{ error }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ErrorBody {
    /// Why it failed.
    pub error: WireError,
}

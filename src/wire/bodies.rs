//! Bodies of the JSON calls under `/api/v1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Message, Room, UserSelf, WireError};

/// `POST /users`: make an account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewUser {
    /// 2 to 32 letters, digits, `_`, `.`, `-`.
    pub name: String,
    /// Where letters go.
    pub email: String,
    /// 8 to 128 characters.
    pub password: String,
}

/// `POST /tokens`: log a script in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NewToken {
    /// Name or e-mail address.
    pub login: String,
    /// The password.
    pub password: String,
    /// What the token is for, for its owner's eyes; 64 characters at most.
    pub label: Option<String>,
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

/// `{ error }`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ErrorBody {
    /// Why it failed.
    pub error: WireError,
}

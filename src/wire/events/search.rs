//! Looking for what was said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::Message;

/// `search`: find messages in the person's own rooms, the newest first.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct SearchMessages {
    /// Words that all must be there, in any order, the last one perhaps only begun; `"several words"` in this order;
    /// and `from:name`, `in:room`, `before:2026-11-24`, `after:2026-11-24` (in UTC), `has:file`; a filter that says nothing is `invalid`. 1 to 500 characters.
    pub query: String,
    /// Only in this room.
    pub room: Option<String>,
    /// Only by the person of this name.
    pub from: Option<String>,
    /// Only what was sent at this time or later: RFC 3339, or a day in UTC.
    pub since: Option<String>,
    /// Only what was sent before this time: RFC 3339, or a day in UTC.
    pub until: Option<String>,
    /// 1 to 200; 50 where it is left out.
    pub limit: Option<i64>,
    /// Where the answer before this one ended.
    pub cursor: Option<String>,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hit {
    /// The message.
    pub message: Message,
    /// A part of its text as safe HTML: the words that were looked for in `<mark>`.
    pub excerpt: String,
}

/// The answer to `search`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SearchAck {
    /// What was found.
    pub hits: Vec<Hit>,
    /// For the next part, where there may be more.
    pub cursor: Option<String>,
}

//! What clients see: records, commands, events and bodies, exactly as in the contract.
//!
//! The types here are the single source of the wire format; JSON Schemas and the web client's
//! TypeScript types are generated from them. They hold plain values: no rule is decided here.

pub mod administration;
pub mod bodies;
pub mod bots;
mod deeds;
pub mod devices;
pub mod events;
pub mod exports;
pub mod factors;
pub mod hooks;
pub mod passkeys;
pub mod passwords;
pub mod push;
mod records;
pub mod recovery;
pub mod schema;
mod sets;
pub mod sign_on;
pub mod tokens;

use serde::de::DeserializeOwned;

pub use records::{
    Attachment, Invite, LogAction, LogEntry, Member, Message, ModerationAction, Person,
    Preferences, Preview, Quote, Report, ReportReason, ReportedMessage, Room, RoomSetting,
    RoomState, User, UserSelf, WireError, avatar,
};
pub use sets::{
    Change, LeaveReason, MessageKind, Notify, RemovalReason, Role, RoomKind, Status, Time,
};

use crate::error::{Code, Error};

/// Reads a JSON object as `T`; keys that `T` does not know are ignored.
///
/// # Errors
/// `invalid`, with the field at fault where it is one of ours.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        explain(&path, error.inner())
    })?;
    reader.end().map_err(|error| {
        Error::new(
            Code::Invalid,
            format!("This is not one JSON value: {error}."),
        )
    })?;
    Ok(value)
}

/// Names of fields that requests have, so that an error can name one for as long as the program runs.
const FIELDS: &[&str] = &[
    "action",
    "after",
    "around",
    "attachments",
    "before",
    "blocks",
    "client_id",
    "confirm",
    "credential",
    "current_password",
    "data",
    "email",
    "emoji",
    "events",
    "expires_in",
    "favourite",
    "hidden",
    "id",
    "invite",
    "label",
    "limit",
    "login",
    "membership",
    "muted_until",
    "messages",
    "name",
    "notify",
    "on",
    "password",
    "purpose",
    "query",
    "reason",
    "reply_to",
    "resolved",
    "retention_days",
    "role",
    "room",
    "rooms",
    "scopes",
    "seconds",
    "seq",
    "text",
    "token",
    "topic",
    "url",
    "user",
    "users",
    "uses",
    "visibility",
];

fn explain(path: &str, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let missing = text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    let first = path.split(['.', '[']).next().unwrap_or_default();
    let field = FIELDS
        .iter()
        .copied()
        .find(|name| *name == missing.unwrap_or(first));
    let message = match (missing, field) {
        (Some(name), _) => format!("The field {name} is missing. Send it."),
        (None, Some(name)) => format!("The field {name} is not of the right form: {text}."),
        (None, None) => format!("This is not a JSON object of the right form: {text}."),
    };
    let error = Error::new(Code::Invalid, message);
    match field {
        Some(field) => error.field(field),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::{events::SendMessage, *};

    #[test]
    fn a_failed_field_is_named() {
        for (json, field) in [
            (r#"{"data":7}"#, Some("data")),
            (r#"{"room":"x"}"#, Some("data")),
            (r#"{"data":"x","room":[]}"#, Some("room")),
            ("7", None),
            (r#"{"data":"x""#, None),
            (r#"{"data":"x"} {}"#, None),
        ] {
            let error = parse::<SendMessage>(json).expect_err(json);
            assert_eq!((error.code, error.field), (Code::Invalid, field), "{json}");
        }
        assert!(parse::<SendMessage>(r#"{"data":"x","colour":"red"}"#).is_ok());
    }
}

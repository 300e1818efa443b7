//! In which words a client speaks (contract, section 3): reads an event's payload as the contract's own.

use std::borrow::Cow;

use serde_json::{Value as Json, json, value::RawValue};

use super::peer::Peer;
use crate::{
    error::{Error, Result},
    realtime::Dialect,
    wire::events::{Join, Request, SendMessage},
};

/// The payload of an event as a JSON object of the contract. A `join` makes a client native: what it listened to
/// as a Flask page ends, and from then on it names its rooms.
pub(super) fn payload<'a>(
    peer: &Peer,
    event: &str,
    argument: Option<&'a RawValue>,
) -> Result<Cow<'a, str>> {
    let connection = peer.connection();
    let text = argument.map_or("{}", RawValue::get);
    match event {
        SendMessage::EVENT => message(
            text,
            connection
                .only_room()
                .as_ref()
                .map(crate::model::RoomCode::as_str),
        ),
        Join::EVENT => {
            if connection.dialect() == Dialect::Flask && connection.becomes_native() {
                for room in connection.rooms().into_keys() {
                    peer.site.hub.unlisten(connection, room);
                }
            }
            Ok(Cow::Borrowed(text))
        }
        _ => Ok(Cow::Borrowed(text)),
    }
}

/// `message` may be a bare string, and may leave its room out where the socket listens to one only.
fn message<'a>(text: &'a str, only_room: Option<&str>) -> Result<Cow<'a, str>> {
    let mut payload = match serde_json::from_str::<Json>(text) {
        Ok(Json::String(data)) => json!({ "data": data }),
        Ok(payload @ Json::Object(_)) => payload,
        _ => {
            return Err(Error::invalid(
                "data",
                "Send a message as { data }, or as a string.",
            ));
        }
    };
    let room = payload.get("room");
    if room.is_some_and(|room| !room.is_null()) {
        return Ok(Cow::Borrowed(text));
    }
    let room = only_room.ok_or_else(|| {
        Error::invalid(
            "room",
            "Name the room: this socket does not listen to just one.",
        )
    })?;
    payload["room"] = Json::from(room);
    Ok(Cow::Owned(payload.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_room_goes_to_the_only_one() {
        for (text, room, expected) in [
            (
                r#""hi""#,
                Some("lobby"),
                Some(r#"{"data":"hi","room":"lobby"}"#),
            ),
            (
                r#"{"data":"hi"}"#,
                Some("lobby"),
                Some(r#"{"data":"hi","room":"lobby"}"#),
            ),
            (
                r#"{"data":"hi","room":"x"}"#,
                Some("lobby"),
                Some(r#"{"data":"hi","room":"x"}"#),
            ),
            (
                r#"{"data":"hi","room":null}"#,
                Some("lobby"),
                Some(r#"{"data":"hi","room":"lobby"}"#),
            ),
            (r#""hi""#, None, None),
            ("[1]", Some("lobby"), None),
        ] {
            assert_eq!(message(text, room).ok().as_deref(), expected, "{text}");
        }
    }
}

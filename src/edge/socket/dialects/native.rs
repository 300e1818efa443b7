//! The contract's own words, and the Flask-SocketIO room page's, which differ only in what is left out: the page sends
//! `message` without a room.

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value as Json, json, value::RawValue};

use super::Spoken;
use crate::{
    edge::socket::peer::Peer,
    error::{Error, Result},
    model::RoomCode,
    wire::events::{Request, SendMessage},
};

/// Reads an event as the contract's own.
pub(super) fn read<'a>(
    peer: &Peer,
    event: &'a str,
    arguments: &[&'a RawValue],
) -> Result<Spoken<'a>> {
    let text = arguments.first().map_or("{}", |argument| argument.get());
    if event != SendMessage::EVENT {
        return Ok(Spoken::command(event, text));
    }
    let only_room = peer.connection().only_room();
    message(text, only_room.as_ref().map(RoomCode::as_str))
        .map(|payload| Spoken::Command { event, payload })
}

/// Whether a message names its room; what else it holds is passed over.
#[derive(Deserialize)]
struct Addressed {
    room: Option<IgnoredAny>,
}

/// `message` may be a bare string, and may leave its room out where the socket listens to one only.
fn message<'a>(text: &'a str, only_room: Option<&str>) -> Result<Cow<'a, str>> {
    // Most messages name their room, and are read once more as what they are: nothing is built of them here.
    if text.starts_with('{')
        && serde_json::from_str::<Addressed>(text).is_ok_and(|message| message.room.is_some())
    {
        return Ok(Cow::Borrowed(text));
    }
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

//! The chat of Socket.IO's "get started" tutorial: `chat message` with a text and, from its last step on, an offset of the
//! client's own, which makes a resend harmless.

use serde_json::{json, value::RawValue};

use super::{Spoken, native};
use crate::{
    edge::socket::peer::Peer,
    error::{Error, Result},
    model::RoomCode,
    wire::events::{Request, SendMessage},
};

pub(super) const MESSAGE: &str = "chat message";

/// Reads `chat message` as a message to the lobby; everything else as it is.
pub(super) fn read<'a>(
    peer: &Peer,
    event: &'a str,
    arguments: &[&'a RawValue],
) -> Result<Spoken<'a>> {
    if event != MESSAGE {
        return native::read(peer, event, arguments);
    }
    let text = |index: usize| {
        arguments
            .get(index)
            .and_then(|argument| serde_json::from_str::<String>(argument.get()).ok())
    };
    let data = text(0).ok_or_else(|| Error::invalid("data", "Send a chat message as a string."))?;
    let payload = json!({ "room": RoomCode::lobby().as_str(), "data": data, "client_id": text(1) });
    Ok(Spoken::command(SendMessage::EVENT, payload.to_string()))
}

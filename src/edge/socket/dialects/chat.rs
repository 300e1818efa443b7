//! Socket.IO's `examples/chat`: `add user`, `new message`, `typing` and `stop typing`, all in the lobby. The name that a
//! client adds does not count: its account's does.

use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};

use super::{Spoken, native};
use crate::{
    edge::socket::peer::Peer,
    error::{Error, Result},
    model::RoomCode,
    wire::events::{Request, SendMessage, SetTyping},
};

pub(super) const ADD_USER: &str = "add user";
pub(super) const NEW_MESSAGE: &str = "new message";
pub(super) const STOP_TYPING: &str = "stop typing";
const TYPING: &str = "typing";

/// Reads the example's events; everything else as it is.
pub(super) fn read<'a>(
    peer: &Peer,
    event: &'a str,
    arguments: &[&'a RawValue],
) -> Result<Spoken<'a>> {
    let lobby = RoomCode::lobby();
    match event {
        ADD_USER => {
            log_in(peer);
            Ok(Spoken::Done)
        }
        NEW_MESSAGE => {
            let data = arguments
                .first()
                .and_then(|text| serde_json::from_str::<String>(text.get()).ok());
            let data =
                data.ok_or_else(|| Error::invalid("data", "Send a new message as a string."))?;
            let payload = json!({ "room": lobby.as_str(), "data": data });
            Ok(Spoken::command(SendMessage::EVENT, payload.to_string()))
        }
        TYPING | STOP_TYPING => {
            let payload = json!({ "room": lobby.as_str(), "on": event == TYPING });
            Ok(Spoken::command(SetTyping::EVENT, payload.to_string()))
        }
        _ => native::read(peer, event, arguments),
    }
}

/// Answers `add user` by `login`, with how many people are there.
fn log_in(peer: &Peer) {
    let connection = peer.connection();
    let people = connection
        .rooms()
        .into_keys()
        .map(|room| peer.site.hub.people_in(room))
        .max();
    let login = to_raw_value(&json!({ "numUsers": people })).expect("a number serialises");
    if connection.outlet().send("login", &login).is_err() {
        tracing::debug!("a login could not be told");
    }
}

//! What is told to clients of other servers in their own words (contract, section 3). Each message is put into a
//! dialect's words once, and only when somebody hears it there.

use std::sync::{Arc, OnceLock};

use serde_json::{json, value::RawValue};

use super::{
    connection::{Connection, NotSent, encode},
    hub::Hub,
    room::RoomChannel,
};
use crate::{
    model::{Message, MessageChange, UserCard, UserId},
    wire::{
        self,
        events::{Event, MessageUpdated},
    },
};

/// In which words a connection speaks and hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The contract's own.
    Native,
    /// The Flask-SocketIO room page's: only `message`, both ways, in the one room that its session entered.
    Flask,
    /// Those of Socket.IO's "get started" chat: `chat message` with text and id, in the lobby.
    GetStarted,
    /// Those of Socket.IO's `examples/chat`, in the lobby.
    Chat,
}

impl Dialect {
    const ALL: [Self; 4] = [Self::Native, Self::Flask, Self::GetStarted, Self::Chat];

    pub(super) fn number(self) -> u8 {
        self as u8
    }

    pub(super) fn of_number(number: u8) -> Self {
        Self::ALL[usize::from(number)]
    }
}

/// One message, to be told to many.
pub(super) struct Told<'a> {
    message: &'a Message,
    new: OnceLock<Box<RawValue>>,
    updated: OnceLock<Box<RawValue>>,
    text_and_id: OnceLock<[Box<RawValue>; 2]>,
    chat: OnceLock<Box<RawValue>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(message: &'a Message) -> Self {
        Self {
            message,
            new: OnceLock::new(),
            updated: OnceLock::new(),
            text_and_id: OnceLock::new(),
            chat: OnceLock::new(),
        }
    }

    /// Tells it to one connection in its words: as a new message, or as a new state of one that it `knows`.
    pub(super) fn to(&self, connection: &Connection, knows: bool) -> Result<(), NotSent> {
        let (message, outlet) = (self.message, connection.outlet());
        match connection.dialect() {
            Dialect::Native => self.whole(connection, knows),
            // The other clients have no words for what happens to a message later.
            _ if knows || message.deleted => Ok(()),
            // A Flask page reads `name` and `message` of it and ignores the rest.
            Dialect::Flask => self.whole(connection, false),
            Dialect::GetStarted => {
                let [text, id] = self
                    .text_and_id
                    .get_or_init(|| [encode(&message.text), encode(&message.id.0)]);
                outlet.send_pair("chat message", text, id)
            }
            // Its authors have shown it already.
            Dialect::Chat if message.author.id == connection.user() => Ok(()),
            Dialect::Chat => {
                let chat = self.chat.get_or_init(|| {
                    encode(&json!({ "username": message.author.name.as_str(), "message": message.text }))
                });
                outlet.send("new message", chat)
            }
        }
    }

    /// The whole record: encoded once for everybody, but for those whose own reactions stand in it.
    fn whole(&self, connection: &Connection, knows: bool) -> Result<(), NotSent> {
        let reader = connection.user();
        let reacted = self
            .message
            .reactions
            .iter()
            .any(|reaction| reaction.users.contains(&reader));
        let (event, shared) = if knows {
            (MessageUpdated::EVENT, &self.updated)
        } else {
            ("message", &self.new)
        };
        if reacted {
            let own = self.encode(Some(reader), knows);
            return connection.outlet().send(event, &own);
        }
        let shared = shared.get_or_init(|| self.encode(None, knows));
        connection.outlet().send(event, shared)
    }

    fn encode(&self, reader: Option<UserId>, knows: bool) -> Box<RawValue> {
        let message = wire::Message::of(self.message, reader);
        if !knows {
            return encode(&message);
        }
        let change = self.message.change.unwrap_or(MessageChange::Edited).into();
        encode(&MessageUpdated { message, change })
    }
}

/// Whether somebody comes into a room or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passing {
    Enters,
    Leaves,
}

/// Tells a room's listeners who comes and goes, in the dialects that have words for it; it is not kept.
pub(super) fn announce(hub: &Arc<Hub>, channel: &RoomChannel, who: &UserCard, passing: Passing) {
    if !channel.has_foreign() {
        return;
    }
    let (page, chat) = match passing {
        Passing::Enters => ("has entered the room", "user joined"),
        Passing::Leaves => ("has left the room", "user left"),
    };
    let name = who.name.as_str();
    let pages = channel.connections(Dialect::Flask);
    if !pages.is_empty() {
        let payload = encode(&json!({ "name": name, "message": page }));
        for connection in pages {
            hub.send(&connection, "message", &payload);
        }
    }
    let chats = channel.connections(Dialect::Chat);
    if !chats.is_empty() {
        let payload = encode(&json!({ "username": name, "numUsers": channel.people() }));
        for connection in chats {
            if connection.user() != who.id {
                hub.send(&connection, chat, &payload);
            }
        }
    }
}

/// Tells that somebody writes, or stopped, to those who speak as `examples/chat`.
pub(super) fn typing(channel: &RoomChannel, who: &UserCard, on: bool) {
    let chats = channel.connections(Dialect::Chat);
    if chats.is_empty() {
        return;
    }
    let event = if on { "typing" } else { "stop typing" };
    let payload = encode(&json!({ "username": who.name.as_str() }));
    for connection in chats {
        if connection.user() != who.id {
            connection.outlet().send_volatile(event, &payload);
        }
    }
}

#[cfg(test)]
mod tests;

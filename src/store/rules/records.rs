//! Records that rules make stores of: people, rooms, messages, sessions and tokens.

use std::net::Ipv4Addr;

use super::{later, members_only, room_code};
use crate::model::{
    Account, ClientId, Email, Mentioned, NewAccount, NewMessage, NewRoom, NewSession, NewToken,
    Origin, RoomKind, RoomName, Topic, UserId, UserName,
};

pub(crate) fn new_account(name: &str) -> NewAccount {
    NewAccount {
        name: UserName::parse(name, 2, 32).expect("a name"),
        email: Email::parse(&format!("{name}@example.org")).expect("an address"),
        password_hash: format!("hash of {name}"),
        may_be_first: true,
        created_at: later(1),
    }
}

pub(crate) fn new_room(code: &str, owner: UserId) -> NewRoom {
    NewRoom {
        code: room_code(code),
        name: RoomName::parse(&format!("Room {code}"), 64).expect("a name"),
        topic: Topic::parse("tea", 250).expect("a topic"),
        kind: RoomKind::Public,
        owner,
        created_at: later(2),
    }
}

pub(crate) fn new_message(author: &Account, code: &str, text: &str) -> NewMessage {
    NewMessage {
        room: room_code(code),
        author: author.card.id,
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        client_id: None,
        reply_to: None,
        mentioned: Mentioned::default(),
        attachments: Vec::new(),
        created_at: later(3),
        permit: members_only,
    }
}

/// The same message under the author's own name for it.
pub(crate) fn named(mut message: NewMessage, client_id: &str) -> NewMessage {
    message.client_id = Some(ClientId::parse(client_id).expect("a client id"));
    message
}

pub(crate) fn new_session(hash: u8, user_id: UserId) -> NewSession {
    NewSession {
        hash: [hash; 32],
        user_id,
        origin: Origin {
            address: Ipv4Addr::LOCALHOST.into(),
            user_agent: "a test".to_owned(),
        },
        created_at: later(0),
        proved_at: later(0),
        expires_at: later(100),
    }
}

pub(crate) fn new_token(hash: u8, user_id: UserId) -> NewToken {
    NewToken {
        hash: [hash; 32],
        user_id,
        label: "a script".to_owned(),
        scopes: None,
        expires_at: None,
        created_at: later(0),
    }
}

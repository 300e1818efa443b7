//! In which words a client speaks (contract, section 3), one file a dialect: reads its events as the contract's own.
//!
//! Which dialect it is, is decided once: by what the client sends as `auth`, by the room that its session has entered,
//! else by its first event. A `join` makes every client native.

mod chat;
mod get_started;
mod native;

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{auth::Auth, peer::Peer};
use crate::{
    error::Result,
    model::{MessageId, RoomCode, Seq},
    realtime::Dialect,
    service::{Via, permissions::Action, rooms},
    store::Page,
    wire::events::{Join, Request},
};

/// An event in the contract's words.
pub(super) enum Spoken<'a> {
    /// A command with its payload, a JSON object.
    Command {
        event: &'a str,
        payload: Cow<'a, str>,
    },
    /// Something that was dealt with already.
    Done,
}

impl<'a> Spoken<'a> {
    fn command(event: &'a str, payload: impl Into<Cow<'a, str>>) -> Self {
        Self::Command {
            event,
            payload: payload.into(),
        }
    }
}

/// The dialect that is known when a client connects, and whether its first event may still say otherwise.
pub(super) fn at_connect(auth: &Auth, via: &Via) -> (Dialect, bool) {
    let entered = matches!(
        via,
        Via::Session {
            entered: Some(_),
            ..
        }
    );
    match auth {
        Auth {
            server_offset: Some(_),
            ..
        } => (Dialect::GetStarted, false),
        auth if auth.is_native() => (Dialect::Native, false),
        _ if entered => (Dialect::Flask, true),
        _ => (Dialect::Native, true),
    }
}

/// The dialect that has an event of this name and no other dialect has.
fn by_first_event(event: &str) -> Option<Dialect> {
    match event {
        get_started::MESSAGE => Some(Dialect::GetStarted),
        chat::ADD_USER | chat::NEW_MESSAGE | chat::STOP_TYPING => Some(Dialect::Chat),
        _ => None,
    }
}

/// Reads an event as the contract's own, in the words that its client speaks.
pub(super) async fn read<'a>(
    peer: &Peer,
    event: &'a str,
    arguments: &[&'a RawValue],
) -> Result<Spoken<'a>> {
    if peer.is_first_event()
        && let Some(dialect) = by_first_event(event)
    {
        change(peer, dialect).await?;
    }
    let connection = peer.connection();
    if event == Join::EVENT && connection.dialect() != Dialect::Native {
        stop_listening(peer);
        connection.speaks(Dialect::Native);
    }
    match connection.dialect() {
        Dialect::Native | Dialect::Flask => native::read(peer, event, arguments),
        Dialect::GetStarted => get_started::read(peer, event, arguments),
        Dialect::Chat => chat::read(peer, event, arguments),
    }
}

/// Begins to listen as the dialect known at the connect does.
pub(super) async fn begin(peer: &Peer, server_offset: Option<i64>) -> Result<()> {
    match peer.connection().dialect() {
        Dialect::Native => Ok(()),
        Dialect::Flask => match &peer.caller.via {
            // A room that is not the person's any more is not listened to; the page hears nothing of it.
            Via::Session {
                entered: Some(room),
                ..
            } => listen(peer, room, None).await.or(Ok(())),
            _ => Ok(()),
        },
        Dialect::GetStarted | Dialect::Chat => in_the_lobby(peer, server_offset).await,
    }
}

/// Another dialect than was thought: what was listened to ends.
async fn change(peer: &Peer, dialect: Dialect) -> Result<()> {
    stop_listening(peer);
    peer.connection().speaks(dialect);
    in_the_lobby(peer, None).await
}

fn stop_listening(peer: &Peer) {
    let connection = peer.connection();
    for room in connection.rooms().into_keys() {
        peer.site.hub.unlisten(connection, room);
    }
}

/// Dialects without rooms speak in the lobby.
async fn in_the_lobby(peer: &Peer, after: Option<i64>) -> Result<()> {
    let lobby = RoomCode::lobby();
    rooms::join(&peer.site.ctx, &peer.caller, lobby.as_str()).await?;
    listen(peer, &lobby, after).await
}

/// Listens from now on, or to all that came after the message with this id.
async fn listen(peer: &Peer, room: &RoomCode, after: Option<i64>) -> Result<()> {
    let ctx = &peer.site.ctx;
    let standing = rooms::standing(ctx, &peer.caller, room.as_str(), Action::Read).await?;
    let since = match after {
        None => standing.room.last_seq,
        Some(id) => {
            let page = ctx
                .store
                .history(standing.room.id, Page::After(MessageId(id)), 1)
                .await?;
            let next = page.messages.first();
            next.map_or(Seq(page.seq), |message| Seq(message.created_seq.0 - 1))
        }
    };
    peer.site
        .hub
        .listen(peer.connection(), &standing.room, since)
        .await;
    Ok(())
}

//! Guests: clients without an account, who may listen and speak in the lobby and do nothing else (contract, section 3).
//!
//! A guest is there for as long as its socket. No page and no JSON call is theirs, so what they may is decided here,
//! for the events of a socket.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Caller, Context, Via, permissions};
use crate::{
    error::{Code, Error, Result},
    model::{Origin, RoomCode, UserName},
    secrets::random,
    store::StoreError,
    wire::events::{
        History, Join, Leave, ListMembers, ListRooms, MarkRead, Request, SendMessage, SetTyping,
    },
};

/// How every guest's name begins, and nobody else's.
pub const PREFIX: &str = "guest-";

/// Characters of a guest's name that are drawn.
const DRAWN: usize = 6;

/// What guests may ask for, in the lobby.
const ALLOWED: [&str; 8] = [
    SendMessage::EVENT,
    Join::EVENT,
    Leave::EVENT,
    History::EVENT,
    SetTyping::EVENT,
    MarkRead::EVENT,
    ListMembers::EVENT,
    ListRooms::EVENT,
];

/// Lets a client in that has no credential; nobody where the server takes no guests, or has no owner yet.
///
/// # Errors
/// `rate_limited` when many came from this address; what keeps everybody out of the lobby.
pub async fn arrive(ctx: &Context, origin: &Origin) -> Result<Option<Caller>> {
    if !ctx.settings.guests {
        return Ok(None);
    }
    ctx.throttle.guest(origin.address)?;
    loop {
        let made = ctx
            .store
            .create_guest(drawn(), permissions::may_join, ctx.now());
        match made.await {
            // One name in a thousand million is in use; draw again.
            Err(StoreError::Taken("name")) => {}
            Err(StoreError::NoOwner) => return Ok(None),
            made => {
                return Ok(Some(Caller {
                    account: made?,
                    via: Via::Guest,
                    scopes: None,
                    origin: origin.clone(),
                }));
            }
        }
    }
}

/// A name that no account can have.
fn drawn() -> UserName {
    let letters = random::<DRAWN>().map(|byte| {
        let letters = RoomCode::ALPHABET;
        char::from(letters[usize::from(byte) % letters.len()])
    });
    UserName::stored(PREFIX.chars().chain(letters).collect())
}

/// A guest has gone: what they said stays, and nothing else.
pub async fn depart(ctx: &Context, guest: &Caller) {
    if let Err(error) = ctx.store.remove_guest(guest.id()).await {
        // The next start does it.
        tracing::warn!(user.id = guest.id().0, error = %error, "a guest could not be removed");
    }
}

/// Where an event is about.
#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    room: Option<Cow<'a, str>>,
}

/// Whether this caller may ask for this, as far as that depends on being a guest. A payload that names no place as it
/// should is for the command itself to refuse.
///
/// # Errors
/// `forbidden`; `rate_limited` when all guests of one address together send too fast.
pub fn may(ctx: &Context, caller: &Caller, event: &str, payload: &str) -> Result<()> {
    if !caller.account.card.guest {
        return Ok(());
    }
    let room = serde_json::from_str::<Place<'_>>(payload)
        .ok()
        .and_then(|place| place.room);
    let elsewhere =
        room.is_some_and(|room| RoomCode::parse(&room).is_ok_and(|code| code != RoomCode::lobby()));
    if elsewhere || !ALLOWED.contains(&event) {
        return Err(Error::new(
            Code::Forbidden,
            "Guests may listen and speak in the lobby. Make an account for everything else.",
        ));
    }
    if event == SendMessage::EVENT {
        ctx.throttle.guest_message(caller.origin.address)?;
    }
    Ok(())
}

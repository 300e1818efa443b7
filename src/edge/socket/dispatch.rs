//! From an event's name to its command: made from the one list of requests.

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value as Json, value::RawValue};
use socketioxide::handler::Value;

use super::{
    dialects::{self, Spoken},
    peer::Peer,
};
#[allow(
    clippy::wildcard_imports,
    reason = "the list of requests names all of them"
)]
use crate::wire::events::*;
use crate::{
    error::{Code, Error, Result},
    for_each_request,
    service::{Answer, Command, Follow, Reply, guests, scopes},
    wire,
};

/// A command's outcome, in JSON.
pub(super) struct Outcome {
    pub(super) done: Done,
    pub(super) follow: Follow,
}

/// An acknowledgement's payload, now or later.
pub(super) enum Done {
    Now(Json),
    Later(BoxFuture<'static, Result<Json>>),
}

/// An event as it was read.
pub(super) struct Event<'a> {
    /// Its name, as far as it can be read.
    pub(super) name: String,
    /// Its arguments, or why it cannot be run.
    pub(super) arguments: Result<Vec<&'a RawValue>>,
}

/// Reads a packet, once.
pub(super) fn read(packet: &Value) -> Event<'_> {
    let Value::Str(text, attachments) = packet else {
        return Event {
            name: String::new(),
            arguments: Err(binary()),
        };
    };
    let parts: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    let name: Option<String> = parts
        .first()
        .and_then(|name| serde_json::from_str(name.get()).ok());
    let attached = attachments
        .as_ref()
        .is_some_and(|attachments| !attachments.is_empty());
    let arguments = match name {
        _ if attached => Err(binary()),
        Some(_) => Ok(parts[1..].to_vec()),
        None => Err(Error::new(
            Code::Invalid,
            "An event is a name and one object.",
        )),
    };
    Event {
        name: name.unwrap_or_default(),
        arguments,
    }
}

fn binary() -> Error {
    Error::new(
        Code::Invalid,
        "Binary payloads are not taken here. Send one object of text.",
    )
}

/// Runs the command that an event asks for.
pub(super) async fn run(
    peer: &Peer,
    name: &str,
    arguments: Result<Vec<&RawValue>>,
) -> Result<Outcome> {
    let spoken = dialects::read(peer, name, &arguments?).await?;
    let Spoken::Command { event, payload } = spoken else {
        return Ok(Outcome {
            done: Done::Now(json(&crate::wire::events::Done {})),
            follow: Follow::Nothing,
        });
    };
    guests::may(&peer.site.ctx, &peer.caller, event, &payload)?;
    macro_rules! table {
        ($($request:ident => $ack:ident: $event:literal,)+) => {
            match event {
                $($event => run_as::<$request>(peer, &payload).await,)+
                _ => Err(Error::new(Code::Invalid, format!("There is no event called {name:.64}."))),
            }
        };
    }
    for_each_request!(table)
}

async fn run_as<C: Command>(peer: &Peer, payload: &str) -> Result<Outcome> {
    scopes::check(&peer.caller, C::EVENT)?;
    let command: C = wire::parse(payload)?;
    let Reply { answer, follow } = command.run(&peer.site.ctx, &peer.caller).await?;
    let done = match answer {
        Answer::Now(ack) => Done::Now(json(&ack)),
        Answer::Stored(stored) => {
            Done::Later(stored.map(|result| result.map(|ack| json(&ack))).boxed())
        }
    };
    Ok(Outcome { done, follow })
}

fn json<A: serde::Serialize>(ack: &A) -> Json {
    serde_json::to_value(ack)
        .expect("acknowledgements have string keys and cannot fail to serialise")
}

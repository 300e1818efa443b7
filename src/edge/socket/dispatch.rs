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
    service::{Answer, Command, Follow, Reply},
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

/// An event's name and arguments.
struct Event<'a> {
    name: String,
    arguments: Vec<&'a RawValue>,
}

fn read(packet: &Value) -> Result<Event<'_>> {
    let Value::Str(text, attachments) = packet else {
        return Err(binary());
    };
    if attachments
        .as_ref()
        .is_some_and(|attachments| !attachments.is_empty())
    {
        return Err(binary());
    }
    let malformed = || Error::new(Code::Invalid, "An event is a name and one object.");
    let parts: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| malformed())?;
    let (name, arguments) = parts.split_first().ok_or_else(malformed)?;
    let name = serde_json::from_str(name.get()).map_err(|_| malformed())?;
    Ok(Event {
        name,
        arguments: arguments.to_vec(),
    })
}

fn binary() -> Error {
    Error::new(
        Code::Invalid,
        "Binary payloads are not taken here. Send one object of text.",
    )
}

/// The event's name, as far as it can be read.
pub(super) fn name(packet: &Value) -> String {
    let Value::Str(text, _) = packet else {
        return String::new();
    };
    let parts: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    parts
        .first()
        .and_then(|name| serde_json::from_str(name.get()).ok())
        .unwrap_or_default()
}

/// Runs the command that an event asks for.
pub(super) async fn run(peer: &Peer, name: &str, packet: &Value) -> Result<Outcome> {
    let event = read(packet)?;
    debug_assert_eq!(event.name, name, "both read the same packet");
    let spoken = dialects::read(peer, name, &event.arguments).await?;
    let Spoken::Command { event, payload } = spoken else {
        return Ok(Outcome {
            done: Done::Now(json(&crate::wire::events::Done {})),
            follow: Follow::Nothing,
        });
    };
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

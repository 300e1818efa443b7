//! The server that the Socket.IO project's own suites are run against, by `make conformance`.
//!
//! `/engine.io/` echoes each message of Engine.IO 3 and 4. `/socket.io/` is the engine that Parlor serves, built by the same
//! function from the same settings, with two namespaces that answer as the suites expect. Address, intervals and
//! sizes are those that the suites have written into them.

use std::{collections::VecDeque, error::Error, net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{Router, body::Bytes};
use engineioxide::{
    DisconnectReason, Socket as EngineSocket, Str, handler::EngineIoHandler,
    service::EngineIoService,
};
use parlor::{
    base::Tasks,
    config::{Limits, Settings},
    edge::socket,
};
use serde::{Serialize, Serializer, ser::SerializeTuple};
use serde_json::Value as Json;
use socketioxide::{
    SendError, SocketIo,
    adapter::LocalAdapter,
    extract::{AckSender, SocketRef, TryData},
    handler::{FromMessageParts, MessageHandler, Value},
    socket::Socket,
};
use tokio::net::TcpListener;

/// The port that is written into the suites.
const PORT: u16 = 3000;

/// One thread, as the reference server has: what the suites send on one connection and then on another is worked off in
/// that order.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings {
        limits: Limits {
            ping_interval: Duration::from_millis(300),
            ping_timeout: Duration::from_millis(200),
            packet_bytes: 1_000_000,
            ..Limits::default()
        },
        ..Settings::default()
    };
    let tasks = Tasks::new();
    let (socket_io, io) = socket::engine::<()>(&settings, &tasks);
    serve_namespaces(&io);

    let mut config = io.config().engine_config.clone();
    config.req_path = "/engine.io".into();
    let echo = EngineIoService::with_config_inner(Router::<()>::new(), Arc::new(Echo), config);
    let engine_io =
        socket::protocol::routes("/engine.io", echo, settings.limits.packet_bytes, &tasks);

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).await?;
    axum::serve(listener, socket_io.merge(engine_io)).await?;
    Ok(())
}

/// Sends back what it gets.
#[derive(Debug)]
struct Echo;

impl EngineIoHandler for Echo {
    type Data = ();

    fn on_connect(self: Arc<Self>, _: Arc<EngineSocket<()>>) {}

    fn on_disconnect(&self, _: Arc<EngineSocket<()>>, _: DisconnectReason) {}

    fn on_message(self: &Arc<Self>, message: Str, socket: Arc<EngineSocket<()>>) {
        // Where the queue is full or the socket gone, nobody is there to hear an echo.
        socket.emit(message).ok();
    }

    fn on_binary(self: &Arc<Self>, data: Bytes, socket: Arc<EngineSocket<()>>) {
        socket.emit_binary(data).ok();
    }
}

/// The two namespaces: each tells what it was given on connecting, and answers events with their arguments.
fn serve_namespaces(io: &SocketIo) {
    for namespace in ["/", "/custom"] {
        io.ns(
            namespace,
            async |socket: SocketRef, TryData(auth): TryData<Json>| {
                let auth = auth.unwrap_or_else(|_| Json::Object(serde_json::Map::new()));
                socket.emit("auth", &auth).ok();
                socket.on_fallback(Answers);
            },
        );
    }
}

/// Answers `message` by `message-back`, and every event that asks for an acknowledgement by one, both with its arguments.
struct Answers;

/// Marks our handler as one of its own kind for socketioxide.
struct Inline;

impl MessageHandler<LocalAdapter, Inline> for Answers {
    fn call(&self, socket: Arc<Socket>, mut packet: Value, id: Option<i64>) {
        if let Err(error) = answer(&socket, &mut packet, id) {
            // The suite sees that the answer is missing; this says why.
            tracing::error!(%error, "an event could not be answered");
        }
    }
}

fn answer(socket: &Arc<Socket>, packet: &mut Value, id: Option<i64>) -> Result<(), Box<dyn Error>> {
    let Ok(ack) = AckSender::from_message_parts(socket, packet, &id);
    let Value::Str(text, attachments) = packet else {
        return Err("only the default parser is served".into());
    };
    let event: Vec<Json> = serde_json::from_str(text)?;
    let (Some(Json::String(name)), arguments) = (event.first(), &event[1..]) else {
        return Err("an event has a name".into());
    };
    let attachments = attachments.as_ref();
    let arguments = Arguments {
        arguments,
        attachments,
    };
    let sent: Result<(), SendError> = match name.as_str() {
        "message" => socket.emit("message-back", &arguments),
        _ => ack.send(&arguments),
    };
    Ok(sent?)
}

/// The arguments of an event as they came, each attachment in its place.
struct Arguments<'a> {
    arguments: &'a [Json],
    attachments: Option<&'a VecDeque<Bytes>>,
}

impl Serialize for Arguments<'_> {
    /// A tuple, which socketioxide sends as arguments of their own; an array would be one argument.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.arguments.len())?;
        for value in self.arguments {
            let Self { attachments, .. } = *self;
            tuple.serialize_element(&Argument { value, attachments })?;
        }
        tuple.end()
    }
}

/// One argument, or a part of one.
struct Argument<'a> {
    value: &'a Json,
    attachments: Option<&'a VecDeque<Bytes>>,
}

impl Serialize for Argument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Self { value, attachments } = self;
        match value {
            Json::Object(object) if object.get("_placeholder") == Some(&Json::Bool(true)) => {
                let index = object
                    .get("num")
                    .and_then(Json::as_u64)
                    .and_then(|num| usize::try_from(num).ok());
                match index.and_then(|index| attachments?.get(index)) {
                    Some(bytes) => serializer.serialize_bytes(bytes),
                    None => Err(serde::ser::Error::custom("an attachment is missing")),
                }
            }
            Json::Object(object) => serializer.collect_map(
                object
                    .iter()
                    .map(|(key, value)| (key, Argument { value, attachments })),
            ),
            Json::Array(values) => {
                serializer.collect_seq(values.iter().map(|value| Argument { value, attachments }))
            }
            plain => plain.serialize(serializer),
        }
    }
}

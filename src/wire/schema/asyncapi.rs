//! The AsyncAPI 3.0 document of the socket, from the server's point of view: it receives what clients emit.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{
    Asked, Told, asked, told,
    types::{Types, referred, words},
};
use crate::wire::{WireError, events::Auth};

/// The document.
#[must_use]
pub fn asyncapi() -> Value {
    // AsyncAPI's own schemas are a superset of draft 7.
    let settings = SchemaSettings::draft07()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut types = Types::new(&settings);
    let (asked, told) = (asked(&mut types), told(&mut types));
    let auth = types.taken::<Auth>();
    let error = types.given::<WireError>();
    let mut schemas = types.definitions();
    schemas.insert("Refusal".to_owned(), refusal(&error));
    let mut messages = Map::new();
    let mut operations = Map::new();
    for Told { event, payload } in &told {
        let name = referred(payload);
        messages.insert(
            name.to_owned(),
            message(event, &words(&schemas, name), payload),
        );
        operations.insert(format!("send{name}"), operation("send", name));
    }
    for Asked {
        event,
        name,
        payload,
        answer,
    } in &asked
    {
        let ack = referred(answer);
        messages.insert(
            name.clone(),
            message(event, &words(&schemas, name), payload),
        );
        messages.insert(
            ack.to_owned(),
            acknowledgement(&words(&schemas, ack), answer),
        );
        let mut operation = operation("receive", name);
        operation["reply"] = json!({
            "channel": { "$ref": "#/channels/main" },
            "messages": [{ "$ref": format!("#/channels/main/messages/{ack}") }],
        });
        operations.insert(format!("receive{name}"), operation);
    }
    messages.insert("Connect".to_owned(), connect(&auth));
    operations.insert("receiveConnect".to_owned(), operation("receive", "Connect"));
    let within = |name: &String| {
        (
            name.clone(),
            json!({ "$ref": format!("#/components/messages/{name}") }),
        )
    };
    let channel: Map<String, Value> = messages.keys().map(within).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": info(),
        "defaultContentType": "application/json",
        "servers": { "parlor": server() },
        "channels": { "main": {
            "address": "/",
            "title": "The namespace /",
            "description": "Everything that is said and heard. Each client event takes one object and may ask for an \
                acknowledgement.",
            "messages": channel,
        } },
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas, "securitySchemes": security_schemes() },
    })
}

fn info() -> Value {
    json!({
        "title": "Parlor: Socket.IO events",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Socket.IO protocol 5 over Engine.IO 4, and protocol 4 over Engine.IO 3; WebSocket, HTTP \
            long-polling and the upgrade from one to the other. What is acknowledged with `ok: true` is on disk. A \
            failed event that asked for no acknowledgement is answered by `problem`. Readers ignore keys that they \
            do not know.",
        "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
    })
}

fn server() -> Value {
    json!({
        "host": "{host}",
        "pathname": "/socket.io/",
        "protocol": "wss",
        "description": "The address that the server prints when it starts.",
        "variables": { "host": { "default": "127.0.0.1:5000", "description": "Host and port." } },
        "security": [
            { "$ref": "#/components/securitySchemes/session" },
            { "$ref": "#/components/securitySchemes/bearer" },
            { "$ref": "#/components/securitySchemes/token" },
        ],
        "bindings": { "ws": { "bindingVersion": "0.1.0" } },
    })
}

fn security_schemes() -> Value {
    json!({
        "session": {
            "type": "httpApiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "A browser's session, set by the login form; named `session` where the server speaks plain HTTP.",
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made by `POST /api/v1/tokens`, in the handshake's `Authorization` header.",
        },
        "token": {
            "type": "apiKey",
            "in": "password",
            "description": "The same token as `auth: { token }` in the CONNECT packet.",
        },
    })
}

fn message(event: &str, summary: &str, payload: &Value) -> Value {
    json!({ "name": event, "summary": summary, "payload": payload })
}

fn connect(auth: &Value) -> Value {
    json!({
        "name": "connect",
        "title": "The CONNECT packet",
        "summary": "Comes before every event. Who has no valid credential gets a CONNECT_ERROR whose message is \
            `unauthorized`; who is let in hears `ready` first.",
        "payload": auth,
    })
}

/// What is sent as an acknowledgement: `ok: true` with the answer's keys, or a refusal.
fn acknowledgement(summary: &str, answer: &Value) -> Value {
    let done = json!({
        "type": "object",
        "required": ["ok"],
        "properties": { "ok": { "type": "boolean", "const": true } },
    });
    json!({
        "title": "Acknowledgement",
        "summary": summary,
        "payload": { "oneOf": [{ "allOf": [answer, done] }, { "$ref": "#/components/schemas/Refusal" }] },
    })
}

fn refusal(error: &Value) -> Value {
    json!({
        "description": "The acknowledgement of an event that failed.",
        "type": "object",
        "required": ["ok", "error"],
        "properties": { "ok": { "type": "boolean", "const": false }, "error": error },
    })
}

fn operation(action: &str, message: &str) -> Value {
    json!({
        "action": action,
        "channel": { "$ref": "#/channels/main" },
        "messages": [{ "$ref": format!("#/channels/main/messages/{message}") }],
    })
}

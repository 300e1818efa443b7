//! The OpenAPI 3.1 document of the JSON calls.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{
    calls::{Body, Call, calls},
    types::{Types, words},
};
use crate::{error::Code, wire::bodies::ErrorBody};

/// Where the calls are.
const BASE: &str = "/api/v1";

/// The document.
#[must_use]
pub fn openapi() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut types = Types::new(&settings);
    let error = types.given::<ErrorBody>();
    let calls = calls();
    let operations: Vec<Value> = calls
        .iter()
        .map(|call| operation(call, &mut types, &error))
        .collect();
    let schemas = types.definitions();
    let mut paths: Map<String, Value> = Map::new();
    for (call, mut operation) in calls.iter().zip(operations) {
        for (_, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
            describe(answer, &schemas);
        }
        paths
            .entry(format!("{BASE}{}", call.path))
            .or_insert_with(|| json!({}))[call.method] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parlor: JSON calls",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Twins of the Socket.IO events, for scripts. Every failure is `{ error }`. A failure that \
                is not the caller's, a stop or a full server is answered by 503.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The server that hands this document out." }],
        "tags": [
            { "name": "accounts", "description": "Accounts, tokens and photos." },
            { "name": "rooms", "description": "Rooms and who is in them." },
            { "name": "messages", "description": "What is said in rooms." },
            { "name": "integrations", "description": "Webhooks and bots." },
            { "name": "moderation", "description": "Keeping order in rooms and on the site." },
        ],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": security_schemes() },
    })
}

fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made by `POST /api/v1/tokens`.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "A browser's session, set by the login form (named `session` where the server speaks plain \
                HTTP). With it, a body must be JSON (or multipart, for files), and the Origin the server's own or absent.",
        },
    })
}

fn operation(call: &Call, types: &mut Types, error: &Value) -> Value {
    let mut operation = json!({
        "operationId": call.id,
        "tags": [call.tag],
        "summary": call.words,
        "security": if call.credential { json!([{ "bearer": [] }, { "session": [] }]) } else { json!([]) },
        "responses": responses(call, types, error),
    });
    let path = call.in_path().map(|name| {
        let (words, kind) = match name {
            "code" => ("The room's code.", "string"),
            "id" => ("Its id.", "integer"),
            "token" => ("The token in the address.", "string"),
            _ => ("Which one.", "string"),
        };
        json!({
            "name": name, "in": "path", "required": true,
            "description": words, "schema": { "type": kind },
        })
    });
    let query = call.query.iter().map(|parameter| {
        json!({
            "name": parameter.name, "in": "query",
            "description": parameter.words, "schema": { "type": "integer", "format": "int64" },
        })
    });
    let texts = call.texts.iter().map(|parameter| {
        json!({
            "name": parameter.name, "in": "query",
            "description": parameter.words, "schema": { "type": "string" },
        })
    });
    let parameters: Vec<Value> = path.chain(texts).chain(query).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = body(call, types) {
        operation["requestBody"] = body;
    }
    operation
}

fn body(call: &Call, types: &mut Types) -> Option<Value> {
    let content = match call.body {
        Body::None => return None,
        Body::Json(schema) => json!({ "application/json": { "schema": schema(types) } }),
        Body::Optional(schema) => {
            let content = json!({ "application/json": { "schema": schema(types) } });
            return Some(json!({ "content": content }));
        }
        Body::Hook(schema) => json!({
            "application/json": { "schema": schema(types) },
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["payload"],
                    "properties": { "payload": { "type": "string", "contentMediaType": "application/json" } },
                },
            },
            "text/plain": { "schema": { "type": "string" } },
        }),
        Body::Photo => json!({
            "image/*": {},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["photo"],
                    "properties": { "photo": { "type": "string", "contentMediaType": "image/*" } },
                },
            },
        }),
        Body::File => json!({
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": { "file": { "type": "string", "contentMediaType": "application/octet-stream" } },
                },
            },
        }),
    };
    Some(json!({ "required": true, "content": content }))
}

fn responses(call: &Call, types: &mut Types, error: &Value) -> Map<String, Value> {
    let mut responses = Map::new();
    for (status, schema) in &call.answers {
        let mut answer = json!({ "description": "Done; there is nothing to say." });
        if call.archive {
            answer = json!({
                "description": "The archive.",
                "content": { "application/zip": { "schema": { "type": "string", "format": "binary" } } },
            });
        }
        if let Some(schema) = schema {
            answer["content"] = json!({ "application/json": { "schema": schema(types) } });
        }
        responses.insert(status.to_string(), answer);
    }
    let mut refusals: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for code in call.codes() {
        refusals
            .entry(code.status())
            .or_default()
            .push(format!("`{}`", code.as_str()));
    }
    if call.has_type() {
        // The contract has no code of its own for it.
        let invalid = format!("`{}`, of the field content-type", Code::Invalid.as_str());
        refusals.insert(415, vec![invalid]);
    }
    for (status, codes) in refusals {
        let mut answer = json!({
            "description": format!("Refused: {}.", codes.join(", ")),
            "content": { "application/json": { "schema": error } },
        });
        if let Some((name, words, schema)) = header(status) {
            answer["headers"] = json!({ name: { "description": words, "schema": schema } });
        }
        responses.insert(status.to_string(), answer);
    }
    responses
}

/// The header that goes with a refusal's status.
fn header(status: u16) -> Option<(&'static str, &'static str, Value)> {
    match status {
        401 => Some((
            "WWW-Authenticate",
            "Always `Bearer`.",
            json!({ "type": "string" }),
        )),
        429 => Some((
            "Retry-After",
            "Seconds to wait.",
            json!({ "type": "integer", "minimum": 1 }),
        )),
        _ => None,
    }
}

/// A success is described by the documentation of what it answers with.
fn describe(answer: &mut Value, schemas: &Map<String, Value>) {
    let refused = answer["description"]
        .as_str()
        .is_some_and(|text| text.starts_with("Refused"));
    let reference = &answer["content"]["application/json"]["schema"];
    if !refused && !reference.is_null() {
        answer["description"] = words(schemas, super::referred(reference)).into();
    }
}

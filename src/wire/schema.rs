//! Documents made from the wire types: one JSON Schema, the AsyncAPI document of the socket, the OpenAPI document of
//! the JSON calls. They are kept under `docs/`, where a test compares them with what is made here; the server hands
//! out those files and makes nothing while it runs.

mod asyncapi;
mod calls;
mod openapi;
mod types;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

pub use asyncapi::asyncapi;
pub use openapi::openapi;

use super::{
    Message,
    bodies::ErrorBody,
    events::{self, Request},
};
use crate::{for_each_event, for_each_request};
use types::{Types, referred};

/// An event that a client emits.
struct Asked {
    event: &'static str,
    /// The name of its payload's type.
    name: String,
    /// The schema of its payload.
    payload: Value,
    /// The schema of what its acknowledgement adds to `ok: true`.
    answer: Value,
}

/// An event that the server emits.
struct Told {
    event: &'static str,
    /// The schema of its payload.
    payload: Value,
}

fn asked(types: &mut Types) -> Vec<Asked> {
    macro_rules! list {
        ($($request:ident => $ack:ident: $event:literal,)+) => {
            vec![$({
                let payload = types.taken::<events::$request>();
                Asked {
                    event: $event,
                    name: referred(&payload).to_owned(),
                    payload: or_text($event, payload),
                    answer: types.given::<events::$ack>(),
                }
            }),+]
        };
    }
    for_each_request!(list)
}

/// A `message` may be a bare string.
fn or_text(event: &str, payload: Value) -> Value {
    if event != events::SendMessage::EVENT {
        return payload;
    }
    let text = json!({ "type": "string", "description": "Said in the socket's only room." });
    json!({ "anyOf": [payload, text] })
}

fn told(types: &mut Types) -> Vec<Told> {
    macro_rules! list {
        ($($name:ident: $event:literal,)+) => {
            vec![$(Told { event: $event, payload: types.given::<events::$name>() }),+]
        };
    }
    let mut told = for_each_event!(list);
    told.push(Told {
        event: "message",
        payload: types.given::<Message>(),
    });
    told
}

/// One schema (JSON Schema 2020-12) whose `$defs` are all wire types. `x-requests` and `x-events` say which of them
/// belong to which event, `x-auth` what the CONNECT packet carries.
#[must_use]
pub fn document() -> Value {
    let mut types = Types::new(&SchemaSettings::draft2020_12());
    let requests: Map<String, Value> = asked(&mut types)
        .into_iter()
        .map(|asked| {
            let types = json!({ "payload": asked.payload, "acknowledgement": asked.answer });
            (asked.event.to_owned(), types)
        })
        .collect();
    let emitted: Map<String, Value> = told(&mut types)
        .into_iter()
        .map(|told| (told.event.to_owned(), told.payload))
        .collect();
    let auth = types.taken::<events::Auth>();
    for call in calls::calls() {
        call.schemas(&mut types);
    }
    types.given::<ErrorBody>();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parlor's wire types",
        "$defs": types.definitions(),
        "x-requests": requests,
        "x-events": emitted,
        "x-auth": auth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference in a document of ours leads to something in it.
    fn dangling(document: &Value) -> Vec<String> {
        fn collect(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        found.push(reference.clone());
                    }
                    fields.values().for_each(|value| collect(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        collect(document, &mut found);
        assert!(!found.is_empty());
        found.retain(|reference| {
            let pointer = reference.strip_prefix('#').expect("within the document");
            document.pointer(pointer).is_none()
        });
        found
    }

    #[test]
    fn every_reference_leads_somewhere() {
        for document in [document(), asyncapi(), openapi()] {
            assert_eq!(dangling(&document), [""; 0]);
        }
    }

    #[test]
    fn what_the_server_leaves_out_is_never_null_and_what_it_always_sends_is_required() {
        let document = document();
        let message = &document["$defs"]["Message"];
        assert_eq!(message["properties"]["client_id"]["type"], "string");
        assert_eq!(
            message["properties"]["avatar"]["type"],
            json!(["string", "null"])
        );
        let required = message["required"].as_array().expect("required keys");
        assert!(required.contains(&json!("avatar")) && !required.contains(&json!("client_id")));
        let sent = &document["$defs"]["SendMessage"];
        assert_eq!(sent["required"], json!(["data"]));
        assert_eq!(
            sent["properties"]["client_id"]["type"],
            json!(["string", "null"])
        );
    }
}

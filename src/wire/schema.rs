//! The JSON Schema of everything in [`super`], in one document, from which TypeScript types are made.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use super::{Message, bodies, events};
use crate::{for_each_event, for_each_request};

/// One schema (JSON Schema 2020-12) whose `$defs` are all wire types, and whose `x-requests` and
/// `x-events` say which type belongs to which event.
#[must_use]
pub fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut requests = serde_json::Map::new();
    let mut emitted = serde_json::Map::new();
    macro_rules! add_requests {
        ($($request:ident => $ack:ident: $event:literal,)+) => {$(
            requests.insert($event.to_owned(), json!({
                "payload": add::<events::$request>(&mut generator),
                "acknowledgement": add::<events::$ack>(&mut generator),
            }));
        )+};
    }
    macro_rules! add_events {
        ($($name:ident: $event:literal,)+) => {$(
            emitted.insert($event.to_owned(), add::<events::$name>(&mut generator));
        )+};
    }
    for_each_request!(add_requests);
    for_each_event!(add_events);
    emitted.insert("message".to_owned(), add::<Message>(&mut generator));
    for body in [
        add::<bodies::NewUser>,
        add::<bodies::NewToken>,
        add::<bodies::PatchMe>,
        add::<bodies::ReadUpTo>,
        add::<bodies::UserBody>,
        add::<bodies::TokenBody>,
        add::<bodies::RoomBody>,
        add::<bodies::MessageBody>,
        add::<bodies::ErrorBody>,
    ] {
        body(&mut generator);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parlor's wire types",
        "$defs": generator.take_definitions(true),
        "x-requests": requests,
        "x-events": emitted,
    })
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

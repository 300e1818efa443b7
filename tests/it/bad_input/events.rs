//! Events of a socket. The socket listens to no room.

use serde_json::json;

use super::{Case, Expected, How, lobby, long};

pub(super) fn cases() -> Vec<Case> {
    let long_text = lobby(&long(4001)).to_string();
    let long_id = json!({ "room": "lobby", "data": "x", "client_id": long(65) }).to_string();
    let long_name = json!({ "name": long(65) }).to_string();
    let rows: [(&str, &str, &str, Expected); 37] = [
        ("an unknown event", "dance", "{}", (422, "", "no event called dance")),
        ("an event without name", "", "{}", (422, "", "no event called")),
        ("an event of the server", "ready", "{}", (422, "", "no event called ready")),
        ("a message without payload", "message", "", (422, "room", "Name the room")),
        ("a message that is null", "message", "null", (422, "data", "{ data }")),
        ("a message that is a list", "message", "[1]", (422, "data", "{ data }")),
        ("a message to nowhere", "message", r#"{"data":"x"}"#, (422, "room", "Name the room")),
        ("a bare string to nowhere", "message", r#""x""#, (422, "room", "Name the room")),
        ("a message to a number", "message", r#"{"room":7,"data":"x"}"#, (422, "room", "right form")),
        ("a message without data", "message", r#"{"room":"lobby"}"#, (422, "data", "missing")),
        ("a message of a list", "message", r#"{"room":"lobby","data":["x"]}"#, (422, "data", "right form")),
        ("a blank message by socket", "message", r#"{"room":"lobby","data":" "}"#, (422, "data", "Write something")),
        ("a long message by socket", "message", &long_text, (422, "data", "at most 4000")),
        ("a message with a NUL by socket", "message", r#"{"room":"lobby","data":"\u0000"}"#, (422, "data", "NUL")),
        ("a long client_id by socket", "message", &long_id, (422, "client_id", "at most 64")),
        ("a message to no room by socket", "message", r#"{"room":"attic","data":"x"}"#, (404, "room", "no such room")),
        ("to join nothing", "join", "", (422, "room", "missing")),
        ("to join a number", "join", r#"{"room":7}"#, (422, "room", "right form")),
        ("to join by a string", "join", r#""lobby""#, (422, "", "right form")),
        ("to join no room by socket", "join", r#"{"room":"attic"}"#, (404, "room", "no such room")),
        ("to join no code", "join", r#"{"room":"no code"}"#, (404, "room", "no such room")),
        ("to join from before the start", "join", r#"{"room":"lobby","seq":-1}"#, (422, "seq", "from 0 up")),
        ("to join from a word", "join", r#"{"room":"lobby","seq":"x"}"#, (422, "seq", "right form")),
        ("to join from beyond all numbers", "join", r#"{"room":"lobby","seq":1e30}"#, (422, "seq", "right form")),
        ("to leave no room by socket", "leave", r#"{"room":"attic"}"#, (404, "room", "no such room")),
        ("a history without room", "history", "{}", (422, "room", "missing")),
        ("a history of 201", "history", r#"{"room":"lobby","limit":201}"#, (422, "limit", "1 to 200")),
        ("a history of half a message", "history", r#"{"room":"lobby","limit":0.5}"#, (422, "limit", "right form")),
        ("a history around and after", "history", r#"{"room":"lobby","around":1,"after":1}"#, (422, "before", "not several")),
        ("typing without saying whether", "typing", r#"{"room":"lobby"}"#, (422, "on", "missing")),
        ("typing perhaps", "typing", r#"{"room":"lobby","on":"perhaps"}"#, (422, "on", "right form")),
        ("to have read half", "read", r#"{"room":"lobby","id":1.5}"#, (422, "id", "right form")),
        ("rooms of a number", "rooms", "7", (422, "", "right form")),
        ("a room without name by socket", "create_room", r#"{"name":" "}"#, (422, "name", "Give the room a name")),
        ("a long room name by socket", "create_room", &long_name, (422, "name", "at most 64")),
        ("a room of no kind", "create_room", r#"{"name":"x","visibility":"secret"}"#, (422, "visibility", "right form")),
        ("members after a word", "members", r#"{"room":"lobby","after":"x"}"#, (422, "after", "right form")),
    ];
    let cases = rows.into_iter().map(|(what, event, payload, (status, field, says))| {
        let how = How::Event { event, payload: payload.to_owned() };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

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
    let mut cases = made(rows);
    cases.extend(moderation());
    cases
}

fn made<const N: usize>(rows: [(&'static str, &'static str, &str, Expected); N]) -> Vec<Case> {
    let cases = rows.into_iter().map(|(what, event, payload, (status, field, says))| {
        let how = How::Event { event, payload: payload.to_owned() };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

fn moderation() -> Vec<Case> {
    let long_reason = json!({ "room": "lobby", "action": "kick", "user": "ben", "reason": long(251) }).to_string();
    made([
        ("to moderate by a word that is none", "moderate", r#"{"room":"lobby","action":"dance","user":2}"#, (422, "action", "right form")),
        ("to kick nobody", "moderate", r#"{"room":"lobby","action":"kick"}"#, (422, "user", "by id or name")),
        ("to kick a list", "moderate", r#"{"room":"lobby","action":"kick","user":[2]}"#, (422, "user", "id or name")),
        ("to kick who is not there", "moderate", r#"{"room":"lobby","action":"kick","user":"zoe"}"#, (404, "user", "no such person")),
        ("to kick a number of nobody", "moderate", r#"{"room":"lobby","action":"kick","user":99}"#, (404, "user", "no such member")),
        ("to ban for no time", "moderate", r#"{"room":"lobby","action":"ban","user":"ben","seconds":0}"#, (422, "seconds", "from 1 to")),
        ("to mute for ever and a day", "moderate", r#"{"room":"lobby","action":"mute","user":"ben","seconds":31536001}"#, (422, "seconds", "to 31536000")),
        ("a slow mode of no length", "moderate", r#"{"room":"lobby","action":"slow_mode"}"#, (422, "seconds", "how many seconds")),
        ("a slow mode of a day", "moderate", r#"{"room":"lobby","action":"slow_mode","seconds":86400}"#, (422, "seconds", "from 0 to 21600")),
        ("a long reason", "moderate", &long_reason, (422, "reason", "at most 250")),
        ("a reason of two lines", "moderate", r#"{"room":"lobby","action":"kick","user":"ben","reason":"a\nb"}"#, (422, "reason", "one line")),
        ("to give no role", "moderate", r#"{"room":"lobby","action":"set_role","user":"ben"}"#, (422, "role", "one of owner")),
        ("to give a role that is none", "moderate", r#"{"room":"lobby","action":"set_role","user":"ben","role":"king"}"#, (422, "role", "right form")),
        ("to step down as the only owner", "moderate", r#"{"room":"lobby","action":"set_role","user":"anna","role":"member"}"#, (409, "role", "needs an owner")),
        ("to kick oneself", "moderate", r#"{"room":"lobby","action":"kick","user":"anna"}"#, (403, "", "may not do that")),
        ("a report of nothing", "report", r#"{"reason":"x"}"#, (422, "id", "Report one message")),
        ("a report of two things", "report", r#"{"id":1,"user":2,"reason":"x"}"#, (422, "id", "Report one message")),
        ("a report without reason", "report", r#"{"id":1}"#, (422, "reason", "missing")),
        ("a report of blanks", "report", r#"{"id":1,"reason":"  "}"#, (422, "reason", "few words")),
        ("a report of no message", "report", r#"{"id":999,"reason":"x"}"#, (404, "id", "no such message")),
        ("a report of nobody", "report", r#"{"user":"zoe","reason":"x"}"#, (404, "user", "no such person")),
        ("a report of oneself", "report", r#"{"user":"anna","reason":"x"}"#, (403, "", "cannot report yourself")),
    ])
}

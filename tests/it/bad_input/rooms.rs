//! What is asked of rooms by a socket.

use serde_json::json;

use super::{Case, Expected, How, long};

pub(super) fn cases() -> Vec<Case> {
    let long_topic = json!({ "room": "lobby", "topic": long(251) }).to_string();
    let rows: Vec<(&str, &str, &str, Expected)> = vec![
        ("a blank new name", "update_room", r#"{"room":"lobby","name":" "}"#, (422, "name", "Give the room a name")),
        ("a long new topic", "update_room", &long_topic, (422, "topic", "at most 250")),
        ("messages kept for less than nothing", "update_room", r#"{"room":"lobby","retention_days":-1}"#, (422, "retention_days", "1 to 36500 days")),
        ("messages kept for a week or so", "update_room", r#"{"room":"lobby","retention_days":"a week"}"#, (422, "retention_days", "right form")),
        ("a change to no room", "update_room", r#"{"room":"attic","topic":"x"}"#, (404, "room", "no such room")),
        ("the end of no room", "delete_room", r#"{"room":"attic","confirm":"x"}"#, (404, "room", "no such room")),
        ("an end without the name", "delete_room", r#"{"room":"lobby"}"#, (422, "confirm", "missing")),
        ("an archive of perhaps", "archive_room", r#"{"room":"lobby","on":"perhaps"}"#, (422, "on", "right form")),
        ("a direct conversation with nobody there", "direct", r#"{"users":["nobody"]}"#, (404, "users", "no such person")),
        ("a direct conversation with a list", "direct", r#"{"users":[[]]}"#, (422, "users", "id or name")),
        ("a direct conversation with a crowd", "direct", r#"{"users":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}"#, (422, "users", "at most 20")),
        ("nobody added", "add_member", r#"{"room":"lobby","user":"nobody"}"#, (404, "user", "no such person")),
        ("an invitation for a second", "create_invite", r#"{"room":"lobby","expires_in":1}"#, (422, "expires_in", "60 seconds")),
        ("an invitation for nobody", "create_invite", r#"{"room":"lobby","uses":0}"#, (422, "uses", "1 to 10,000")),
        ("the end of no invitation", "revoke_invite", r#"{"invite":99}"#, (404, "invite", "does not hold")),
        ("to join by no invitation", "join", r#"{"room":"attic","invite":"x"}"#, (404, "invite", "does not hold")),
        ("people in no room", "people", r#"{"room":"attic"}"#, (404, "room", "no such room")),
        ("people without end", "people", r#"{"limit":0}"#, (422, "limit", "1 to 200")),
        ("preferences until some day", "room_preferences", r#"{"room":"lobby","muted_until":"some day"}"#, (422, "muted_until", "RFC 3339")),
        ("preferences of a number", "room_preferences", r#"{"room":"lobby","muted_until":7}"#, (422, "muted_until", "right form")),
        ("half a message as unread", "mark_unread", r#"{"room":"lobby","id":1.5}"#, (422, "id", "right form")),
        ("at the device in no room", "active", r#"{"on":true,"room":"no room"}"#, (422, "room", "1 to 32")),
        ("at the device perhaps", "active", r#"{"on":"perhaps"}"#, (422, "on", "right form")),
    ];
    let cases = rows.into_iter().map(|(what, event, payload, (status, field, says))| {
        let how = How::Event { event, payload: payload.to_owned() };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

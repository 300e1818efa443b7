//! What is done to messages, and the lists that they stand in: by event and by JSON call. There is no message 999.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Case, Expected, How, body, long};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = events();
    cases.extend(calls());
    cases
}

fn events() -> Vec<Case> {
    let long_text = json!({ "id": 999, "data": long(4001) }).to_string();
    let rows: [(&str, &str, &str, Expected); 26] = [
        ("a reply to a word", "message", r#"{"room":"lobby","data":"x","reply_to":"x"}"#, (422, "reply_to", "right form")),
        ("a reply to nothing", "message", r#"{"room":"lobby","data":"x","reply_to":999}"#, (404, "reply_to", "no such message")),
        ("an edit of nothing", "edit_message", r#"{"id":999,"data":"x"}"#, (404, "", "no such message")),
        ("an edit without id", "edit_message", r#"{"data":"x"}"#, (422, "id", "missing")),
        ("an edit without data", "edit_message", r#"{"id":999}"#, (422, "data", "missing")),
        ("a blank edit", "edit_message", r#"{"id":999,"data":" "}"#, (422, "data", "Write something")),
        ("an edit with a NUL", "edit_message", r#"{"id":999,"data":"\u0000"}"#, (422, "data", "NUL")),
        ("a long edit", "edit_message", &long_text, (422, "data", "at most 4000")),
        ("to delete nothing", "delete_message", r#"{"id":999}"#, (404, "", "no such message")),
        ("to delete half", "delete_message", r#"{"id":0.5}"#, (422, "id", "right form")),
        ("to react without emoji", "react", r#"{"id":999,"on":true}"#, (422, "emoji", "missing")),
        ("to react with a word", "react", r#"{"id":999,"emoji":"tea","on":true}"#, (422, "emoji", "one emoji")),
        ("to react with two", "react", r#"{"id":999,"emoji":"👍👍","on":true}"#, (422, "emoji", "one emoji")),
        ("to react without saying whether", "react", r#"{"id":999,"emoji":"👍"}"#, (422, "on", "missing")),
        ("to react to nothing", "react", r#"{"id":999,"emoji":"👍","on":true}"#, (404, "", "no such message")),
        ("to pin perhaps", "pin", r#"{"id":999,"on":"perhaps"}"#, (422, "on", "right form")),
        ("to pin nothing", "pin", r#"{"id":999,"on":true}"#, (404, "", "no such message")),
        ("to remove previews of nothing", "remove_previews", r#"{"id":999}"#, (404, "", "no such message")),
        ("to remove previews of no id", "remove_previews", "{}", (422, "id", "missing")),
        ("to save nothing", "save", r#"{"id":999,"on":true}"#, (404, "", "no such message")),
        ("a thread of nothing", "thread", r#"{"id":999}"#, (404, "id", "no such message")),
        ("a thread of 201", "thread", r#"{"id":999,"limit":201}"#, (422, "limit", "1 to 200")),
        ("pins without room", "pins", "{}", (422, "room", "missing")),
        ("pins of no room", "pins", r#"{"room":"attic"}"#, (404, "room", "no such room")),
        ("saved before a word", "saved", r#"{"before":"x"}"#, (422, "before", "right form")),
        ("none of the saved", "saved", r#"{"limit":0}"#, (422, "limit", "1 to 200")),
    ];
    let cases = rows.into_iter().map(|(what, event, payload, (status, field, says))| {
        let how = How::Event { event, payload: payload.to_owned() };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

fn calls() -> Vec<Case> {
    let (get, put, patch, delete) = (Method::GET, Method::PUT, Method::PATCH, Method::DELETE);
    let none = Value::Null;
    let rows: [(&str, Method, &str, Value, Expected); 13] = [
        ("to read no message", get.clone(), "/messages/999", none.clone(), (404, "id", "no such message")),
        ("to read a message that is a word", get.clone(), "/messages/x", none.clone(), (404, "id", "no such message")),
        ("an edit of nothing by JSON", patch.clone(), "/messages/999", json!({ "data": "x" }), (404, "", "no such message")),
        ("a blank edit by JSON", patch.clone(), "/messages/999", json!({ "data": " " }), (422, "data", "Write something")),
        ("an edit without data by JSON", patch, "/messages/999", json!({}), (422, "data", "missing")),
        ("to delete nothing by JSON", delete.clone(), "/messages/999", none.clone(), (404, "", "no such message")),
        ("to react with a word by JSON", put.clone(), "/messages/999/reactions/tea", none.clone(), (422, "emoji", "one emoji")),
        ("to remove previews of nothing by JSON", delete.clone(), "/messages/999/previews", none.clone(), (404, "", "no such message")),
        ("to take back what is no emoji", delete, "/messages/999/reactions/%FF", none.clone(), (422, "emoji", "one emoji")),
        ("to pin nothing by JSON", put, "/messages/999/pin", none.clone(), (404, "", "no such message")),
        ("a thread after a word by JSON", get.clone(), "/messages/999/thread?after=x", none.clone(), (422, "after", "whole number")),
        ("pins of no room by JSON", get.clone(), "/rooms/attic/pins", none.clone(), (404, "room", "no such room")),
        ("201 saved by JSON", get, "/saved?limit=201", none, (422, "limit", "1 to 200")),
    ];
    let cases = rows.into_iter().map(|(what, method, path, sent, (status, field, says))| {
        let body = if sent.is_null() { Vec::new() } else { body(&sent) };
        let how = How::Call { token: None, method, path, kind: "application/json", body };
        Case { what, how, status, field, says }
    });
    cases.collect()
}

//! JSON calls.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Case, Expected, How, body, lobby, long};

const JSON: &str = "application/json";

fn call(what: &'static str, method: Method, path: &'static str, sent: &Value, (status, field, says): Expected) -> Case {
    let body = if sent.is_null() { Vec::new() } else { body(sent) };
    let how = How::Call { token: None, method, path, kind: JSON, body };
    Case { what, how, status, field, says }
}

fn raw(what: &'static str, path: &'static str, (kind, body): (&'static str, &[u8]), (status, field, says): Expected) -> Case {
    let how = How::Call { token: None, method: Method::POST, path, kind, body: body.to_vec() };
    Case { what, how, status, field, says }
}

fn posts(path: &'static str, rows: &[(&'static str, Value, Expected)]) -> Vec<Case> {
    let cases = rows.iter().map(|(what, sent, expected)| call(what, Method::POST, path, sent, *expected));
    cases.collect()
}

fn gets(rows: &[(&'static str, &'static str, Expected)]) -> Vec<Case> {
    let cases = rows.iter().map(|(what, path, expected)| call(what, Method::GET, path, &Value::Null, *expected));
    cases.collect()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = accounts();
    cases.extend(rooms());
    cases.extend(messages());
    cases.extend(moderation());
    cases.extend(bodies());
    cases.extend(credentials());
    cases
}

fn accounts() -> Vec<Case> {
    let mut cases = posts("/users", &[
        ("an account without name", json!({ "email": "a@b.de", "password": "eight or more" }), (422, "name", "missing")),
        ("an account with a number as address", json!({ "name": "carl", "email": 7, "password": "eight or more" }), (422, "email", "right form")),
        ("an account with a short password", json!({ "name": "carl", "email": "a@b.de", "password": "1" }), (422, "password", "at least 8")),
        ("an account with everybody's password", json!({ "name": "carl", "email": "a@b.de", "password": "Pa$$w0rd" }), (422, "password", "Many people")),
        ("an account with its address as password", json!({ "name": "carl", "email": "a.long@name.de", "password": "A.Long@name.de" }), (422, "password", "name or address")),
        ("an account under a taken name", json!({ "name": "BEN", "email": "a@b.de", "password": "eight or more" }), (409, "name", "taken")),
        ("an account by a claim that does not hold", json!({ "name": "carl", "email": "a@b.de", "password": "eight or more", "claim": "x" }), (404, "claim", "does not hold")),
        ("an account in mixed scripts", json!({ "name": "bеn", "email": "a@b.de", "password": "eight or more" }), (422, "name", "alphabet")),
    ]);
    cases.extend(posts("/passwords/strength", &[
        ("a strength of nothing", json!({}), (422, "password", "missing")),
        ("a strength of a number", json!({ "password": 7 }), (422, "password", "right form")),
    ]));
    cases.extend(posts("/tokens", &[
        ("a token without login", json!({ "password": "x" }), (422, "login", "missing")),
        ("a token for an empty login", json!({ "login": "", "password": "x" }), (422, "login", "name or e-mail")),
        ("a token for a wrong password", json!({ "login": "ben", "password": "guess" }), (401, "password", "do not belong together")),
        ("a token with a long label", json!({ "login": "ben", "password": "guess", "label": long(65) }), (422, "label", "at most 64")),
        ("a token without any scope", json!({ "login": "ben", "password": "guess", "scopes": [] }), (422, "scopes", "one or more")),
        ("a token with a scope that is none", json!({ "login": "ben", "password": "guess", "scopes": ["admin"] }), (422, "scopes", "read, write, join and account")),
        ("a token with scopes in one word", json!({ "login": "ben", "password": "guess", "scopes": "read" }), (422, "scopes", "right form")),
        ("a token that has ended already", json!({ "login": "ben", "password": "guess", "expires_in": 0 }), (422, "expires_in", "up to ten years")),
        ("a token for ever and a day", json!({ "login": "ben", "password": "guess", "expires_in": 315_360_001 }), (422, "expires_in", "up to ten years")),
    ]));
    let patches = [
        ("a number as name", json!({ "name": 7 }), (422, "name", "right form")),
        ("a taken name by JSON", json!({ "name": "ben" }), (409, "name", "taken")),
        ("an address without password", json!({ "email": "x@y.de" }), (422, "current_password", "present password")),
        ("a password of one key", json!({ "password": "kkkkkkkkk", "current_password": "guess" }), (422, "password", "pattern")),
        ("a password with a wrong one", json!({ "password": "a new secret", "current_password": "guess" }), (401, "current_password", "not your present")),
    ];
    cases.extend(patches.map(|(what, sent, expected)| call(what, Method::PATCH, "/me", &sent, expected)));
    cases
}

fn rooms() -> Vec<Case> {
    let mut cases = posts("/rooms", &[
        ("a room without name by JSON", json!({ "topic": "x" }), (422, "name", "missing")),
        ("a room that nobody can find", json!({ "name": "x", "visibility": "secret" }), (422, "visibility", "right form")),
        ("a long topic by JSON", json!({ "name": "x", "topic": long(251) }), (422, "topic", "at most 250")),
    ]);
    cases.extend(gets(&[
        ("a room that nobody made", "/rooms/0123456789ab", (404, "room", "no such room")),
        ("a room whose code is no text", "/rooms/%FF", (404, "room", "no such room")),
        ("members of no room", "/rooms/attic/members", (404, "room", "no such room")),
        ("members with a bad limit", "/rooms/lobby/members?limit=-1", (422, "limit", "1 to 200")),
        ("members after no number", "/rooms/lobby/members?after=x", (422, "after", "whole number")),
        ("a call that is not there", "/attic", (404, "", "no such call")),
    ]));
    cases.push(call("to join no room", Method::POST, "/rooms/attic/join", &json!({}), (404, "room", "no such room")));
    cases.push(call("to delete all rooms", Method::DELETE, "/rooms", &Value::Null, (405, "", "Allow")));
    cases.extend(posts("/rooms/lobby/read", &[
        ("to have read nothing", json!({}), (422, "id", "missing")),
        ("to have read a word", json!({ "id": "x" }), (422, "id", "right form")),
    ]));
    cases
}

fn messages() -> Vec<Case> {
    let mut cases = posts("/rooms/lobby/messages", &[
        ("a message without text", json!({}), (422, "data", "missing")),
        ("a message that is a number", json!({ "data": 7 }), (422, "data", "right form")),
        ("a message that is null", json!({ "data": null }), (422, "data", "right form")),
        ("a blank message by JSON", lobby("\n"), (422, "data", "Write something")),
        ("a long message by JSON", lobby(&long(4001)), (422, "data", "at most 4000")),
        ("a message with a NUL by JSON", lobby("\0"), (422, "data", "NUL")),
        ("an empty client_id", json!({ "data": "x", "client_id": "" }), (422, "client_id", "1 to 64")),
        ("a number as client_id", json!({ "data": "x", "client_id": 1 }), (422, "client_id", "right form")),
        ("a long client_id by JSON", json!({ "data": "x", "client_id": long(65) }), (422, "client_id", "at most 64")),
    ]);
    cases.extend(posts("/rooms/attic/messages", &[
        ("a message to no room by JSON", json!({ "data": "x" }), (404, "room", "no such room")),
    ]));
    cases.extend(gets(&[
        ("a history of nothing", "/rooms/lobby/messages?limit=0", (422, "limit", "1 to 200")),
        ("a history of too much", "/rooms/lobby/messages?limit=201", (422, "limit", "1 to 200")),
        ("a history of ten", "/rooms/lobby/messages?limit=ten", (422, "limit", "whole number")),
        ("a history before and after", "/rooms/lobby/messages?before=1&after=2", (422, "before", "not several")),
    ]));
    cases
}

fn moderation() -> Vec<Case> {
    let mut cases = posts("/rooms/lobby/moderate", &[
        ("no action by JSON", json!({ "user": 2 }), (422, "action", "missing")),
        ("a ban of half a second", json!({ "action": "ban", "user": 2, "seconds": 0.5 }), (422, "seconds", "right form")),
        ("a kick of nobody by JSON", json!({ "action": "kick", "user": "zoe" }), (404, "user", "no such person")),
    ]);
    cases.extend(posts("/rooms/attic/moderate", &[
        ("a kick in no room", json!({ "action": "kick", "user": 2 }), (404, "room", "no such room")),
    ]));
    cases.extend(posts("/reports", &[
        ("a report of a word", json!({ "id": "x", "reason": "x" }), (422, "id", "right form")),
        ("a long report", json!({ "id": 1, "reason": long(251) }), (422, "reason", "at most 250")),
    ]));
    cases.extend(posts("/reports/x/resolve", &[
        ("to resolve a word", json!({}), (404, "", "no such report")),
    ]));
    cases.extend(posts("/reports/99/resolve", &[
        ("to resolve no report", json!({}), (404, "", "no such report")),
    ]));
    cases.extend(gets(&[
        ("a log of nothing", "/rooms/lobby/log?limit=0", (422, "limit", "1 to 200")),
        ("a log before a word", "/rooms/lobby/log?before=x", (422, "before", "whole number")),
        ("an audit log before a word", "/admin/audit?before=x", (422, "before", "whole number")),
        ("accounts after a word", "/admin/users?after=x", (422, "after", "whole number")),
        ("too many accounts", "/admin/users?limit=201", (422, "limit", "1 to 200")),
        ("an account that nobody has", "/admin/users/99", (404, "", "no such account")),
        ("rooms after a word, as admin", "/admin/rooms?after=x", (422, "after", "whole number")),
        ("no room, as admin", "/admin/rooms/attic", (404, "room", "no such room")),
        ("an audit log of too much", "/admin/audit?limit=201", (422, "limit", "1 to 200")),
        ("reports before a word", "/reports?before=x", (422, "before", "whole number")),
    ]));
    cases
}

fn bodies() -> Vec<Case> {
    let large = format!("{{\"name\":\"{}\"}}", long(300_000));
    vec![
        raw("a form where JSON goes", "/users", ("application/x-www-form-urlencoded", b"name=x"), (415, "content-type", "application/json")),
        raw("half an object", "/users", (JSON, b"{\"name\":"), (422, "name", "right form")),
        raw("a list", "/users", (JSON, b"[]"), (422, "", "right form")),
        raw("nothing", "/users", (JSON, b""), (422, "", "right form")),
        raw("two objects", "/rooms", (JSON, b"{\"name\":\"x\"} {}"), (422, "", "one JSON value")),
        raw("no text", "/rooms", (JSON, b"{\"name\":\"\xFF\"}"), (422, "", "UTF-8")),
        raw("half a surrogate pair", "/rooms", (JSON, b"{\"name\":\"\\ud800\"}"), (422, "name", "right form")),
        raw("a deep object", "/rooms", (JSON, "[".repeat(5000).as_bytes()), (422, "", "right form")),
        raw("a large body", "/rooms", (JSON, large.as_bytes()), (413, "", "Send less")),
    ]
}

fn credentials() -> Vec<Case> {
    let unknown = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let rows = [
        ("a token that is none", "abc", "POST /api/v1/tokens"),
        ("a token of nobody", unknown, "not valid any more"),
        ("a token with a space", "a b", "POST /api/v1/tokens"),
    ];
    rows.map(|(what, token, says)| {
        let how = How::Call { token: Some(token), method: Method::GET, path: "/me", kind: JSON, body: Vec::new() };
        Case { what, how, status: 401, field: "", says }
    })
    .into()
}

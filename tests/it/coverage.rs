//! Every command, call and page, for every kind of caller that should not get through: what each is told. A
//! command or a route that is not in the table here fails.

mod routes;

pub(crate) use routes::in_the_source;

use std::collections::BTreeSet;

use parlor::{for_each_request, wire::schema::openapi};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Refused, TestServer, outcome};

/// What a command answers to a person who may not, or who sends nonsense.
struct Command {
    event: &'static str,
    /// What is sent beside the room.
    payload: Value,
    /// The code for a public room to which the person does not belong.
    no_member: &'static str,
    /// The code for a room that is not there.
    unknown_room: &'static str,
    /// A key with a value of a wrong type, which `invalid` names.
    wrong_type: (&'static str, Value),
}

#[rustfmt::skip]
fn commands() -> Vec<Command> {
    let row = |event, payload, no_member, unknown_room, wrong_type| Command {
        event,
        payload,
        no_member,
        unknown_room,
        wrong_type,
    };
    let (none, not_found) = (json!({}), "not_found");
    vec![
        row("message", json!({ "data": "x" }), "forbidden", not_found, ("data", json!(7))),
        row("join", none.clone(), "ok", not_found, ("seq", json!("x"))),
        row("leave", none.clone(), "ok", not_found, ("membership", json!("yes"))),
        row("history", none.clone(), "forbidden", not_found, ("before", json!([]))),
        row("typing", json!({ "on": true }), "forbidden", not_found, ("on", json!(1))),
        row("read", json!({ "id": 1 }), "forbidden", not_found, ("id", json!("1"))),
        row("rooms", none.clone(), "ok", "ok", ("", json!(null))),
        row("create_room", json!({ "name": "x" }), "ok", "ok", ("name", json!({}))),
        row("update_room", json!({ "topic": "x" }), "forbidden", not_found, ("visibility", json!("secret"))),
        row("archive_room", json!({ "on": true }), "forbidden", not_found, ("on", json!("x"))),
        row("delete_room", json!({ "confirm": "x" }), "forbidden", not_found, ("confirm", json!(7))),
        row("direct", json!({ "users": [] }), "ok", "ok", ("users", json!("anna"))),
        row("people", none.clone(), "forbidden", not_found, ("limit", json!("x"))),
        row("add_member", json!({ "user": "owner" }), "forbidden", not_found, ("user", json!([]))),
        row("create_invite", none.clone(), "forbidden", not_found, ("uses", json!("x"))),
        row("invites", none.clone(), "forbidden", not_found, ("room", json!(7))),
        row("revoke_invite", json!({ "invite": 1 }), not_found, not_found, ("invite", json!("x"))),
        row("room_preferences", json!({ "favourite": true }), "forbidden", not_found, ("notify", json!("some"))),
        row("mark_unread", json!({ "id": 1 }), "forbidden", not_found, ("id", json!("1"))),
        row("active", json!({ "on": true }), "ok", "ok", ("on", json!("x"))),
        row("moderate", json!({ "action": "kick", "user": 1 }), "forbidden", not_found, ("seconds", json!("x"))),
        row("report", json!({ "id": 1, "reason": "x" }), not_found, not_found, ("reason", json!(7))),
        row("members", none, "forbidden", not_found, ("limit", json!(true))),
        row("edit_message", json!({ "id": 999, "data": "x" }), not_found, not_found, ("data", json!(7))),
        row("delete_message", json!({ "id": 999 }), not_found, not_found, ("id", json!("1"))),
        row("react", json!({ "id": 999, "emoji": "👍", "on": true }), not_found, not_found, ("emoji", json!(1))),
        row("pin", json!({ "id": 999, "on": true }), not_found, not_found, ("on", json!("yes"))),
        row("remove_previews", json!({ "id": 999 }), not_found, not_found, ("id", json!("1"))),
        row("save", json!({ "id": 999, "on": true }), not_found, not_found, ("on", json!("yes"))),
        row("thread", json!({ "id": 999 }), not_found, not_found, ("after", json!("x"))),
        row("pins", json!({}), "forbidden", not_found, ("room", json!(7))),
        row("saved", json!({}), "ok", "ok", ("before", json!("x"))),
        row("search", json!({ "query": "x" }), "forbidden", not_found, ("query", json!(7))),
    ]
}

/// The list of commands, as dispatch has it.
pub(crate) fn listed() -> BTreeSet<&'static str> {
    macro_rules! names {
        ($($request:ident => $ack:ident: $event:literal,)+) => { BTreeSet::from([$($event),+]) };
    }
    for_each_request!(names)
}

#[tokio::test]
async fn every_command_refuses_who_may_not() {
    let commands = commands();
    let covered: BTreeSet<_> = commands.iter().map(|command| command.event).collect();
    assert_eq!(covered, listed(), "each command has a row");
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let mut anna = server.person("anna").await.socket().await;
    for Command {
        event,
        payload,
        no_member,
        unknown_room,
        wrong_type: (field, value),
    } in commands
    {
        let room = owner.api().open_room("Private thoughts").await;
        let to = |room: &str| {
            let mut payload = payload.clone();
            payload["room"] = json!(room);
            payload
        };
        let ack = anna.call(event, &to(&room)).await;
        assert_eq!(outcome(&ack), no_member, "{event} by no member: {ack}");
        let ack = anna.call(event, &to("0123456789ab")).await;
        assert_eq!(outcome(&ack), unknown_room, "{event} to no room: {ack}");
        let mut wrong = to("lobby");
        match field {
            "" => wrong = value,
            field => wrong[field] = value,
        }
        let ack = anna.call(event, &wrong).await;
        let found = (
            outcome(&ack),
            ack["error"]["field"].as_str().unwrap_or_default(),
        );
        assert_eq!(found, ("invalid", field), "{event} {wrong}: {ack}");
        anna.emit(event, &wrong).await;
        let problem = anna.next("problem").await;
        assert_eq!(
            (&problem["event"], &problem["error"]),
            (&json!(event), &ack["error"])
        );
        let heard = owner.api().read(&room).await;
        assert_eq!(heard, [""; 0], "{event} left nothing");
    }
}

#[tokio::test]
async fn nobody_gets_a_socket_without_credential_or_from_a_foreign_page() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let connect = || server.connect();
    let unauthorized = || Some(Refused::unauthorized());
    let unknown = json!({ "token": "A".repeat(43) });
    for (how, connect, expected) in [
        ("no credential", connect(), unauthorized()),
        (
            "no token",
            connect().auth(json!({ "token": "x" })),
            unauthorized(),
        ),
        ("an unknown token", connect().auth(unknown), unauthorized()),
        (
            "an unknown session",
            connect().header("cookie", format!("session={}", "A".repeat(43))),
            unauthorized(),
        ),
        (
            "a wrong bearer",
            connect().header("authorization", "Bearer x"),
            unauthorized(),
        ),
        ("a token", anna.connect(), None),
        (
            "a session",
            connect().header("cookie", browser.cookie()),
            None,
        ),
        (
            "a bearer",
            connect().header("authorization", format!("Bearer {}", anna.api().token())),
            None,
        ),
        (
            "an own page",
            anna.connect().header("origin", server.base()),
            None,
        ),
        (
            "a foreign page",
            anna.connect().header("origin", "https://evil.example"),
            Some(Refused::Handshake(403)),
        ),
        (
            "a page of no origin",
            anna.connect().header("origin", "null"),
            Some(Refused::Handshake(403)),
        ),
        (
            "another port",
            anna.connect().header("origin", "http://127.0.0.1:1"),
            Some(Refused::Handshake(403)),
        ),
    ] {
        assert_eq!(connect.open().await.err(), expected, "{how}");
    }
}

#[tokio::test]
async fn a_page_that_the_owner_allows_may_connect() {
    let allow = |settings: &mut parlor::config::Settings| {
        settings.allowed_origins = vec!["https://app.example".to_owned()];
    };
    let server = TestServer::builder().setting(allow).start().await;
    let anna = server.person("anna").await;
    let allowed = anna.connect().header("origin", "https://app.example");
    allowed.open().await.unwrap().expect_none("problem").await;
    let other = anna.connect().header("origin", "https://app.example.evil");
    assert_eq!(other.open().await.err(), Some(Refused::Handshake(403)));
}

#[tokio::test]
async fn every_call_and_page_refuses_who_may_not() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let mut failed = Vec::new();
    for route in routes::table() {
        let room = owner.api().open_room("Elsewhere").await;
        let nobody = server.visitor();
        let found = routes::Codes {
            anonymous: route.by(&nobody, None, &room).await,
            foreign: route
                .by(&browser, Some("https://evil.example"), &room)
                .await,
            no_member: route.by(&browser, Some(server.base()), &room).await,
            unknown: route
                .by(&browser, Some(server.base()), "0123456789ab")
                .await,
        };
        if found != route.codes {
            failed.push(format!(
                "{} {}: expected {:?}, got {found:?}",
                route.method, route.path, route.codes
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What the router takes at a path: `Allow` tells, for a method that no route has.
async fn methods(visitor: &Browser, path: &str) -> Vec<String> {
    let answer = Answer::of(visitor.request(Method::TRACE, &routes::filled(path, "lobby"))).await;
    assert_eq!(answer.status, 405, "{path}");
    let allowed = answer.header("allow").split(',').map(str::trim);
    allowed
        .filter(|method| *method != "HEAD")
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_route_has_a_row() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let table = routes::table();
    for path in routes::in_the_source() {
        for method in methods(&visitor, &path).await {
            let covered = table
                .iter()
                .any(|route| route.path == path && route.method.as_str() == method);
            assert!(covered, "{method} {path} has no row");
        }
    }
}

/// The OpenAPI document's calls are the router's, and name each status of the table.
#[tokio::test]
async fn every_call_is_described() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let document = openapi();
    let paths = document["paths"].as_object().unwrap();
    let described = paths.iter().flat_map(|(path, calls)| {
        let methods = calls.as_object().unwrap().keys();
        methods.map(move |method| (path.clone(), method.to_uppercase()))
    });
    let mut there = BTreeSet::new();
    for path in routes::in_the_source() {
        if path.starts_with("/api/v1/") {
            let methods = methods(&visitor, &path).await.into_iter();
            there.extend(methods.map(|method| (path.clone(), method)));
        }
    }
    assert_eq!(
        described.collect::<BTreeSet<_>>(),
        there,
        "src/wire/schema/calls.rs lists the router's calls"
    );
    for route in routes::table()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
    {
        let responses = &paths[route.path][route.method.as_str().to_lowercase()]["responses"];
        let routes::Codes {
            anonymous,
            foreign,
            no_member,
            unknown,
        } = route.codes;
        for status in [anonymous, foreign, no_member, unknown] {
            let named = responses.get(status.to_string()).is_some();
            assert!(
                named,
                "{} {} answers {status}, which is not described",
                route.method, route.path
            );
        }
    }
}

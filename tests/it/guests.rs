//! Guests: whoever connects without a credential, where the server lets them; they may listen and speak in the lobby.

use std::collections::BTreeSet;

use parlor::for_each_request;
use serde_json::{Value, json};

use crate::harness::{Refused, Socket, TestServer, eventually, outcome};

/// A server that takes guests, and has an owner.
async fn open() -> TestServer {
    let server = TestServer::builder()
        .setting(|settings| settings.guests = true)
        .start()
        .await;
    server.person("owner").await;
    server
}

/// A guest in the lobby, and what `ready` said of them.
async fn guest(server: &TestServer) -> (Socket, Value) {
    let mut socket = server.connect().open().await.unwrap();
    let me = socket.next("ready").await["me"].clone();
    socket.join("lobby").await;
    (socket, me)
}

#[tokio::test]
async fn guests_come_only_where_the_setting_and_an_owner_let_them() {
    let server = TestServer::start().await;
    server.person("owner").await;
    assert_eq!(
        server.connect().open().await.err(),
        Some(Refused::unauthorized())
    );
    let server = TestServer::builder()
        .setting(|settings| settings.guests = true)
        .start()
        .await;
    assert_eq!(
        server.connect().open().await.err(),
        Some(Refused::unauthorized())
    );
    server.person("owner").await;
    guest(&server).await;
    let wrong = server.connect().auth(json!({ "token": "x".repeat(43) }));
    assert_eq!(wrong.open().await.err(), Some(Refused::unauthorized()));
    let stale = format!("session={}", "x".repeat(43));
    let expired = server.connect().header("cookie", stale).open().await;
    let mut expired = expired.unwrap();
    assert_eq!(expired.next("ready").await["me"]["guest"], true);
}

#[tokio::test]
async fn a_guest_speaks_in_the_lobby_and_is_marked_there() {
    let server = open().await;
    let anna = server.person("anna").await;
    let mut other = anna.listening("lobby").await;
    let (mut socket, me) = guest(&server).await;
    let name = me["name"].as_str().unwrap();
    assert!(name.starts_with("guest-"), "{name}");
    assert_eq!((&me["guest"], &me["admin"]), (&json!(true), &json!(false)));
    let joined = other.next("member_joined").await;
    assert_eq!(joined["member"]["user"]["guest"], true);
    assert_eq!(joined["member"]["role"], "member");
    socket.say("lobby", "good evening").await;
    assert_eq!(other.hear(1).await, ["good evening"]);
    anna.api().say("lobby", "and to you").await;
    assert_eq!(socket.hear(2).await, ["good evening", "and to you"]);
    let row = |page: String| {
        let start = page.find(&format!("href=\"/u/{name}\""))?;
        let end = start + page[start..].find("</li>")?;
        Some(page[start..end].to_owned())
    };
    let browser = anna.browser().await;
    let page = browser.get("/room/lobby/members").await.text().to_owned();
    let row = row(page).expect("a row of the guest");
    assert!(row.contains(">guest</span>"), "{row}");
    let own = anna.api().get("/me").await.json();
    assert!(own["user"].get("guest").is_none(), "{own}");
}

#[tokio::test]
async fn a_guest_may_do_nothing_else() {
    macro_rules! names {
        ($($request:ident => $ack:ident: $event:literal,)+) => { BTreeSet::from([$($event),+]) };
    }
    let all: BTreeSet<&str> = for_each_request!(names);
    let server = open().await;
    let anna = server.person("anna").await;
    let elsewhere = anna.api().open_room("Elsewhere").await;
    let (mut socket, _) = guest(&server).await;
    let allowed = [
        "message", "join", "leave", "history", "typing", "read", "members", "rooms",
    ];
    for event in all {
        let there = json!({ "room": elsewhere, "data": "x", "on": true, "id": 1 });
        let answer = socket.call(event, &there).await;
        assert_eq!(outcome(&answer), "forbidden", "{event}: {answer}");
        let here = json!({ "room": "lobby" });
        let answer = socket.call(event, &here).await;
        let forbidden = outcome(&answer) == "forbidden";
        assert_eq!(forbidden, !allowed.contains(&event), "{event}: {answer}");
    }
}

#[tokio::test]
async fn of_a_guest_who_goes_only_the_messages_stay() {
    let server = open().await;
    let anna = server.person("anna").await;
    let mut other = anna.listening("lobby").await;
    let (mut socket, me) = guest(&server).await;
    socket.say("lobby", "I shall be gone").await;
    socket.leave().await;
    let left = other.next("member_left").await;
    assert_eq!(left["name"], me["name"]);
    let members = other.done("members", &json!({ "room": "lobby" })).await;
    assert_eq!(members["members"].as_array().unwrap().len(), 2, "{members}");
    let history = other.done("history", &json!({ "room": "lobby" })).await;
    assert_eq!(history["messages"][0]["name"], me["name"]);
    let (socket, _) = guest(&server).await;
    socket.vanish();
    other.next("member_left").await;
    eventually("the guests' end", || server.connected() == 1).await;
}

#[tokio::test]
async fn nobody_has_the_name_of_a_guest() {
    let server = open().await;
    let (mut socket, me) = guest(&server).await;
    for name in ["guest-anna", "Guest-7", me["name"].as_str().unwrap()] {
        let user = json!({ "name": name, "email": "g@example.org", "password": "long enough" });
        let refused = server.nobody().post("/users", &user).await.expect(422);
        assert_eq!(refused["error"]["field"], "name", "{name}");
    }
    let login = json!({ "login": me["name"], "password": "" });
    server.nobody().post("/tokens", &login).await.expect(422);
    let login = json!({ "login": me["name"], "password": "guess" });
    server.nobody().post("/tokens", &login).await.expect(401);
    socket.say("lobby", "still here").await;
}

#[tokio::test]
async fn guests_of_one_address_share_its_limits() {
    let server = TestServer::builder()
        .setting(|settings| {
            settings.guests = true;
            settings.limits.guests_per_address = 2;
            settings.limits.message_rate = 1;
            settings.limits.message_burst = 2;
        })
        .start()
        .await;
    server.person("owner").await;
    let (mut one, _) = guest(&server).await;
    drop(guest(&server).await);
    let third = server.connect().open().await.err();
    assert_eq!(third, Some(Refused::Connect("rate_limited".to_owned())));
    let texts = (0..50).map(|number| number.to_string());
    let acks = one.say_all("lobby", texts).await;
    assert!(acks.iter().any(|ack| outcome(ack) == "rate_limited"));
}

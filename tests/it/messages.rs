//! Saying something: stored before it is acknowledged, once, in one order, the same by form, JSON and socket.

use std::collections::HashSet;

use serde_json::json;

use crate::harness::{Person, Socket, TestServer, outcome, within};

#[tokio::test]
async fn what_is_acknowledged_is_stored() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let mut socket = anna.listening("lobby").await;
    socket.say("lobby", "by socket").await;
    anna.api().say("lobby", "by JSON").await;
    browser
        .say("lobby", "by form", "f1")
        .await
        .leads_to("/room/lobby");
    let server = server.restart().await;
    assert_eq!(
        anna.api().read("lobby").await,
        ["by socket", "by JSON", "by form"]
    );
    let page = browser.get("/room/lobby").await;
    for text in ["by socket", "by JSON", "by form"] {
        assert!(
            page.text().contains(text),
            "the session lives on, and its page shows {text:?}"
        );
    }
    assert_eq!(server.connected(), 0);
}

#[tokio::test]
async fn a_message_reaches_every_kind_of_reader_whichever_way_it_came() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let ben = server.person("ben").await;
    let browser = ben.browser().await;
    let mut writer = anna.listening("lobby").await;
    let mut reader = ben.listening("lobby").await;
    let by_form = anna.browser().await;
    for way in ["socket", "JSON", "form"] {
        match way {
            "socket" => drop(writer.say("lobby", way).await),
            "JSON" => drop(anna.api().say("lobby", way).await),
            _ => drop(
                by_form
                    .say("lobby", way, "f1")
                    .await
                    .leads_to("/room/lobby"),
            ),
        }
        for socket in [&mut writer, &mut reader] {
            let message = socket.next("message").await;
            assert_eq!(
                (&message["text"], &message["message"]),
                (&json!(way), &json!(way))
            );
            assert_eq!(
                (&message["user_id"], &message["name"]),
                (&json!(anna.id), &json!("anna"))
            );
            assert_eq!(
                (&message["room"], &message["kind"]),
                (&json!("lobby"), &json!("text"))
            );
        }
        assert_eq!(ben.api().read("lobby").await.last().unwrap(), way);
        assert!(browser.get("/room/lobby").await.text().contains(way));
    }
}

#[tokio::test]
async fn a_resent_message_is_stored_once_whichever_way_it_comes() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let ben = server.person("ben").await;
    let other = anna.api().open_room("Other").await;
    let browser = anna.browser().await;
    let mut socket = anna.listening("lobby").await;
    let mut reader = ben.listening("lobby").await;
    let message = json!({ "room": "lobby", "data": "once", "client_id": "c1" });
    let first = socket.done("message", &message).await;
    assert_eq!(first["duplicate"], false);
    let again = socket.done("message", &message).await;
    assert_eq!(
        again,
        json!({ "ok": true, "id": first["id"], "seq": first["seq"], "created_at": first["created_at"], "duplicate": true })
    );
    let path = format!("/rooms/{other}/messages");
    let by_json = anna
        .api()
        .post(&path, &json!({ "data": "other words", "client_id": "c1" }))
        .await
        .expect(200);
    assert_eq!(by_json["duplicate"], true);
    assert_eq!(
        (&by_json["message"]["id"], &by_json["message"]["text"]),
        (&first["id"], &json!("once"))
    );
    browser
        .say("lobby", "once", "c1")
        .await
        .leads_to("/room/lobby");
    // Ids are each author's own.
    ben.api()
        .post(
            "/rooms/lobby/messages",
            &json!({ "data": "Ben's", "client_id": "c1" }),
        )
        .await
        .expect(201);
    assert_eq!(reader.hear(2).await, ["once", "Ben's"]);
    assert_eq!(ben.api().read("lobby").await, ["once", "Ben's"]);
    assert_eq!(anna.api().read(&other).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_sent_on_two_sockets_at_once_is_stored_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (mut one, mut two) = (anna.socket().await, anna.socket().await);
    for round in 0..50 {
        let message = json!({ "room": "lobby", "data": "race", "client_id": format!("c{round}") });
        let (a, b) = tokio::join!(one.done("message", &message), two.done("message", &message));
        assert_eq!(a["id"], b["id"]);
        assert_ne!(a["duplicate"], b["duplicate"], "one of them was first");
    }
    assert_eq!(anna.api().read("lobby").await.len(), 50);
}

/// Reads messages until each writer has said its last.
async fn listen(mut socket: Socket, count: usize) -> Vec<(i64, String)> {
    let mut heard = Vec::with_capacity(count);
    while heard.len() < count {
        let message = socket.next("message").await;
        heard.push((
            message["id"].as_i64().unwrap(),
            message["text"].as_str().unwrap().to_owned(),
        ));
    }
    socket.expect_none("message").await;
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_one_order() {
    const WRITERS: usize = 10;
    const EACH: usize = 40;
    let server = TestServer::start().await;
    let mut people: Vec<Person> = Vec::new();
    for number in 0..WRITERS {
        people.push(server.person(&format!("writer{number}")).await);
    }
    let mut readers = Vec::new();
    for person in &people {
        let socket = person.listening("lobby").await;
        readers.push(tokio::spawn(listen(socket, WRITERS * EACH)));
    }
    let mut writers = Vec::new();
    for (number, person) in people.iter().enumerate() {
        let mut socket = person.socket().await;
        writers.push(tokio::spawn(async move {
            let texts = (0..EACH).map(|index| format!("{number}:{index}"));
            socket.say_all("lobby", texts).await
        }));
    }
    let mut ids = HashSet::new();
    for writer in writers {
        for ack in writer.await.unwrap() {
            assert_eq!(outcome(&ack), "ok");
            assert!(ids.insert(ack["id"].as_i64().unwrap()));
        }
    }
    let mut orders = Vec::new();
    for reader in readers {
        orders.push(within("a reader", reader).await.unwrap());
    }
    assert!(
        orders.iter().all(|order| *order == orders[0]),
        "all hear the same"
    );
    assert!(
        orders[0].is_sorted_by_key(|(id, _)| *id),
        "in the order of the ids"
    );
    assert_eq!(
        orders[0].iter().map(|(id, _)| *id).collect::<HashSet<_>>(),
        ids
    );
    let newest: Vec<&str> = orders[0]
        .iter()
        .skip(WRITERS * EACH - 200)
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(people[0].api().read("lobby").await, newest, "history too");
}

/// A server whose sockets may have so many events waiting.
async fn patient(events: usize) -> TestServer {
    let limits = |settings: &mut parlor::config::Settings| {
        settings.limits.mailbox_events = events;
        settings.limits.writer_queue = events.max(1024);
    };
    TestServer::builder().setting(limits).start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_one_socket_are_handled_in_their_order() {
    const COUNT: usize = 5_000;
    let server = patient(10_000).await;
    let anna = server.person("anna").await;
    let mut writer = anna.socket().await;
    let mut reader = anna.listening("lobby").await;
    let heard = tokio::spawn(async move { reader.hear(COUNT).await });
    for number in 0..COUNT {
        writer
            .emit(
                "message",
                &json!({ "room": "lobby", "data": number.to_string() }),
            )
            .await;
    }
    let heard = within("all messages", heard).await.unwrap();
    let wrong = heard
        .iter()
        .enumerate()
        .find(|(at, text)| **text != at.to_string());
    assert_eq!(wrong, None);
    writer.expect_none("problem").await;
}

#[tokio::test]
async fn calls_may_be_made_before_the_first_is_answered() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let mut calls = Vec::new();
    for number in 0..60 {
        let (event, payload) = match number % 3 {
            0 => (
                "message",
                json!({ "room": "lobby", "data": number.to_string() }),
            ),
            1 => ("history", json!({ "room": "lobby", "limit": 1 })),
            _ => ("message", json!({ "room": "lobby", "data": "" })),
        };
        calls.push(socket.start_call(event, &payload).await);
    }
    for (number, call) in calls.into_iter().enumerate() {
        let ack = socket.ack(call).await;
        assert_eq!(
            outcome(&ack),
            ["ok", "ok", "invalid"][number % 3],
            "each its own answer"
        );
    }
    assert_eq!(socket.hear(20).await.len(), 20);
}

#[tokio::test]
async fn an_event_too_many_is_told_so() {
    let server = patient(1).await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    let mut refused = 0;
    let mut calls = Vec::new();
    for _ in 0..200 {
        calls.push(socket.start_call("rooms", &json!({})).await);
    }
    for call in calls {
        let ack = socket.ack(call).await;
        if outcome(&ack) == "rate_limited" {
            assert!(ack["error"]["retry_after_ms"].as_u64().unwrap() > 0);
            refused += 1;
        }
    }
    assert!(refused > 0, "they came faster than they were worked off");
    socket.done("rooms", &json!({})).await;
}

#[tokio::test]
async fn without_an_acknowledgement_only_failures_are_told() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let mut other = anna.listening("lobby").await;
    socket
        .emit("message", &json!({ "room": "lobby", "data": "heard" }))
        .await;
    socket
        .emit("message", &json!({ "room": "lobby", "data": "" }))
        .await;
    socket.emit("dance", &json!({})).await;
    assert_eq!(socket.hear(1).await, ["heard"]);
    let problems = [socket.next("problem").await, socket.next("problem").await];
    assert_eq!(
        (&problems[0]["event"], &problems[0]["error"]["field"]),
        (&json!("message"), &json!("data"))
    );
    assert_eq!(
        (&problems[1]["event"], &problems[1]["error"]["code"]),
        (&json!("dance"), &json!("invalid"))
    );
    assert_eq!(other.hear(1).await, ["heard"]);
    other.expect_none("problem").await;
}

#[tokio::test]
async fn in_its_only_room_a_message_needs_no_room() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let room = anna.api().open_room("Second").await;
    let mut socket = anna.listening("lobby").await;
    socket.done("message", &json!({ "data": "object" })).await;
    socket.done("message", &json!("string")).await;
    assert_eq!(anna.api().read("lobby").await, ["object", "string"]);
    socket.join(&room).await;
    let ack = socket.call("message", &json!("which")).await;
    assert_eq!(
        (outcome(&ack), &ack["error"]["field"]),
        ("invalid", &json!("room"))
    );
    socket.done("leave", &json!({ "room": "lobby" })).await;
    socket.done("message", &json!("the second")).await;
    assert_eq!(anna.api().read(&room).await, ["the second"]);
}

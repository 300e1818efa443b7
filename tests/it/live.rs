//! What comes by itself: who writes, who reads, who comes and goes, who has another name.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Ended, TestServer, eventually};

#[tokio::test]
async fn ready_comes_first_and_says_who_and_where() {
    let name =
        |settings: &mut parlor::config::Settings| settings.server_name = "The Parlor".to_owned();
    let server = TestServer::builder().setting(name).start().await;
    let anna = server.person("anna").await;
    anna.api().say("lobby", "hello").await;
    let mut socket = anna.socket().await;
    let (event, ready) = socket.next_any().await;
    assert_eq!(event, "ready");
    assert_eq!(
        (&ready["me"]["name"], &ready["me"]["admin"]),
        (&json!("anna"), &json!(true))
    );
    assert_eq!(ready["me"]["email"], "anna@example.org");
    assert_eq!(ready["server"]["name"], "The Parlor");
    assert_eq!(ready["server"]["limits"]["message_characters"], 4000);
    let rooms = ready["rooms"].as_array().unwrap();
    assert_eq!(
        (rooms.len(), &rooms[0]["room"]["room"]),
        (1, &json!("lobby"))
    );
    assert_eq!(rooms[0]["last_message"]["text"], "hello");
}

#[tokio::test]
async fn others_see_who_writes_and_its_end() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut writer = anna.listening("lobby").await;
    let mut reader = ben.listening("lobby").await;
    for on in [true, true, false] {
        writer
            .done("typing", &json!({ "room": "lobby", "on": on }))
            .await;
    }
    for on in [true, false] {
        let typing = reader.next("typing").await;
        assert_eq!(
            typing,
            json!({ "room": "lobby", "user_id": anna.id, "name": "anna", "on": on })
        );
    }
    reader.expect_none("typing").await;
    writer.expect_none("typing").await;
}

#[tokio::test]
async fn a_forgotten_typing_ends_by_itself() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut writer = anna.listening("lobby").await;
    let mut reader = ben.listening("lobby").await;
    writer
        .done("typing", &json!({ "room": "lobby", "on": true }))
        .await;
    let begun = std::time::Instant::now();
    assert_eq!(reader.next("typing").await["on"], true);
    assert_eq!(reader.next("typing").await["on"], false);
    let seconds = begun.elapsed().as_secs_f32();
    assert!(seconds > 5.5, "{seconds}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_passes_a_slow_reader_hears_the_newest_only() {
    const MESSAGES: usize = 800;
    const TURNS: usize = 400;
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut slow = ben.connect().narrow().open().await.unwrap();
    slow.join("lobby").await;
    let mut writer = anna.socket().await;
    let filler = "x".repeat(3_000);
    let texts = (0..MESSAGES).map(|number| format!("{number} {filler}"));
    writer.say_all("lobby", texts).await;
    for turn in 1..=TURNS {
        let typing = json!({ "room": "lobby", "on": turn % 2 == 1 });
        writer.done("typing", &typing).await;
    }
    let heard = slow.hear(MESSAGES).await;
    let in_order = heard
        .iter()
        .enumerate()
        .all(|(at, text)| text.starts_with(&format!("{at} ")));
    assert!(in_order, "and of the messages all");
    slow.call("rooms", &json!({})).await;
    let passed: Vec<_> = std::iter::from_fn(|| slow.heard("typing")).collect();
    assert!(passed.len() < TURNS / 10, "{} of {TURNS}", passed.len());
    assert!(passed.last().is_none_or(|typing| typing["on"] == false));
}

#[tokio::test]
async fn unread_messages_are_counted_until_they_are_read() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut reader = ben.listening("lobby").await;
    let mut other = ben.socket().await;
    for text in ["one", "two", "three"] {
        anna.api().say("lobby", text).await;
    }
    let rooms = reader.done("rooms", &json!({})).await;
    assert_eq!(rooms["rooms"][0]["unread"], 3);
    let own = anna.api().get("/rooms").await.expect(200);
    assert_eq!(own["rooms"][0]["unread"], 0, "one's own do not count");
    let second =
        reader.done("history", &json!({ "room": "lobby" })).await["messages"][1]["id"].clone();
    let read = reader
        .done("read", &json!({ "room": "lobby", "id": second }))
        .await;
    assert_eq!(read["unread"], 1);
    let told = other.next("unread").await;
    assert_eq!(told, json!({ "room": "lobby", "unread": 1, "mentions": 0 }));
    let back = reader
        .done("read", &json!({ "room": "lobby", "id": 1 }))
        .await;
    assert_eq!(back["unread"], 1, "reading never goes back");
    ben.browser().await.get("/room/lobby").await.is(200);
    let rooms = ben.api().get("/rooms").await.expect(200);
    assert_eq!(
        rooms["rooms"][0]["unread"], 0,
        "who is shown the end has read it"
    );
}

#[tokio::test]
async fn a_room_hears_who_joins_and_leaves() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    let mut reader = anna.listening(&room).await;
    let mut socket = ben.listening(&room).await;
    let joined = reader.next("member_joined").await;
    assert_eq!(
        (&joined["room"], &joined["member"]["user"]["name"]),
        (&json!(room), &json!("ben"))
    );
    assert_eq!(
        (
            &joined["member"]["role"],
            &joined["member"]["user"]["status"]
        ),
        (&json!("member"), &json!("online"))
    );
    socket
        .done("leave", &json!({ "room": room, "membership": true }))
        .await;
    let left = reader.next("member_left").await;
    assert_eq!(
        left,
        json!({ "room": room, "user_id": ben.id, "name": "ben", "reason": "left" })
    );
    anna.api().say(&room, "alone").await;
    assert_eq!(reader.hear(1).await, ["alone"]);
    socket.expect_none("message").await;
}

#[tokio::test]
async fn a_new_name_shows_at_once_to_those_who_share_a_room() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut reader = ben.socket().await;
    anna.api()
        .patch("/me", &json!({ "name": "Anneli" }))
        .await
        .expect(200);
    let user = reader.next("profile_updated").await;
    assert_eq!(
        (&user["id"], &user["name"]),
        (&json!(anna.id), &json!("Anneli"))
    );
    let mut writer = anna.listening("lobby").await;
    writer.say("lobby", "it is me").await;
    assert_eq!(writer.next("message").await["name"], "Anneli");
}

#[tokio::test]
async fn the_oldest_of_too_many_sockets_is_closed() {
    let few = |settings: &mut parlor::config::Settings| settings.limits.sockets_per_person = 2;
    let server = TestServer::builder().setting(few).start().await;
    let anna = server.person("anna").await;
    let mut oldest = anna.socket().await;
    let mut second = anna.socket().await;
    let mut third = anna.socket().await;
    assert_eq!(oldest.closed().await, Ended::Disconnected);
    second.expect_none("problem").await;
    third.expect_none("problem").await;
    assert_eq!(server.connected(), 2);
}

#[tokio::test]
async fn a_person_is_online_until_the_grace_after_the_last_socket_is_over() {
    let short = |settings: &mut parlor::config::Settings| {
        settings.limits.ping_timeout = Duration::from_millis(100);
    };
    let server = TestServer::builder().setting(short).start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut reader = anna.socket().await;
    let status = async || {
        let members = anna.api().get("/rooms/lobby/members").await.expect(200);
        members["members"][1]["user"]["status"].clone()
    };
    assert_eq!(status().await, "offline");
    let socket = ben.socket().await;
    for (expected, leaving) in [("online", Some(socket)), ("offline", None)] {
        let mut presence = reader.next("presence").await;
        while presence["user_id"] == anna.id {
            presence = reader.next("presence").await;
        }
        assert_eq!(
            presence,
            json!({ "user_id": ben.id, "name": "ben", "status": expected })
        );
        assert_eq!(status().await, expected);
        if let Some(socket) = leaving {
            socket.leave().await;
        }
    }
}

#[tokio::test]
async fn who_comes_back_within_the_grace_was_never_away() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut reader = anna.listening("lobby").await;
    ben.socket().await.vanish();
    eventually("Ben's end", || server.connected() == 1).await;
    ben.socket().await.say("lobby", "back").await;
    assert_eq!(reader.hear(1).await, ["back"]);
    let mut told = Vec::new();
    reader.done("rooms", &json!({})).await;
    while let Some(presence) = reader.heard("presence") {
        told.push((presence["user_id"] == ben.id, presence["status"].clone()));
    }
    told.retain(|(is_ben, _)| *is_ben);
    assert_eq!(told, [(true, json!("online"))]);
}

#[tokio::test]
async fn a_person_who_shares_no_room_learns_nothing() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    ben.api()
        .post("/rooms/lobby/leave", &json!({}))
        .await
        .is(204);
    let mut stranger = ben.socket().await;
    stranger.next("ready").await;
    let mut socket = anna.listening("lobby").await;
    anna.api()
        .patch("/me", &json!({ "name": "Anneli" }))
        .await
        .is(200);
    socket.next("profile_updated").await;
    socket
        .done("typing", &json!({ "room": "lobby", "on": true }))
        .await;
    socket.say("lobby", "among us").await;
    for event in [
        "profile_updated",
        "typing",
        "message",
        "member_joined",
        "unread",
    ] {
        stranger.expect_none(event).await;
    }
    while let Some(presence) = stranger.heard("presence") {
        assert_eq!(presence["user_id"], ben.id, "of oneself alone");
    }
}

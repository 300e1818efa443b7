//! Threads, pins and what somebody saved: by socket and by JSON.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Script, TestServer, outcome, texts};

/// `PUT` without a body.
async fn put(script: &Script, path: &str) -> Answer {
    Answer::of(script.request(Method::PUT, path)).await
}

#[tokio::test]
async fn a_thread_is_its_first_message_and_the_replies_in_their_order() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let first = socket.say("lobby", "Who wants tea?").await["id"].clone();
    let mut replies = Vec::new();
    for text in ["me", "me too", "no"] {
        let reply = json!({ "room": "lobby", "data": text, "reply_to": first });
        replies.push(socket.done("message", &reply).await["id"].clone());
    }
    socket.say("lobby", "beside it").await;
    let whole = ["Who wants tea?", "me", "me too", "no"];
    for id in [&first, &replies[1]] {
        let thread = socket.done("thread", &json!({ "id": id })).await;
        assert_eq!(texts(&thread["messages"]), whole);
        assert_eq!(thread["more"], false);
    }
    let page = socket
        .done("thread", &json!({ "id": first, "limit": 2 }))
        .await;
    assert_eq!(
        (texts(&page["messages"]), &page["more"]),
        (whole[..3].to_vec(), &json!(true))
    );
    let path = format!("/messages/{first}/thread?after={}&limit=1", replies[0]);
    let page = anna.api().get(&path).await.expect(200);
    assert_eq!(
        (texts(&page["messages"]), &page["more"]),
        (vec!["me too"], &json!(true))
    );
}

#[tokio::test]
async fn pins_are_listed_the_newest_pin_first() {
    let server = TestServer::start().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let room = owner.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(owner.api().say(&room, text).await["message"]["id"].clone());
    }
    for index in [2, 0, 1] {
        let path = format!("/messages/{}/pin", ids[index]);
        let pinned = put(owner.api(), &path).await.expect(200);
        assert_eq!(pinned["message"]["pinned"], true);
    }
    owner
        .api()
        .delete(&format!("/messages/{}/pin", ids[0]))
        .await
        .is(200);
    let pins = ben
        .api()
        .get(&format!("/rooms/{room}/pins"))
        .await
        .expect(200);
    assert_eq!(texts(&pins["messages"]), ["two", "three"]);
    owner
        .api()
        .delete(&format!("/messages/{}", ids[1]))
        .await
        .is(200);
    let pins = ben
        .socket()
        .await
        .done("pins", &json!({ "room": room }))
        .await;
    assert_eq!(
        texts(&pins["messages"]),
        ["three"],
        "what is deleted is pinned no longer"
    );
}

#[tokio::test]
async fn what_is_saved_is_for_oneself_on_every_device() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    let mut ids = Vec::new();
    for (room, text) in [("lobby", "one"), (&room, "two"), ("lobby", "three")] {
        ids.push(anna.api().say(room, text).await["message"]["id"].clone());
    }
    let (mut here, mut there) = (anna.socket().await, anna.socket().await);
    let mut other = ben.socket().await;
    for id in &ids {
        let save = json!({ "id": id, "on": true });
        here.done("save", &save).await;
        assert_eq!(there.next("saved").await, save);
    }
    here.done("save", &json!({ "id": ids[0], "on": true }))
        .await;
    put(anna.api(), &format!("/messages/{}/saved", ids[0]))
        .await
        .is(200);
    here.done("save", &json!({ "id": ids[0], "on": false }))
        .await;
    assert_eq!(
        there.next("saved").await,
        json!({ "id": ids[0], "on": false }),
        "what changes nothing is not told"
    );
    let saved = here.done("saved", &json!({})).await;
    assert_eq!(texts(&saved["messages"]), ["three", "two"]);
    let page = anna.api().get("/saved?limit=1").await.expect(200);
    assert_eq!(
        (texts(&page["messages"]), &page["more"]),
        (vec!["three"], &json!(true))
    );
    let path = format!("/saved?limit=1&before={}", page["messages"][0]["id"]);
    let page = anna.api().get(&path).await.expect(200);
    assert_eq!(
        (texts(&page["messages"]), &page["more"]),
        (vec!["two"], &json!(false))
    );
    assert_eq!(other.done("saved", &json!({})).await["messages"], json!([]));
    other.expect_none("saved").await;
}

#[tokio::test]
async fn what_is_deleted_or_in_a_room_that_was_left_is_not_shown_among_the_saved() {
    let server = TestServer::start().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let room = owner.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let here = owner.api().say("lobby", "here").await["message"]["id"].clone();
    let there = owner.api().say(&room, "there").await["message"]["id"].clone();
    for id in [&here, &there] {
        put(ben.api(), &format!("/messages/{id}/saved"))
            .await
            .is(200);
    }
    ben.api()
        .post(&format!("/rooms/{room}/leave"), &json!({}))
        .await
        .is(204);
    let shown = async || {
        let saved = ben.api().get("/saved").await.expect(200);
        texts(&saved["messages"]).join(" ")
    };
    assert_eq!(shown().await, "here");
    ben.api().join(&room).await;
    assert_eq!(shown().await, "there here");
    owner
        .api()
        .delete(&format!("/messages/{there}"))
        .await
        .is(200);
    assert_eq!(shown().await, "here");
    let again = put(ben.api(), &format!("/messages/{there}/saved")).await;
    assert_eq!(again.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn one_message_is_changed_by_json_as_by_socket() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut told = ben.listening("lobby").await;
    let id = anna.api().say("lobby", "frost").await["message"]["id"].clone();
    told.next("message").await;
    let path = format!("/messages/{id}");
    let edited = anna.api().patch(&path, &json!({ "data": "first" })).await;
    assert_eq!(edited.expect(200)["message"]["text"], "first");
    assert_eq!(told.next("message_updated").await["change"], "edited");
    let emoji = format!("{path}/reactions/%E2%9D%A4%EF%B8%8F");
    let reacted = put(ben.api(), &emoji).await.expect(200);
    let mine = json!([{ "emoji": "❤️", "count": 1, "me": true }]);
    assert_eq!(reacted["message"]["reactions"], mine);
    let read = |answer: Answer| answer.expect(200)["message"]["reactions"].clone();
    assert_eq!(read(anna.api().get(&path).await)[0]["me"], false);
    assert_eq!(read(ben.api().delete(&emoji).await), json!([]));
    assert_eq!(told.next("message_updated").await["change"], "reactions");
    assert_eq!(told.next("message_updated").await["reactions"], json!([]));
    let refused = ben.api().delete(&path).await.refusal();
    assert_eq!(refused, (403, "forbidden".to_owned()));
    let gone = anna.api().delete(&path).await.expect(200);
    assert_eq!(
        (&gone["message"]["deleted"], &gone["message"]["text"]),
        (&json!(true), &json!(""))
    );
    assert_eq!(told.next("message_updated").await["change"], "deleted");
    let refused = anna.api().patch(&path, &json!({ "data": "back" })).await;
    assert_eq!(refused.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn nobody_reads_single_messages_of_a_room_they_are_not_in() {
    let server = TestServer::start().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let room = owner.api().open_room("Tea").await;
    let id = owner.api().say(&room, "here only").await["message"]["id"].clone();
    let mut socket = ben.socket().await;
    let on: Value = json!({ "id": id, "on": true, "emoji": "👍", "data": "x" });
    for event in [
        "thread",
        "save",
        "pin",
        "react",
        "edit_message",
        "delete_message",
    ] {
        assert_eq!(
            outcome(&socket.call(event, &on).await),
            "forbidden",
            "{event}"
        );
    }
    let path = format!("/messages/{id}");
    assert_eq!(
        ben.api().get(&path).await.refusal(),
        (403, "forbidden".to_owned())
    );
    let page = ben
        .browser()
        .await
        .get(&format!("/room/lobby/m/{id}"))
        .await;
    assert!(
        !page.is(404).text().contains("here only"),
        "it is in another room"
    );
}

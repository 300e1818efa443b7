//! What happens to a message after it was sent: everybody hears of it once, also who was away.

use serde_json::{Value, json};

use crate::harness::{Socket, TestServer, outcome};

/// What a reader needs of a `message_updated`.
fn seen(event: &Value) -> Value {
    json!([
        event["change"],
        event["text"],
        event["deleted"],
        event["pinned"],
        event["reactions"]
    ])
}

/// All that comes up to `resumed`: the event, the message's id, its text, and what changed.
async fn replayed(socket: &mut Socket) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        match socket.next_any().await {
            (event, _) if event == "resumed" => return events,
            (event, message) if event.starts_with("message") => {
                events.push(json!([
                    event,
                    message["id"],
                    message["text"],
                    message["change"]
                ]));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_change_is_told_once_as_the_whole_message() {
    let server = TestServer::start().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let room = owner.api().open_room("Tea").await;
    let mut owner = owner.listening(&room).await;
    let mut ben = ben.listening(&room).await;
    let said = owner.say(&room, "frost").await;
    let id = &said["id"];
    assert_eq!(ben.next("message").await["id"], *id);

    let edited = owner
        .done("edit_message", &json!({ "id": id, "data": "first" }))
        .await;
    let told = ben.next("message_updated").await;
    assert_eq!(seen(&told), json!(["edited", "first", false, false, []]));
    assert_eq!(told["seq"], edited["message"]["seq"]);
    assert_ne!(told["edited_at"], Value::Null);

    ben.done("react", &json!({ "id": id, "emoji": "👍", "on": true }))
        .await;
    let mine = ben.next("message_updated").await;
    assert_eq!(
        mine["reactions"],
        json!([{ "emoji": "👍", "count": 1, "me": true }])
    );
    owner.next("message_updated").await;
    let theirs = owner.next("message_updated").await;
    assert_eq!(
        theirs["reactions"],
        json!([{ "emoji": "👍", "count": 1, "me": false }])
    );

    owner.done("pin", &json!({ "id": id, "on": true })).await;
    assert_eq!(ben.next("message_updated").await["pinned"], true);
    owner.done("delete_message", &json!({ "id": id })).await;
    let told = ben.next("message_updated").await;
    assert_eq!(seen(&told), json!(["deleted", "", true, false, []]));
    assert_eq!(told["html"], "");
}

#[tokio::test]
async fn what_changes_nothing_is_told_to_nobody() {
    let server = TestServer::start().await;
    let mut anna = server.person("anna").await.listening("lobby").await;
    let id = anna.say("lobby", "tea").await["id"].clone();
    let on = json!({ "id": id, "emoji": "❤", "on": true });
    for (event, payload, changes) in [
        ("edit_message", json!({ "id": id, "data": "tea" }), false),
        ("react", on.clone(), true),
        (
            "react",
            json!({ "id": id, "emoji": "❤️", "on": true }),
            false,
        ),
        (
            "react",
            json!({ "id": id, "emoji": "🎉", "on": false }),
            false,
        ),
        ("delete_message", json!({ "id": id }), true),
        ("delete_message", json!({ "id": id }), false),
    ] {
        let before = anna.done("history", &json!({ "room": "lobby" })).await["messages"][0].clone();
        let after = anna.done(event, &payload).await["message"].clone();
        assert_eq!(after["seq"] != before["seq"], changes, "{event} {payload}");
    }
    assert_eq!(
        outcome(&anna.call("react", &on).await),
        "not_found",
        "it is deleted"
    );
}

#[tokio::test]
async fn only_the_author_edits_and_only_who_keeps_order_deletes_and_pins() {
    let server = TestServer::start().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let room = owner.api().open_room("Tea").await;
    let mut owner = owner.listening(&room).await;
    let mut ben = ben.listening(&room).await;
    let owners = owner.say(&room, "mine").await["id"].clone();
    let bens = ben.say(&room, "his").await["id"].clone();
    let mut sockets = [owner, ben];
    for (who, event, id, expected) in [
        (1, "edit_message", &owners, "forbidden"),
        (1, "delete_message", &owners, "forbidden"),
        (1, "pin", &owners, "forbidden"),
        (0, "edit_message", &bens, "forbidden"),
        (0, "pin", &bens, "ok"),
        (0, "delete_message", &bens, "ok"),
    ] {
        let ack = sockets[who]
            .call(event, &json!({ "id": id, "data": "x", "on": true }))
            .await;
        assert_eq!(outcome(&ack), expected, "{event}: {ack}");
    }
}

#[tokio::test]
async fn a_reply_quotes_its_source_and_is_counted_at_the_first() {
    let server = TestServer::start().await;
    let mut anna = server.person("anna").await.listening("lobby").await;
    let first = anna.say("lobby", "Who wants tea?").await["id"].clone();
    let reply = |to: &Value| json!({ "room": "lobby", "data": "I do", "reply_to": to });
    let second = anna.done("message", &reply(&first)).await["id"].clone();
    anna.done("message", &reply(&second)).await;
    let history = anna.done("history", &json!({ "room": "lobby" })).await;
    assert_eq!(history["messages"][0]["reply_count"], 2);
    let quote = &history["messages"][1]["reply_to"];
    assert_eq!(
        (&quote["id"], &quote["excerpt"]),
        (&first, &json!("Who wants tea?"))
    );
    anna.done("delete_message", &json!({ "id": first })).await;
    let history = anna.done("history", &json!({ "room": "lobby" })).await;
    let quote = &history["messages"][1]["reply_to"];
    assert_eq!(
        (&quote["deleted"], &quote["excerpt"]),
        (&json!(true), &json!(""))
    );
    let ack = anna.call("message", &reply(&json!(999))).await;
    assert_eq!(
        (outcome(&ack), &ack["error"]["field"]),
        ("not_found", &json!("reply_to"))
    );
}

#[tokio::test]
async fn who_was_away_gets_the_present_state_of_all_that_changed() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut socket = anna.listening("lobby").await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(socket.say("lobby", text).await["id"].clone());
    }
    // Ben has seen all three.
    ids.push(socket.say("lobby", "four").await["id"].clone());
    socket
        .done("edit_message", &json!({ "id": ids[0], "data": "1" }))
        .await;
    socket
        .done("edit_message", &json!({ "id": ids[3], "data": "4" }))
        .await;
    socket
        .done("delete_message", &json!({ "id": ids[1] }))
        .await;
    socket
        .done("react", &json!({ "id": ids[0], "emoji": "👍", "on": true }))
        .await;
    ids.push(socket.say("lobby", "five").await["id"].clone());
    let server = server.restart().await;
    let since = json!({ "rooms": { "lobby": 3 } });
    let mut reader = ben.connect().auth(since).open().await.unwrap();
    assert_eq!(
        replayed(&mut reader).await,
        [
            json!(["message", ids[3], "4", null]),
            json!(["message_updated", ids[1], "", "deleted"]),
            json!(["message_updated", ids[0], "1", "reactions"]),
            json!(["message", ids[4], "five", null]),
        ]
    );
    assert_eq!(server.connected(), 1);
}

#[tokio::test]
async fn new_messages_are_replayed_in_the_order_of_their_ids_whatever_happened_to_them() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut socket = anna.listening("lobby").await;
    let mut ids = Vec::new();
    for text in ["known", "first", "second", "third"] {
        ids.push(socket.say("lobby", text).await["id"].clone());
    }
    for id in [2, 0, 1] {
        let edit = json!({ "id": ids[id], "data": format!("edited {id}") });
        socket.done("edit_message", &edit).await;
    }
    let since = json!({ "rooms": { "lobby": 1 } });
    let mut reader = ben.connect().auth(since).open().await.unwrap();
    assert_eq!(
        replayed(&mut reader).await,
        [
            json!(["message", ids[1], "edited 1", null]),
            json!(["message", ids[2], "edited 2", null]),
            json!(["message", ids[3], "third", null]),
            json!(["message_updated", ids[0], "edited 0", "edited"]),
        ]
    );
}

//! Who is mentioned hears of it, whatever room they have open, and their counts are right on every device.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

/// What a person's list of rooms says of a room: unread messages, and mentions among them.
async fn counts(person: &Person, room: &str) -> Value {
    let rooms = person.api().get("/rooms").await.expect(200);
    let rooms = rooms["rooms"].as_array().unwrap();
    let state = rooms.iter().find(|state| state["room"]["room"] == room);
    let state = state.expect("a room of theirs");
    json!([state["unread"], state["mentions"]])
}

#[tokio::test]
async fn a_mention_reaches_every_device_and_goes_when_it_is_read_or_taken_back() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let (mut here, mut there) = (ben.socket().await, ben.socket().await);
    let mut ids = Vec::new();
    for text in ["@Ben, tea?", "ben @ben and @BEN", "and `@ben`"] {
        ids.push(anna.api().say(&room, text).await["message"]["id"].clone());
    }
    for device in [&mut here, &mut there] {
        for id in &ids[..2] {
            let told = device.next("mention").await["message"].clone();
            assert_eq!((&told["id"], &told["mentions"]), (id, &json!([ben.id])));
        }
    }
    assert_eq!(
        counts(&ben, &room).await,
        json!([3, 2]),
        "code mentions nobody"
    );
    let edit = json!({ "data": "tea?" });
    anna.api()
        .patch(&format!("/messages/{}", ids[1]), &edit)
        .await
        .is(200);
    let unread = there.next("unread").await;
    assert_eq!(
        (&unread["unread"], &unread["mentions"]),
        (&json!(3), &json!(1))
    );
    here.done("read", &json!({ "room": room, "id": ids[0] }))
        .await;
    let unread = there.next("unread").await;
    assert_eq!(
        (&unread["unread"], &unread["mentions"]),
        (&json!(2), &json!(0))
    );
    ben.api().say(&room, "yes").await;
    assert_eq!(
        there.next("unread").await["unread"],
        0,
        "who writes has read"
    );
}

#[tokio::test]
async fn only_members_are_mentioned_and_room_means_all_of_them() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let cleo = server.person("cleo").await;
    let room = anna.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let (mut bens, mut cleos) = (ben.socket().await, cleo.socket().await);
    let said = anna.api().say(&room, "@cleo and @nobody and @anna").await;
    assert_eq!(said["message"]["mentions"], json!([]));
    let html = said["message"]["html"].as_str().unwrap();
    assert!(!html.contains("/u/cleo"), "{html}");
    let all = anna.api().say(&room, "@room tea is ready").await;
    let told = bens.next("mention").await;
    assert_eq!(told["message"]["id"], all["message"]["id"]);
    assert_eq!(counts(&ben, &room).await, json!([2, 1]));
    assert_eq!(counts(&anna, &room).await, json!([0, 0]));
    let path = format!("/messages/{}", all["message"]["id"]);
    for (edit, mentions) in [("nothing", 0), ("@room after all", 1), ("@ben", 1)] {
        let edited = anna.api().patch(&path, &json!({ "data": edit })).await;
        edited.is(200);
        if edit != "@ben" {
            assert_eq!(bens.next("unread").await["mentions"], mentions, "{edit}");
        }
    }
    anna.api().delete(&path).await.is(200);
    assert_eq!(bens.next("unread").await["mentions"], 0);
    cleos.expect_none("mention").await;
}

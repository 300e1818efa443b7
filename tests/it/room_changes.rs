//! What becomes of rooms, and how each hears of them: settings on every edge.

use serde_json::json;

use crate::harness::{TestServer, outcome};

#[tokio::test]
async fn a_changed_room_is_told_to_every_socket_of_its_members() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let room = owner.api().open_room("Tea").await;
    let path = format!("/rooms/{room}");
    anna.api()
        .post(&format!("{path}/join"), &json!({}))
        .await
        .is(200);
    let mut deaf = anna.socket().await;
    let settings = format!("/room/{room}/settings");
    let form = [
        ("section", "details"),
        ("name", "Green tea"),
        ("topic", "leaves"),
        ("visibility", "private"),
    ];
    let browser = owner.browser().await;
    browser
        .submit(&settings, &settings, &form)
        .await
        .leads_to(&format!("{settings}?saved=details"));
    let told = deaf.next("room_updated").await;
    assert_eq!(
        (
            &told["room"]["name"],
            &told["room"]["topic"],
            &told["room"]["kind"]
        ),
        (&json!("Green tea"), &json!("leaves"), &json!("private"))
    );
    assert_eq!(told["room"]["role"], "member");
    let refused = anna.api().patch(&path, &json!({ "name": "Mine" })).await;
    refused.is(403);
    let blank = [("section", "details"), ("name", " "), ("topic", "")];
    let refused = browser.submit(&settings, &settings, &blank).await;
    assert!(refused.is(422).text().contains("Give the room a name"));
}

#[tokio::test]
async fn an_archived_room_is_read_and_a_deleted_one_gone() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let room = owner.api().open_room("Tea").await;
    let mut annas = anna.listening(&room).await;
    annas.say(&room, "before").await;
    let browser = owner.browser().await;
    let settings = format!("/room/{room}/settings");
    let archive = [("section", "archive"), ("on", "1")];
    let archived = browser.submit(&settings, &settings, &archive).await;
    archived.leads_to(&format!("{settings}?saved=archived"));
    let refused = annas
        .call("message", &json!({ "room": room, "data": "after" }))
        .await;
    assert_eq!(outcome(&refused), "forbidden");
    assert_eq!(anna.api().read(&room).await, ["before"]);
    let wrong = [("section", "delete"), ("confirm", "Coffee")];
    let refused = browser.submit(&settings, &settings, &wrong).await;
    assert!(
        refused
            .is(422)
            .text()
            .contains("Type the room&#39;s name as it stands")
    );
    let right = [("section", "delete"), ("confirm", "Tea")];
    let deleted = browser.submit(&settings, &settings, &right).await;
    deleted.leads_to("/");
    let told = annas.next("room_removed").await;
    assert_eq!(
        (&told["room"], &told["reason"]),
        (&json!(room), &json!("deleted"))
    );
    let gone = annas.call("history", &json!({ "room": room })).await;
    assert_eq!(outcome(&gone), "not_found");
}

#[tokio::test]
async fn the_lobby_stays_public_and_open() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let lobby = "/rooms/lobby";
    for change in [json!({ "visibility": "private" })] {
        owner.api().patch(lobby, &change).await.is(403);
    }
    let archive = json!({ "on": true });
    owner
        .api()
        .post("/rooms/lobby/archive", &archive)
        .await
        .is(403);
    let renamed = json!({ "topic": "come in" });
    owner.api().patch(lobby, &renamed).await.is(200);
}

#[tokio::test]
async fn preferences_and_what_is_unread_follow_a_person_to_every_device() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let mut owners = owner.listening("lobby").await;
    let first = owners.say("lobby", "one").await;
    let second = owners.say("lobby", "two").await;
    let mut desk = anna.socket().await;
    let mut phone = anna.socket().await;
    let read = json!({ "room": "lobby", "id": second["id"] });
    desk.done("read", &read).await;
    assert_eq!(phone.next("unread").await["unread"], 0);
    let unread = json!({ "room": "lobby", "id": first["id"] });
    let ack = desk.done("mark_unread", &unread).await;
    assert_eq!(
        (&ack["unread"], &phone.next("unread").await["unread"]),
        (&json!(2), &json!(2))
    );
    let path = "/room/lobby/settings";
    let form = [
        ("section", "preferences"),
        ("notify", "mentions"),
        ("mute", "3600"),
        ("favourite", "1"),
    ];
    let browser = anna.browser().await;
    let saved = browser.submit(path, path, &form).await;
    saved.leads_to("/room/lobby/settings?saved=preferences");
    let told = phone.next("preferences_updated").await;
    assert_eq!(
        (
            &told["preferences"]["notify"],
            &told["preferences"]["favourite"]
        ),
        (&json!("mentions"), &json!(true))
    );
    assert!(told["preferences"]["muted_until"].is_string());
    let loud = json!({ "muted_until": null, "hidden": true });
    let changed = anna.api().patch("/rooms/lobby/preferences", &loud).await;
    let changed = changed.expect(200);
    assert!(changed["preferences"].get("muted_until").is_none());
    assert_eq!(changed["preferences"]["notify"], "mentions");
}

#[tokio::test]
async fn a_day_leads_to_its_first_message() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let said = anna.listening("lobby").await.say("lobby", "one").await;
    let browser = anna.browser().await;
    let past = browser.get("/room/lobby?date=2000-01-01").await;
    past.leads_to(&format!("/room/lobby/m/{}", said["id"]));
    let future = browser.get("/room/lobby?date=2999-01-01").await;
    future.leads_to("/room/lobby");
    browser.get("/room/lobby?date=yesterday").await.is(422);
}

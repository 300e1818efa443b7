//! Importing again: only what is new, and in every room time goes on.

use serde_json::json;

use super::export::whole;
use super::{count, import, messages_of, room_of, rooms_of, stopped};
use crate::harness::texts;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_adds_only_what_is_new() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let said = import(at.folder(), &whole().write(at.folder()), &[]).well();
    for (what, expected) in [
        ("messages", 0),
        ("rooms", 0),
        ("accounts to be claimed", 0),
        ("programs", 0),
        ("messages that were here already", 11),
    ] {
        assert_eq!(count(&said, what), expected, "{what}: {said}");
    }
    let later = whole().with(
        "general/2020-01-04.json",
        &json!([
            { "user": "U1", "ts": "1578128400.000100", "text": "News", "thread_ts": "1577955600.000100" },
            { "user": "U6", "ts": "1578128500.000100", "text": "I am new", "user_profile": { "display_name": "Emil" } },
        ]),
    );
    let said = import(at.folder(), &later.write(at.folder()), &[]).well();
    assert_eq!(count(&said, "messages"), 2);
    let server = at.start().await;
    let general = room_of(&owner, "general").await;
    let messages = messages_of(&owner, &general).await;
    assert_eq!(messages.len(), 10);
    assert_eq!(messages[1]["reply_count"], 3, "a reply finds its thread");
    assert_eq!(messages[9]["name"], "Emil");
    assert_eq!(general["unread"], 0);
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unread_stays_unread_and_what_is_imported_after_it_does_not_hide_it() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let server = at.start().await;
    let general = room_of(&owner, "general").await;
    let code = general["room"]["room"].as_str().unwrap().to_owned();
    let messages = messages_of(&owner, &general).await;
    let last = messages.last().unwrap()["id"].clone();
    owner
        .socket()
        .await
        .call("mark_unread", &json!({ "room": code, "id": last }))
        .await;
    let at = server.stop().await;
    let later = whole().with(
        "general/2020-01-04.json",
        &json!([{ "user": "U3", "ts": "1578128400.000100", "text": "Later, <!here>" }]),
    );
    import(at.folder(), &later.write(at.folder()), &[]).well();
    let server = at.start().await;
    let general = room_of(&owner, "general").await;
    assert_eq!(
        (&general["unread"], &general["mentions"]),
        (&json!(2), &json!(1))
    );
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_a_rooms_newest_message_goes_into_a_room_of_its_own() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let server = at.start().await;
    let general = room_of(&owner, "general").await;
    let code = general["room"]["room"].as_str().unwrap();
    owner.api().say(code, "said here").await;
    let at = server.stop().await;
    let later = whole().with(
        "general/2020-01-04.json",
        &json!([
            { "user": "U1", "ts": "1578128400.000100", "text": "older", "thread_ts": "1577955600.000100" },
            { "user": "U1", "ts": "1578128401.000100", "text": "older still counts" },
        ]),
    );
    let said = import(at.folder(), &later.write(at.folder()), &[]).well();
    assert!(said.contains("they go into a room of their own"), "{said}");
    let said = import(at.folder(), &later.write(at.folder()), &[]).well();
    assert_eq!(
        (count(&said, "rooms"), count(&said, "messages")),
        (0, 0),
        "{said}"
    );
    let server = at.start().await;
    let beside = room_of(&owner, "general (Slack)").await;
    let moved = messages_of(&owner, &beside).await;
    assert_eq!(texts(&json!(moved)), ["older", "older still counts"]);
    assert!(
        moved[0]
            .get("reply_to")
            .is_none_or(serde_json::Value::is_null),
        "its thread is in another room"
    );
    let general = messages_of(&owner, &room_of(&owner, "general").await).await;
    assert_eq!(general.last().unwrap()["text"], "said here");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_was_deleted_here_stays_deleted() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let server = at.start().await;
    let old = room_of(&owner, "old").await;
    let request = json!({ "room": old["room"]["room"], "confirm": "old" });
    let answer = owner.socket().await.call("delete_room", &request).await;
    assert_eq!(answer["ok"], true, "{answer}");
    let at = server.stop().await;
    let said = import(at.folder(), &whole().write(at.folder()), &[]).well();
    assert!(
        said.contains("#old was imported before and deleted here"),
        "{said}"
    );
    let server = at.start().await;
    assert!(rooms_of(&owner).await.iter().all(|(name, _)| name != "old"));
    drop(server);
}

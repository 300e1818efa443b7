//! Who made an account after the import gets what was imported in their name.

use std::path::Path;

use serde_json::json;

use super::export::{Export, whole};
use super::{claim_links, count, import, messages_of, room_of, rooms_of, stopped};
use crate::harness::{Person, Ran, TestServer, ran, texts};

fn merge(folder: &Path, from: &str, into: &str) -> Ran {
    let at = folder.to_str().unwrap();
    ran(
        folder,
        &["import", "merge", "--data-dir", at, from, into],
        &[],
    )
}

/// The names of somebody's rooms.
async fn names(person: &Person) -> Vec<String> {
    let mut names: Vec<_> = rooms_of(person)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    names.sort();
    names
}

fn later() -> Export {
    let news = json!([{ "user": "U1", "ts": "1578128400.000100", "text": "Later" }]);
    whole().with("general/2020-01-04.json", &news)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_account_becomes_a_part_of_its_persons_own() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let server = at.start().await;
    let ann = Person::register(server.base(), "ann").await;
    ann.api().say("lobby", "I am here").await;
    let general = room_of(&owner, "general").await;
    let code = general["room"]["room"].as_str().unwrap().to_owned();
    ann.api().join(&code).await;
    let before = texts(&json!(messages_of(&owner, &general).await)).len();

    let at = server.stop().await;
    let said = merge(at.folder(), "Anna", "ann").well();
    assert!(
        said.starts_with("Anna is a part of ann now: messages 5, rooms 3."),
        "{said}"
    );
    let again = merge(at.folder(), "anna", "ann");
    assert_eq!(
        (again.status, &*again.err),
        (
            Some(1),
            "parlor: No account called anna waits to be claimed. Nothing was changed.\n"
        )
    );
    assert!(
        claim_links(at.folder(), &[])
            .iter()
            .all(|(name, _)| name != "anna")
    );
    let said = import(at.folder(), &later().write(at.folder()), &[]).well();
    assert_eq!(
        (
            count(&said, "messages"),
            count(&said, "accounts to be claimed")
        ),
        (1, 0),
        "{said}"
    );

    let server = at.start().await;
    all_is_hers(&server, &code, before + 1).await;
}

/// All that was imported in Anna's name is Ann's, in the room `code` with so many messages, and in the others.
async fn all_is_hers(server: &TestServer, code: &str, expected: usize) {
    let ann = Person::logged_in(server.base(), "ann").await;
    assert_eq!(names(&ann).await, ["Carla.K", "Lobby", "general", "secret"]);
    let messages = messages_of(&ann, &room_of(&ann, "general").await).await;
    assert_eq!(messages.len(), expected);
    let hers: Vec<_> = messages
        .iter()
        .filter(|message| message["name"] == "ann")
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        hers.last(),
        Some(&"Later"),
        "what is imported later is hers too"
    );
    assert!(messages.iter().all(|message| message["name"] != "anna"));
    assert!(
        messages[1]["reactions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|reaction| reaction["me"] == true),
        "{}",
        messages[1]
    );
    let found = ann
        .api()
        .get("/search?query=from:ann%20one")
        .await
        .expect(200);
    assert_eq!(found["hits"][0]["message"]["text"], "One");
    let members = ann.api().get(&format!("/rooms/{code}/members")).await;
    let members = members.expect(200)["members"].clone();
    let named = |name: &str| {
        let members = members.as_array().unwrap().iter();
        members
            .filter(|member| member["user"]["name"] == name)
            .count()
    };
    assert_eq!((named("ann"), named("anna")), (1, 0));
    let file = &messages
        .iter()
        .find(|message| message["text"].as_str().unwrap().starts_with("Files"))
        .unwrap()["attachments"][0]["url"];
    let fetched = ann.browser().await.get(file.as_str().unwrap()).await;
    fetched.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_waits_moves_and_only_to_somebody_who_is_here() {
    let (at, _) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    for (from, into, problem) in [
        (
            "olga",
            "olga",
            "No account called olga waits to be claimed.",
        ),
        (
            "anna",
            "nobody",
            "Nobody has an account called nobody here.",
        ),
        (
            "anna",
            "Carla.K",
            "Nobody has an account called Carla.K here.",
        ),
        (
            "anna",
            "helper",
            "Nobody has an account called helper here.",
        ),
    ] {
        let refused = merge(at.folder(), from, into);
        assert_eq!(
            (refused.status, refused.err),
            (Some(1), format!("parlor: {problem} Nothing was changed.\n"))
        );
    }
    assert_eq!(merge(at.folder(), "anna", "").status, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_both_had_stays_and_the_imported_one_stands_beside_it() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let server = at.start().await;
    let ann = Person::register(server.base(), "ann").await;
    let general = room_of(&owner, "general").await["room"]["room"].clone();
    ann.api().join(general.as_str().unwrap()).await;
    let direct = json!({ "users": ["Carla.K"] });
    let opened = ann.socket().await.done("direct", &direct).await;
    let code = opened["room"]["room"].as_str().unwrap().to_owned();
    ann.api().say(&code, "Are you here?").await;
    let at = server.stop().await;
    merge(at.folder(), "anna", "ann").well();
    let server = at.start().await;
    let ann = Person::logged_in(server.base(), "ann").await;
    assert_eq!(
        names(&ann).await,
        [
            "Carla.K",
            "Carla.K (imported)",
            "Lobby",
            "general",
            "secret"
        ]
    );
    assert_eq!(ann.api().read(&code).await, ["Are you here?"]);
    let beside = room_of(&ann, "Carla.K (imported)").await;
    assert_eq!(
        (&beside["room"]["kind"], &beside["room"]["role"]),
        (&json!("private"), &json!("owner"))
    );
    assert_eq!(texts(&json!(messages_of(&ann, &beside).await)), ["just us"]);
}

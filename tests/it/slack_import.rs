//! Importing an export of Slack: a real zip, brought by the program into a real data folder, read by a server on it.

mod again;
mod archive;
mod claims;
mod export;
mod hostile;
mod merge;

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::harness::{Person, Ran, Stopped, TestServer, png, ran};
use export::{Export, whole};

/// A server with its owner, stopped.
async fn stopped() -> (Stopped, Person) {
    let server = TestServer::start().await;
    let owner = server.person("olga").await;
    (server.stop().await, owner)
}

/// Runs the import.
fn import(folder: &Path, archive: &Path, more: &[&str]) -> Ran {
    let (folder_text, archive) = (folder.to_str().unwrap(), archive.to_str().unwrap());
    let mut arguments = vec![
        "import",
        "slack",
        "--data-dir",
        folder_text,
        "--archive",
        archive,
    ];
    arguments.extend(more);
    ran(folder, &arguments, &[])
}

/// The number before these words in what an import said.
#[track_caller]
fn count(said: &str, what: &str) -> usize {
    let line = said.lines().find(|line| {
        line.trim_start()
            .split_once("  ")
            .is_some_and(|(_, found)| found == what)
    });
    let line = line.unwrap_or_else(|| panic!("{what}: {said}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Lets somebody take over the imported account of this name; answers with who they are now.
async fn claim(server: &TestServer, path: &str, name: &str) -> Person {
    let token = path.strip_prefix("/claim/").unwrap();
    let person = json!({
        "name": name, "email": format!("{name}@example.org"), "password": format!("{name} keeps a secret"),
        "claim": token,
    });
    server.nobody().post("/users", &person).await.expect(201);
    Person::logged_in(server.base(), name).await
}

/// The paths of claim links by names, as the program prints them.
fn claim_links(folder: &Path, names: &[&str]) -> Vec<(String, String)> {
    let mut arguments = vec!["import", "claim", "--data-dir", folder.to_str().unwrap()];
    arguments.extend(names);
    let said = ran(folder, &arguments, &[]).well();
    let links = said.lines().filter_map(|line| {
        let parts: Vec<_> = line.split('\t').collect();
        let [name, _, path] = parts[..] else {
            return None;
        };
        Some((name.to_owned(), path.to_owned()))
    });
    links.collect()
}

fn link_of(links: &[(String, String)], name: &str) -> String {
    let found = links.iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("{links:?}")).1.clone()
}

/// A person's rooms by name: code, unread, mentions.
async fn rooms_of(person: &Person) -> Vec<(String, Value)> {
    let listed = person.socket().await.call("rooms", &json!({})).await;
    let rooms = listed["rooms"].as_array().unwrap().iter();
    rooms
        .map(|room| {
            (
                room["room"]["name"].as_str().unwrap().to_owned(),
                room.clone(),
            )
        })
        .collect()
}

async fn room_of(person: &Person, name: &str) -> Value {
    let rooms = rooms_of(person).await;
    let found = rooms.iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("{rooms:?}")).1.clone()
}

async fn messages_of(person: &Person, room: &Value) -> Vec<Value> {
    let code = room["room"]["room"].as_str().unwrap();
    let path = format!("/rooms/{code}/messages?limit=200");
    let found = person.api().get(&path).await.expect(200);
    found["messages"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_moves_here_with_its_times_threads_reactions_pins_and_files() {
    let (at, _owner) = stopped().await;
    let folder = at.folder().to_owned();
    let archive = whole().write(&folder);
    let beside = folder.join("fetched");
    fs::create_dir_all(beside.join("F2")).unwrap();
    fs::write(beside.join("F2/plan.txt"), "the plan").unwrap();
    let said = import(&folder, &archive, &["--files", beside.to_str().unwrap()]).well();
    for (what, expected) in [
        ("accounts to be claimed", 4),
        ("programs", 2),
        ("rooms", 4),
        ("messages", 11),
        ("of them replies", 3),
        ("reactions", 3),
        ("pins", 1),
        ("files kept here", 3),
        ("files that stay links", 1),
        ("notices left out", 1),
        ("custom emoji left out", 1),
    ] {
        assert_eq!(count(&said, what), expected, "{what}: {said}");
    }
    assert!(said.contains("#general: 8 messages"), "{said}");
    let links = claim_links(&folder, &[]);
    let names: Vec<_> = links.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["anna", "Carla.K", "dora"],
        "who had left is not asked"
    );
    let server = at.start().await;
    let anna = claim(&server, &link_of(&links, "anna"), "anna").await;

    let general = room_of(&anna, "general").await;
    let messages = messages_of(&anna, &general).await;
    a_channel_is_as_it_was(&anna, &general, &messages).await;
    times_lead_to_what_was_said(&anna, &general, &messages[3]["id"]).await;
    let secret = room_of(&anna, "secret").await;
    assert_eq!(secret["room"]["kind"], "private");
    assert_eq!(secret["room"]["role"], "owner", "its creator owns it");
    let direct = room_of(&anna, "Carla.K").await;
    assert_eq!(direct["room"]["kind"], "direct");
    assert_eq!(messages_of(&anna, &direct).await[0]["text"], "just us");
    // A direct conversation that is opened here is the one that was imported.
    let opened = anna
        .socket()
        .await
        .call("direct", &json!({ "users": ["Carla.K"] }))
        .await;
    assert_eq!(opened["room"]["room"], direct["room"]["room"]);
}

async fn a_channel_is_as_it_was(anna: &Person, general: &Value, messages: &[Value]) {
    assert_eq!(
        (&general["unread"], &general["mentions"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(general["room"]["topic"], "All of us, with @anna");
    assert_eq!(general["room"]["created_at"], "2020-01-01T00:00:00.000Z");
    let [hello, root, reply, edited, files, bot, tombstone, after] = messages else {
        panic!("{messages:?}")
    };
    assert_eq!(
        hello["text"],
        "**Hello** @Carla.K, see [the page](https://example.org) & #general"
    );
    assert_eq!(hello["created_at"], "2020-01-02T08:00:00.123Z");
    assert_eq!(hello["name"], "anna");
    assert_eq!(hello["mentions"].as_array().unwrap().len(), 1);
    assert!(
        hello["html"]
            .as_str()
            .unwrap()
            .contains("<strong>Hello</strong>"),
        "{hello}"
    );
    assert_eq!(
        (&root["pinned"], &root["reply_count"]),
        (&json!(true), &json!(2))
    );
    let reactions = root["reactions"].as_array().unwrap();
    let found: Vec<_> = reactions
        .iter()
        .map(|one| {
            (
                one["emoji"].as_str().unwrap(),
                one["count"].as_i64().unwrap(),
                one["me"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, [("👍", 2, true), ("🎉", 1, false)]);
    assert_eq!(reply["reply_to"]["id"], root["id"]);
    assert_eq!(edited["edited_at"], "2020-01-03T09:30:00.000Z");
    assert_eq!(edited["name"], "ben", "who left is still who wrote it");
    let attached = files["attachments"].as_array().unwrap();
    let kept: Vec<_> = attached
        .iter()
        .map(|file| {
            (
                file["name"].as_str().unwrap(),
                file["type"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        kept,
        [("shot.png", "image/png"), ("plan.txt", "text/plain")]
    );
    assert_eq!(
        files["text"],
        "Files\n[lost.pdf](https://files.slack.com/lost.pdf)"
    );
    let url = attached[1]["url"].as_str().unwrap();
    let fetched = anna.browser().await.get(url).await;
    fetched.is(200);
    assert_eq!(fetched.text(), "the plan");
    assert_eq!(bot["name"], "deploys");
    assert_eq!(
        (&tombstone["deleted"], &tombstone["text"]),
        (&json!(true), &json!(""))
    );
    assert_eq!(
        after["reply_to"]["id"], tombstone["id"],
        "a thread outlives its first message"
    );
}

/// Searching by time, and jumping to a day.
async fn times_lead_to_what_was_said(anna: &Person, general: &Value, id: &Value) {
    let found = anna
        .api()
        .get("/search?query=hello%20before:2020-01-03")
        .await
        .expect(200);
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found}");
    let jumped = anna
        .browser()
        .await
        .get(&format!(
            "/room/{}?date=2020-01-03",
            general["room"]["room"].as_str().unwrap()
        ))
        .await;
    jumped.is(303);
    assert!(
        jumped.header("location").contains(&format!("/m/{id}")),
        "{}",
        jumped.header("location")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_keeps_public_rooms_in_order_and_sees_no_private_ones() {
    let (at, owner) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let server = at.start().await;
    let rooms = rooms_of(&owner).await;
    let mut names: Vec<_> = rooms.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Lobby", "general", "old"]);
    let general = room_of(&owner, "general").await;
    assert_eq!(general["room"]["role"], "owner");
    assert_eq!(room_of(&owner, "old").await["room"]["archived"], true);
    let found = owner.api().get("/search?query=hush").await.expect(200);
    assert_eq!(found["hits"], json!([]));
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let (at, owner) = stopped().await;
    let archive = whole().write(at.folder());
    let database = at.folder().join("parlor.db");
    let before = fs::read(&database).unwrap();
    let said = import(at.folder(), &archive, &["--dry-run"]).well();
    assert!(
        said.ends_with("This was a dry run: nothing was changed.\n"),
        "{said}"
    );
    assert!(
        fs::read(&database).unwrap() == before,
        "the database is another one"
    );
    let files = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(files(&at.folder().join("uploads")), 0);
    let real = import(at.folder(), &archive, &[]).well();
    let counts = |said: &str| -> Vec<String> {
        said.lines()
            .filter(|line| line.starts_with(' '))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(counts(&said), counts(&real));
    // Also where rooms and people are here already.
    let later = whole().with(
        "general/2020-01-04.json",
        &json!([{ "user": "U9", "ts": "1578128400.000100", "text": "more" }]),
    );
    let archive = later.write(at.folder());
    let before = fs::read(&database).unwrap();
    let said = import(at.folder(), &archive, &["--dry-run"]).well();
    assert_eq!(
        (
            count(&said, "messages"),
            count(&said, "accounts to be claimed")
        ),
        (1, 1)
    );
    assert!(
        fs::read(&database).unwrap() == before,
        "the database is another one"
    );
    let server = at.start().await;
    room_of(&owner, "general").await;
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_imported_under_a_running_server_or_before_its_owner() {
    let server = TestServer::start().await;
    let archive = whole().write(server.folder());
    let refused = import(server.folder(), &archive, &[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.err.contains("in use by another Parlor"),
        "{refused:?}"
    );
    let at = server.stop().await;
    let refused = import(at.folder(), &archive, &[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.err.contains("make the first account"),
        "{refused:?}"
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let refused = import(elsewhere.path(), &archive, &[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.err.contains("parlor.db is not there"),
        "{refused:?}"
    );
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

/// A picture.
fn picture() -> Vec<u8> {
    png([10, 120, 90])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_members_and_a_thousand_messages_move_in_batches() {
    let (at, owner) = stopped().await;
    let archive = Export::large(100, 1_200).write(at.folder());
    let said = import(at.folder(), &archive, &[]).well();
    assert_eq!(count(&said, "messages"), 1_200);
    let server = at.start().await;
    let room = room_of(&owner, "large").await;
    assert_eq!(room["unread"], 0);
    assert_eq!(room["room"]["members"], 101);
    let messages = messages_of(&owner, &room).await;
    assert_eq!(messages.last().unwrap()["text"], "number 1199");
    drop(server);
}

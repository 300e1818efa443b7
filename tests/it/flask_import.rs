//! Importing the database of a chat that was written with Flask: real files, brought by the program into a real data folder.
//! `tests/clients/flask-import.test.mjs` does it with what the real werkzeug made.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use serde_json::json;

use crate::harness::{Person, Ran, Stopped, TestServer, png, ran};

/// `anna's old one`, by werkzeug 3.1.9.
const HASH: &str = "scrypt:1024:8:1$azxXp9zC8GDDN9UD$939a8f2b8f752f392f2ab0fc50b5f06473e84888f37efaa1a241e3db4\
    5694398584cf42dd95b8ff386f2cb40b10c7767b4ed29b781a45b21cfd1b46d3fdff2f1";

/// A server with its owner, stopped.
async fn stopped() -> (Stopped, Person) {
    let server = TestServer::start().await;
    let owner = server.person("olga").await;
    (server.stop().await, owner)
}

/// The app's own connection.
fn open(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

/// Writes an app's database of these statements, with an empty folder of photos beside it.
fn app(folder: &Path, sql: &str) -> PathBuf {
    fs::create_dir_all(folder.join("photos")).unwrap();
    let path = folder.join("chat.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    path
}

/// Runs the import.
fn import(at: &Stopped, database: &Path, more: &[&str]) -> Ran {
    let folder = at.folder().to_str().unwrap();
    let database = database.to_str().unwrap();
    let mut arguments = vec![
        "import",
        "flask",
        "--data-dir",
        folder,
        "--database",
        database,
    ];
    arguments.extend(more);
    ran(at.folder(), &arguments, &[])
}

const USERS: &str =
    "CREATE TABLE user (id INTEGER PRIMARY KEY, username, password_hash, email, photo);";

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let (at, _owner) = stopped().await;
    let beside = tempfile::tempdir().unwrap();
    let database = app(
        beside.path(),
        &format!(
            "{USERS} INSERT INTO user VALUES (1, 'anna', '{HASH}', 'anna@example.com', 'anna.png');
             CREATE TABLE message (id INTEGER PRIMARY KEY, user_id, text);
             INSERT INTO message VALUES (1, 1, 'hello')"
        ),
    );
    let photos = beside.path().join("photos");
    fs::write(photos.join("anna.png"), png([10, 120, 90])).unwrap();
    let photos = photos.to_str().unwrap();
    let files = |folder: &Path| fs::read_dir(folder).unwrap().count();
    let (ours, theirs) = (at.folder().join("parlor.db"), database.clone());
    let bytes = || (fs::read(&ours).unwrap(), fs::read(&theirs).unwrap());
    let before = bytes();
    let said = import(&at, &database, &["--uploads", photos, "--dry-run"]).well();
    assert!(
        said.contains("anna: logs in with the old password; photo\n"),
        "{said}"
    );
    assert!(said.contains("Chat (public): 1 message\n"), "{said}");
    assert!(
        said.ends_with("This was a dry run: nothing was changed.\n"),
        "{said}"
    );
    assert!(bytes() == before, "a database is another one");
    assert_eq!(files(&at.folder().join("uploads")), 0);
    assert_eq!(
        files(beside.path()),
        2,
        "nothing is made beside the database"
    );
    // Without the folder, photos are named as left out, and come with a second run.
    let said = import(&at, &database, &[]).well();
    assert!(
        said.contains("1  photos left out: name their folder with --uploads\n"),
        "{said}"
    );
    let said = import(&at, &database, &["--uploads", photos]).well();
    assert!(
        said.contains("1  photos\n") && said.ends_with("Done.\n"),
        "{said}"
    );
    let said = import(&at, &database, &["--uploads", photos]).well();
    assert!(
        said.ends_with("Nothing is new: all of it was imported before.\n"),
        "{said}"
    );
    assert!(fs::read(&database).unwrap() == before.1, "it is only read");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_login_costs_as_much_as_the_dearest_old_hash_until_its_person_has_been_here() {
    let (at, owner) = stopped().await;
    let beside = tempfile::tempdir().unwrap();
    let database = app(
        beside.path(),
        &format!("{USERS} INSERT INTO user VALUES (1, 'anna', '{HASH}', NULL, NULL)"),
    );
    import(&at, &database, &[]).well();
    let server = at.start().await;
    let passwords = &server.site().ctx.passwords;
    let log_in = async |login: &str, password: &str| {
        let body = json!({ "login": login, "password": password });
        server.nobody().post("/tokens", &body).await.status
    };
    assert!(!passwords.kinds().is_empty());
    assert_eq!(log_in("anna", "not the right one").await, 401);
    assert_eq!(log_in("zoe", "not the right one").await, 401);
    assert!(!passwords.kinds().is_empty());
    assert_eq!(log_in("anna", "anna's old one").await, 201);
    assert!(passwords.kinds().is_empty(), "nothing dear is left");
    assert_eq!(log_in("anna", "anna's old one").await, 201);
    assert_eq!(log_in("anna", "not the right one").await, 401);
    assert_eq!(log_in("olga", &owner.password).await, 201);
    // Who came without an address sets one with that password.
    let anna = Person::by_password(server.base(), "anna", "anna's old one").await;
    let me = anna.api().get("/me").await.expect(200);
    assert_eq!(
        (&me["user"]["email"], &me["user"]["admin"]),
        (&json!(""), &json!(false))
    );
    let patch = json!({ "email": "anna@example.org", "current_password": "anna's old one" });
    anna.api().patch("/me", &patch).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_same_address_here_is_the_same_person_only_if_the_owner_says_so() {
    let (at, owner) = stopped().await;
    let beside = tempfile::tempdir().unwrap();
    let sql = format!(
        "{USERS} INSERT INTO user VALUES (1, 'olga', '{HASH}', '{}', NULL);
         CREATE TABLE message (id INTEGER PRIMARY KEY, user_id, text);
         INSERT INTO message VALUES (1, 1, 'it was me')",
        owner.email
    );
    let database = app(beside.path(), &sql);
    let said = import(&at, &database, &["--dry-run"]).well();
    assert!(
        said.contains("import with --match-email; else they get an account of their own"),
        "{said}"
    );
    assert!(
        said.contains("olga-2: was called \"olga\" there; logs in with the old password\n"),
        "{said}"
    );
    let said = import(&at, &database, &["--match-email"]).well();
    assert!(
        said.contains("olga: has an account here, with the password from here\n"),
        "{said}"
    );
    let server = at.start().await;
    let found = owner.api().get("/search?query=me").await.expect(200);
    assert_eq!(found["hits"][0]["message"]["user_id"], json!(1), "{found}");
    let refused = json!({ "login": "olga", "password": "anna's old one" });
    server.nobody().post("/tokens", &refused).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_imported_is_refused_with_what_to_do_and_nothing_is_kept() {
    let (at, owner) = stopped().await;
    let beside = tempfile::tempdir().unwrap();
    let database = app(
        beside.path(),
        &format!("{USERS} CREATE TABLE users (id, name, pw)"),
    );
    let text = beside.path().join("text.db");
    fs::write(&text, "a text that is long enough to be read").unwrap();
    let ours = at.folder().join("parlor.db");
    let missing = beside.path().join("none.db");
    for (path, more, parts) in [
        (&missing, &[][..], &["--database", "cannot be opened"][..]),
        (&text, &[], &["--database", "is no SQLite database"]),
        (&ours, &[], &["--database", "is the database of a Parlor"]),
        (
            &database,
            &[],
            &[
                "--table",
                "user (id, username, password_hash, email, photo); users (id, name, pw)",
            ],
        ),
        (
            &database,
            &["--table", "user=people"],
            &["--table", "no table people"],
        ),
        (
            &database,
            &["--table", "user=user", "--column", "user.name=x"],
            &["--column", "no column x"],
        ),
        (
            &database,
            &["--uploads", "nowhere"],
            &["--uploads", "nowhere is no folder"],
        ),
    ] {
        let refused = import(&at, path, more);
        assert_eq!(refused.status, Some(2), "{refused:?}");
        for part in parts {
            assert!(refused.err.contains(part), "{part}: {refused:?}");
        }
    }
    let writer = open(&database);
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let refused = import(&at, &database, &[]);
    assert_eq!(refused.status, Some(2));
    assert!(
        refused.err.contains("in use by another program"),
        "{refused:?}"
    );
    drop(writer);
    let server = at.start().await;
    let people = owner.api().get("/people?query=anna").await.expect(200);
    assert_eq!(people["people"], json!([]), "{}", server.base());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_apps_database_is_refused_and_a_later_one_of_the_same_adds_what_is_new() {
    let (at, _owner) = stopped().await;
    let beside = tempfile::tempdir().unwrap();
    let people = |names: [&str; 3]| {
        let user =
            |(name, id)| format!("INSERT INTO user VALUES ({id}, '{name}', '{HASH}', '', NULL);");
        let users: String = names.into_iter().zip(1..).map(user).collect();
        format!("{USERS}{users}")
            + "CREATE TABLE message (id INTEGER PRIMARY KEY, user_id, text, timestamp);
            INSERT INTO message VALUES (1, 1, 'hello', 1714566896)"
    };
    let database = app(beside.path(), &people(["anna", "Ben B", "carla"]));
    import(&at, &database, &[]).well();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = app(elsewhere.path(), &people(["xenia", "yves", "carla"]));
    let refused = import(&at, &other, &[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.err.contains("the database of another app"),
        "{refused:?}"
    );
    let later = "UPDATE user SET username = 'anne' WHERE id = 1;
        INSERT INTO user VALUES (4, 'dora', 'md5$a$b', '', NULL);
        INSERT INTO message VALUES (2, 4, 'me too', 1714566897)";
    open(&database).execute_batch(later).unwrap();
    let said = import(&at, &database, &[]).well();
    for line in [
        "        1  accounts to be claimed\n",
        "        1  messages\n",
        "        1  messages that were here already\n",
        "        3  people who were here already\n",
        "Chat (public): 1 message\n",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_database_exhausts_nothing_and_harms_nobody() {
    let (at, owner) = stopped().await;
    let beside = tempfile::tempdir().unwrap();
    let output = "0".repeat(128);
    let long = "x".repeat(100_000);
    let sql = format!(
        "{USERS}
         INSERT INTO user VALUES (1, 'dear', 'scrypt:1073741824:8:1$s${output}', 'no address', '../chat.db');
         INSERT INTO user VALUES (2, 'slow', 'pbkdf2:sha256:4000000000$s${output}', '', '/etc/passwd');
         INSERT INTO user VALUES (3, char(27) || '[31m<b>', '{HASH}', '', x'00');
         INSERT INTO user VALUES (4, '{long}', '{HASH}', '{long}', '{long}');
         INSERT INTO user VALUES (5, NULL, NULL, NULL, 'chat.png');
         INSERT INTO user VALUES (6, 'guest', '{HASH}', '', 'chat.png');
         CREATE TABLE message (id INTEGER PRIMARY KEY, user_id, text, timestamp, room);
         INSERT INTO message VALUES (1, 3, '<script>alert(1)</script>', 'never', 'lobby');
         INSERT INTO message VALUES (2, 4, '{long}', 9e300, '{long}');
         INSERT INTO message VALUES (3, NULL, 'nobody', 1, ''), (4, 1, NULL, 1, ''), (5, 1, x'00', 1, '');
         CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END;
         CREATE VIEW message_view AS SELECT 1"
    );
    let database = app(beside.path(), &sql);
    fs::write(beside.path().join("photos/chat.png"), "no picture").unwrap();
    let photos = beside.path().join("photos");
    let said = import(
        &at,
        &database,
        &["--uploads", photos.to_str().unwrap(), "--public-rooms"],
    )
    .well();
    for part in [
        "dear: needs a link to claim the account: the password's hash costs more",
        "slow: needs a link to claim the account: the password's hash costs more",
        "needs a link to claim the account: no password is stored",
        "its name leads out of the folder",
        "is very long: its end is cut",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains('\u{1b}'), "{said:?}");
    let server = at.start().await;
    let lobby = owner.api().get("/rooms/lobby/messages").await.expect(200);
    assert_eq!(
        lobby["messages"],
        json!([]),
        "a room that is called lobby is another one"
    );
    let writer = Person::by_password(server.base(), "31mb", "anna's old one").await;
    let found = writer.api().get("/search?query=alert").await.expect(200);
    let html = found["hits"][0]["message"]["html"].as_str().unwrap();
    assert!(!html.contains("<script"), "{html}");
}

//! At size: an export that is far larger than the memory that it may take, and an account that said so much that deleting it
//! takes a while. What was said is written straight into the database, as saying it would take longer than the test.

use std::path::Path;

use parlor::store::sqlite::index_messages;
use rusqlite::{Connection, named_params};
use serde_json::json;

use crate::harness::{Answer, Person, TestServer, eventually};

/// Messages of this person in the lobby, with a text each by which they are found.
const SAY: &str = "INSERT INTO messages (room_id, author_id, seq, created_seq, ordinal, text, html, created_at) \
    WITH RECURSIVE said (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM said WHERE n < :count) \
    SELECT r.id, :author, r.last_seq + n, r.last_seq + n, r.message_count + n, 'said ' || n || ' of them', \
    '<p>said ' || n || ' of them</p>', 1700000000000 + n FROM said, rooms r WHERE r.code = 'lobby'";

const COUNT: &str = "UPDATE rooms SET last_seq = last_seq + :count, message_count = message_count + :count \
    WHERE code = 'lobby'";

/// Before which message a deleted account's are still to go; nothing once all went.
const REACHED: &str = "SELECT max(before_id) FROM closing_accounts";

const LEFT: &str = "SELECT count(*) FROM messages WHERE author_id = :author AND deleted = 0";

/// Writes so many messages of this person into the database of a server that does not run.
fn say(folder: &Path, author: &Person, count: u32) {
    let mut database = Connection::open(folder.join("parlor.db")).unwrap();
    let transaction = database.transaction().unwrap();
    let values = named_params! { ":author": author.id, ":count": count };
    transaction.execute(SAY, values).unwrap();
    index_messages(&transaction).unwrap();
    let values = named_params! { ":count": count };
    transaction.execute(COUNT, values).unwrap();
    transaction.commit().unwrap();
}

/// How many messages of this person are not deleted.
fn left(database: &Connection, author: &Person) -> i64 {
    let values = named_params! { ":author": author.id };
    database.query_row(LEFT, values, |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_messages_go_while_others_are_acknowledged_and_over_a_restart() {
    const MANY: u32 = 100_000;
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    anna.api().join("lobby").await;
    let stopped = server.stop().await;
    say(stopped.folder(), &anna, MANY);
    let mut server = stopped.start().await;
    let database = Connection::open(server.folder().join("parlor.db")).unwrap();
    assert_eq!(left(&database, &anna), i64::from(MANY));
    let body = json!({
        "confirm": "anna", "current_password": anna.password, "messages": "remove",
    });
    let request = anna.api().request(reqwest::Method::DELETE, "/me");
    Answer::of(request.json(&body)).await.is(204);

    let mut socket = olga.listening("lobby").await;
    let reached = || {
        let reached = database.query_row(REACHED, [], |row| row.get::<_, Option<i64>>(0));
        reached.unwrap()
    };
    let (mut said, mut restarted) = (0, false);
    while let Some(before) = reached() {
        // It goes on between what others say, and each of them is answered.
        for _ in 0..5 {
            let acked = socket.say("lobby", &format!("in between {said}")).await;
            assert_eq!(acked["ok"], true, "{acked}");
            said += 1;
        }
        eventually("some more to go", || reached() != Some(before)).await;
        if !restarted && before < i64::from(MANY) / 2 {
            assert!(left(&database, &anna) > 0, "it was done before the restart");
            server = server.restart().await;
            socket = olga.listening("lobby").await;
            restarted = true;
        }
    }
    assert_eq!(left(&database, &anna), 0);
    assert!(restarted && said > 10, "{said}");
    let mine = left(&database, &olga);
    assert_eq!(mine, said, "what others said is all there");
    let found = olga.api().get("/search?query=of+them").await.expect(200);
    assert_eq!(found["hits"], json!([]), "nothing of it is found");
    drop(server);
}

#[cfg(target_os = "linux")]
mod memory {
    use reqwest::Method;
    use serde_json::json;

    use super::{Person, say};
    use crate::{
        harness::{Program, within},
        uploads::storage::stream,
    };

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_export_of_twenty_thousand_messages_and_a_hundred_mebibytes_takes_less_than_sixteen_of_memory()
     {
        const MESSAGES: u32 = 20_000;
        const FILE: usize = 25 << 20;
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start(folder.path(), false);
        let anna = Person::register(&program.base, "anna").await;
        for number in 0..4 {
            let file = stream(anna.api(), FILE).await.expect(201)["attachment"].clone();
            let message = json!({ "data": format!("file {number}"), "attachments": [file["id"]] });
            let sent = anna.api().post("/rooms/lobby/messages", &message).await;
            sent.is(201);
        }
        program.kill();
        say(folder.path(), &anna, MESSAGES);
        let program = Program::start(folder.path(), true);
        // The address is another one by now.
        let anna = Person::logged_in(&program.base, "anna").await;
        program.count_memory();
        let before = program.most_memory();
        let request = anna.api().request(Method::POST, "/me/export");
        let mut answer = request.json(&json!({})).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let mut taken = 0;
        let mut end = Vec::new();
        while let Some(piece) = within("the next piece", answer.chunk()).await.unwrap() {
            taken += piece.len();
            end = piece.to_vec();
        }
        assert!(taken > 4 * FILE, "{taken} bytes");
        // The last record of a zip archive (APPNOTE.TXT, section 4.3.16).
        assert!(end.windows(4).any(|bytes| bytes == b"PK\x05\x06"));
        let grown = program.most_memory() - before;
        assert!(grown < 16 << 10, "{grown} KiB for {taken} bytes");
    }
}

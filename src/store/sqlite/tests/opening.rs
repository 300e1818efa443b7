//! Opening, reopening, and what cannot be opened.

use std::fs;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::{Site, anna, open, options, say, site};
use crate::{
    model::RoomCode,
    store::{
        Accounts, Rooms, Store,
        feed::feed,
        rules::{self, later},
        sqlite::{Options, SqliteStore},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reopening_keeps_everything() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("parlor.db");
    let (store, _feed) = open(&path).expect("opened");
    store.ready().await.expect("ready");
    let anna = anna(&store).await;
    store
        .open_session(rules::new_session(1, anna.card.id))
        .await
        .expect("opened");
    let said = say(&store, &anna, "hello").await.await.expect("stored");
    let rooms = store.rooms_of(anna.card.id).await.expect("read");
    store.close().await;
    let names: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert!(!names.contains(&"parlor.db-wal".into()), "{names:?}");

    let second = Options {
        now: later(1000),
        ..options(&path)
    };
    let store = SqliteStore::open(&second, feed(16).0).expect("opened again at once");
    assert_eq!(
        store.account(anna.card.id).await.expect("read"),
        Some(anna.clone())
    );
    assert_eq!(
        store.rooms_of(anna.card.id).await.expect("read"),
        rooms,
        "the lobby is the same one"
    );
    assert!(
        store
            .session([1; 32], later(1))
            .await
            .expect("read")
            .is_some()
    );
    let next = say(&store, &anna, "more").await.await.expect("stored");
    assert!(next.message.id > said.message.id && next.message.seq > said.message.seq);
    assert!(
        store
            .standing(&RoomCode::lobby(), anna.card.id)
            .await
            .expect("read")
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_in_the_file_when_the_process_is_killed() {
    let Site {
        store,
        feed: _feed,
        folder,
    } = site();
    let anna = anna(&store).await;
    for number in 0..20 {
        let pending = say(&store, &anna, &number.to_string()).await;
        pending.await.expect("stored");
    }
    let copy = TempDir::new().expect("a folder");
    for name in ["parlor.db", "parlor.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("copied while it runs");
    }
    let (after, _feed) = open(&copy.path().join("parlor.db")).expect("opened");
    let lobby = after
        .standing(&RoomCode::lobby(), anna.card.id)
        .await
        .expect("read")
        .expect("the lobby");
    assert_eq!(lobby.room.last_seq.0, 20);
}

#[tokio::test]
async fn what_cannot_be_opened_says_what_to_do_in_one_line() {
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (_running, _feed) = open(&at("running.db")).expect("opened");
    fs::write(
        at("damaged.db"),
        "no database, but long enough to be read as one".repeat(100),
    )
    .expect("written");
    for (name, sql) in [
        ("foreign.db", "CREATE TABLE notes (id)"),
        ("newer.db", "PRAGMA user_version = 9000"),
    ] {
        if name == "newer.db" {
            open(&at(name)).expect("opened").0.close().await;
        }
        let connection =
            Connection::open_with_flags(at(name), OpenFlags::default()).expect("opened");
        connection.execute_batch(sql).expect(sql);
    }
    for (name, part) in [
        ("running.db", "in use by another Parlor"),
        ("damaged.db", "Restore it from a backup"),
        ("foreign.db", "another program's database"),
        ("newer.db", "newer Parlor (schema 9000"),
        ("missing/parlor.db", "Give Parlor's user write access"),
        ("damaged.db/parlor.db", "choose another data folder"),
    ] {
        let Err(error) = open(&at(name)).map(drop) else {
            panic!("{name} was opened")
        };
        let line = error.to_string();
        assert!(
            line.contains(part) && line.contains(name) && !line.contains('\n'),
            "{line}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_of_the_process_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let Site {
        store,
        feed: _feed,
        folder,
    } = site();
    anna(&store).await;
    for name in [
        "parlor.db",
        "parlor.db-wal",
        "parlor.db-shm",
        "parlor.db.lock",
    ] {
        let mode = fs::metadata(folder.path().join(name))
            .expect(name)
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

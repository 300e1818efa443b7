//! What is SQLite's own business: the rules of every store run on it, then group commit, failing
//! transactions, readers.

mod closed;
mod doomed;
mod index;
mod opening;
mod plain;

use std::{path::Path, sync::Arc, time::Duration};

use futures_util::future::join_all;
use tempfile::TempDir;

use super::{OpenError, Options, SqliteStore, execute, one, rows::value};
use crate::{
    base::Blocking,
    model::{Account, Change, UserCard, UserId, UserName},
    store::{
        Accounts, Appended, Messages, Page, Pending, Result, Store, StoreError,
        feed::{Delivery, FeedReceiver, feed},
        rules::{self, Fixture, START, new_account, new_message, refusal},
    },
};

fn options(path: &Path) -> Options {
    Options {
        path: path.to_owned(),
        readers: 2,
        writer_queue: 1024,
        now: START,
    }
}

fn open(path: &Path) -> Result<(Arc<SqliteStore>, FeedReceiver), OpenError> {
    let (sender, receiver) = feed(2048);
    Ok((SqliteStore::open(&options(path), sender)?, receiver))
}

struct Site {
    store: Arc<SqliteStore>,
    feed: FeedReceiver,
    folder: TempDir,
}

fn site() -> Site {
    let folder = TempDir::new().expect("a folder");
    let (store, feed) = open(&folder.path().join("parlor.db")).expect("opened");
    Site {
        store,
        feed,
        folder,
    }
}

/// A store, and what has to live as long as it.
pub(crate) fn alone() -> (Arc<SqliteStore>, (FeedReceiver, TempDir)) {
    let Site {
        store,
        feed,
        folder,
    } = site();
    (store, (feed, folder))
}

async fn fixture() -> Fixture {
    let Site {
        store,
        feed,
        folder,
    } = site();
    Fixture {
        store,
        feed,
        _keep: Box::new(folder),
    }
}

rules::store_rules!(self::super::fixture);

/// Registers Anna.
async fn anna(store: &SqliteStore) -> Account {
    store
        .create_account(new_account("anna"))
        .await
        .expect("an account")
}

/// Queues what `author` says in the lobby.
async fn say(store: &SqliteStore, author: &Account, text: &str) -> Pending<Appended> {
    store
        .append(new_message(author, "lobby", text))
        .await
        .expect("queued")
}

/// Holds the writer until the returned sender is used or dropped.
fn hold(store: &SqliteStore) -> std::sync::mpsc::Sender<()> {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (running, begun) = std::sync::mpsc::channel();
    let pending = store.queue(move |_| {
        running.send(()).expect("the test waits");
        held.recv().ok();
        Ok(())
    });
    drop(pending.expect("queued"));
    begun
        .recv_timeout(Duration::from_secs(10))
        .expect("the writer runs");
    release
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_s_newest_message_is_the_one_before_when_it_goes() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    for text in ["one", "two", "three"] {
        say(&store, &anna, text).await.await.expect("stored");
    }
    for (gone, left) in [(1, Some(3)), (3, Some(2)), (2, None)] {
        let pending = store.queue(move |transaction| {
            let connection = transaction.connection;
            execute(connection, "DELETE FROM messages WHERE id = ?1", [gone])?;
            let newest = "SELECT last_id FROM rooms WHERE code = 'lobby'";
            Ok(one(connection, newest, [], value::<Option<i64>>)?)
        });
        let newest = pending.expect("queued").await.expect("deleted");
        assert_eq!(newest, Some(left), "without {gone}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_queues_together_is_committed_together() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    let before = store.stats();
    let held = hold(&store);
    let mut pending = Vec::new();
    for number in 0..500 {
        pending.push(say(&store, &anna, &number.to_string()).await);
    }
    drop(held);
    assert!(join_all(pending).await.iter().all(Result::is_ok));
    let after = store.stats();
    assert_eq!(after.changes - before.changes, 502, "their index is one");
    assert!(after.commits - before.commits <= 4, "{before:?} {after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_or_panicking_change_does_not_undo_its_neighbours() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    let held = hold(&store);
    let one = say(&store, &anna, "one").await;
    let fails = store.queue(|transaction| {
        transaction.tell(Change::Profile(new_card()));
        execute(transaction.connection, "DELETE FROM messages", [])?;
        Err::<(), _>(StoreError::NotFound("anything"))
    });
    let panics = store.queue(|transaction| {
        execute(transaction.connection, "DELETE FROM messages", [])?;
        assert!(transaction.connection.is_autocommit(), "on purpose");
        Ok(())
    });
    let two = say(&store, &anna, "two").await;
    drop(held);
    let room = one.await.expect("stored").message.room_id;
    assert_eq!(
        refusal(fails.expect("queued").await),
        r#"NotFound("anything")"#
    );
    assert_eq!(
        refusal(panics.expect("queued").await),
        "Failed: the change panicked"
    );
    assert_eq!(two.await.expect("stored").message.seq.0, 2);
    assert_eq!(
        store
            .history(room, Page::Newest, 9)
            .await
            .expect("read")
            .messages
            .len(),
        2
    );
}

fn new_card() -> UserCard {
    UserCard {
        id: UserId(1),
        name: UserName::stored("anna".to_owned()),
        photo: None,
        bot: false,
        guest: false,
        deleted: false,
    }
}

/// Two ways to lose a transaction: its commit fails (a foreign key that is only checked there), and
/// SQLite rolls it back in the middle.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_answered_from_a_transaction_that_was_lost() {
    const BREAK_COMMIT: &str =
        "INSERT INTO tokens (hash, user_id, label, created_at) VALUES (zeroblob(32), 99, '', 0)";
    let Site {
        store,
        mut feed,
        folder: _folder,
    } = site();
    let anna = anna(&store).await;
    drop(feed.recv().await);
    for how in ["PRAGMA defer_foreign_keys = ON", "ROLLBACK"] {
        let held = hold(&store);
        let one = say(&store, &anna, "one").await;
        let breaks = store.queue(move |transaction| {
            transaction.connection.execute_batch(how)?;
            if how != "ROLLBACK" {
                execute(transaction.connection, BREAK_COMMIT, [])?;
            }
            Ok(())
        });
        drop(held);
        assert!(
            refusal(one.await).starts_with("Failed: the transaction was not committed"),
            "{how}"
        );
        assert!(
            refusal(breaks.expect("queued").await).starts_with("Failed: "),
            "{how}"
        );
        store.ready().await.expect("the next transaction holds");
    }
    let stored = say(&store, &anna, "two").await.await.expect("stored");
    assert_eq!((stored.message.seq.0, store.stats().commits > 0), (1, true));
    store.close().await;
    let mut told = 0;
    while let Some(Delivery::Batch(batch)) = feed.recv().await {
        told += batch.len();
    }
    assert_eq!(told, 1, "only what holds was told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_refuses_and_a_closed_store_too() {
    let folder = TempDir::new().expect("a folder");
    let small = Options {
        writer_queue: 2,
        ..options(&folder.path().join("parlor.db"))
    };
    let store = SqliteStore::open(&small, feed(16).0).expect("opened");
    let held = hold(&store);
    let queued = [
        store.queue(|_| Ok(1)).expect("fits"),
        store.queue(|_| Ok(2)).expect("fits"),
    ];
    assert_eq!(
        store
            .queue(|_| Ok(3))
            .map(drop)
            .map_err(|error| error.to_string()),
        Err(StoreError::Busy.to_string())
    );
    drop(held);
    store.close().await;
    store.close().await;
    for (number, answer) in (1..).zip(join_all(queued).await) {
        assert_eq!(answer.expect("what was queued was done"), number);
    }
    assert_eq!(
        refusal(store.create_account(new_account("anna")).await),
        "Closed"
    );
    assert_eq!(refusal(store.has_owner().await), "Closed");
    assert_eq!(refusal(store.ready().await), "Closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_cannot_write_and_see_one_moment() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    let written = store
        .read(|connection| Ok(execute(connection, "DELETE FROM users", [])?))
        .await;
    assert!(refusal(written).starts_with("Failed: "));
    let (read_once, begun) = std::sync::mpsc::channel::<()>();
    let (wrote, written) = std::sync::mpsc::channel::<()>();
    let writes = async {
        Blocking::new(1)
            .run(move || begun.recv().expect("the reader begins"))
            .await;
        say(&store, &anna, "hello").await.await.expect("stored");
        wrote.send(()).expect("the reader waits");
    };
    let reads = store.read(move |connection| {
        let count = || {
            one(
                connection,
                "SELECT count(*) FROM messages",
                [],
                value::<i64>,
            )
        };
        let before = count()?;
        read_once.send(()).expect("the writer waits");
        written.recv().expect("the writer writes");
        Ok((before, count()?))
    });
    let (seen, ()) = tokio::join!(reads, writes);
    assert_eq!(seen.expect("read"), (Some(0), Some(0)));
}

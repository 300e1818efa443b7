//! The index of the search, which follows the messages.

use std::path::Path;

use futures_util::future::join_all;
use tempfile::TempDir;

use super::{alone, anna, open, say};
use crate::{
    model::{Account, Mentioned, MessageEdit, MessageId},
    store::{
        Messages, Searching, Store,
        rules::{later, search::asked},
        sqlite::{SqliteStore, execute, one, rows::value},
    },
};

/// The texts with this word, the newest first.
async fn found(store: &SqliteStore, user: &Account, word: &str) -> Vec<String> {
    let hits = store.search(asked(user, &[word])).await.expect("a search");
    hits.into_iter().map(|hit| hit.message.text).collect()
}

/// Says it, and returns its id once it is acknowledged.
async fn said(store: &SqliteStore, author: &Account, text: &str) -> MessageId {
    let said = say(store, author, text).await.await;
    said.expect("stored").message.id
}

/// Up to which message all are in the index.
async fn upto(store: &SqliteStore) -> i64 {
    let read = store.read(|connection| {
        let upto = "SELECT upto FROM search_index";
        Ok(one(connection, upto, [], value)?)
    });
    read.await.expect("read").expect("a row")
}

/// What FTS5 keeps does not contradict itself.
async fn holds_together(store: &SqliteStore) {
    let check = "INSERT INTO message_search (message_search) VALUES ('integrity-check')";
    let checked = store.queue(move |transaction| Ok(execute(transaction.connection, check, [])?));
    checked.expect("queued").await.expect("it holds together");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_messages_enter_it_at_once_and_all_of_them_before_a_search() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    said(&store, &anna, "first").await;
    let tea = said(&store, &anna, "tea").await;
    assert!(
        upto(&store).await < tea.0,
        "a message is acknowledged before"
    );
    assert_eq!(found(&store, &anna, "tea").await, ["tea"]);
    assert_eq!(upto(&store).await, tea.0);
    let before = store.stats().changes;
    assert_eq!(found(&store, &anna, "tea").await, ["tea"]);
    assert_eq!(store.stats().changes, before, "nothing to be done");

    let many = join_all((0..600).map(|_| say(&store, &anna, "more"))).await;
    join_all(many).await;
    said(&store, &anna, "last").await;
    let reached = upto(&store).await;
    assert!(reached > tea.0 + 256, "nobody had to search: {reached}");
    holds_together(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_before_it_entered_is_found_as_it_is_then() {
    let (store, _kept) = alone();
    let anna = anna(&store).await;
    said(&store, &anna, "first").await;
    let mut ids = Vec::new();
    for text in ["green tea", "black tea", "white tea", "red tea"] {
        ids.push(said(&store, &anna, text).await);
    }
    let change = |id, edit| {
        let now = later(60_000);
        store.change_message(id, anna.card.id, edit, now, |_, _, _, _| Ok(()))
    };
    let edit = MessageEdit::Text {
        text: "coffee".to_owned(),
        html: "<p>coffee</p>".to_owned(),
        mentioned: Mentioned::default(),
        links: Vec::new(),
    };
    change(ids[0], edit).await.expect("edited");
    change(ids[1], MessageEdit::Delete).await.expect("deleted");
    let gone = ids[2].0;
    let sweep = store.queue(move |transaction| {
        let delete = "DELETE FROM messages WHERE id = ?1";
        Ok(execute(transaction.connection, delete, [gone])?)
    });
    sweep.expect("queued").await.expect("deleted");
    assert!(upto(&store).await < ids[0].0, "none has entered");
    assert_eq!(found(&store, &anna, "tea").await, ["red tea"]);
    assert_eq!(found(&store, &anna, "coffee").await, ["coffee"]);
    change(ids[3], MessageEdit::Delete).await.expect("deleted");
    assert_eq!(found(&store, &anna, "tea").await, Vec::<String>::new());
    holds_together(&store).await;
}

async fn reopened(path: &Path, kill: bool) {
    let (store, feed) = open(path).expect("opened");
    let anna = anna(&store).await;
    said(&store, &anna, "first").await;
    let tea = said(&store, &anna, "tea").await;
    assert!(upto(&store).await < tea.0);
    let copy = path.with_file_name("copy.db");
    if kill {
        // What a server that was killed leaves behind: the database and its log as they are.
        for end in ["", "-wal"] {
            let name = |path: &Path| format!("{}{end}", path.display());
            std::fs::copy(name(path), name(&copy)).expect("copied");
        }
    }
    store.close().await;
    drop(feed);
    let (store, _feed) = open(if kill { &copy } else { path }).expect("opened");
    assert_eq!(found(&store, &anna, "tea").await, ["tea"]);
    assert_eq!(upto(&store).await, tea.0);
    holds_together(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_run_left_out_is_found_in_the_next() {
    for kill in [false, true] {
        let folder = TempDir::new().expect("a folder");
        reopened(&folder.path().join("parlor.db"), kill).await;
    }
}

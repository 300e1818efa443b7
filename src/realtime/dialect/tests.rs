//! How often a message is put into words.

use std::sync::{Arc, Mutex};

use super::*;
use crate::{
    model::{Credential, Timestamp},
    realtime::connection::Outlet,
    store::{
        Accounts, Messages, Store,
        feed::feed,
        rules::{new_account, new_message},
        sqlite::{Options, SqliteStore},
    },
};

/// Notes where in memory the payloads are that it is given.
struct Notes(Arc<Mutex<Vec<usize>>>);

impl Notes {
    fn note(&self, payload: &RawValue) {
        let place = payload.get().as_ptr() as usize;
        self.0.lock().expect("no panic").push(place);
    }
}

impl Outlet for Notes {
    fn send(&self, _: &str, payload: &RawValue) -> Result<(), NotSent> {
        self.note(payload);
        Ok(())
    }

    fn send_pair(&self, _: &str, first: &RawValue, second: &RawValue) -> Result<(), NotSent> {
        self.note(first);
        self.note(second);
        Ok(())
    }

    fn send_volatile(&self, _: &str, payload: &RawValue) {
        self.note(payload);
    }

    fn disconnect(&self) {}

    fn cut(&self) {}
}

#[tokio::test]
async fn a_message_is_encoded_once_for_all_who_hear_it_in_one_dialect() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        path: folder.path().join("parlor.db"),
        readers: 1,
        writer_queue: 8,
        now: Timestamp(0),
    };
    let (sender, _receiver) = feed(8);
    let store = SqliteStore::open(&options, sender).expect("a store");
    let anna = store.create_account(new_account("anna")).await;
    let anna = anna.expect("an account");
    let new = new_message(&anna, "lobby", "hello");
    let appended = store.append(new).await.expect("queued").await;
    let message = appended.expect("stored").message;
    let told = Told::new(&message);
    let places = Arc::new(Mutex::new(Vec::new()));
    for dialect in [Dialect::Native, Dialect::Flask, Dialect::GetStarted] {
        for _ in 0..100 {
            let outlet = Box::new(Notes(Arc::clone(&places)));
            let credential = Credential::Token([0; 32]);
            let connection = Connection::new(anna.card.clone(), credential, dialect, outlet);
            told.to(&connection, false).expect("told");
        }
    }
    let mut places = std::mem::take(&mut *places.lock().expect("no panic"));
    assert_eq!(places.len(), 400);
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 3, "one record, one text, one id");
    store.close().await;
}

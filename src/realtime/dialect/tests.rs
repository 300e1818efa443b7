//! How often a message is put into words.

use std::sync::{Arc, Mutex};

use super::*;
use crate::{
    model::Credential,
    realtime::fixture::Tells,
    store::{
        Accounts, Messages, Store,
        rules::{new_account, new_message},
        sqlite::tests::alone,
    },
};

#[tokio::test]
async fn a_message_is_encoded_once_for_all_who_hear_it_in_one_dialect() {
    let (store, _kept) = alone();
    let anna = store.create_account(new_account("anna")).await;
    let anna = anna.expect("an account");
    let new = new_message(&anna, "lobby", "hello");
    let appended = store.append(new).await.expect("queued").await;
    let message = appended.expect("stored").message;
    let told = Told::new(&message);
    // Where in memory the payloads are.
    let places = Arc::new(Mutex::new(Vec::new()));
    for dialect in [Dialect::Native, Dialect::Flask, Dialect::GetStarted] {
        for _ in 0..100 {
            let places = Arc::clone(&places);
            let outlet = Box::new(Tells(move |payload: &RawValue| {
                let place = payload.get().as_ptr() as usize;
                places.lock().expect("no panic").push(place);
            }));
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

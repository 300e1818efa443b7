//! Rules of messages: the contract's promises 1 to 4, as far as a store keeps them.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::mpsc;

use super::{Fixture, allow, deny, named, new_message, refusal, room_code};
use crate::{
    base::Tasks,
    model::{Change, RoomId, Seq},
    store::Page,
};

pub(crate) async fn ids_grow_in_the_order_of_acceptance(at: Fixture) {
    let anna = at.person("anna").await;
    let mut pending = Vec::new();
    for number in 0..300 {
        let message = new_message(&anna, "lobby", &number.to_string());
        pending.push(at.store.append(message).await.expect("queued"));
    }
    let stored: Vec<_> = join_all(pending)
        .await
        .into_iter()
        .map(|stored| stored.expect("stored").message)
        .collect();
    assert!(
        stored
            .windows(2)
            .all(|two| two[0].id < two[1].id && two[0].seq < two[1].seq)
    );
    assert!(
        stored
            .iter()
            .enumerate()
            .all(|(number, message)| message.text == number.to_string())
    );
    let page = at
        .store
        .history(stored[0].room_id, Page::Newest, 300)
        .await
        .expect("read");
    assert_eq!(
        page.messages,
        stored
            .iter()
            .map(|message| (**message).clone())
            .collect::<Vec<_>>()
    );
}

pub(crate) async fn a_resent_message_is_stored_once(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let first = at
        .append(named(new_message(&anna, "lobby", "hello"), "c1"))
        .await
        .expect("stored");
    assert!(!first.duplicate);
    at.told();
    let mut resent = named(new_message(&anna, "lobby", "hello"), "c1");
    let again = at.append(resent.clone()).await.expect("answered");
    resent.room = room_code("tea");
    let elsewhere = at.append(resent.clone()).await.expect("answered");
    resent.room = room_code("nowhere");
    let nowhere = at.append(resent.clone()).await.expect("answered");
    resent.room = room_code("lobby");
    resent.permit = deny;
    let refused_by_now = at.append(resent).await.expect("answered");
    for answer in [again, elsewhere, nowhere, refused_by_now] {
        assert!(answer.duplicate);
        assert_eq!(answer.message, first.message);
    }
    assert!(at.told().is_empty(), "nobody sees it twice");
    assert_eq!(
        at.store
            .history(first.message.room_id, Page::Newest, 9)
            .await
            .expect("read")
            .messages
            .len(),
        1
    );
}

pub(crate) async fn resends_at_the_same_moment_are_stored_once(at: Fixture) {
    let anna = at.person("anna").await;
    let (tasks, (answered, mut answers)) = (Tasks::new(), mpsc::channel(40));
    for _ in 0..40 {
        let (store, answered) = (Arc::clone(&at.store), answered.clone());
        let message = named(new_message(&anna, "lobby", "hello"), "c1");
        tasks.spawn(async move {
            let stored = store.append(message).await.expect("queued").await;
            answered
                .send(stored.expect("stored"))
                .await
                .expect("the test waits");
        });
    }
    let mut stored = Vec::new();
    while stored.len() < 40 {
        answers.recv_many(&mut stored, 40).await;
    }
    let answers = stored;
    assert_eq!(answers.iter().filter(|answer| !answer.duplicate).count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.message.id == answers[0].message.id)
    );
    let page = at
        .store
        .history(answers[0].message.room_id, Page::Newest, 9)
        .await
        .expect("read");
    assert_eq!((page.messages.len(), page.seq), (1, 1));
}

pub(crate) async fn two_authors_may_use_one_client_id(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let one = at
        .append(named(new_message(&anna, "lobby", "a"), "c1"))
        .await
        .expect("stored");
    let two = at
        .append(named(new_message(&ben, "lobby", "b"), "c1"))
        .await
        .expect("stored");
    assert!(!two.duplicate && one.message.id != two.message.id);
}

pub(crate) async fn a_refused_message_leaves_no_trace_beside_its_neighbours(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.told();
    let mut refused = named(new_message(&anna, "lobby", "no"), "c2");
    refused.permit = deny;
    let before = at
        .store
        .append(new_message(&anna, "lobby", "before"))
        .await
        .expect("queued");
    let between = at.store.append(refused.clone()).await.expect("queued");
    let after = at
        .store
        .append(new_message(&anna, "lobby", "after"))
        .await
        .expect("queued");
    let (before, after) = (
        before.await.expect("stored").message,
        after.await.expect("stored").message,
    );
    assert_eq!(refusal(between.await), "Denied(Forbidden)");
    assert_eq!(
        (before.seq, after.seq),
        (Seq(1), Seq(2)),
        "no seq was used up"
    );
    assert_eq!(at.told().len(), 2);
    refused.permit = allow;
    assert!(
        !at.append(refused).await.expect("stored").duplicate,
        "its client id was not used up"
    );
}

pub(crate) async fn a_message_needs_its_room(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let nowhere = at.append(new_message(&anna, "nowhere", "hello")).await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
    at.room("tea", &anna).await;
    assert_eq!(
        refusal(at.append(new_message(&ben, "tea", "hello")).await),
        "Denied(NotFound)"
    );
    assert_eq!(
        refusal(at.store.history(RoomId(99), Page::Newest, 1).await),
        r#"NotFound("room")"#
    );
}

pub(crate) async fn every_room_counts_its_own_changes(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let mut seqs = Vec::new();
    for code in ["lobby", "tea", "lobby", "tea", "tea"] {
        let message = at.say(&anna, code, "hello").await.message;
        assert_eq!(message.seq, message.created_seq);
        assert_eq!(
            (message.room.as_str(), message.html.as_str()),
            (code, "<p>hello</p>")
        );
        seqs.push(message.seq.0);
    }
    assert_eq!(seqs, [1, 1, 2, 2, 3]);
    let tea = at
        .store
        .standing(&room_code("tea"), anna.card.id)
        .await
        .expect("read")
        .expect("the room");
    assert_eq!(tea.room.last_seq, Seq(3));
}

pub(crate) async fn the_feed_is_told_before_the_caller(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.told();
    let mut last = None;
    for number in 0..50 {
        let stored = at.say(&anna, "lobby", &number.to_string()).await.message;
        match at.told().as_slice() {
            [Change::Message(told)] => assert!(Arc::ptr_eq(told, &stored)),
            other => panic!("exactly this message was told by now, not {other:?}"),
        }
        assert!(last < Some(stored.id));
        last = Some(stored.id);
    }
}

//! Rules of what somebody missed: the newest of it, or all of it page by page.

use std::collections::BTreeMap;

use super::{
    Fixture,
    changes::{change, text},
    reading::lobby,
    room_code,
};
use crate::model::{RoomId, Seq};

pub(crate) async fn what_was_missed_is_the_newest_of_it(at: Fixture) {
    let anna = at.person("anna").await;
    let room = lobby(&at, &anna).await;
    for number in 1..=5 {
        at.say(&anna, "lobby", &number.to_string()).await;
    }
    for (since, limit, texts, more) in [
        (0, 9, "12345", false),
        (0, 5, "12345", false),
        (0, 2, "45", true),
        (3, 9, "45", false),
        (5, 9, "", false),
    ] {
        let missed = at.missed(&anna, room, since, limit).await;
        let missed = missed.expect("a member");
        let text: String = missed
            .messages
            .iter()
            .map(|message| message.text.as_str())
            .collect();
        assert_eq!(
            (text.as_str(), missed.more, missed.seq()),
            (texts, more, Seq(5)),
            "{since}, {limit}"
        );
    }
}

pub(crate) async fn what_was_missed_in_several_rooms_is_told_until_it_is_enough(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let mut rooms = Vec::new();
    for (code, owner) in [("tea", &anna), ("milk", &ben), ("rum", &anna)] {
        at.room(code, owner).await;
        for text in ["1", "2", "3"] {
            at.say(owner, code, text).await;
        }
        let standing = at.store.standing(&room_code(code), owner.card.id).await;
        rooms.push((standing.expect("read").expect("a room").room.id, Seq(1)));
    }
    for (limit, told) in [
        (9, &["23", "none", "23"][..]),
        (3, &["23", "none", "23"]),
        (2, &["23"]),
        (1, &["3"]),
    ] {
        let missed = at.store.missed(rooms.clone(), anna.card.id, limit).await;
        let texts: Vec<String> = missed
            .expect("read")
            .into_iter()
            .map(|missed| match missed {
                None => "none".to_owned(),
                Some(missed) => missed.messages.into_iter().map(|one| one.text).collect(),
            })
            .collect();
        assert_eq!(texts, told, "{limit}");
    }
}

pub(crate) async fn changes_come_oldest_first(at: Fixture) {
    let anna = at.person("anna").await;
    let room = lobby(&at, &anna).await;
    for number in 1..=5 {
        at.say(&anna, "lobby", &number.to_string()).await;
    }
    for (since, limit, texts, more) in [
        (0, 2, "12", true),
        (2, 2, "34", true),
        (4, 2, "5", false),
        (5, 2, "", false),
    ] {
        let found = at
            .store
            .changes(room, anna.card.id, Seq(since), limit)
            .await
            .expect("read")
            .expect("a member");
        let text: String = found
            .messages
            .iter()
            .map(|message| message.text.as_str())
            .collect();
        assert_eq!(
            (text.as_str(), found.more, found.seq()),
            (texts, more, Seq(5)),
            "{since}"
        );
    }
}

pub(crate) async fn who_does_not_belong_to_a_room_misses_nothing(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    let room = at.say(&anna, "tea", "hello").await.message.room_id;
    for (user, room, any) in [
        (&anna, room, true),
        (&ben, room, false),
        (&anna, RoomId(99), false),
    ] {
        let missed = at.missed(user, room, 0, 9).await;
        let changes = at.store.changes(room, user.card.id, Seq(0), 9).await;
        let changes = changes.expect("read");
        assert_eq!((missed.is_some(), changes.is_some()), (any, any));
    }
}

pub(crate) async fn changes_come_in_pages_without_gap_or_repeat(at: Fixture) {
    let anna = at.person("anna").await;
    let room = lobby(&at, &anna).await;
    let mut said = Vec::new();
    for number in 1..=12 {
        said.push(at.say(&anna, "lobby", &number.to_string()).await.message.id);
    }
    for number in [11, 3, 1, 7, 3, 8, 0, 4] {
        let edit = text(&format!("{} edited", number + 1));
        change(&at, said[number], &anna, edit)
            .await
            .expect("edited");
    }
    for (since, limit) in (0..=20).flat_map(|since| (1..=21).map(move |limit| (since, limit))) {
        let (mut at_seq, mut new, mut heard) = (Seq(since), Vec::new(), BTreeMap::new());
        loop {
            let page = at.store.changes(room, anna.card.id, at_seq, limit).await;
            let page = page.expect("read").expect("a member");
            let places: Vec<_> = page
                .messages
                .iter()
                .map(|found| found.place(at_seq))
                .collect();
            assert!(places.is_sorted() && places.len() <= usize::try_from(limit).expect("small"));
            assert!(places.iter().all(|place| *place > at_seq), "it goes on");
            for message in page.messages {
                if message.created_seq > at_seq {
                    new.push(message.id);
                }
                heard.insert(message.id, message.seq);
            }
            if !page.more {
                break;
            }
            at_seq = places.last().copied().expect("there is more");
        }
        let from = usize::try_from(since).expect("small").min(said.len());
        assert_eq!(
            new,
            said[from..],
            "new ones once, in order: {since}, {limit}"
        );
        for id in &said {
            let message = at.store.message(*id).await.expect("read").expect("there");
            let expected = (message.seq.0 > since).then_some(message.seq);
            assert_eq!(heard.get(id).copied(), expected, "{since}, {limit}");
        }
    }
}

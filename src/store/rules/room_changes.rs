//! Rules of what becomes of a room: changes, leaving, its end.

use super::{Fixture, by, deny, later, new_message, new_room, refusal, room_code};
use crate::{
    model::{
        Account, Change, Logged, NewMessage, RemovalReason, Role, RoomChange, RoomKind, RoomName,
        Standing, Topic,
    },
    store::{Actor, Page},
};

async fn tea(at: &Fixture, person: &Account) -> Standing {
    let found = at.store.standing(&room_code("tea"), person.card.id).await;
    found.expect("read").expect("the room")
}

fn renamed(name: &str) -> RoomChange {
    RoomChange {
        name: Some(RoomName::parse(name, 64).expect("a name")),
        ..RoomChange::default()
    }
}

pub(crate) async fn a_room_changes_and_only_changes_are_told(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    at.told();
    let code = room_code("tea");
    let change = |change| at.store.change_room(&code, by(&anna), change);
    let after = change(renamed("Green tea")).await.expect("changed").room;
    assert_eq!(
        (after.name.as_str(), after.topic.as_str(), after.kind),
        ("Green tea", "tea", RoomKind::Public)
    );
    let rest = RoomChange {
        topic: Some(Topic::parse("", 250).expect("a topic")),
        kind: Some(RoomKind::Private),
        archived: Some(true),
        ..RoomChange::default()
    };
    let after = change(rest).await.expect("changed").room;
    assert_eq!(
        (after.topic.as_str(), after.kind, after.archived),
        ("", RoomKind::Private, true)
    );
    let same = change(renamed("Green tea")).await.expect("no change");
    assert_eq!((&same.room, tea(&at, &anna).await), (&after, same.clone()));
    let refused = Actor {
        permit: deny,
        ..by(&anna)
    };
    let refused = at.store.change_room(&code, refused, renamed("Mine")).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let told = at.told();
    assert!(
        matches!(told.as_slice(), [Change::Room(_), Change::Room(last)] if *last == after),
        "{told:?}"
    );
}

pub(crate) async fn for_how_long_messages_are_kept_stands_in_the_log(at: Fixture) {
    let anna = at.person("anna").await;
    let room = at.room("tea", &anna).await.room.id;
    let code = room_code("tea");
    for days in [7, 7, 0, 0] {
        let change = RoomChange {
            retention_days: Some(days),
            ..renamed("Tea")
        };
        let changed = at.store.change_room(&code, by(&anna), change).await;
        changed.expect("changed");
    }
    let other = at.store.change_room(&code, by(&anna), renamed("Green tea"));
    other.await.expect("changed");
    let log = at.store.room_log(room, None, 9).await.expect("read");
    let lines: Vec<_> = log.iter().map(|entry| (entry.what, &entry.user)).collect();
    assert_eq!(
        lines,
        [(Logged::Retention(0), &None), (Logged::Retention(7), &None)],
        "what changes nothing is not noted"
    );
    assert_eq!((&log[0].by, log[0].created_at), (&anna.card, later(9)));
}

pub(crate) async fn an_ended_room_is_nobodys(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let room = at.room("tea", &anna).await.room;
    at.joins(&ben, "tea").await;
    at.say(&ben, "tea", "hello").await;
    at.told();
    let code = room_code("tea");
    at.store.delete_room(&code, by(&anna)).await.expect("ended");
    assert!(matches!(
        at.told().as_slice(),
        [Change::Removed { room: ended, members, reason: RemovalReason::Deleted }]
            if ended.id == room.id && *members == [anna.card.id, ben.card.id]
    ));
    let found = at.store.standing(&code, anna.card.id).await.expect("read");
    assert_eq!(found, None);
    for person in [&anna, &ben] {
        let rooms = at.store.rooms_of(person.card.id).await.expect("read");
        assert_eq!(rooms.len(), 1, "the lobby");
        let offered = at.store.public_rooms(person.card.id, later(9), 9).await;
        assert!(offered.expect("read").is_empty());
    }
    let again = at.store.delete_room(&code, by(&anna)).await;
    assert_eq!(refusal(again), r#"NotFound("room")"#);
}

pub(crate) async fn what_was_said_in_an_ended_room_is_swept_bit_by_bit(at: Fixture) {
    let anna = at.person("anna").await;
    let room = at.room("tea", &anna).await.room.id;
    let first = at.say(&anna, "tea", "first").await.message.id;
    for number in 0..199 {
        at.say(&anna, "tea", &number.to_string()).await;
    }
    let reply = NewMessage {
        reply_to: Some(first),
        ..new_message(&anna, "tea", "a reply")
    };
    at.append(reply).await.expect("stored");
    let kept = at.say(&anna, "lobby", "kept").await.message;
    at.store
        .delete_room(&room_code("tea"), by(&anna))
        .await
        .expect("ended");
    let mut left = Vec::new();
    while at.store.sweep_rooms().await.expect("swept") {
        let page = at.store.history(room, Page::Newest, 300).await;
        left.push(page.map_or(0, |page| page.messages.len()));
    }
    assert_eq!(left, [1, 0, 0], "200 at once, then the room itself");
    let lobby = at.store.history(kept.room_id, Page::Newest, 9).await;
    assert_eq!(lobby.expect("read").messages.len(), 1);
    assert_eq!(at.store.room(room).await.expect("read"), None);
}

pub(crate) async fn the_last_owner_hands_the_room_on(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let mut others = Vec::new();
    let code = room_code("tea");
    for (seconds, name) in (4..).zip(["carla", "ben"]) {
        let person = at.person(name).await;
        let joined = at
            .store
            .join(&code, person.card.id, later(seconds), super::allow)
            .await;
        joined.expect("joined");
        others.push(person);
    }
    at.told();
    at.store.leave(&code, by(&anna)).await.expect("left");
    let told = at.told();
    assert!(matches!(
        told.as_slice(),
        [Change::Left { .. }, Change::Member { member, .. }]
            if member.user == others[0].card && member.role == Role::Owner
    ));
    at.store.leave(&code, by(&others[0])).await.expect("left");
    assert_eq!(
        tea(&at, &others[1])
            .await
            .membership
            .expect("a member")
            .role,
        Role::Owner
    );
    let refused = Actor {
        permit: deny,
        ..by(&others[1])
    };
    let refused = at.store.leave(&code, refused).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
}

pub(crate) async fn a_private_room_without_members_is_archived(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let private = crate::model::NewRoom {
        kind: RoomKind::Private,
        ..new_room("secret", anna.card.id)
    };
    at.store.create_room(private).await.expect("a room");
    for (code, archived) in [("tea", false), ("secret", true)] {
        let code = room_code(code);
        at.store.leave(&code, by(&anna)).await.expect("left");
        let found = at.store.standing(&code, anna.card.id).await;
        assert_eq!(found.expect("read").expect("kept").room.archived, archived);
    }
}

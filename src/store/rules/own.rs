//! Rules of what one person has in a room, and whom they know.

use super::{Fixture, allow, by, deny, later, new_room, refusal, room_code};
use crate::{
    model::{
        Account, Change, Membership, MessageId, NewRoom, Notify, Preferences, PreferencesChange,
        RoomKind, UserId,
    },
    store::{Actor, Joined, NewDirect, Result},
};

async fn direct(at: &Fixture, code: &str, by: &Account, people: &[UserId]) -> Result<Joined> {
    let new = NewDirect {
        code: room_code(code),
        by: by.card.id,
        people: people.to_vec(),
        now: later(5),
    };
    at.store.direct(new).await
}

pub(crate) async fn a_direct_conversation_is_found_again(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let carla = at.person("carla").await;
    let (a, b, c) = (anna.card.id, ben.card.id, carla.card.id);
    at.told();
    let first = direct(&at, "one", &anna, &[b, a]).await.expect("made");
    let told = at.told();
    assert!(
        matches!(
            told.as_slice(),
            [Change::Joined { room: one, .. }, Change::Joined { room: two, .. }]
                if one.members == 2 && one.name.as_str() == "ben" && two.name.as_str() == "anna"
        ),
        "{told:?}"
    );
    let hide = PreferencesChange {
        hidden: Some(true),
        ..PreferencesChange::default()
    };
    let code = room_code("one");
    let hidden = at.store.set_preferences(&code, b, hide).await;
    hidden.expect("hidden");
    let again = direct(&at, "two", &ben, &[a, b, a]).await.expect("found");
    assert_eq!((first.new, again.new), (true, false));
    assert_eq!(again.standing.room.code, code);
    let place = again.standing.membership.expect("a member");
    assert!(!place.preferences.hidden, "it is back in the list");
    let three = direct(&at, "three", &anna, &[a, b, c]).await.expect("made");
    assert_eq!(three.standing.room.name.as_str(), "ben, carla");
    let alone = direct(&at, "four", &anna, &[a]).await.expect("made");
    let room = alone.standing.room;
    assert_eq!((room.kind, room.name.as_str()), (RoomKind::Direct, "anna"));
    let listed = at.store.rooms_of(b).await.expect("read");
    let mut names: Vec<_> = listed
        .iter()
        .map(|state| state.room.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["Lobby", "anna", "anna, carla"]);
}

pub(crate) async fn nobody_talks_directly_with_who_is_not_there(at: Fixture) {
    let anna = at.person("anna").await;
    let refused = direct(&at, "one", &anna, &[anna.card.id, UserId(99)]).await;
    assert_eq!(refusal(refused), r#"NotFound("account")"#);
    let none = at.store.standing(&room_code("one"), anna.card.id).await;
    assert_eq!(none.expect("read"), None);
}

pub(crate) async fn somebody_is_added_once(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let secret = NewRoom {
        kind: RoomKind::Private,
        ..new_room("secret", anna.card.id)
    };
    at.store.create_room(secret).await.expect("a room");
    at.told();
    let code = room_code("secret");
    let first = at.store.add_member(&code, by(&anna), ben.card.id).await;
    let again = at.store.add_member(&code, by(&anna), ben.card.id).await;
    assert_eq!(first.expect("added"), again.expect("there"));
    assert!(matches!(at.told().as_slice(), [Change::Joined { room, .. }] if room.members == 2));
    let refused = Actor {
        permit: deny,
        ..by(&ben)
    };
    let refused = at.store.add_member(&code, refused, anna.card.id).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
}

pub(crate) async fn preferences_are_ones_own_and_only_changes_are_told(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let lobby = room_code("lobby");
    at.told();
    let change = PreferencesChange {
        notify: Some(Notify::Mentions),
        muted_until: Some(Some(later(60))),
        favourite: Some(true),
        hidden: None,
    };
    for _ in 0..2 {
        let changed = at.store.set_preferences(&lobby, anna.card.id, change).await;
        let place = changed.expect("changed").membership.expect("a member");
        let expected = Preferences {
            notify: Notify::Mentions,
            muted_until: Some(later(60)),
            favourite: true,
            hidden: false,
        };
        assert_eq!(place.preferences, expected);
    }
    let told = at.told();
    assert!(
        matches!(told.as_slice(), [Change::Preferences { user_id, .. }] if *user_id == anna.card.id),
        "{told:?}"
    );
    let loud = PreferencesChange {
        muted_until: Some(None),
        ..PreferencesChange::default()
    };
    let changed = at.store.set_preferences(&lobby, anna.card.id, loud).await;
    let place = changed.expect("changed").membership.expect("a member");
    assert_eq!(
        (place.preferences.muted_until, place.preferences.favourite),
        (None, true)
    );
    let other = at.store.standing(&lobby, ben.card.id).await.expect("read");
    let other = other.and_then(|standing| standing.membership);
    let other = other.expect("a member").preferences;
    assert_eq!(other, Preferences::default());
    let nowhere = at
        .store
        .set_preferences(&room_code("nowhere"), anna.card.id, loud)
        .await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
}

pub(crate) async fn what_is_marked_as_unread_counts_what_others_said(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let mut ids = vec![MessageId(0)];
    for (author, text) in [(&anna, "1"), (&anna, "2"), (&ben, "3"), (&anna, "4")] {
        ids.push(at.say(author, "lobby", text).await.message.id);
    }
    let lobby = room_code("lobby");
    let read = at.store.mark_read(&lobby, ben.card.id, ids[4]).await;
    assert_eq!(read.expect("read").unread, 0);
    at.told();
    let shape = |place: Membership| (place.read_id, place.unread);
    for (from, expected) in [
        (ids[2], (ids[1], 2)),
        (ids[4], (ids[1], 2)),
        (ids[1], (ids[0], 3)),
        (MessageId(0), (ids[0], 3)),
    ] {
        let mark = at.store.mark_unread(&lobby, ben.card.id, from).await;
        assert_eq!(shape(mark.expect("marked")), expected, "{from:?}");
    }
    let told = at.told();
    assert!(
        matches!(
            told.as_slice(),
            [
                Change::Read { back: true, .. },
                Change::Read { back: true, .. }
            ]
        ),
        "only what moved is told: {told:?}"
    );
    let read = at.store.mark_read(&lobby, ben.card.id, ids[2]).await;
    assert_eq!(shape(read.expect("read on")), (ids[2], 2));
    let nowhere = at
        .store
        .mark_unread(&room_code("nowhere"), ben.card.id, ids[1])
        .await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
}

pub(crate) async fn names_are_completed_among_those_one_knows(at: Fixture) {
    let anna = at.person("anna").await;
    let mut others = Vec::new();
    for name in ["Annette", "ben", "Anton"] {
        others.push(at.person(name).await);
    }
    let tea = at.room("tea", &anna).await.room.id;
    at.joins(&others[2], "tea").await;
    at.store
        .leave(&room_code("lobby"), by(&others[0]))
        .await
        .expect("left");
    for (room, prefix, limit, expected) in [
        (None, "an", 9, "anna Anton"),
        (None, "", 9, "anna Anton ben"),
        (None, "", 1, "anna"),
        (None, "annet", 9, ""),
        (Some(tea), "", 9, "anna Anton"),
        (Some(tea), "b", 9, ""),
    ] {
        let found = at.store.people(anna.card.id, room, prefix, limit).await;
        let found = found.expect("read");
        let names: Vec<_> = found.iter().map(|card| card.name.as_str()).collect();
        assert_eq!(names.join(" "), expected, "{room:?} {prefix:?}");
    }
    let member = at
        .store
        .join(&room_code("lobby"), others[0].card.id, later(9), allow)
        .await;
    member.expect("back");
    let found = at.store.people(anna.card.id, None, "annet", 9).await;
    assert_eq!(found.expect("read").len(), 1);
}

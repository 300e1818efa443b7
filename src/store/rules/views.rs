//! Rules of what is shown together.

use super::{
    Fixture, START, allow, by, deny, later, members_only, new_session, refusal, room_code,
};
use crate::{
    model::{Account, Credential, UserId},
    store::{Actor, Extent, NewDirect, Page, RoomView},
};

const ALL: Extent = Extent {
    page: Some(Page::Newest),
    messages: 2,
    members: 1,
    surroundings: true,
};

async fn seen(at: &Fixture, who: &Account, code: &str, extent: Extent) -> Option<RoomView> {
    let view = at.store.room_view(&room_code(code), by(who), extent).await;
    view.expect("read")
}

pub(crate) async fn a_member_is_shown_a_room_and_what_stands_around_it(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    assert!(
        seen(&at, &ben, "tea", ALL).await.is_none(),
        "none of it before he belongs to it"
    );
    at.joins(&ben, "tea").await;
    let mut ids = Vec::new();
    for text in ["1", "2", "3"] {
        ids.push(at.say(&anna, "tea", text).await.message.id);
    }
    for id in [ids[0], ids[2]] {
        let saved = at.store.save(id, ben.card.id, true, later(9), members_only);
        saved.await.expect("saved");
    }

    let view = seen(&at, &ben, "tea", ALL).await.expect("a member");
    let texts: String = view.page.messages.iter().map(|one| &*one.text).collect();
    assert_eq!((texts.as_str(), view.page.more_before), ("23", true));
    assert_eq!(view.page.seq, view.standing.room.last_seq.0);
    assert_eq!(view.standing.membership.expect("a member").unread, 3);
    assert_eq!(view.members.len(), 1, "the first of them");
    assert_eq!(view.saved, [ids[2]].into(), "of what is shown");
    assert!(view.marks.is_empty(), "nobody's mark in such a room");
    let mine: Vec<_> = view.mine.iter().map(|one| one.room.code.as_str()).collect();
    assert_eq!(mine, ["tea", "lobby"]);

    let less = Extent {
        page: None,
        surroundings: false,
        ..ALL
    };
    let view = seen(&at, &ben, "tea", less).await.expect("a member");
    assert_eq!((view.page.seq, view.page.messages.len()), (3, 0));
    assert!(view.saved.is_empty() && view.mine.is_empty());
}

pub(crate) async fn a_direct_conversation_is_shown_with_read_marks(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let direct = at.store.direct(NewDirect {
        code: room_code("between"),
        by: anna.card.id,
        people: vec![anna.card.id, ben.card.id],
        now: later(1),
    });
    direct.await.expect("a conversation");
    let said = at.say(&anna, "between", "hello").await.message.id;
    let view = seen(&at, &ben, "between", ALL).await.expect("a member");
    let marks: Vec<_> = view
        .marks
        .iter()
        .map(|(card, id)| (card.id, id.0))
        .collect();
    assert_eq!(marks, [(anna.card.id, said.0), (ben.card.id, 0)]);
}

pub(crate) async fn a_room_is_shown_to_who_may_come_in(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    for (who, permit, code, why) in [
        (&anna, deny as _, "tea", "Denied(Forbidden)"),
        (&ben, members_only as _, "tea", "Denied(NotFound)"),
        (&ben, allow as _, "nowhere", r#"NotFound("room")"#),
    ] {
        let actor = Actor { permit, ..by(who) };
        let refused = at.store.room_view(&room_code(code), actor, ALL).await;
        assert_eq!(refusal(refused), why);
    }
}

pub(crate) async fn rooms_are_told_by_a_credential_that_holds(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let session = new_session(7, anna.card.id);
    let (hash, ends) = (session.hash, session.expires_at);
    at.store.open_session(session).await.expect("opened");
    let (held, nobody) = (Credential::Session(hash), UserId(99));
    for (credential, user, now, count) in [
        (held, anna.card.id, START, Some(2)),
        (held, anna.card.id, ends, None),
        (Credential::Session([9; 32]), anna.card.id, START, None),
        (Credential::Token(hash), anna.card.id, START, None),
        (Credential::Guest, anna.card.id, START, Some(2)),
        (Credential::Guest, nobody, START, None),
    ] {
        let rooms = at.store.rooms_by(credential, user, now).await;
        let rooms = rooms.expect("read").map(|rooms| rooms.len());
        assert_eq!(rooms, count, "{credential:?}");
        let holds = at.store.holds(credential, user, now).await.expect("read");
        assert_eq!(holds, count.is_some(), "{credential:?}");
    }
}

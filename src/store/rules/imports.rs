//! Rules of what is brought from another messenger, and of accounts that wait.

use super::{
    Fixture,
    identities::{at_provider, by, whose},
    later, new_account, refusal, room_code,
};
use crate::{
    model::{
        Account, Change, Email, Emoji, Identity, ImportedMessage, Mentioned, NewImportedPerson,
        NewImportedRoom, Place, Role, RoomCode, RoomKind, RoomName, Search, SearchPlace, Source,
        Topic, UserId, UserName,
    },
    store::{Page, Result},
};

fn person(key: &str, name: &str) -> NewImportedPerson {
    NewImportedPerson {
        source: Source::Slack,
        key: key.to_owned(),
        identity: Identity::Placeholder(UserName::parse(name, 2, 32).expect("a name")),
        email: format!("{name}@old.example"),
        active: true,
        now: later(2),
    }
}

async fn waiting(at: &Fixture, name: &str) -> UserId {
    let new = person(name, name);
    at.store.import_person(new).await.expect("made")
}

async fn room(at: &Fixture, owner: &Account, members: Vec<UserId>) -> Place {
    let new = NewImportedRoom {
        source: Source::Slack,
        key: "C1".to_owned(),
        code: room_code("tea"),
        name: RoomName::parse("Tea", 64).expect("a name"),
        topic: Topic::default(),
        kind: RoomKind::Public,
        archived: false,
        created_at: later(0),
        members,
        owners: vec![owner.card.id],
        now: later(2),
    };
    at.store.import_room(new).await.expect("a room")
}

fn said(key: &str, author: UserId, seconds: u64) -> ImportedMessage {
    ImportedMessage {
        key: key.to_owned(),
        author,
        text: format!("text {key}"),
        html: format!("text {key}"),
        mentioned: Mentioned::default(),
        created_at: later(seconds),
        edited_at: None,
        pinned_at: None,
        deleted: false,
        thread: None,
        reactions: Vec::new(),
        attachments: Vec::new(),
    }
}

pub(crate) async fn what_is_imported_is_numbered_and_read_and_told_to_nobody(mut at: Fixture) {
    let anna = at.person("anna").await;
    let ben = waiting(&at, "ben").await;
    at.told();
    let place = room(&at, &anna, vec![anna.card.id, ben]).await;
    let tea = place.room.expect("it is there");
    let mut reply = said("2", anna.card.id, 2);
    reply.thread = Some("1".to_owned());
    reply.mentioned.people = vec![ben];
    let batch = vec![said("1", ben, 1), reply.clone()];
    let added = at.store.import_messages(place.id, tea, batch).await;
    assert_eq!(added.expect("added"), 2);
    let again = vec![reply, said("3", ben, 3)];
    let added = at.store.import_messages(place.id, tea, again).await;
    assert_eq!(added.expect("added"), 1, "each is added once");
    assert!(at.told().is_empty());
    let page = at.store.history(tea, Page::Newest, 9).await.expect("read");
    let [first, second, third] = &page.messages[..] else {
        panic!("{page:?}")
    };
    assert_eq!(
        (first.seq.0, second.seq.0, third.seq.0, page.seq),
        (1, 2, 3, 3)
    );
    assert_eq!((first.created_at, first.reply_count), (later(1), 1));
    assert_eq!(second.thread, Some(first.id));
    assert_eq!(second.mentioned.people, [ben]);
    for user in [anna.card.id, ben] {
        let standing = at.store.standing(&room_code("tea"), user).await;
        let standing = standing.expect("read").expect("a room");
        let membership = standing.membership.expect("a member");
        assert_eq!((membership.unread, membership.mentions), (0, 0));
    }
    let known = at.store.imported_room(Source::Slack, "C1").await;
    let known = known.expect("read").expect("known");
    assert_eq!((known.room, known.newest), (Some(tea), Some(later(3))));
}

pub(crate) async fn what_is_imported_is_found_in_the_order_in_which_it_was_sent(at: Fixture) {
    let anna = at.person("anna").await;
    let place = room(&at, &anna, vec![anna.card.id]).await;
    let tea = place.room.expect("it is there");
    let of = |key: &str, minutes: u64| said(key, anna.card.id, minutes * 60);
    let batch = vec![of("noon", 30), of("morning", 10), of("evening", 50)];
    let added = at.store.import_messages(place.id, tea, batch).await;
    added.expect("added");
    let mut search = Search {
        user: anna.card.id,
        phrases: Vec::new(),
        room: Some(tea),
        author: None,
        files: false,
        since: later(10 * 60),
        until: later(50 * 60 + 1),
        before: SearchPlace::END,
        limit: 2,
    };
    let pages: [&[&str]; 2] = [&["text evening", "text noon"], &["text morning"]];
    for expected in pages {
        let hits = at.store.search(search.clone()).await.expect("read");
        let texts: Vec<_> = hits.iter().map(|hit| hit.message.text.as_str()).collect();
        assert_eq!(texts, expected);
        search.before = hits.last().expect("one").place();
    }
    (search.since, search.until) = (later(10 * 60 + 1), later(50 * 60));
    search.before = SearchPlace::END;
    let hits = at.store.search(search).await.expect("read");
    assert_eq!(hits.len(), 1, "to the millisecond: {hits:?}");
}

pub(crate) async fn an_imported_account_waits_for_its_link(mut at: Fixture) {
    at.person("anna").await;
    let ben = waiting(&at, "ben").await;
    let login = at.store.credentials("ben").await;
    assert!(login.expect("read").is_none(), "nobody logs in to it");
    at.store
        .offer_claim(ben, [1; 32], later(100))
        .await
        .expect("offered");
    assert!(
        at.store
            .claim([2; 32], later(9))
            .await
            .expect("read")
            .is_none()
    );
    let late = at.store.claim([1; 32], later(100)).await;
    assert!(late.expect("read").is_none(), "it ends at its time");
    let found = at.store.claim([1; 32], later(9)).await.expect("read");
    assert_eq!(found.expect("it holds").email, "ben@old.example");
    at.told();
    let account = at.store.claim_account([1; 32], new_account("benno")).await;
    let account = account.expect("claimed");
    assert_eq!(
        (account.card.id, account.card.name.as_str()),
        (ben, "benno")
    );
    assert!(
        matches!(&at.told()[..], [Change::Profile(card), Change::Joined { .. }] if card.id == ben)
    );
    let again = at.store.claim_account([1; 32], new_account("eve")).await;
    assert_eq!(refusal(again), r#"NotFound("claim")"#);
    let offered = at.store.offer_claim(ben, [3; 32], later(100)).await;
    assert_eq!(refusal(offered), r#"NotFound("account")"#);
    assert!(at.store.credentials("benno").await.expect("read").is_some());
    assert!(at.store.unclaimed().await.expect("read").is_empty());
}

pub(crate) async fn nobody_is_made_twice(at: Fixture) {
    at.person("anna").await;
    let ben = waiting(&at, "ben").await;
    let people = at.store.imported_people(Source::Slack).await;
    assert_eq!(people.expect("read"), [("ben".to_owned(), ben)]);
    let taken: Result<_> = at.store.import_person(person("other", "Anna")).await;
    assert_eq!(refusal(taken), r#"Taken("name")"#);
    let again = at.store.import_person(person("ben", "benno")).await;
    assert!(refusal(again).starts_with("Failed: UNIQUE"));
    let gone = at.store.account_by_name("benno").await;
    assert!(gone.expect("read").is_none(), "no half of it is left");
}

pub(crate) async fn an_account_that_waits_becomes_a_part_of_another(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let old = waiting(&at, "old.ben").await;
    let place = room(&at, &anna, vec![anna.card.id, ben.card.id, old]).await;
    let tea = place.room.expect("it is there");
    let both = || vec![ben.card.id, old];
    let thumb = || Emoji::parse("👍").expect("an emoji");
    let mut named = said("1", anna.card.id, 1);
    named.html = format!("<span data-user-id=\"{old}\">@old.ben</span>");
    named.mentioned.people = both();
    named.reactions = vec![(thumb(), both())];
    let mut own = said("2", ben.card.id, 2);
    own.mentioned.people = vec![old];
    let batch = vec![named, own, said("3", old, 3)];
    let added = at.store.import_messages(place.id, tea, batch).await;
    added.expect("added");
    at.told();

    let wrong = at.store.merge_account(ben.card.id, anna.card.id, later(4));
    assert_eq!(refusal(wrong.await), r#"NotFound("account")"#);
    let other = waiting(&at, "other").await;
    let wrong = at.store.merge_account(old, other, later(4)).await;
    assert_eq!(refusal(wrong), r#"NotFound("person")"#);
    let known = at.store.link_identity(by(old), old, at_provider("ben"));
    known.await.expect("linked");
    let merged = at.store.merge_account(old, ben.card.id, later(4)).await;
    let merged = merged.expect("merged");
    assert_eq!(whose(&at, "ben").await, Some(ben.card.id));
    assert_eq!((merged.messages, merged.rooms), (1, 1));

    let page = at.store.history(tea, Page::Newest, 9).await.expect("read");
    let [named, own, his] = &page.messages[..] else {
        panic!("{page:?}")
    };
    assert_eq!(named.mentioned.people, [ben.card.id], "named once");
    assert!(
        named
            .html
            .contains(&format!("data-user-id=\"{}\"", ben.card.id))
    );
    assert_eq!(named.reactions[0].users, [ben.card.id]);
    assert!(
        own.mentioned.people.is_empty(),
        "nobody mentions themselves"
    );
    assert_eq!(his.author.id, ben.card.id);
    let found = at.store.search(Search {
        user: anna.card.id,
        phrases: Vec::new(),
        room: None,
        author: Some(ben.card.id),
        files: false,
        since: later(0),
        until: later(9),
        before: SearchPlace::END,
        limit: 9,
    });
    let found: Vec<_> = found
        .await
        .expect("read")
        .into_iter()
        .map(|hit| hit.message.id)
        .collect();
    assert_eq!(found, [his.id, own.id], "it is found as his");
    let standing = at.store.standing(&room_code("tea"), ben.card.id).await;
    let standing = standing.expect("read").expect("a room");
    assert_eq!(standing.room.members, 2);
    let people = at.store.imported_people(Source::Slack).await.expect("read");
    assert!(
        people.contains(&("old.ben".to_owned(), ben.card.id)),
        "later imports follow"
    );
    let gone = at.store.account_by_name("old.ben").await;
    assert!(gone.expect("read").is_none());
    let again = at.store.merge_account(old, ben.card.id, later(4)).await;
    assert_eq!(refusal(again), r#"NotFound("account")"#);
    assert!(at.told().is_empty());
}

pub(crate) async fn who_comes_with_a_password_logs_in_with_it(at: Fixture) {
    at.person("olga").await;
    let with = |name: &str, email: Option<&str>| NewImportedPerson {
        source: Source::Flask,
        identity: Identity::Person {
            name: UserName::parse(name, 2, 32).expect("a name"),
            email: email.map(|email| Email::parse(email).expect("an address")),
            password_hash: format!("hash of {name}"),
        },
        ..person(name, name)
    };
    let store = &at.store;
    let anna = with("anna", Some("Anna@example.org"));
    let anna = store.import_person(anna).await.expect("made");
    let ben = store.import_person(with("ben", None)).await.expect("made");
    let carla = store.import_person(with("carla", None)).await;
    carla.expect("several have no address");
    for login in ["anna", "anna@example.org", "BEN"] {
        let found = store.credentials(login).await.expect("read").expect(login);
        let name = found.account.card.name.as_str();
        assert_eq!(found.password_hash, format!("hash of {name}"));
        assert_eq!(
            (found.account.card.bot, found.account.admin),
            (false, false)
        );
    }
    for id in [anna, ben] {
        let standing = store.standing(&RoomCode::lobby(), id).await.expect("read");
        let membership = standing.expect("the lobby").membership;
        assert_eq!(membership.expect("a member").role, Role::Member);
    }
    let waiting = store.unclaimed().await.expect("read");
    assert!(waiting.is_empty(), "{waiting:?}");
    let mut same = with("dora", Some("anna@EXAMPLE.org"));
    "dora".clone_into(&mut same.key);
    assert_eq!(
        refusal(store.import_person(same).await),
        r#"Taken("email")"#
    );
}

//! Rules of reading: marks, history, and what somebody missed.

use super::{Fixture, refusal, room_code};
use crate::{
    model::{Account, Change, Membership, MessageId, RoomCode, RoomId},
    store::{HistoryPage, Page},
};

async fn place(at: &Fixture, person: &Account, code: &str) -> Membership {
    let standing = at
        .store
        .standing(&room_code(code), person.card.id)
        .await
        .expect("read");
    standing.expect("the room").membership.expect("a member")
}

pub(super) async fn lobby(at: &Fixture, person: &Account) -> RoomId {
    at.store
        .standing(&RoomCode::lobby(), person.card.id)
        .await
        .expect("read")
        .expect("the lobby")
        .room
        .id
}

pub(crate) async fn who_writes_has_read_what_stands_before(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.say(&anna, "lobby", "one").await;
    at.say(&anna, "lobby", "two").await;
    assert_eq!(
        (
            place(&at, &anna, "lobby").await.unread,
            place(&at, &ben, "lobby").await.unread
        ),
        (0, 2)
    );
    let own = at.say(&ben, "lobby", "three").await.message;
    let ben = place(&at, &ben, "lobby").await;
    assert_eq!((ben.unread, ben.read_id), (0, own.id));
    assert_eq!(place(&at, &anna, "lobby").await.unread, 1);
}

pub(crate) async fn a_read_mark_never_goes_back(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    let mut ids = Vec::new();
    for (code, text) in [
        ("lobby", "1"),
        ("tea", "elsewhere"),
        ("lobby", "2"),
        ("lobby", "3"),
    ] {
        ids.push(at.say(&anna, code, text).await.message.id);
    }
    at.told();
    let mut steps = Vec::new();
    for upto in [ids[2], ids[0], ids[1], MessageId(i64::MAX), MessageId(0)] {
        let mark = at
            .store
            .mark_read(&RoomCode::lobby(), ben.card.id, upto)
            .await
            .expect("marked");
        steps.push((mark.read_id, mark.unread));
    }
    assert_eq!(
        steps,
        [
            (ids[2], 1),
            (ids[2], 1),
            (ids[2], 1),
            (ids[3], 0),
            (ids[3], 0)
        ]
    );
    let told = at.told();
    assert_eq!(told.len(), 2, "only what moved is told");
    assert!(matches!(
        &told[0],
        Change::Read { user_id, room, membership, back: false }
            if *user_id == ben.card.id && room.code == RoomCode::lobby() && membership.unread == 1
    ));
    let refused = at
        .store
        .mark_read(&room_code("tea"), ben.card.id, ids[1])
        .await;
    assert_eq!(refusal(refused), r#"NotFound("room")"#);
}

pub(crate) async fn a_new_member_has_nothing_unread(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    let last = at.say(&anna, "tea", "before").await.message;
    let joined = at.joins(&ben, "tea").await.membership.expect("a member");
    assert_eq!((joined.unread, joined.read_id), (0, last.id));
    at.say(&anna, "tea", "after").await;
    assert_eq!(place(&at, &ben, "tea").await.unread, 1);
}

pub(crate) async fn history_is_read_from_any_point(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let room = lobby(&at, &anna).await;
    let mut ids = Vec::new();
    for number in 1..=9 {
        ids.push(at.say(&anna, "lobby", &number.to_string()).await.message.id);
        at.say(&anna, "tea", "in between").await;
    }
    let cases: [(Page, u32, &str, bool, bool); 8] = [
        (Page::Newest, 3, "789", true, false),
        (Page::Newest, 9, "123456789", false, false),
        (Page::Before(ids[6]), 3, "456", true, true),
        (Page::Before(ids[2]), 3, "12", false, true),
        (Page::After(ids[2]), 3, "456", true, true),
        (Page::After(ids[6]), 3, "89", true, false),
        (Page::Around(ids[4]), 5, "34567", true, true),
        (Page::Around(ids[8]), 4, "789", true, false),
    ];
    for (page, limit, texts, more_before, more_after) in cases {
        let found = at.store.history(room, page, limit).await.expect("read");
        let text: String = found
            .messages
            .iter()
            .map(|message| message.text.as_str())
            .collect();
        assert_eq!(
            (text.as_str(), found.more_before, found.more_after),
            (texts, more_before, more_after),
            "{page:?}"
        );
        assert_eq!(found.seq, 9);
    }
}

pub(crate) async fn an_empty_page_knows_what_is_around_it(at: Fixture) {
    let anna = at.person("anna").await;
    let room = lobby(&at, &anna).await;
    let shape = |page: HistoryPage| (page.messages.len(), page.more_before, page.more_after);
    let ends = [
        Page::Newest,
        Page::Before(MessageId(1)),
        Page::After(MessageId(1)),
        Page::Around(MessageId(1)),
    ];
    for page in ends {
        assert_eq!(
            shape(at.store.history(room, page, 5).await.expect("read")),
            (0, false, false),
            "{page:?}"
        );
    }
    let only = at.say(&anna, "lobby", "only").await.message.id;
    let before = at
        .store
        .history(room, Page::Before(only), 5)
        .await
        .expect("read");
    assert_eq!(shape(before), (0, false, true));
    let after = at
        .store
        .history(room, Page::After(only), 5)
        .await
        .expect("read");
    assert_eq!(shape(after), (0, true, false));
}

//! Rules of searching: what is found, and for whom.

use super::{Fixture, room_code};
use crate::model::{
    Account, MessageEdit, Phrase, RoomId, Search, SearchHit, SearchPlace, Timestamp, UserId,
};

/// A search for these words in all of this person's rooms; one that ends in `*` is the beginning of a word.
pub(crate) fn asked(user: &Account, words: &[&str]) -> Search {
    let phrase = |word: &&str| Phrase {
        text: word.trim_end_matches('*').to_owned(),
        prefix: word.ends_with('*'),
    };
    Search {
        user: user.card.id,
        phrases: words.iter().map(phrase).collect(),
        room: None,
        author: None,
        files: false,
        since: Timestamp(0),
        until: Timestamp(i64::MAX),
        before: SearchPlace::END,
        limit: 50,
    }
}

async fn hits(at: &Fixture, search: Search) -> Vec<SearchHit> {
    at.store.search(search).await.expect("a search")
}

pub(super) async fn found(at: &Fixture, user: &Account, words: &[&str]) -> Vec<String> {
    let hits = hits(at, asked(user, words)).await;
    hits.into_iter().map(|hit| hit.message.text).collect()
}

pub(crate) async fn words_are_found_whatever_their_case_and_accents(at: Fixture) {
    let anna = at.person("anna").await;
    for text in [
        "Ein Café am Platz",
        "cafeteria",
        "tea, \"strong\" tea",
        "Käse AND Wein",
    ] {
        at.say(&anna, "lobby", text).await;
    }
    for (words, expected) in [
        (&["CAFE"][..], &["Ein Café am Platz"][..]),
        (&["cafe*"], &["cafeteria", "Ein Café am Platz"]),
        (&["platz", "café"], &["Ein Café am Platz"]),
        (&["platz", "tea"], &[]),
        (&["am platz"], &["Ein Café am Platz"]),
        (&["platz am"], &[]),
        (&["\"strong\""], &["tea, \"strong\" tea"]),
        (&["kase and wein"], &["Käse AND Wein"]),
        (&["NEAR(a, b)"], &[]),
        (&["text:tea"], &[]),
        (&["*"], &[]),
        (&["r1"], &[]),
    ] {
        assert_eq!(found(&at, &anna, words).await, expected, "{words:?}");
    }
}

pub(crate) async fn who_belongs_to_many_rooms_finds_what_is_in_them_and_no_more(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    for number in 0..70 {
        let code = format!("room{number}");
        at.room(&code, &anna).await;
        at.say(&anna, &code, "a secret").await;
    }
    at.room("his", &ben).await;
    at.say(&ben, "his", "his secret").await;
    let mine = found(&at, &anna, &["secret"]).await;
    assert_eq!(mine, ["a secret"; 50], "a whole page");
    assert_eq!(found(&at, &ben, &["secret"]).await, ["his secret"]);
}

pub(crate) async fn only_ones_own_rooms_are_searched(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    at.say(&anna, "tea", "a secret").await;
    at.say(&anna, "lobby", "no secret").await;
    assert_eq!(found(&at, &ben, &["secret"]).await, ["no secret"]);
    assert_eq!(
        found(&at, &anna, &["secret"]).await,
        ["no secret", "a secret"]
    );
    let mut there = asked(&ben, &["secret"]);
    let tea = at.store.standing(&room_code("tea"), ben.card.id).await;
    there.room = Some(tea.expect("read").expect("the room").room.id);
    assert_eq!(hits(&at, there).await, []);
}

pub(crate) async fn a_search_has_filters_and_pages(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let tea: RoomId = at.room("tea", &anna).await.room.id;
    at.say(&anna, "lobby", "cake one").await;
    at.say(&ben, "lobby", "cake two").await;
    let third = at.say(&anna, "tea", "cake three").await.message;
    let texts = |hits: Vec<SearchHit>| -> Vec<String> {
        hits.into_iter().map(|hit| hit.message.text).collect()
    };
    let all = asked(&anna, &["cake"]);
    let filters: [(Search, &[&str]); 8] = [
        (
            Search {
                author: Some(ben.card.id),
                ..all.clone()
            },
            &["cake two"],
        ),
        (
            Search {
                author: Some(UserId(99)),
                ..all.clone()
            },
            &[],
        ),
        (
            Search {
                room: Some(tea),
                ..all.clone()
            },
            &["cake three"],
        ),
        (
            Search {
                room: Some(tea),
                ..asked(&anna, &[])
            },
            &["cake three"],
        ),
        (
            Search {
                since: third.created_at.plus(std::time::Duration::from_millis(1)),
                ..all.clone()
            },
            &[],
        ),
        (
            Search {
                files: true,
                ..all.clone()
            },
            &[],
        ),
        (
            Search {
                until: Timestamp(0),
                ..all.clone()
            },
            &[],
        ),
        (
            Search {
                before: SearchPlace::of(third.created_at, third.id),
                limit: 1,
                ..all.clone()
            },
            &["cake two"],
        ),
    ];
    for (search, expected) in filters {
        assert_eq!(
            texts(hits(&at, search.clone()).await),
            expected,
            "{search:?}"
        );
    }
}

pub(crate) async fn what_is_edited_or_deleted_is_found_as_it_is_now(at: Fixture) {
    let anna = at.person("anna").await;
    let first = at.say(&anna, "lobby", "plum cake").await.message.id;
    let second = at.say(&anna, "lobby", "plum tart").await.message.id;
    let edit = MessageEdit::Text {
        text: "lemon cake".to_owned(),
        html: String::new(),
        mentioned: crate::model::Mentioned::default(),
        links: Vec::new(),
    };
    let change = |id, edit| {
        at.store.change_message(
            id,
            anna.card.id,
            edit,
            Timestamp(2_000_000),
            |_, _, _, _| Ok(()),
        )
    };
    change(first, edit).await.expect("edited");
    assert_eq!(found(&at, &anna, &["plum"]).await, ["plum tart"]);
    assert_eq!(found(&at, &anna, &["lemon"]).await, ["lemon cake"]);
    change(second, MessageEdit::Delete).await.expect("deleted");
    assert_eq!(found(&at, &anna, &["plum"]).await, [""; 0]);
    assert_eq!(found(&at, &anna, &["tart"]).await, [""; 0]);
}

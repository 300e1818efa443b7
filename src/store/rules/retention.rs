//! Rules of deleting what is older than a room or the site keeps.

use super::{Fixture, by, later, new_message, room_code, search::found};
use crate::{
    model::{
        Account, Change, Deed, Message, MessageChange, MessageId, RoomChange, RoomId, Seq,
        Timestamp,
    },
    store::Page,
};

/// Says something at this second.
async fn say(at: &Fixture, author: &Account, second: u64, text: &str) -> MessageId {
    reply(at, author, second, text, None).await
}

async fn reply(
    at: &Fixture,
    author: &Account,
    second: u64,
    text: &str,
    to: Option<MessageId>,
) -> MessageId {
    let mut new = new_message(author, "lobby", text);
    new.created_at = later(second);
    new.reply_to = to;
    at.append(new).await.expect("stored").message.id
}

/// Deletes what is from before this time, in rooms that say nothing of their own; says how much.
async fn sweep(at: &Fixture, time: Timestamp) -> i64 {
    sweep_at(at, Some(time), time).await
}

/// Deletes what the site keeps no longer, from before `site`, and what rooms do not at this time; says how much.
async fn sweep_at(at: &Fixture, site: Option<Timestamp>, now: Timestamp) -> i64 {
    let (mut room, mut count) = (RoomId(0), 0);
    loop {
        let old = at.store.old_messages(room, site, now).await;
        let Some(old) = old.expect("read") else {
            return count;
        };
        room = old.room;
        at.store.read_old(old).await.expect("read");
        let mut next = Some(MessageId(0));
        while let Some(after) = next {
            let swept = at.store.sweep_old(old, after).await.expect("swept");
            count += swept.count;
            next = swept.next;
        }
    }
}

async fn lobby(at: &Fixture, reader: &Account) -> (RoomId, Vec<Message>) {
    messages(at, "lobby", reader).await
}

async fn messages(at: &Fixture, code: &str, reader: &Account) -> (RoomId, Vec<Message>) {
    let standing = at.store.standing(&room_code(code), reader.card.id).await;
    let room = standing.expect("read").expect("there").room.id;
    let page = at
        .store
        .history(room, Page::Newest, 300)
        .await
        .expect("read");
    assert!(!page.more_before && !page.more_after);
    (room, page.messages)
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message.text.as_str())
        .collect()
}

/// The text of the lobby's newest message, as the list of rooms has it.
async fn newest(at: &Fixture, olga: &Account) -> Option<String> {
    let rooms = at.store.rooms_of(olga.card.id).await.expect("read");
    let last = rooms.into_iter().next()?.last_message;
    last.map(|message| message.text)
}

pub(crate) async fn what_is_old_goes_for_good_and_what_is_referred_to_leaves_its_place(
    mut at: Fixture,
) {
    let olga = at.person("olga").await;
    let quoted = say(&at, &olga, 10, "an old question").await;
    for number in 0..30 {
        say(&at, &olga, 11, &format!("old {number}")).await;
    }
    let answered = reply(&at, &olga, 12, "an old answer", Some(quoted)).await;
    let young = reply(&at, &olga, 50, "a young answer", Some(quoted)).await;
    at.told();
    assert_eq!(sweep(&at, later(40)).await, 32);
    let (room, left) = lobby(&at, &olga).await;
    assert_eq!(texts(&left), ["", "a young answer"]);
    assert!(left[0].deleted && left[0].id == quoted);
    assert_eq!(left[0].reply_count, 1);
    let quote = left[1].reply_to.as_ref().expect("it replies still");
    assert_eq!((quote.id, quote.deleted), (quoted, true));
    let told = at.told();
    assert!(
        matches!(told.last(), Some(Change::Swept { before, .. }) if *before == young),
        "{told:?}"
    );
    let told: Vec<_> = told
        .iter()
        .filter_map(|change| match change {
            Change::Message(message) => Some((message.id, message.change, message.seq)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [(quoted, Some(MessageChange::Deleted), Seq(34))]);
    assert!(at.store.message(answered).await.expect("read").is_none());
    let missed = at.missed(&olga, room, 0, 500).await;
    let missed = missed.expect("a member");
    let ids: Vec<_> = missed.messages.iter().map(|message| message.id).collect();
    assert_eq!(
        (ids, missed.seq().0),
        (vec![quoted, young], 34),
        "who was away goes on from there"
    );
    assert_eq!(found(&at, &olga, &["old"]).await, Vec::<String>::new());
    assert_eq!(
        sweep(&at, later(40)).await,
        0,
        "its place stays as long as the answer"
    );
    assert!(at.told().is_empty(), "what changes nothing is not told");
    assert_eq!(newest(&at, &olga).await.as_deref(), Some("a young answer"));
    assert_eq!(sweep(&at, later(60)).await, 2, "and goes with it");
    assert!(lobby(&at, &olga).await.1.is_empty());
    assert_eq!(newest(&at, &olga).await, None);
    let next = say(&at, &olga, 61, "and on it goes").await;
    let (_, left) = lobby(&at, &olga).await;
    assert_eq!((left[0].id, left[0].seq), (next, Seq(35)));
    at.store.note_swept(35, later(62)).await.expect("noted");
    let log = at.store.site_log(None, 1).await.expect("read");
    let entry = (log[0].deed, log[0].by_name.as_str(), log[0].target.as_str());
    assert_eq!(entry, (Deed::SweepMessages, "the server", "35 messages"));
}

pub(crate) async fn nobodys_unread_messages_count_what_is_gone(mut at: Fixture) {
    let (olga, anna) = (at.person("olga").await, at.person("anna").await);
    for number in 0..5 {
        say(&at, &olga, 10, &format!("old {number}")).await;
    }
    let young = say(&at, &olga, 50, "young").await;
    say(&at, &olga, 51, "younger").await;
    let unread = async |at: &Fixture| {
        let standing = at.store.standing(&room_code("lobby"), anna.card.id).await;
        let standing = standing.expect("read").expect("there");
        standing.membership.expect("a member").unread
    };
    assert_eq!(unread(&at).await, 7);
    at.told();
    sweep(&at, later(40)).await;
    assert_eq!(unread(&at).await, 2);
    assert!(at.told().iter().any(|change| matches!(change, Change::Read { user_id, membership, .. } if *user_id == anna.card.id && membership.unread == 2)));
    let code = room_code("lobby");
    let read = at.store.mark_read(&code, anna.card.id, MessageId(i64::MAX));
    assert_eq!(read.await.expect("read").unread, 0);
    let marked = at.store.mark_unread(&code, anna.card.id, young).await;
    assert_eq!(
        marked.expect("marked").unread,
        2,
        "nothing stands before it"
    );
}

pub(crate) async fn only_what_is_old_in_a_room_that_is_there_goes(at: Fixture) {
    let olga = at.person("olga").await;
    say(&at, &olga, 50, "young").await;
    say(&at, &olga, 10, "came later, from an older time").await;
    assert_eq!(
        sweep(&at, later(40)).await,
        0,
        "it goes with what stands before it"
    );
    assert_eq!(sweep(&at, later(51)).await, 2);
    assert_eq!(sweep(&at, later(51)).await, 0);
}

pub(crate) async fn a_room_keeps_messages_for_its_own_days(mut at: Fixture) {
    const DAY_S: u64 = 86_400;
    let olga = at.person("olga").await;
    at.room("tea", &olga).await;
    let keep = async |at: &Fixture, days| {
        let change = RoomChange {
            retention_days: Some(days),
            ..RoomChange::default()
        };
        let code = room_code("tea");
        let kept = at.store.change_room(&code, by(&olga), change);
        kept.await.expect("changed").room.retention_days
    };
    for room in ["lobby", "tea"] {
        for day in 0..5 {
            let mut new = new_message(&olga, room, &format!("day {day}"));
            new.created_at = later(day * DAY_S);
            at.append(new).await.expect("stored");
        }
    }
    let left = async |at: &Fixture| {
        let (_, tea) = messages(at, "tea", &olga).await;
        let (_, lobby) = lobby(at, &olga).await;
        (tea.len(), lobby.len())
    };
    let now = later(5 * DAY_S - 1);
    assert_eq!(sweep_at(&at, None, now).await, 0, "all is kept for ever");
    at.told();
    assert_eq!(keep(&at, 2).await, 2);
    assert!(matches!(at.told().as_slice(), [Change::Room(room)] if room.retention_days == 2));
    assert_eq!(sweep_at(&at, None, now).await, 3);
    assert_eq!(left(&at).await, (2, 5), "in that room alone");
    assert_eq!(keep(&at, 100).await, 100);
    let site = Some(later(3 * DAY_S + 1));
    assert_eq!(sweep_at(&at, site, now).await, 5);
    assert_eq!(
        left(&at).await,
        (1, 1),
        "no room keeps what the site does not"
    );
    assert_eq!(keep(&at, 0).await, 0);
    let years = later(4000 * DAY_S);
    assert_eq!(sweep_at(&at, None, years).await, 0, "as the site again");
    assert_eq!(keep(&at, 1).await, 1);
    assert_eq!(sweep_at(&at, site, later(6 * DAY_S)).await, 1);
    assert_eq!(left(&at).await, (0, 1), "a room may keep less");
}

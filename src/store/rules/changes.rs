//! Rules of what happens to messages after they were sent.

use std::sync::Arc;

use super::{Fixture, later, new_message, refusal, room_code};
use crate::{
    model::{
        Account, Change, Denied, Emoji, Mentioned, Message, MessageChange, MessageEdit, MessageId,
        Seq, Standing, Timestamp, UserId,
    },
    store::Result,
};

/// Everybody may.
#[allow(clippy::unnecessary_wraps, reason = "a permit is this type")]
fn allow(_: &Standing, _: &Message, _: UserId, _: Timestamp) -> Result<(), Denied> {
    Ok(())
}

/// Nobody may.
fn deny(_: &Standing, _: &Message, _: UserId, _: Timestamp) -> Result<(), Denied> {
    Err(Denied::Forbidden)
}

pub(super) fn text(text: &str) -> MessageEdit {
    mentioning(text, &[])
}

pub(super) fn mentioning(text: &str, people: &[&Account]) -> MessageEdit {
    MessageEdit::Text {
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        mentioned: Mentioned {
            people: people.iter().map(|person| person.card.id).collect(),
            room: false,
        },
        links: Vec::new(),
    }
}

pub(super) fn everybody(text: &str) -> MessageEdit {
    MessageEdit::Text {
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        mentioned: Mentioned {
            people: Vec::new(),
            room: true,
        },
        links: Vec::new(),
    }
}

fn emoji(text: &str, on: bool) -> MessageEdit {
    MessageEdit::React {
        emoji: Emoji::parse(text).expect("an emoji"),
        on,
    }
}

pub(super) async fn change(
    at: &Fixture,
    id: MessageId,
    actor: &Account,
    edit: MessageEdit,
) -> Result<Arc<Message>> {
    let changed = at
        .store
        .change_message(id, actor.card.id, edit, later(9), allow);
    changed.await
}

/// A message that mentions these people, or everybody.
async fn mention(at: &Fixture, author: &Account, people: &[&Account], room: bool) -> MessageId {
    let mut new = new_message(author, "lobby", "hey");
    new.mentioned = Mentioned {
        people: people.iter().map(|person| person.card.id).collect(),
        room,
    };
    at.append(new).await.expect("stored").message.id
}

async fn mentions(at: &Fixture, person: &Account) -> i64 {
    let standing = at.store.standing(&room_code("lobby"), person.card.id).await;
    let standing = standing.expect("read").expect("the lobby");
    standing.membership.expect("a member").mentions
}

/// Who is told that they are mentioned, in the order of the changes.
fn told_of_mentions(changes: &[Change]) -> Vec<Vec<UserId>> {
    let people = changes.iter().filter_map(|change| match change {
        Change::Mentioned { people, .. } => Some(people.clone()),
        _ => None,
    });
    people.collect()
}

/// Who is told how many mentions they have not read, in the order of the changes.
fn told_of_counts(changes: &[Change]) -> Vec<(UserId, i64)> {
    let counts = changes.iter().filter_map(|change| match change {
        Change::Read {
            user_id,
            membership,
            ..
        } => Some((*user_id, membership.mentions)),
        _ => None,
    });
    counts.collect()
}

pub(crate) async fn a_change_takes_the_next_seq_and_is_told(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let said = at.say(&anna, "lobby", "frost").await.message;
    at.say(&ben, "lobby", "hm").await;
    at.told();
    for (seq, actor, edit, changed) in [
        (3, &anna, text("first"), MessageChange::Edited),
        (4, &ben, emoji("👍", true), MessageChange::Reactions),
        (
            5,
            &anna,
            MessageEdit::Pin { on: true },
            MessageChange::Pinned,
        ),
        (6, &anna, MessageEdit::Delete, MessageChange::Deleted),
    ] {
        let now = change(&at, said.id, actor, edit).await.expect("changed");
        assert_eq!((now.seq, now.created_seq), (Seq(seq), said.created_seq));
        assert_eq!(now.change, Some(changed));
        let told = at.told();
        assert!(
            matches!(&told[..], [Change::Message(message)] if *message == now),
            "{told:?}"
        );
        let kept = at.store.message(said.id).await.expect("read");
        assert_eq!(kept.as_ref(), Some(&*now));
        let (room, user) = (said.room_id, anna.card.id);
        let missed = at.store.changes(room, user, Seq(seq - 1), 9).await;
        let missed = missed.expect("read").expect("a member");
        assert_eq!(missed.messages, [(*now).clone()]);
    }
}

pub(crate) async fn what_is_so_already_takes_no_seq(mut at: Fixture) {
    let anna = at.person("anna").await;
    let id = at.say(&anna, "lobby", "tea").await.message.id;
    let pin = |on| MessageEdit::Pin { on };
    let mut seq = 1;
    at.told();
    for (edit, changes) in [
        (text("tea"), false),
        (pin(false), false),
        (pin(true), true),
        (pin(true), false),
        (emoji("👍", false), false),
        (emoji("👍", true), true),
        (emoji("👍", true), false),
        (MessageEdit::Delete, true),
        (MessageEdit::Delete, false),
    ] {
        let now = change(&at, id, &anna, edit.clone()).await.expect("done");
        seq += i64::from(changes);
        assert_eq!(now.seq, Seq(seq), "{edit:?}");
        assert_eq!(at.told().len(), usize::from(changes), "{edit:?}");
    }
    for edit in [text("back"), pin(true), emoji("👍", true)] {
        let refused = change(&at, id, &anna, edit).await;
        assert_eq!(refusal(refused), r#"NotFound("message")"#);
    }
}

pub(crate) async fn a_change_asks_for_permission(mut at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", "tea").await.message;
    at.told();
    for edit in [text("coffee"), emoji("👍", true), MessageEdit::Delete] {
        let refused = at
            .store
            .change_message(said.id, anna.card.id, edit, later(9), deny)
            .await;
        assert_eq!(refusal(refused), "Denied(Forbidden)");
    }
    let kept = at.store.message(said.id).await.expect("read");
    assert_eq!(kept.as_ref(), Some(&*said));
    assert_eq!(at.told().len(), 0);
    let refused = change(&at, MessageId(999), &anna, MessageEdit::Delete).await;
    assert_eq!(refusal(refused), r#"NotFound("message")"#);
}

pub(crate) async fn a_message_takes_so_many_emoji(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let id = at.say(&anna, "lobby", "tea").await.message.id;
    let all = [
        "😀", "😁", "😂", "🤣", "😃", "😄", "😅", "😆", "😉", "😊", "😋", "😎", "😍", "😘", "🥰",
        "😗", "😙", "🥲", "😚", "🙂",
    ];
    for one in all {
        change(&at, id, &anna, emoji(one, true))
            .await
            .expect("fits");
    }
    let refused = change(&at, id, &anna, emoji("🎉", true)).await;
    assert_eq!(refusal(refused), r#"Full("emoji")"#);
    let now = change(&at, id, &ben, emoji("😀", true))
        .await
        .expect("one that is there");
    assert_eq!(now.reactions.len(), Emoji::KINDS);
    assert_eq!(now.reactions[0].users, [anna.card.id, ben.card.id]);
}

pub(crate) async fn only_its_place_is_left_of_a_deleted_message(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let id = mention(&at, &anna, &[&ben], false).await;
    change(&at, id, &ben, emoji("👍", true))
        .await
        .expect("done");
    change(&at, id, &anna, MessageEdit::Pin { on: true })
        .await
        .expect("done");
    let gone = change(&at, id, &anna, MessageEdit::Delete)
        .await
        .expect("deleted");
    assert!(gone.deleted && !gone.pinned && gone.reactions.is_empty());
    assert_eq!((&*gone.text, &*gone.html), ("", ""));
    assert_eq!(gone.mentioned, Mentioned::default());
    assert_eq!(mentions(&at, &ben).await, 0);
}

pub(crate) async fn a_reply_is_of_the_same_room_and_counted_at_the_first(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let first = at.say(&anna, "lobby", "first").await.message.id;
    let elsewhere = at.say(&anna, "tea", "elsewhere").await.message.id;
    let reply = async |to| {
        let mut new = new_message(&anna, "lobby", "reply");
        new.reply_to = Some(to);
        at.append(new).await
    };
    let second = reply(first).await.expect("stored").message;
    let third = reply(second.id).await.expect("stored").message;
    assert_eq!((second.thread, third.thread), (Some(first), Some(first)));
    assert_eq!(
        third.reply_to.as_ref().map(|quote| quote.id),
        Some(second.id)
    );
    let count = async || {
        let found = at.store.message(first).await.expect("read");
        found.expect("the first").reply_count
    };
    assert_eq!(count().await, 2);
    change(&at, second.id, &anna, MessageEdit::Delete)
        .await
        .expect("deleted");
    assert_eq!(count().await, 1);
    let third = at
        .store
        .message(third.id)
        .await
        .expect("read")
        .expect("there");
    let quote = third.reply_to.expect("what it replied to");
    assert!(quote.deleted && quote.excerpt.0.is_empty());
    for nothing in [elsewhere, second.id, MessageId(999)] {
        assert_eq!(refusal(reply(nothing).await), r#"NotFound("message")"#);
    }
}

pub(crate) async fn mentions_are_counted_until_they_are_read_or_gone(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.told();
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(mention(&at, &anna, &[&ben, &anna], false).await);
    }
    assert_eq!(
        (mentions(&at, &ben).await, mentions(&at, &anna).await),
        (4, 0)
    );
    assert_eq!(told_of_mentions(&at.told()), vec![[ben.card.id]; 4]);
    let lobby = room_code("lobby");
    let mark = at.store.mark_read(&lobby, ben.card.id, ids[0]).await;
    assert_eq!(mark.expect("read").mentions, 3);
    change(&at, ids[1], &anna, MessageEdit::Delete)
        .await
        .expect("deleted");
    assert_eq!(mentions(&at, &ben).await, 2);
    change(&at, ids[2], &anna, text("nobody"))
        .await
        .expect("edited");
    assert_eq!(mentions(&at, &ben).await, 1);
    change(&at, ids[0], &anna, MessageEdit::Delete)
        .await
        .expect("deleted");
    assert_eq!(mentions(&at, &ben).await, 1, "it was read before it went");
    at.say(&ben, "lobby", "yes?").await;
    assert_eq!(mentions(&at, &ben).await, 0, "who writes has read");
}

pub(crate) async fn an_edit_mentions_only_who_was_not_mentioned_before(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let cleo = at.person("cleo").await;
    let id = mention(&at, &anna, &[&ben], false).await;
    at.told();
    let both = mentioning("both", &[&ben, &cleo]);
    let now = change(&at, id, &anna, both).await.expect("edited");
    assert_eq!(now.mentioned.people, [ben.card.id, cleo.card.id]);
    assert_eq!(told_of_mentions(&at.told()), [[cleo.card.id]]);
    assert_eq!(
        (mentions(&at, &ben).await, mentions(&at, &cleo).await),
        (1, 1)
    );
}

pub(crate) async fn everybody_is_mentioned_at_once(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let cleo = at.person("cleo").await;
    at.told();
    let id = mention(&at, &anna, &[&ben], true).await;
    assert_eq!(
        told_of_mentions(&at.told()),
        [[ben.card.id, cleo.card.id]],
        "everybody but the author, once"
    );
    for person in [&ben, &cleo] {
        assert_eq!(mentions(&at, person).await, 1);
    }
    assert_eq!(mentions(&at, &anna).await, 0);
    let lobby = room_code("lobby");
    let read = at.store.mark_read(&lobby, cleo.card.id, id);
    read.await.expect("read");
    at.told();
    change(&at, id, &anna, MessageEdit::Delete)
        .await
        .expect("deleted");
    for person in [&ben, &cleo] {
        assert_eq!(mentions(&at, person).await, 0);
    }
    assert_eq!(
        told_of_counts(&at.told()),
        [(ben.card.id, 0)],
        "whoever has read it has counted it already"
    );
}

pub(crate) async fn whose_count_an_edit_changes_is_told(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let cleo = at.person("cleo").await;
    let id = mention(&at, &anna, &[&ben], false).await;
    at.told();
    for (edit, expected) in [
        (
            mentioning("cleo", &[&cleo]),
            vec![(ben.card.id, 0), (cleo.card.id, 1)],
        ),
        (mentioning("both", &[&ben, &cleo]), vec![(ben.card.id, 1)]),
        (text("nobody"), vec![(ben.card.id, 0), (cleo.card.id, 0)]),
        (everybody("all"), vec![(ben.card.id, 1), (cleo.card.id, 1)]),
        (mentioning("ben", &[&ben]), vec![(cleo.card.id, 0)]),
        (mentioning("ben again", &[&ben]), vec![]),
    ] {
        change(&at, id, &anna, edit).await.expect("edited");
        assert_eq!(told_of_counts(&at.told()), expected);
    }
}

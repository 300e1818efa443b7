//! Rules of threads and of what people saved.

use super::{Fixture, deny, later, members_only, new_message, refusal};
use crate::{
    model::{Account, Change, Message, MessageId},
    store::Result,
};

async fn save(at: &Fixture, who: &Account, id: MessageId, on: bool) -> Result<Message> {
    at.store
        .save(id, who.card.id, on, later(9), members_only)
        .await
}

async fn saved(at: &Fixture, who: &Account, before: i64, limit: u32) -> Vec<String> {
    let found = at.store.saved(who.card.id, MessageId(before), limit).await;
    let texts = found.expect("read").into_iter();
    texts.map(|saved| saved.message.text).collect()
}

pub(crate) async fn what_is_saved_is_told_once_and_to_its_owner_alone(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let id = at.say(&anna, "lobby", "tea").await.message.id;
    at.told();
    for (on, changes) in [(false, false), (true, true), (true, false), (false, true)] {
        save(&at, &ben, id, on).await.expect("done");
        let told = at.told();
        assert_eq!(told.len(), usize::from(changes));
        let right = told.iter().all(|change| {
            matches!(change, Change::Saved { user_id, id: which, on: now }
                if (*user_id, *which, *now) == (ben.card.id, id, on))
        });
        assert!(right, "{told:?}");
    }
    let refused = at.store.save(id, ben.card.id, true, later(9), deny).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    at.room("tea", &anna).await;
    let elsewhere = at.say(&anna, "tea", "elsewhere").await.message.id;
    for nothing in [elsewhere, MessageId(999)] {
        let refused = save(&at, &ben, nothing, true).await;
        assert_eq!(refusal(refused), r#"NotFound("message")"#);
    }
}

pub(crate) async fn what_is_saved_comes_in_pages(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let mut ids = Vec::new();
    for text in ["1", "2", "3", "4"] {
        let id = at.say(&anna, "lobby", text).await.message.id;
        if text != "2" {
            save(&at, &ben, id, true).await.expect("saved");
        }
        ids.push(id);
    }
    assert_eq!(saved(&at, &ben, i64::MAX, 9).await, ["4", "3", "1"]);
    assert_eq!(
        saved(&at, &ben, i64::MAX, 1).await.len(),
        2,
        "one more tells of more"
    );
    assert_eq!(saved(&at, &ben, ids[2].0, 9).await, ["1"]);
    assert_eq!(saved(&at, &anna, i64::MAX, 9).await, [""; 0]);
    let among = at.store.saved_among(ben.card.id, ids[1], ids[2]).await;
    assert_eq!(among.expect("read"), [ids[2]].into());
}

pub(crate) async fn a_thread_comes_in_pages(at: Fixture) {
    let anna = at.person("anna").await;
    let root = at.say(&anna, "lobby", "root").await.message.id;
    let mut ids = Vec::new();
    for text in ["1", "2", "3"] {
        let mut reply = new_message(&anna, "lobby", text);
        reply.reply_to = Some(root);
        ids.push(at.append(reply).await.expect("stored").message.id);
        at.say(&anna, "lobby", "beside it").await;
    }
    for (after, limit, expected, more) in [
        (MessageId(0), 9, &["1", "2", "3"][..], false),
        (MessageId(0), 3, &["1", "2", "3"], false),
        (MessageId(0), 2, &["1", "2"], true),
        (ids[0], 1, &["2"], true),
        (ids[2], 9, &[], false),
    ] {
        let page = at.store.replies(root, after, limit).await.expect("read");
        let texts: Vec<_> = page.messages.iter().map(|message| &*message.text).collect();
        assert_eq!((&texts[..], page.more), (expected, more));
    }
}

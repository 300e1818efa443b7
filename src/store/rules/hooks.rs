//! Rules of webhooks.

use super::{Fixture, allow, deny, later, new_message, refusal, room_code};
use crate::{
    model::{Account, Change, HookId, IncomingHook, NewIncomingHook, UserName},
    store::Result,
};

fn new_hook(by: &Account, room: &str, name: &str, hash: u8) -> NewIncomingHook {
    NewIncomingHook {
        room: room_code(room),
        name: UserName::parse(name, 2, 32).expect("a name"),
        hash: [hash; 32],
        by: by.card.id,
        created_at: later(5),
        permit: allow,
    }
}

async fn made(at: &Fixture, by: &Account, room: &str, name: &str, hash: u8) -> IncomingHook {
    at.store
        .add_incoming_hook(new_hook(by, room, name, hash))
        .await
        .expect("made")
}

async fn bot_of(at: &Fixture, hash: u8) -> Option<Account> {
    let found = at.store.incoming_hook([hash; 32]).await.expect("read");
    found.map(|(_, account)| account)
}

async fn revoked(at: &Fixture, by: &Account, room: &str, id: HookId) -> Result<()> {
    at.store
        .remove_incoming_hook(&room_code(room), id, by.card.id, later(6), allow)
        .await
}

pub(crate) async fn a_hook_has_a_bot_in_its_room(mut at: Fixture) {
    let anna = at.person("anna").await;
    let room = at.room("tea", &anna).await.room;
    at.told();
    let hook = made(&at, &anna, "tea", "deploys", 1).await;
    assert!(hook.bot.bot && hook.room == room_code("tea"));
    assert!(matches!(
        at.told().as_slice(),
        [Change::Joined { room, member }] if room.members == 2 && member.user == hook.bot
    ));
    let found = at.store.incoming_hook([1; 32]).await.expect("read");
    let (code, account) = found.expect("found");
    assert_eq!((code, &account.card), (room_code("tea"), &hook.bot));
    assert!(bot_of(&at, 2).await.is_none());
    let second = made(&at, &anna, "tea", "alarms", 2).await;
    made(&at, &anna, "lobby", "other", 3).await;
    let listed = at.store.incoming_hooks(room.id).await.expect("read");
    assert_eq!(listed, [hook, second]);
    at.say(&account, "tea", "deployed").await;
}

pub(crate) async fn a_hook_asks_for_permission(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    let hook = made(&at, &anna, "tea", "deploys", 1).await;
    at.told();
    let denied = NewIncomingHook {
        permit: deny,
        ..new_hook(&anna, "tea", "alarms", 2)
    };
    let refused = at.store.add_incoming_hook(denied).await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let refused = at
        .store
        .remove_incoming_hook(&room_code("tea"), hook.id, anna.card.id, later(6), deny)
        .await;
    assert_eq!(refusal(refused), "Denied(Forbidden)");
    let nowhere = at
        .store
        .add_incoming_hook(new_hook(&anna, "attic", "alarms", 2))
        .await;
    assert_eq!(refusal(nowhere), r#"NotFound("room")"#);
    assert!(at.told().is_empty());
    assert!(bot_of(&at, 1).await.is_some() && bot_of(&at, 2).await.is_none());
}

pub(crate) async fn a_hooks_name_is_its_own(at: Fixture) {
    let anna = at.person("anna").await;
    made(&at, &anna, "lobby", "deploys", 1).await;
    for name in ["Anna", "DEPLOYS"] {
        let refused = at
            .store
            .add_incoming_hook(new_hook(&anna, "lobby", name, 2))
            .await;
        assert_eq!(refusal(refused), r#"Taken("name")"#, "{name}");
    }
}

pub(crate) async fn a_revoked_hook_leaves_its_messages_and_frees_its_name(mut at: Fixture) {
    let anna = at.person("anna").await;
    let room = at.room("tea", &anna).await.room;
    let hook = made(&at, &anna, "tea", "deploys", 1).await;
    let account = bot_of(&at, 1).await.expect("found");
    let said = at.say(&account, "tea", "deployed").await.message;
    at.told();
    assert_eq!(
        refusal(revoked(&at, &anna, "lobby", hook.id).await),
        r#"NotFound("webhook")"#
    );
    revoked(&at, &anna, "tea", hook.id).await.expect("revoked");
    assert!(matches!(at.told().as_slice(), [Change::Left { user, .. }] if user.id == hook.bot.id));
    assert_eq!(
        refusal(revoked(&at, &anna, "tea", hook.id).await),
        r#"NotFound("webhook")"#
    );
    assert!(bot_of(&at, 1).await.is_none());
    let again = at.append(new_message(&account, "tea", "late")).await;
    assert_eq!(refusal(again), "Denied(NotFound)");
    let page = at
        .store
        .history(room.id, crate::store::Page::Newest, 9)
        .await
        .expect("read");
    let [kept] = page.messages.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(
        (kept.id, kept.author.name.as_str(), kept.author.deleted),
        (said.id, "deploys", true)
    );
    made(&at, &anna, "tea", "deploys", 4).await;
}

pub(crate) async fn nobody_logs_in_to_a_bot(at: Fixture) {
    let anna = at.person("anna").await;
    made(&at, &anna, "lobby", "deploys", 1).await;
    for login in ["deploys", "", "bot:", "@"] {
        assert!(
            at.store.credentials(login).await.expect("read").is_none(),
            "{login}"
        );
    }
    assert!(
        at.store
            .account_by_name("deploys")
            .await
            .expect("read")
            .is_some()
    );
}

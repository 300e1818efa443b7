//! Rules of bots.

use super::{Fixture, later, new_token, refusal};
use crate::{
    model::{Account, Bot, Change, NewBot, NewToken, Revocation, Scopes, UserName},
    store::Result,
};

async fn add(at: &Fixture, owner: &Account, name: &str) -> Result<Bot> {
    let new = NewBot {
        name: UserName::parse(name, 2, 32).expect("a name"),
        owner: owner.card.id,
        created_at: later(5),
    };
    at.store.add_bot(new).await
}

fn scoped(hash: u8, bot: &Bot) -> NewToken {
    NewToken {
        scopes: Some(Scopes::parse(["read"]).expect("scopes")),
        expires_at: None,
        ..new_token(hash, bot.card.id)
    }
}

async fn bots_of(at: &Fixture, owner: &Account) -> Vec<Bot> {
    at.store.bots_of(owner.card.id).await.expect("read")
}

pub(crate) async fn who_owns_a_room_makes_bots(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let bot = add(&at, &anna, "helper").await.expect("the admin's");
    assert!(bot.card.bot && bot.tokens.is_empty());
    assert_eq!(refusal(add(&at, &ben, "mine").await), "Denied(Forbidden)");
    at.room("tea", &ben).await;
    let his = add(&at, &ben, "mine").await.expect("an owner's");
    assert_eq!(refusal(add(&at, &ben, "Helper").await), r#"Taken("name")"#);
    assert_eq!(bots_of(&at, &anna).await, [bot]);
    assert_eq!(bots_of(&at, &ben).await, [his]);
}

pub(crate) async fn a_bots_tokens_are_its_owners(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let bot = add(&at, &anna, "helper").await.expect("made");
    let (owner, id) = (anna.card.id, bot.card.id);
    let refused = at.store.add_bot_token(ben.card.id, scoped(1, &bot)).await;
    assert_eq!(refusal(refused), r#"NotFound("bot")"#);
    at.store
        .add_bot_token(owner, scoped(1, &bot))
        .await
        .expect("kept");
    let [listed] = bots_of(&at, &anna).await.try_into().expect("one bot");
    let [token] = listed.tokens.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (token.id.as_str(), token.label.as_str()),
        ("0101010101010101", "a script")
    );
    at.told();
    for (who, which, what) in [
        (ben.card.id, token.id.as_str(), r#"NotFound("bot")"#),
        (owner, "0202020202020202", r#"NotFound("token")"#),
        (owner, "", r#"NotFound("token")"#),
    ] {
        assert_eq!(refusal(at.store.end_bot_token(who, id, which).await), what);
    }
    at.store
        .end_bot_token(owner, id, &token.id)
        .await
        .expect("ended");
    assert!(
        matches!(at.told().as_slice(), [Change::Revoked(Revocation::Token(hash))] if *hash == [1; 32])
    );
    assert!(
        at.store
            .token([1; 32], later(0))
            .await
            .expect("read")
            .is_none()
    );
}

pub(crate) async fn a_token_keeps_its_scopes(at: Fixture) {
    let anna = at.person("anna").await;
    let bot = add(&at, &anna, "helper").await.expect("made");
    at.store
        .add_bot_token(anna.card.id, scoped(1, &bot))
        .await
        .expect("kept");
    let bearer = at
        .store
        .token([1; 32], later(0))
        .await
        .expect("read")
        .expect("kept");
    assert_eq!(bearer.account.card, bot.card);
    assert_eq!(
        bearer.scopes,
        Some(Scopes::parse(["read"]).expect("scopes"))
    );
}

pub(crate) async fn a_deleted_bot_leaves_and_its_tokens_end(mut at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    at.room("tea", &anna).await;
    let bot = add(&at, &anna, "helper").await.expect("made");
    at.store
        .add_bot_token(anna.card.id, scoped(1, &bot))
        .await
        .expect("kept");
    let account = at
        .store
        .token([1; 32], later(0))
        .await
        .expect("read")
        .expect("kept")
        .account;
    at.joins(&account, "tea").await;
    at.say(&account, "tea", "hello").await;
    at.told();
    let refused = at.store.remove_bot(ben.card.id, bot.card.id).await;
    assert_eq!(refusal(refused), r#"NotFound("bot")"#);
    at.store
        .remove_bot(anna.card.id, bot.card.id)
        .await
        .expect("removed");
    assert!(matches!(
        at.told().as_slice(),
        [Change::Left { user, .. }, Change::Revoked(Revocation::Everything { user_id, except: None })]
            if user.id == bot.card.id && *user_id == bot.card.id
    ));
    assert!(
        at.store
            .token([1; 32], later(0))
            .await
            .expect("read")
            .is_none()
    );
    assert!(bots_of(&at, &anna).await.is_empty());
    add(&at, &anna, "helper").await.expect("the name is free");
}

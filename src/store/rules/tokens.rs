//! Rules of a person's own tokens.

use super::{Fixture, later, new_token, refusal};
use crate::model::{Change, NewToken, OwnToken, Revocation, Scopes, UserId};

/// As the token 1 sees them.
async fn tokens(at: &Fixture, user: UserId, second: u64) -> Vec<OwnToken> {
    let tokens = at.store.tokens_of(user, Some([1; 32]), later(second));
    tokens.await.expect("read")
}

async fn add(at: &Fixture, new: NewToken) {
    at.store.add_token(new).await.expect("kept");
}

fn ending(hash: u8, user: UserId, second: u64) -> NewToken {
    NewToken {
        expires_at: Some(later(second)),
        scopes: Some(Scopes::parse(["account", "read"]).expect("scopes")),
        ..new_token(hash, user)
    }
}

pub(crate) async fn a_persons_tokens_are_listed_with_what_they_may_and_when_they_end(at: Fixture) {
    let (anna, ben) = (
        at.person("anna").await.card.id,
        at.person("ben").await.card.id,
    );
    add(&at, new_token(1, anna)).await;
    add(&at, ending(2, anna, 90)).await;
    add(&at, new_token(3, ben)).await;
    let used = at.store.note_token_use([2; 32], later(50)).await;
    used.expect("noted");
    let listed = tokens(&at, anna, 60).await;
    let ids: Vec<_> = listed.iter().map(|token| token.id.as_str()).collect();
    assert_eq!(ids, ["0202020202020202", "0101010101010101"]);
    let NewToken {
        label, created_at, ..
    } = new_token(2, anna);
    assert_eq!(
        listed[0],
        OwnToken {
            id: ids[0].to_owned(),
            label,
            scopes: Scopes::parse(["read", "account"]).ok(),
            created_at,
            used_at: Some(later(50)),
            expires_at: Some(later(90)),
            current: false,
        }
    );
    assert_eq!((listed[1].used_at, listed[1].expires_at), (None, None));
    assert!(listed[1].current);
    assert_eq!(tokens(&at, anna, 90).await.len(), 1, "the other has ended");
}

pub(crate) async fn a_person_ends_own_tokens_only(mut at: Fixture) {
    let (anna, ben) = (
        at.person("anna").await.card.id,
        at.person("ben").await.card.id,
    );
    add(&at, new_token(1, anna)).await;
    add(&at, new_token(2, anna)).await;
    at.told();
    let refused = at.store.end_token_of(ben, "0101010101010101").await;
    assert_eq!(refusal(refused), r#"NotFound("token")"#);
    let ended = at.store.end_token_of(anna, "0101010101010101").await;
    ended.expect("ended");
    assert!(matches!(
        at.told().as_slice(),
        [Change::Revoked(Revocation::Token(hash))] if *hash == [1; 32]
    ));
    assert_eq!(tokens(&at, anna, 0).await.len(), 1);
}

pub(crate) async fn a_token_that_has_run_out_speaks_for_nobody_and_is_told_of(mut at: Fixture) {
    let anna = at.person("anna").await.card.id;
    add(&at, ending(1, anna, 90)).await;
    add(&at, new_token(2, anna)).await;
    at.told();
    let holds = async |hash: u8, second| {
        let found = at.store.token([hash; 32], later(second)).await;
        found.expect("read").is_some()
    };
    assert!(holds(1, 89).await && !holds(1, 90).await && holds(2, 90).await);
    assert_eq!(
        at.store.end_expired_tokens(later(89)).await.expect("swept"),
        0
    );
    assert!(at.told().is_empty());
    assert_eq!(
        at.store.end_expired_tokens(later(90)).await.expect("swept"),
        1
    );
    assert!(matches!(
        at.told().as_slice(),
        [Change::Revoked(Revocation::Token(hash))] if *hash == [1; 32]
    ));
    assert_eq!(
        at.store.end_expired_tokens(later(90)).await.expect("swept"),
        0
    );
    assert!(
        at.store
            .token([2; 32], later(90))
            .await
            .expect("read")
            .is_some(),
        "one without an end goes on"
    );
}

//! Rules of sessions and tokens.

use super::{Fixture, later, new_session, new_token, refusal, room_code};
use crate::{
    model::{Change, Revocation, UserId},
    store::{AccountChange, Password},
};

async fn lives(at: &Fixture, hash: u8, second: u64) -> bool {
    at.store
        .session([hash; 32], later(second))
        .await
        .expect("read")
        .is_some()
}

pub(crate) async fn a_session_ends_at_its_time(at: Fixture) {
    let anna = at.person("anna").await;
    at.store
        .open_session(new_session(1, anna.card.id))
        .await
        .expect("opened");
    let session = at
        .store
        .session([1; 32], later(99))
        .await
        .expect("read")
        .expect("it lives");
    assert_eq!(
        (session.hash, session.expires_at, session.entered),
        ([1; 32], later(100), None)
    );
    assert_eq!(session.account, anna);
    assert!(!lives(&at, 1, 100).await);
    assert!(!lives(&at, 2, 0).await);
}

pub(crate) async fn a_used_session_lasts_longer_but_is_not_brought_back(at: Fixture) {
    let anna = at.person("anna").await.card.id;
    at.store
        .open_session(new_session(1, anna))
        .await
        .expect("opened");
    at.store
        .extend_session([1; 32], later(50), later(150))
        .await
        .expect("extended");
    assert!(lives(&at, 1, 149).await);
    at.store
        .extend_session([1; 32], later(40), later(140))
        .await
        .expect("an older use");
    assert!(lives(&at, 1, 149).await, "an older use does not shorten it");
    at.store
        .extend_session([1; 32], later(150), later(250))
        .await
        .expect("harmless");
    assert!(!lives(&at, 1, 150).await, "it had ended");
    at.store
        .extend_session([9; 32], later(1), later(2))
        .await
        .expect("harmless");
}

pub(crate) async fn a_session_remembers_when_its_owner_last_showed_who_they_are(at: Fixture) {
    let anna = at.person("anna").await.card.id;
    let opened = at.store.open_session(new_session(1, anna)).await;
    opened.expect("opened");
    let proved = async || {
        let session = at.store.session([1; 32], later(60)).await;
        session.expect("read").expect("it lives").proved_at
    };
    assert_eq!(proved().await, later(0), "logging in counts");
    for (second, expected) in [(50, 50), (40, 50)] {
        let noted = at.store.prove_session([1; 32], later(second)).await;
        noted.expect("noted");
        assert_eq!(proved().await, later(expected));
    }
    let harmless = at.store.prove_session([9; 32], later(50)).await;
    harmless.expect("there is none");
}

pub(crate) async fn only_ended_sessions_are_swept_and_told_of(mut at: Fixture) {
    let anna = at.person("anna").await.card.id;
    at.store
        .open_session(new_session(1, anna))
        .await
        .expect("opened");
    at.store
        .open_session(new_session(2, anna))
        .await
        .expect("opened");
    at.store
        .extend_session([2; 32], later(50), later(150))
        .await
        .expect("extended");
    at.told();
    assert_eq!(at.store.sweep_sessions(later(99)).await.expect("swept"), 0);
    assert!(at.told().is_empty());
    assert_eq!(at.store.sweep_sessions(later(100)).await.expect("swept"), 1);
    assert!(matches!(
        at.told().as_slice(),
        [Change::Revoked(Revocation::Session(hash))] if *hash == [1; 32]
    ));
    assert!(!lives(&at, 1, 0).await);
    assert!(lives(&at, 2, 0).await);
}

pub(crate) async fn a_session_remembers_the_room_it_entered_last(at: Fixture) {
    let anna = at.person("anna").await;
    at.room("tea", &anna).await;
    at.store
        .open_session(new_session(1, anna.card.id))
        .await
        .expect("opened");
    let entered = async || {
        at.store
            .session([1; 32], later(1))
            .await
            .expect("read")
            .expect("lives")
            .entered
    };
    for code in ["lobby", "tea", "tea"] {
        at.store
            .enter_room([1; 32], room_code(code))
            .await
            .expect("entered");
        assert_eq!(entered().await, Some(room_code(code)));
    }
    at.store
        .enter_room([1; 32], room_code("nowhere"))
        .await
        .expect("harmless");
    assert_eq!(entered().await, Some(room_code("tea")));
}

pub(crate) async fn an_ended_session_or_token_is_told_once(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.store
        .open_session(new_session(1, anna.card.id))
        .await
        .expect("opened");
    at.store
        .add_token(new_token(2, anna.card.id))
        .await
        .expect("kept");
    let bearer = at
        .store
        .token([2; 32], later(0))
        .await
        .expect("read")
        .expect("kept");
    assert_eq!((bearer.account, bearer.scopes), (anna, None));
    assert_eq!(at.store.token([3; 32], later(0)).await.expect("read"), None);
    at.told();
    at.store.end_session([1; 32]).await.expect("ended");
    assert!(at.store.end_token([2; 32]).await.expect("ended"));
    let told = at.told();
    assert!(matches!(
        told.as_slice(),
        [Change::Revoked(Revocation::Session(one)), Change::Revoked(Revocation::Token(two))]
            if *one == [1; 32] && *two == [2; 32]
    ));
    assert!(!lives(&at, 1, 0).await);
    assert_eq!(at.store.token([2; 32], later(0)).await.expect("read"), None);
    at.store.end_session([1; 32]).await.expect("harmless");
    assert!(!at.store.end_token([2; 32]).await.expect("harmless"));
    assert!(at.told().is_empty());
}

pub(crate) async fn a_new_password_ends_other_sessions_and_all_tokens(mut at: Fixture) {
    let (anna, ben) = (
        at.person("anna").await.card.id,
        at.person("ben").await.card.id,
    );
    for (hash, user) in [(1, anna), (2, anna), (3, ben)] {
        at.store
            .open_session(new_session(hash, user))
            .await
            .expect("opened");
        at.store
            .add_token(new_token(hash, user))
            .await
            .expect("kept");
    }
    at.told();
    let password = |keep| AccountChange {
        password: Some(Password {
            hash: "new hash".to_owned(),
            keep,
        }),
        ..AccountChange::default()
    };
    at.store
        .change_account(anna, password(Some(([1; 32], [7; 32]))))
        .await
        .expect("changed");
    assert_eq!(
        at.store.password_hash(anna).await.expect("read").as_deref(),
        Some("new hash")
    );
    for (hash, alive) in [(1, false), (2, false), (7, true), (3, true)] {
        assert_eq!(lives(&at, hash, 1).await, alive, "session {hash}");
    }
    for (hash, alive) in [(1, false), (2, false), (3, true)] {
        assert_eq!(
            at.store
                .token([hash; 32], later(0))
                .await
                .expect("read")
                .is_some(),
            alive,
            "token {hash}"
        );
    }
    at.store
        .change_account(anna, password(None))
        .await
        .expect("changed");
    assert!(!lives(&at, 7, 1).await, "none was to be kept");
    let everything = |except| Revocation::Everything {
        user_id: anna,
        except,
    };
    assert!(matches!(
        at.told().as_slice(),
        [Change::Revoked(one), Change::Revoked(two)] if *one == everything(Some(([1; 32], [7; 32]))) && *two == everything(None)
    ));
}

pub(crate) async fn nobody_has_no_sessions_and_no_tokens(at: Fixture) {
    let nobody = UserId(99);
    assert_eq!(
        refusal(at.store.open_session(new_session(1, nobody)).await),
        r#"NotFound("account")"#
    );
    assert_eq!(
        refusal(at.store.add_token(new_token(1, nobody)).await),
        r#"NotFound("account")"#
    );
}

//! Rules of recovering accounts.

use super::{Fixture, later, new_session, new_token, refusal};
use crate::model::{Account, AccountDeed, Change, NewTotp, Operator, Revocation, UserId};

/// Somebody with a session, a token, two recovery codes and two links that hold until the second 30.
async fn person(at: &mut Fixture, name: &str) -> Account {
    let person = at.person(name).await;
    let id = person.card.id;
    let opened = at.store.open_session(new_session(1, id)).await;
    opened.expect("opened");
    at.store.add_token(new_token(2, id)).await.expect("kept");
    let codes = vec![[5; 32], [6; 32]];
    at.store.set_recovery_codes(id, codes).await.expect("set");
    for hash in [7, 8] {
        add(at, id, hash, 0).await;
    }
    at.told();
    person
}

async fn add(at: &Fixture, user: UserId, hash: u8, now: u64) {
    let added = at
        .store
        .add_recovery(user, [hash; 32], later(now), later(now + 30));
    added.await.expect("kept");
}

async fn holds(at: &Fixture, hash: u8, second: u64) -> bool {
    let found = at.store.recovery([hash; 32], later(second)).await;
    found.expect("read").is_some()
}

async fn all_ended(at: &mut Fixture, user: UserId, password: &str) {
    let everything = Revocation::Everything {
        user_id: user,
        except: None,
    };
    assert!(matches!(&at.told()[..], [Change::Revoked(found)] if *found == everything));
    let session = at.store.session([1; 32], later(1)).await;
    assert!(session.expect("read").is_none());
    let token = at.store.token([2; 32], later(1)).await;
    assert!(token.expect("read").is_none());
    let hash = at.store.password_hash(user).await.expect("read");
    assert_eq!(hash.as_deref(), Some(password));
    assert!(!holds(at, 7, 1).await && !holds(at, 8, 1).await);
}

pub(crate) async fn a_link_gives_a_new_password_once_and_ends_all_else(mut at: Fixture) {
    let anna = person(&mut at, "anna").await;
    let id = anna.card.id;
    assert!(holds(&at, 7, 29).await && !holds(&at, 7, 30).await);
    let found = at.store.recovery([7; 32], later(1)).await;
    assert_eq!(found.expect("read"), Some(anna));
    let recover = async |hash: u8, second| {
        let password = "another".to_owned();
        let done = at
            .store
            .recover_by_link([hash; 32], password, later(second));
        done.await.map(|account| account.card.id)
    };
    for (hash, second) in [(9, 1), (7, 30)] {
        let refused = recover(hash, second).await;
        assert_eq!(refusal(refused), r#"NotFound("link")"#);
    }
    assert_eq!(recover(7, 29).await.expect("recovered"), id);
    assert_eq!(
        refusal(recover(8, 1).await),
        r#"NotFound("link")"#,
        "all of its links ended"
    );
    all_ended(&mut at, id, "another").await;
    let factors = at.store.factors(id).await.expect("read");
    assert_eq!(factors.recovery_codes, 2, "recovery codes stay");
}

pub(crate) async fn a_recovery_code_gives_a_new_password_and_with_an_app_the_others_end(
    mut at: Fixture,
) {
    let id = person(&mut at, "anna").await.card.id;
    let recover = async |at: &Fixture, user, code: u8| {
        let done = at
            .store
            .recover_by_code(user, [code; 32], format!("by {code}"));
        done.await.map(|account| account.card.id)
    };
    for (user, code) in [(id, 9), (UserId(0), 5), (UserId(999), 5)] {
        let refused = recover(&at, user, code).await;
        assert_eq!(refusal(refused), r#"NotFound("code")"#);
    }
    assert_eq!(recover(&at, id, 5).await.expect("recovered"), id);
    all_ended(&mut at, id, "by 5").await;
    let left = async |at: &Fixture| at.store.factors(id).await.expect("read").recovery_codes;
    assert_eq!(left(&at).await, 1);
    let by = Operator {
        user: Some(id),
        address: "192.0.2.7".to_owned(),
        now: later(8),
    };
    let new = NewTotp {
        secret: [3; 20],
        step: 5,
        recovery_codes: vec![[5; 32], [6; 32]],
    };
    at.store.begin_totp(id, [3; 20]).await.expect("begun");
    at.store.turn_on_totp(by, id, new).await.expect("on");
    assert_eq!(recover(&at, id, 6).await.expect("recovered"), id);
    assert_eq!(left(&at).await, 0);
}

pub(crate) async fn a_disabled_account_is_not_recovered(mut at: Fixture) {
    at.person("olga").await;
    let id = person(&mut at, "anna").await.card.id;
    let console = Operator {
        user: None,
        address: "this machine".to_owned(),
        now: later(1),
    };
    let disabled = at
        .store
        .change_account_by(console, id, AccountDeed::Disable)
        .await;
    disabled.expect("disabled");
    assert!(!holds(&at, 7, 1).await);
    let by_link = at.store.recover_by_link([7; 32], "x".to_owned(), later(1));
    assert_eq!(refusal(by_link.await), r#"NotFound("link")"#);
    let by_code = at.store.recover_by_code(id, [5; 32], "x".to_owned());
    assert_eq!(refusal(by_code.await), r#"NotFound("code")"#);
    let added = at.store.add_recovery(id, [9; 32], later(1), later(30));
    assert_eq!(refusal(added.await), r#"NotFound("account")"#);
    let factors = at.store.factors(id).await.expect("read");
    assert_eq!(factors.recovery_codes, 2, "no code is used up");
}

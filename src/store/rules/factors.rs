//! Rules of second factors.

use super::{Fixture, later, refusal};
use crate::model::{Account, AccountDeed, Factors, NewTotp, Operator, UserId};

const SECRET: [u8; 20] = [7; 20];

fn new(secret: [u8; 20], step: i64) -> NewTotp {
    NewTotp {
        secret,
        step,
        recovery_codes: vec![[1; 32], [2; 32]],
    }
}

fn by(person: &Account) -> Operator {
    Operator {
        user: Some(person.card.id),
        address: "192.0.2.7".to_owned(),
        now: later(8),
    }
}

async fn turned_on(at: &Fixture, name: &str) -> Account {
    let person = at.person(name).await;
    let id = person.card.id;
    let begun = at.store.begin_totp(id, SECRET).await;
    begun.expect("begun");
    let on = at.store.turn_on_totp(by(&person), id, new(SECRET, 5)).await;
    on.expect("on");
    person
}

async fn factors(at: &Fixture, user: UserId) -> Factors {
    at.store.factors(user).await.expect("read")
}

pub(crate) async fn an_app_counts_from_its_first_code_and_a_step_is_taken_once(at: Fixture) {
    let anna = at.person("anna").await;
    let id = anna.card.id;
    let secret = async |on| at.store.totp_secret(id, on).await.expect("read");
    let take = async |step| at.store.take_step(id, step).await.expect("asked");
    for secret in [[6; 20], SECRET] {
        at.store.begin_totp(id, secret).await.expect("begun");
    }
    assert_eq!(
        (secret(false).await, secret(true).await),
        (Some(SECRET), None)
    );
    assert_eq!(factors(&at, id).await, Factors::default());
    assert!(!take(9).await, "it is not on");
    let other = at.store.turn_on_totp(by(&anna), id, new([6; 20], 5)).await;
    assert_eq!(refusal(other), r#"NotFound("secret")"#);
    let on = at.store.turn_on_totp(by(&anna), id, new(SECRET, 5)).await;
    on.expect("on");
    let expected = Factors {
        totp_since: Some(later(8)),
        recovery_codes: 2,
    };
    assert_eq!(factors(&at, id).await, expected);
    assert_eq!(
        (secret(false).await, secret(true).await),
        (None, Some(SECRET))
    );
    for (step, taken) in [
        (5, false),
        (6, true),
        (6, false),
        (5, false),
        (8, true),
        (7, false),
    ] {
        assert_eq!(take(step).await, taken, "{step}");
    }
    let ben = turned_on(&at, "ben").await.card.id;
    assert!(
        at.store.take_step(ben, 6).await.expect("asked"),
        "steps are a person's own"
    );
}

pub(crate) async fn a_secret_that_is_on_is_replaced_by_the_first_code_of_another(at: Fixture) {
    let anna = turned_on(&at, "anna").await;
    let id = anna.card.id;
    let secret = async |on| at.store.totp_secret(id, on).await.expect("read");
    let again = at.store.turn_on_totp(by(&anna), id, new(SECRET, 9)).await;
    assert_eq!(refusal(again), r#"NotFound("secret")"#);
    at.store.begin_totp(id, [6; 20]).await.expect("begun");
    assert_eq!(
        (secret(false).await, secret(true).await),
        (Some([6; 20]), Some(SECRET))
    );
    let again = at.store.turn_on_totp(by(&anna), id, new(SECRET, 9)).await;
    assert_eq!(refusal(again), r#"NotFound("secret")"#);
    let on = at.store.turn_on_totp(by(&anna), id, new([6; 20], 4)).await;
    on.expect("on");
    assert_eq!(
        (secret(false).await, secret(true).await),
        (None, Some([6; 20]))
    );
    assert!(at.store.take_step(id, 5).await.expect("asked"));
    for was_on in [true, false] {
        let off = at.store.turn_off_totp(by(&anna), id).await;
        assert_eq!(off.expect("asked"), was_on);
    }
    let left = Factors {
        totp_since: None,
        recovery_codes: 2,
    };
    assert_eq!(factors(&at, id).await, left, "recovery codes stay");
    at.store.begin_totp(id, [6; 20]).await.expect("begun");
    let off = at.store.turn_off_totp(by(&anna), id).await;
    assert!(!off.expect("asked"));
    let waits = at.store.totp_secret(id, false).await;
    assert_eq!(
        waits.expect("read"),
        Some([6; 20]),
        "what waits goes on waiting"
    );
}

pub(crate) async fn a_recovery_code_is_taken_once_and_new_ones_end_the_old(at: Fixture) {
    let (anna, ben) = (turned_on(&at, "anna").await, turned_on(&at, "ben").await);
    let take = async |of: &Account, hash: u8| {
        let taken = at.store.take_recovery_code(of.card.id, [hash; 32]).await;
        taken.expect("asked")
    };
    assert_eq!(take(&anna, 1).await, Some(1));
    assert_eq!(take(&anna, 1).await, None);
    assert_eq!(take(&anna, 3).await, None);
    let set = at
        .store
        .set_recovery_codes(anna.card.id, vec![[3; 32]])
        .await;
    set.expect("set");
    assert_eq!(take(&anna, 2).await, None);
    assert_eq!(take(&anna, 3).await, Some(0));
    assert_eq!(take(&ben, 2).await, Some(1), "they are a person's own");
}

pub(crate) async fn factors_are_noted_when_they_change_and_an_operator_removes_them(at: Fixture) {
    let anna = turned_on(&at, "anna").await;
    let id = anna.card.id;
    let console = || Operator {
        user: None,
        address: "this machine".to_owned(),
        now: later(9),
    };
    let remove = async || {
        let removed = at
            .store
            .change_account_by(console(), id, AccountDeed::RemoveFactors);
        removed.await.expect("removed").two_factor
    };
    let listed = at.store.listed_account("anna").await.expect("read");
    assert!(listed.expect("anna").two_factor);
    at.store.turn_off_totp(by(&anna), id).await.expect("off");
    at.store.begin_totp(id, SECRET).await.expect("begun");
    let on = at.store.turn_on_totp(by(&anna), id, new(SECRET, 9)).await;
    on.expect("on");
    assert!(!remove().await && !remove().await);
    assert_eq!(factors(&at, id).await, Factors::default());
    let log = at.store.site_log(None, 9).await.expect("read");
    let lines: Vec<_> = log
        .iter()
        .map(|entry| {
            (
                entry.by_name.as_str(),
                entry.deed.as_str(),
                entry.target.as_str(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("command line", "remove_factors", "anna"),
            ("anna", "turn_on_factor", "anna"),
            ("anna", "turn_off_factor", "anna"),
            ("anna", "turn_on_factor", "anna"),
        ],
        "what changes nothing is not noted"
    );
    assert_eq!(
        (log[1].by, log[1].address.as_str()),
        (Some(id), "192.0.2.7")
    );
}

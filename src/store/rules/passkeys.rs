//! Rules of passkeys.

use super::{Fixture, later, refusal};
use crate::model::{
    Account, AccountDeed, MOST_PASSKEYS, NewPasskey, Operator, PasskeyId, PasskeyUse, SaidBefore,
    UserId,
};

fn new(id: u8, name: &str) -> NewPasskey {
    NewPasskey {
        host: "chat.example".to_owned(),
        name: name.to_owned(),
        credential_id: vec![id; 16],
        handle: [9; 16],
        credential: "{}".to_owned(),
        sign_count: 0,
        backed_up: false,
    }
}

fn by(person: &Account) -> Operator {
    Operator {
        user: Some(person.card.id),
        address: "192.0.2.7".to_owned(),
        now: later(8),
    }
}

async fn added(at: &Fixture, person: &Account, new: NewPasskey) -> PasskeyId {
    let added = at.store.add_passkey(by(person), person.card.id, new).await;
    added.expect("added").id
}

async fn names(at: &Fixture, user: UserId) -> Vec<String> {
    let passkeys = at.store.passkeys(user).await.expect("read");
    passkeys.into_iter().map(|passkey| passkey.name).collect()
}

fn counted(sign_count: u32) -> PasskeyUse {
    PasskeyUse {
        credential: format!("{{\"counter\":{sign_count}}}"),
        sign_count,
        backed_up: true,
        at: later(12),
    }
}

pub(crate) async fn a_passkey_belongs_to_one_person_and_is_found_by_its_id(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let id = added(&at, &anna, new(1, "phone")).await;
    let again = at
        .store
        .add_passkey(by(&ben), ben.card.id, new(1, "mine"))
        .await;
    assert_eq!(refusal(again), r#"Taken("passkey")"#);
    added(&at, &anna, new(2, "laptop")).await;
    let held = at.store.held_passkey(vec![1; 16]).await.expect("read");
    let held = held.expect("a passkey");
    assert_eq!((held.passkey.id, held.disabled), (id, false));
    assert_eq!(held.account.card.id, anna.card.id);
    assert_eq!(held.passkey.handle, [9; 16]);
    assert_eq!(held.passkey.created_at, later(8));
    let none = at.store.held_passkey(vec![3; 16]).await.expect("read");
    assert!(none.is_none());

    let rename = async |of: &Account, name| at.store.rename_passkey(of.card.id, id, name).await;
    assert_eq!(
        refusal(rename(&ben, "mine").await),
        r#"NotFound("passkey")"#
    );
    assert_eq!(
        rename(&anna, "old phone").await.expect("named").name,
        "old phone"
    );
    assert_eq!(names(&at, anna.card.id).await, ["old phone", "laptop"]);
    let remove = async |of: &Account| at.store.remove_passkey(by(of), of.card.id, id).await;
    assert_eq!(refusal(remove(&ben).await), r#"NotFound("passkey")"#);
    assert_eq!(remove(&anna).await.expect("removed"), "old phone");
    assert_eq!(refusal(remove(&anna).await), r#"NotFound("passkey")"#);
    assert_eq!(names(&at, anna.card.id).await, ["laptop"]);
    let log = at.store.site_log(None, 9).await.expect("read");
    let lines = log
        .iter()
        .map(|entry| (entry.by_name.as_str(), entry.deed.as_str()));
    let (added, removed) = (("anna", "add_passkey"), ("anna", "remove_passkey"));
    assert_eq!(lines.collect::<Vec<_>>(), [removed, added, added]);
}

pub(crate) async fn a_passkey_that_counts_never_counts_back(at: Fixture) {
    let anna = at.person("anna").await;
    let id = added(&at, &anna, new(1, "phone")).await;
    let used = async |id, count| {
        at.store
            .use_passkey(id, counted(count))
            .await
            .expect("asked")
    };
    assert!(
        used(id, 0).await && used(id, 0).await,
        "one that does not count"
    );
    for (count, taken) in [(5, true), (5, false), (4, false), (0, false), (6, true)] {
        assert_eq!(used(id, count).await, taken, "{count}");
    }
    let passkeys = at.store.passkeys(anna.card.id).await.expect("read");
    let passkey = passkeys.first().expect("one");
    assert_eq!(passkey.credential, counted(6).credential);
    assert_eq!(
        (passkey.used_at, passkey.backed_up),
        (Some(later(12)), true)
    );
    let removed = at.store.remove_passkey(by(&anna), anna.card.id, id).await;
    removed.expect("removed");
    assert!(!used(id, 7).await, "it is gone");
}

pub(crate) async fn a_person_has_so_many_passkeys_at_most(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    for id in (0..).take(MOST_PASSKEYS) {
        added(&at, &anna, new(id, "one of many")).await;
    }
    let more = at
        .store
        .add_passkey(by(&anna), anna.card.id, new(99, "more"))
        .await;
    assert_eq!(refusal(more), r#"Full("passkey")"#);
    added(&at, &ben, new(99, "his first")).await;
}

pub(crate) async fn passkeys_go_with_the_factors_and_with_the_account(at: Fixture) {
    at.person("olga").await;
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    for (person, id) in [(&anna, 1), (&ben, 2)] {
        added(&at, person, new(id, "phone")).await;
    }
    let console = Operator {
        user: None,
        address: "this machine".to_owned(),
        now: later(9),
    };
    let change = async |deed| {
        let changed = at
            .store
            .change_account_by(console.clone(), ben.card.id, deed);
        changed.await.expect("changed");
        let held = at.store.held_passkey(vec![2; 16]).await.expect("read");
        held.map(|held| held.disabled)
    };
    assert_eq!(change(AccountDeed::Disable).await, Some(true));
    assert_eq!(change(AccountDeed::RemoveFactors).await, None);
    let closed = at
        .store
        .close_account(by(&anna), anna.card.id, SaidBefore::Keep);
    closed.await.expect("closed");
    let held = at.store.held_passkey(vec![1; 16]).await.expect("read");
    assert!(held.is_none() && names(&at, anna.card.id).await.is_empty());
}

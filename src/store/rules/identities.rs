//! Rules of identities at an OpenID Connect provider.

use super::{Fixture, later, new_account, refusal};
use crate::{
    model::{Account, Deed, NewAccount, OidcIdentity, Operator, UserId},
    store::Result,
};

/// Who somebody is at the provider.
pub(super) fn at_provider(subject: &str) -> OidcIdentity {
    OidcIdentity {
        issuer: "https://login.example.org".to_owned(),
        subject: subject.to_owned(),
    }
}

/// This person, from somewhere.
pub(super) fn by(id: UserId) -> Operator {
    Operator {
        user: Some(id),
        address: "192.0.2.7".to_owned(),
        now: later(8),
    }
}

async fn link(at: &Fixture, person: &Account, subject: &str) -> Result<()> {
    let id = person.card.id;
    let identity = at_provider(subject);
    at.store.link_identity(by(id), id, identity).await
}

async fn unlink(at: &Fixture, person: &Account) -> bool {
    let id = person.card.id;
    let unlinked = at.store.unlink_identity(by(id), id).await;
    unlinked.expect("read")
}

/// Whose the identity is.
pub(super) async fn whose(at: &Fixture, subject: &str) -> Option<UserId> {
    let found = at.store.identified(&at_provider(subject)).await;
    found.expect("read").map(|(account, _)| account.card.id)
}

pub(crate) async fn an_identity_is_one_accounts_and_an_account_has_one(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    link(&at, &anna, "a").await.expect("linked");
    assert_eq!(refusal(link(&at, &ben, "a").await), r#"Taken("identity")"#);
    assert_eq!(refusal(link(&at, &anna, "b").await), r#"Taken("identity")"#);
    assert_eq!(whose(&at, "a").await, Some(anna.card.id));
    let of = async |person: &Account| at.store.identity_of(person.card.id).await.expect("read");
    assert_eq!(of(&anna).await, Some(at_provider("a")));
    assert_eq!(of(&ben).await, None);
    assert!(unlink(&at, &anna).await && !unlink(&at, &anna).await);
    assert_eq!((whose(&at, "a").await, of(&anna).await), (None, None));
    link(&at, &ben, "a").await.expect("free again");
    let log = at.store.site_log(None, 9).await.expect("read");
    let lines: Vec<_> = log
        .iter()
        .map(|entry| (entry.by_name.as_str(), entry.deed, entry.address.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            ("ben", Deed::LinkIdentity, "192.0.2.7"),
            ("anna", Deed::UnlinkIdentity, "192.0.2.7"),
            ("anna", Deed::LinkIdentity, "192.0.2.7"),
        ],
        "what changes nothing is not noted"
    );
}

pub(crate) async fn who_has_no_password_keeps_their_identity(at: Fixture) {
    let without = NewAccount {
        password_hash: String::new(),
        ..new_account("anna")
    };
    let made = at
        .store
        .register_identified(without, at_provider("a"), None)
        .await;
    let anna = made.expect("made");
    assert!(!unlink(&at, &anna).await);
    assert_eq!(whose(&at, "a").await, Some(anna.card.id));
    let other = at
        .store
        .register_identified(new_account("ben"), at_provider("a"), None)
        .await;
    assert_eq!(refusal(other), r#"Taken("identity")"#);
    let nobody = at.store.account_by_name("ben").await.expect("read");
    assert!(nobody.is_none(), "no half of it is left");
}

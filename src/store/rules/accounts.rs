//! Rules of accounts.

use super::{Fixture, new_account, refusal};
use crate::{
    model::{Change, Email, Role, RoomCode, UserId, UserName},
    store::{AccountChange, Page},
};

fn renamed(name: &str) -> AccountChange {
    AccountChange {
        name: Some(UserName::parse(name, 2, 32).expect("a name")),
        ..AccountChange::default()
    }
}

pub(crate) async fn the_first_account_owns_the_site(at: Fixture) {
    assert!(!at.store.has_owner().await.expect("read"));
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    assert!(at.store.has_owner().await.expect("read"));
    assert_eq!((anna.admin, ben.admin), (true, false));
    let role = async |id| {
        let standing = at
            .store
            .standing(&RoomCode::lobby(), id)
            .await
            .expect("read")
            .expect("the lobby");
        standing.membership.expect("a member").role
    };
    assert_eq!(
        (role(anna.card.id).await, role(ben.card.id).await),
        (Role::Owner, Role::Member)
    );
}

pub(crate) async fn the_first_account_waits_for_its_owner(at: Fixture) {
    let mut stranger = new_account("mallory");
    stranger.may_be_first = false;
    assert_eq!(
        refusal(at.store.create_account(stranger.clone()).await),
        "NoOwner"
    );
    at.person("anna").await;
    assert!(
        !at.store
            .create_account(stranger)
            .await
            .expect("an account")
            .admin
    );
}

pub(crate) async fn names_and_addresses_are_unique_whatever_their_case(at: Fixture) {
    let anna = at.person("Anna").await;
    let ben = at.person("ben").await;
    let mut same = new_account("aNNA");
    same.email = Email::parse("elsewhere@example.org").expect("an address");
    assert_eq!(
        refusal(at.store.create_account(same).await),
        r#"Taken("name")"#
    );
    let mut other = new_account("carla");
    other.email = Email::parse("ANNA@example.org").expect("an address");
    assert_eq!(
        refusal(at.store.create_account(other.clone()).await),
        r#"Taken("email")"#
    );
    assert_eq!(
        refusal(at.store.change_account(ben.card.id, renamed("ANNA")).await),
        r#"Taken("name")"#
    );
    let change = AccountChange {
        email: Some(other.email),
        ..AccountChange::default()
    };
    assert_eq!(
        refusal(at.store.change_account(ben.card.id, change).await),
        r#"Taken("email")"#
    );
    let same = at
        .store
        .change_account(anna.card.id, renamed("ANNA"))
        .await
        .expect("one's own name is free");
    assert_eq!(same.card.name.as_str(), "ANNA");
}

pub(crate) async fn an_account_is_found_by_name_and_by_address(at: Fixture) {
    let anna = at.person("Anna").await;
    at.person("ben").await;
    for login in ["anna", " ANNA ", "anna@example.org", "Anna@Example.org"] {
        let found = at
            .store
            .credentials(login)
            .await
            .expect("read")
            .expect(login);
        assert_eq!(
            (found.account, found.password_hash.as_str()),
            (anna.clone(), "hash of Anna")
        );
    }
    for login in ["", "carla", "carla@example.org", "anna@"] {
        assert!(
            at.store.credentials(login).await.expect("read").is_none(),
            "{login}"
        );
    }
    let by_name = at
        .store
        .account_by_name(&UserName::key_of("ANNA"))
        .await
        .expect("read");
    assert_eq!(by_name.as_ref(), Some(&anna));
    assert_eq!(
        at.store.account(anna.card.id).await.expect("read"),
        Some(anna.clone())
    );
    assert_eq!(
        at.store
            .password_hash(anna.card.id)
            .await
            .expect("read")
            .as_deref(),
        Some("hash of Anna")
    );
    assert_eq!(
        at.store.password_hash(UserId(99)).await.expect("read"),
        None
    );
}

pub(crate) async fn a_change_is_made_whole_or_not_at_all(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.person("ben").await;
    at.told();
    let change = AccountChange {
        email: Some(Email::parse("ben@example.org").expect("fits")),
        ..renamed("annabel")
    };
    assert_eq!(
        refusal(at.store.change_account(anna.card.id, change).await),
        r#"Taken("email")"#
    );
    assert_eq!(
        at.store.account(anna.card.id).await.expect("read"),
        Some(anna)
    );
    assert!(at.told().is_empty());
}

pub(crate) async fn a_new_name_shows_in_old_messages_and_is_told(mut at: Fixture) {
    let anna = at.person("anna").await;
    let said = at.say(&anna, "lobby", "hello").await.message;
    at.told();
    let annabel = at
        .store
        .change_account(anna.card.id, renamed("Annabel"))
        .await
        .expect("changed");
    assert!(matches!(at.told().as_slice(), [Change::Profile(card)] if *card == annabel.card));
    let page = at
        .store
        .history(said.room_id, Page::Newest, 1)
        .await
        .expect("read");
    assert_eq!(page.messages[0].author, annabel.card);
    assert!(
        at.store
            .account_by_name("anna")
            .await
            .expect("read")
            .is_none(),
        "the old name is free"
    );
    at.store
        .change_account(anna.card.id, renamed("Annabel"))
        .await
        .expect("the same again");
    assert!(at.told().is_empty(), "what did not change is not told");
}

pub(crate) async fn a_photo_comes_and_goes(mut at: Fixture) {
    let anna = at.person("anna").await.card.id;
    at.told();
    let photo = |photo: Option<&str>| AccountChange {
        photo: Some(photo.map(str::to_owned)),
        ..AccountChange::default()
    };
    let with = at
        .store
        .change_account(anna, photo(Some("p1")))
        .await
        .expect("changed");
    assert_eq!(with.card.photo.as_deref(), Some("p1"));
    let kept = at
        .store
        .change_account(anna, renamed("annabel"))
        .await
        .expect("changed");
    assert_eq!(kept.card.photo.as_deref(), Some("p1"));
    let without = at
        .store
        .change_account(anna, photo(None))
        .await
        .expect("changed");
    assert_eq!(without.card.photo, None);
    assert_eq!(at.told().len(), 3);
}

pub(crate) async fn nobody_is_changed_who_is_not_there(at: Fixture) {
    let nobody = UserId(99);
    assert_eq!(
        refusal(at.store.change_account(nobody, renamed("anna")).await),
        r#"NotFound("account")"#
    );
    assert_eq!(at.store.account(nobody).await.expect("read"), None);
}

pub(crate) async fn a_hash_is_renewed_only_if_it_is_still_there(at: Fixture) {
    let store = &at.store;
    assert!(store.brought_hashes().await.expect("read").is_empty());
    let mut people = Vec::new();
    for (name, hash) in [
        ("anna", "$werkzeug$scrypt:1024:8:1$salt$00"),
        ("ben", "$werkzeug$scrypt:1024:8:1$pepper$00"),
        ("carla", "$werkzeug$pbkdf2:sha256:1000$salt$00"),
        ("dora", "$scrypt$ln=14,r=8,p=1$salt$00"),
    ] {
        let mut new = new_account(name);
        hash.clone_into(&mut new.password_hash);
        people.push((store.create_account(new).await.expect(name).card.id, hash));
    }
    let mut methods = store.brought_hashes().await.expect("read");
    methods.sort();
    assert_eq!(methods, ["pbkdf2:sha256:1000", "scrypt:1024:8:1"]);
    for (id, hash) in &people {
        store
            .renew_hash(*id, hash, "$scrypt$new")
            .await
            .expect("renewed");
        store
            .renew_hash(*id, hash, "$scrypt$late")
            .await
            .expect("nothing to do");
        let now = store.password_hash(*id).await.expect("read");
        assert_eq!(now.as_deref(), Some("$scrypt$new"));
    }
    assert!(store.brought_hashes().await.expect("read").is_empty());
}

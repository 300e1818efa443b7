//! Rules of guests.

use super::{Fixture, START, allow, deny, later};
use crate::{
    model::{Change, Denied, RoomCode, UserName},
    store::{Page, StoreError},
};

fn name(text: &str) -> UserName {
    UserName::stored(text.to_owned())
}

pub(crate) async fn a_guest_comes_after_the_owner_and_cannot_log_in(it: Fixture) {
    let create = |text| it.store.create_guest(name(text), allow, START);
    assert!(matches!(create("guest-1").await, Err(StoreError::NoOwner)));
    let owner = it.person("owner").await;
    let guest = create("guest-1").await.expect("a guest");
    assert!(guest.card.guest && !guest.admin && !owner.card.guest);
    assert!(matches!(
        create("GUEST-1").await,
        Err(StoreError::Taken("name"))
    ));
    for login in ["guest-1", ""] {
        let found = it.store.credentials(login).await.expect("asked");
        assert!(found.is_none(), "{login:?}");
    }
    let standing = it.store.standing(&RoomCode::lobby(), guest.card.id).await;
    assert!(
        standing
            .expect("asked")
            .expect("a room")
            .membership
            .is_some()
    );
}

pub(crate) async fn a_guest_who_may_not_join_leaves_no_trace(it: Fixture) {
    it.person("owner").await;
    let refused = it.store.create_guest(name("guest-1"), deny, START).await;
    assert!(matches!(
        refused,
        Err(StoreError::Denied(Denied::Forbidden))
    ));
    let again = it.store.create_guest(name("guest-1"), allow, START).await;
    again.expect("the name is free");
}

pub(crate) async fn of_a_guest_who_goes_only_messages_stay(mut it: Fixture) {
    let owner = it.person("owner").await;
    let guest = it.store.create_guest(name("guest-1"), allow, START).await;
    let guest = guest.expect("a guest");
    let said = it.say(&guest, "lobby", "hello").await.message;
    it.told();
    let id = guest.card.id;
    for _ in 0..2 {
        it.store.remove_guest(id).await.expect("removed");
    }
    let told = it.told();
    assert!(
        matches!(&told[..], [Change::Left { user, .. }] if user.id == id),
        "{told:?}"
    );
    assert!(it.store.account(id).await.expect("asked").is_none());
    let page = it.store.history(said.room_id, Page::Newest, 9).await;
    let message = &page.expect("asked").messages[0];
    assert_eq!(message.author.name.as_str(), "guest-1");
    let back = it.store.join(&RoomCode::lobby(), id, later(1), allow).await;
    assert!(matches!(back, Err(StoreError::NotFound("account"))));
    it.store.remove_guest(owner.card.id).await.expect("nothing");
    assert!(
        it.store
            .account(owner.card.id)
            .await
            .expect("asked")
            .is_some()
    );
}

pub(crate) async fn guests_of_a_server_that_crashed_are_removed(it: Fixture) {
    let owner = it.person("owner").await;
    for text in ["guest-1", "guest-2"] {
        let made = it.store.create_guest(name(text), allow, START).await;
        made.expect("a guest");
    }
    assert_eq!(it.store.remove_guests().await.expect("removed"), 2);
    assert_eq!(it.store.remove_guests().await.expect("removed"), 0);
    let rooms = it.store.rooms_of(owner.card.id).await.expect("asked");
    assert_eq!(rooms[0].room.members, 1);
}

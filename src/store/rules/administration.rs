//! Rules of running the site.

use super::{Fixture, later, new_account, new_session, new_token, refusal, room_code};
use crate::model::{
    Account, AccountDeed, Change, Deed, Operator, Revocation, RoomDeed, SiteLogEntry, UserId,
};

/// Who has the command line.
fn console() -> Operator {
    Operator {
        user: None,
        address: "this machine".to_owned(),
        now: later(7),
    }
}

fn person(account: &Account) -> Operator {
    Operator {
        user: Some(account.card.id),
        address: "192.0.2.7".to_owned(),
        now: later(8),
    }
}

async fn change(at: &Fixture, user: UserId, deed: AccountDeed) {
    let changed = at.store.change_account_by(console(), user, deed).await;
    changed.expect("changed");
}

async fn log(at: &Fixture, before: Option<i64>, limit: u32) -> Vec<SiteLogEntry> {
    at.store.site_log(before, limit).await.expect("read")
}

pub(crate) async fn a_disabled_account_has_no_session_and_gets_none(mut at: Fixture) {
    at.person("olga").await;
    let anna = at.person("anna").await.card.id;
    let opened = at.store.open_session(new_session(1, anna)).await;
    opened.expect("opened");
    at.store.add_token(new_token(2, anna)).await.expect("kept");
    at.told();
    change(&at, anna, AccountDeed::Disable).await;
    let everything = Revocation::Everything {
        user_id: anna,
        except: None,
    };
    assert!(matches!(&at.told()[..], [Change::Revoked(found)] if *found == everything));
    let session = at.store.session([1; 32], later(9)).await;
    assert!(session.expect("read").is_none());
    assert!(
        at.store
            .token([2; 32], later(9))
            .await
            .expect("read")
            .is_none()
    );
    let missing = r#"NotFound("account")"#;
    let again = at.store.open_session(new_session(3, anna)).await;
    assert_eq!(refusal(again), missing);
    assert_eq!(
        refusal(at.store.add_token(new_token(4, anna)).await),
        missing
    );
    let known = async || at.store.credentials("anna").await.expect("read");
    assert!(known().await.expect("anna").disabled);
    change(&at, anna, AccountDeed::Enable).await;
    assert!(!known().await.expect("anna").disabled);
    let opened = at.store.open_session(new_session(3, anna)).await;
    opened.expect("opened");
}

pub(crate) async fn the_site_keeps_somebody_who_runs_it(at: Fixture) {
    let olga = at.person("olga").await.card.id;
    let anna = at.person("anna").await.card.id;
    for deed in [AccountDeed::Disable, AccountDeed::Demote] {
        let refused = at.store.change_account_by(console(), olga, deed).await;
        assert_eq!(refusal(refused), "LastAdmin");
    }
    change(&at, anna, AccountDeed::Promote).await;
    change(&at, anna, AccountDeed::Disable).await;
    let refused = at
        .store
        .change_account_by(console(), olga, AccountDeed::Demote)
        .await;
    assert_eq!(refusal(refused), "LastAdmin", "a disabled one runs nothing");
    change(&at, anna, AccountDeed::Enable).await;
    change(&at, olga, AccountDeed::Demote).await;
    assert!(
        !at.store
            .account(olga)
            .await
            .expect("read")
            .expect("olga")
            .admin
    );
}

pub(crate) async fn only_who_runs_the_site_changes_it(at: Fixture) {
    let olga = at.person("olga").await;
    let anna = at.person("anna").await;
    at.room("attic", &anna).await;
    let denied = "Denied(Forbidden)";
    let by = || person(&anna);
    let made = at
        .store
        .create_account_by(by(), new_account("petra"), true)
        .await;
    assert_eq!(refusal(made), denied);
    let changed = at
        .store
        .change_account_by(by(), anna.card.id, AccountDeed::Promote)
        .await;
    assert_eq!(refusal(changed), denied);
    let room = at
        .store
        .change_room_by(by(), &room_code("attic"), RoomDeed::Delete)
        .await;
    assert_eq!(refusal(room), denied);
    assert_eq!(log(&at, None, 10).await, []);
    let promoted = at
        .store
        .change_account_by(person(&olga), anna.card.id, AccountDeed::Promote)
        .await;
    assert!(promoted.expect("promoted").account.admin);
}

pub(crate) async fn a_room_is_archived_restored_and_ended(mut at: Fixture) {
    let anna = at.person("anna").await;
    at.room("attic", &anna).await;
    at.told();
    let code = room_code("attic");
    for (deed, archived) in [(RoomDeed::Archive, true), (RoomDeed::Restore, false)] {
        let room = at.store.change_room_by(console(), &code, deed).await;
        assert_eq!(room.expect("changed").archived, archived);
        assert!(matches!(&at.told()[..], [Change::Room(room)] if room.archived == archived));
    }
    let same = at.store.change_room_by(console(), &code, RoomDeed::Restore);
    same.await.expect("nothing to do");
    assert!(at.told().is_empty());
    let gone = at.store.change_room_by(console(), &code, RoomDeed::Delete);
    gone.await.expect("deleted");
    assert!(
        matches!(&at.told()[..], [Change::Removed { members, .. }] if *members == [anna.card.id])
    );
    assert!(at.store.listed_room(&code).await.expect("read").is_none());
    let again = at.store.change_room_by(console(), &code, RoomDeed::Delete);
    assert_eq!(refusal(again.await), r#"NotFound("room")"#);
    let lobby = at
        .store
        .change_room_by(console(), &room_code("lobby"), RoomDeed::Archive)
        .await;
    assert_eq!(refusal(lobby), "Fixed");
    assert_eq!(log(&at, None, 10).await.len(), 3);
}

pub(crate) async fn what_is_done_stands_in_the_log_once_under_the_names_of_the_time(at: Fixture) {
    let olga = at.person("olga").await;
    let made = at
        .store
        .create_account_by(console(), new_account("anna"), false)
        .await;
    let anna = made.expect("made").account.card.id;
    let disable = || {
        let by = person(&olga);
        at.store.change_account_by(by, anna, AccountDeed::Disable)
    };
    disable().await.expect("disabled");
    disable().await.expect("it is so already");
    let entries = log(&at, None, 10).await;
    assert_eq!(
        entries,
        [
            SiteLogEntry {
                id: 2,
                by: Some(olga.card.id),
                by_name: "olga".to_owned(),
                deed: Deed::DisableUser,
                target: "anna".to_owned(),
                address: "192.0.2.7".to_owned(),
                created_at: later(8),
            },
            SiteLogEntry {
                id: 1,
                by: None,
                by_name: "command line".to_owned(),
                deed: Deed::CreateUser,
                target: "anna".to_owned(),
                address: "this machine".to_owned(),
                created_at: later(7),
            },
        ]
    );
    assert_eq!(log(&at, None, 1).await, entries[..1]);
    assert_eq!(log(&at, Some(2), 10).await, entries[1..]);
}

pub(crate) async fn accounts_come_in_pages(at: Fixture) {
    for name in ["olga", "anna", "ben"] {
        at.person(name).await;
    }
    let first = at.store.listed_accounts("", None, 2).await.expect("read");
    let last = first.last().expect("two").account.card.id;
    let rest = at
        .store
        .listed_accounts("", Some(last), 2)
        .await
        .expect("read");
    let names = |page: &[crate::model::Listed]| -> Vec<String> {
        let name = |listed: &crate::model::Listed| listed.account.card.name.as_str().to_owned();
        page.iter().map(name).collect()
    };
    assert_eq!(names(&first), ["olga", "anna"]);
    assert_eq!(names(&rest), ["ben"]);
    let by_address = at.store.listed_account("BEN@example.org").await;
    let by_address = by_address.expect("read").expect("ben");
    assert_eq!(by_address.account.card.id, rest[0].account.card.id);
    let by_id = at.store.listed(by_address.account.card.id).await;
    assert_eq!(
        by_id.expect("read").expect("ben").account,
        by_address.account
    );
    assert!(at.store.listed(UserId(99)).await.expect("read").is_none());
}

pub(crate) async fn accounts_are_found_by_a_part_of_name_or_address(at: Fixture) {
    for name in ["olga", "Ann_Lee", "ben"] {
        at.person(name).await;
    }
    for (query, found) in [
        ("", &["olga", "Ann_Lee", "ben"][..]),
        ("N_L", &["Ann_Lee"]),
        ("EXAMPLE.org", &["olga", "Ann_Lee", "ben"]),
        ("ben@", &["ben"]),
        ("%", &[]),
        ("_", &["Ann_Lee"]),
    ] {
        let listed = at.store.listed_accounts(query, None, 9).await;
        let listed = listed.expect("read");
        let names = listed.iter().map(|one| one.account.card.name.as_str());
        assert_eq!(names.collect::<Vec<_>>(), found, "{query}");
    }
}

//! Rules of a person's own browser sessions.

use super::{Fixture, later, new_session, refusal};
use crate::model::{Change, Device, NewSession, Revocation, UserId};

/// As the session 1 sees them.
async fn devices(at: &Fixture, user: UserId, second: u64) -> Vec<Device> {
    let devices = at.store.devices(user, Some([1; 32]), later(second)).await;
    devices.expect("read")
}

async fn open(at: &Fixture, hash: u8, user: UserId) {
    let opened = at.store.open_session(new_session(hash, user)).await;
    opened.expect("opened");
}

pub(crate) async fn a_persons_live_sessions_are_listed_the_last_used_first(at: Fixture) {
    let (anna, ben) = (
        at.person("anna").await.card.id,
        at.person("ben").await.card.id,
    );
    for (hash, user) in [(1, anna), (2, anna), (3, ben)] {
        open(&at, hash, user).await;
    }
    let extended = at
        .store
        .extend_session([1; 32], later(50), later(150))
        .await;
    extended.expect("extended");
    let listed = devices(&at, anna, 60).await;
    let ids: Vec<_> = listed.iter().map(|device| device.id.as_str()).collect();
    assert_eq!(ids, ["0101010101010101", "0202020202020202"]);
    let NewSession {
        origin, created_at, ..
    } = new_session(1, anna);
    assert_eq!(
        listed[0],
        Device {
            id: ids[0].to_owned(),
            address: origin.address.to_string(),
            user_agent: origin.user_agent,
            created_at,
            used_at: later(50),
            current: true,
        }
    );
    assert!(!listed[1].current);
    assert_eq!(
        devices(&at, anna, 100).await.len(),
        1,
        "the other has ended"
    );
}

pub(crate) async fn a_person_ends_own_sessions_only(mut at: Fixture) {
    let (anna, ben) = (
        at.person("anna").await.card.id,
        at.person("ben").await.card.id,
    );
    for (hash, user) in [(1, anna), (2, anna), (3, anna), (4, ben)] {
        open(&at, hash, user).await;
    }
    at.told();
    let refused = at.store.end_device(ben, "0101010101010101").await;
    assert_eq!(refusal(refused), r#"NotFound("session")"#);
    let ended = at.store.end_device(anna, "0101010101010101").await;
    ended.expect("ended");
    assert!(matches!(
        at.told().as_slice(),
        [Change::Revoked(Revocation::Session(hash))] if *hash == [1; 32]
    ));
    let ended = at.store.end_other_devices(anna, Some([2; 32])).await;
    ended.expect("ended");
    assert!(matches!(
        at.told().as_slice(),
        [Change::Revoked(Revocation::Session(hash))] if *hash == [3; 32]
    ));
    assert_eq!(devices(&at, anna, 0).await.len(), 1);
    at.store.end_other_devices(anna, None).await.expect("ended");
    assert!(devices(&at, anna, 0).await.is_empty());
    assert_eq!(devices(&at, ben, 0).await.len(), 1);
}

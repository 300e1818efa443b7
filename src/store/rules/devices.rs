//! Rules of how people want to be told, and of the devices that are pushed to.

use super::{Fixture, later, new_session, new_token, refusal};
use crate::{
    model::{
        Account, Credential, NewSubscription, NotificationSettings, PushKeys, QuietHours,
        Subscription, WhichSubscription,
    },
    store::Result,
};

/// A device of this person with a session of its own.
pub(crate) async fn device(at: &Fixture, person: &Account, number: u8) -> Subscription {
    let session = new_session(number, person.card.id);
    at.store.open_session(session).await.expect("opened");
    let via = Credential::Session([number; 32]);
    let endpoint = format!("https://push.example.org/{number}");
    subscribe(at, person, via, &endpoint)
        .await
        .expect("subscribed")
}

async fn subscribe(
    at: &Fixture,
    person: &Account,
    via: Credential,
    endpoint: &str,
) -> Result<Subscription> {
    let new = NewSubscription {
        user_id: person.card.id,
        via,
        endpoint: endpoint.to_owned(),
        keys: PushKeys {
            p256dh: [4; 65],
            auth: [1; 16],
        },
        label: "a browser".to_owned(),
        created_at: later(2),
    };
    at.store.subscribe(new).await
}

async fn devices(at: &Fixture, person: &Account, second: u64) -> Vec<Subscription> {
    let devices = at.store.subscriptions(person.card.id, later(second)).await;
    devices.expect("read")
}

pub(crate) async fn a_secret_of_the_server_is_made_once(at: Fixture) {
    for fresh in [vec![1, 2], vec![3]] {
        let kept = at.store.key("push", fresh).await.expect("kept");
        assert_eq!(kept, [1, 2]);
    }
    assert_eq!(at.store.key("other", vec![3]).await.expect("kept"), [3]);
}

pub(crate) async fn a_person_says_when_to_hear_nothing(at: Fixture) {
    let anna = at.person("anna").await.card.id;
    let first = at.store.notification_settings(anna).await;
    assert_eq!(first.expect("read"), NotificationSettings::default());
    for settings in [
        NotificationSettings {
            quiet_until: Some(later(60)),
            quiet_hours: Some(QuietHours {
                from: 1320,
                to: 420,
                zone: "Europe/Berlin".to_owned(),
            }),
            mail: false,
        },
        NotificationSettings::default(),
    ] {
        let set = at.store.set_notification_settings(anna, settings.clone());
        set.await.expect("set");
        let read = at.store.notification_settings(anna).await;
        assert_eq!(read.expect("read"), settings);
    }
    let nobody = crate::model::UserId(99);
    let refused = at
        .store
        .set_notification_settings(nobody, NotificationSettings::default())
        .await;
    assert_eq!(refusal(refused), r#"NotFound("account")"#);
}

pub(crate) async fn a_device_is_pushed_to_as_long_as_its_session_lasts(at: Fixture) {
    let anna = at.person("anna").await;
    let ended = subscribe(&at, &anna, Credential::Session([9; 32]), "https://a.b/").await;
    assert_eq!(refusal(ended), r#"NotFound("session")"#);
    let browser = device(&at, &anna, 1).await;
    assert_eq!(devices(&at, &anna, 99).await, [browser]);
    assert!(devices(&at, &anna, 100).await.is_empty(), "it has run out");
    at.store.end_session([1; 32]).await.expect("ended");
    assert!(devices(&at, &anna, 5).await.is_empty());
    let token = new_token(2, anna.card.id);
    at.store.add_token(token).await.expect("made");
    let via = Credential::Token([2; 32]);
    subscribe(&at, &anna, via, "https://a.b/c")
        .await
        .expect("subscribed");
    assert_eq!(devices(&at, &anna, 100).await.len(), 1);
    at.store.end_token([2; 32]).await.expect("ended");
    assert!(devices(&at, &anna, 5).await.is_empty());
}

pub(crate) async fn a_device_belongs_to_who_asked_last(at: Fixture) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let hers = device(&at, &anna, 1).await;
    let theirs = new_session(2, ben.card.id);
    at.store.open_session(theirs).await.expect("opened");
    let endpoint = "https://push.example.org/1";
    let his = subscribe(&at, &ben, Credential::Session([2; 32]), endpoint)
        .await
        .expect("subscribed");
    assert!(devices(&at, &anna, 5).await.is_empty());
    for which in [
        WhichSubscription::Id(hers.id),
        WhichSubscription::Id(his.id),
        WhichSubscription::Endpoint(endpoint.to_owned()),
    ] {
        let refused = at.store.unsubscribe(anna.card.id, which).await;
        assert_eq!(refusal(refused), r#"NotFound("subscription")"#);
    }
    assert_eq!(devices(&at, &ben, 5).await, [his]);
    let which = WhichSubscription::Endpoint(endpoint.to_owned());
    at.store
        .unsubscribe(ben.card.id, which)
        .await
        .expect("gone");
    assert!(devices(&at, &ben, 5).await.is_empty());
}

pub(crate) async fn of_too_many_devices_the_oldest_gives_way(at: Fixture) {
    let anna = at.person("anna").await;
    let mut all = Vec::new();
    for number in 1..=21 {
        all.push(device(&at, &anna, number).await);
    }
    assert_eq!(devices(&at, &anna, 5).await, all[1..]);
}

//! Notifications: the page with scripts off, and which addresses are pushed to. What is pushed stands in tests/clients.

use serde_json::json;

use crate::harness::{TestServer, field_of};

const PAGE: &str = "/settings/notifications";

/// A point of P-256 and a secret, from RFC 8291, section 5.
const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

#[tokio::test]
async fn only_public_addresses_with_tls_are_pushed_to() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let keys = json!({ "p256dh": P256DH, "auth": AUTH });
    for endpoint in [
        "http://push.example.org/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "push.example.org",
        "",
    ] {
        let body = json!({ "endpoint": endpoint, "keys": keys });
        let refused = anna.api().post("/push/subscriptions", &body).await;
        let refused = refused.expect(422);
        assert_eq!(refused["error"]["field"], "endpoint", "{endpoint}");
    }
    let endpoint = "https://push.example.org/1";
    let body = json!({ "endpoint": endpoint, "keys": keys });
    let added = anna.api().post("/push/subscriptions", &body).await;
    let added = added.expect(201);
    let again = anna.api().post("/push/subscriptions", &body).await;
    assert_ne!(again.expect(201)["subscription"], added["subscription"]);
    let listed = anna.api().get("/push/subscriptions").await.expect(200);
    assert_eq!(listed["subscriptions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_page_sets_levels_quiet_hours_and_removes_devices() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let room = anna.api().open_room("Tea").await;
    let browser = anna.browser().await;
    let level = format!("level-{room}");
    browser
        .submit(PAGE, PAGE, &[("section", "levels"), (&level, "none")])
        .await
        .leads_to(&format!("{PAGE}?saved=levels"));
    let state = anna.api().get("/rooms").await.expect(200);
    let of = |code: &str| {
        let mut rooms = state["rooms"].as_array().unwrap().iter();
        let state = rooms.find(|state| state["room"]["room"] == code).unwrap();
        state["preferences"]["notify"].clone()
    };
    assert_eq!((of(&room), of("lobby")), (json!("none"), json!("mentions")));
    browser
        .submit(PAGE, PAGE, &[("section", "levels"), ("every", "all")])
        .await
        .leads_to(&format!("{PAGE}?saved=levels"));
    let state = anna.api().get("/rooms").await.expect(200);
    let every: Vec<_> = state["rooms"].as_array().unwrap().iter().collect();
    assert_eq!(every.len(), 2);
    for state in every {
        assert_eq!(state["preferences"]["notify"], "all", "{state}");
    }
    let hours = |from, to, zone| {
        [
            ("section", "quiet"),
            ("from", from),
            ("to", to),
            ("zone", zone),
        ]
    };
    let refused = browser
        .submit(PAGE, PAGE, &hours("22:00", "late", "Mars/Base"))
        .await;
    let text = refused.is(422).text();
    assert!(text.contains("Write a time of day such as 22:00."));
    assert!(text.contains("There is no such time zone."));
    assert_eq!(field_of(text, "quiet-zone").unwrap(), "Mars/Base");
    browser
        .submit(PAGE, PAGE, &hours("22:00", "07:30", "Europe/Berlin"))
        .await
        .leads_to(&format!("{PAGE}?saved=quiet"));
    let kept = browser.get(PAGE).await;
    assert_eq!(field_of(kept.text(), "quiet-to").unwrap(), "07:30");
    let body = json!({
        "endpoint": "https://push.example.org/1", "keys": { "p256dh": P256DH, "auth": AUTH },
    });
    let added = anna.api().post("/push/subscriptions", &body).await;
    let id = added.expect(201)["subscription"]["id"].clone();
    let remove = format!("{PAGE}/devices/{id}/remove");
    browser
        .submit(PAGE, &remove, &[])
        .await
        .leads_to(&format!("{PAGE}?saved=device"));
    let ben = server.person("ben").await;
    let others = ben.browser().await.submit(PAGE, &remove, &[]).await;
    others.is(404);
    let listed = anna.api().get("/push/subscriptions").await.expect(200);
    assert_eq!(listed["subscriptions"], json!([]));
}

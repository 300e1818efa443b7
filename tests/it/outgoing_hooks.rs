//! Outgoing webhooks: who makes them, and which addresses they may have. What they post stands in tests/clients.

use serde_json::{Value, json};

use crate::harness::{TestServer, field_of};

#[tokio::test]
async fn only_public_addresses_are_taken_unless_the_owner_of_the_server_allows_others() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let path = "/rooms/lobby/outgoing-hooks";
    for url in [
        "http://127.0.0.1:8080/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "ftp://example.org/",
        "https://anna:secret@example.org/",
        "example.org",
        "",
    ] {
        let refused: Value = anna
            .api()
            .post(path, &json!({ "url": url }))
            .await
            .expect(422);
        assert_eq!(refused["error"]["field"], "url", "{url}");
    }
    anna.api().post(path, &json!({})).await.is(422);
    let allow = |settings: &mut parlor::config::Settings| {
        settings.outgoing_to_private_addresses = true;
    };
    let server = TestServer::builder().setting(allow).start().await;
    let anna = server.person("anna").await;
    let body = json!({ "url": "http://127.0.0.1:9/" });
    let made = anna.api().post(path, &body).await.expect(201);
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let listed = anna.api().get(path).await.expect(200);
    assert_eq!(listed["hooks"], json!([made["hook"]]));
}

#[tokio::test]
async fn outgoing_webhooks_are_the_owners_and_moderators() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Deploys").await;
    ben.api().join(&room).await;
    let path = format!("/rooms/{room}/outgoing-hooks");
    let body = json!({ "url": "https://example.org/hook" });
    let made = anna.api().post(&path, &body).await.expect(201);
    let one = format!("{path}/{}", made["hook"]["id"]);
    ben.api().get(&path).await.is(403);
    ben.api().post(&path, &body).await.is(403);
    ben.api().delete(&one).await.is(403);
    anna.api().delete(&format!("{path}/x")).await.is(404);
    anna.api().delete(&one).await.is(204);
    anna.api().delete(&one).await.is(404);
    assert_eq!(anna.api().get(&path).await.expect(200)["hooks"], json!([]));
}

#[tokio::test]
async fn the_page_makes_an_outgoing_webhook_and_shows_its_secret_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let (page, action) = ("/room/lobby/hooks", "/room/lobby/outgoing-hooks");
    let refused = browser
        .submit(page, action, &[("url", "http://10.0.0.1/")])
        .await;
    assert!(
        refused
            .is(422)
            .text()
            .contains("public http or https address")
    );
    assert_eq!(
        field_of(refused.text(), "hook-url").unwrap(),
        "http://10.0.0.1/"
    );
    let url = "https://example.org/hook";
    browser
        .submit(page, action, &[("url", url)])
        .await
        .leads_to(page);
    let shown = browser.get(page).await;
    let secret = field_of(shown.text(), "hook-secret").expect("a secret");
    assert!(secret.starts_with("whsec_") && shown.text().contains(url));
    assert!(field_of(browser.get(page).await.text(), "hook-secret").is_none());
    let listed = anna
        .api()
        .get("/rooms/lobby/outgoing-hooks")
        .await
        .expect(200);
    let remove = format!("{action}/{}/remove", listed["hooks"][0]["id"]);
    browser.submit(page, &remove, &[]).await.leads_to(page);
    assert!(!browser.get(page).await.text().contains(url));
}

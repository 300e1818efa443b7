//! One's identity at an OpenID Connect provider, as JSON. Going there and back is shown by `tests/clients/oidc.test.mjs`,
//! against a real provider.

use std::net::Ipv4Addr;

use parlor::config::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer};

/// A server with a provider that it has no reason to ask.
async fn server() -> TestServer {
    let with_provider = |settings: &mut Settings| {
        settings.oidc_issuer = Some("https://login.example.org".to_owned());
        settings.oidc_client_id = Some("parlor".to_owned());
        "the guild".clone_into(&mut settings.oidc_name);
    };
    let server = TestServer::builder().setting(with_provider);
    server.start().await
}

async fn unlink(person: &Person, body: Value) -> Answer {
    let request = person.api().request(Method::DELETE, "/me/oidc");
    Answer::of(request.json(&body)).await
}

#[tokio::test]
async fn an_identity_is_shown_and_unlinked_by_json_and_the_log_says_so() {
    let server = server().await;
    let (owner, anna) = (server.person("owner").await, server.person("anna").await);
    let none = json!({ "name": "the guild", "identity": null, "has_password": true });
    assert_eq!(anna.api().get("/me/oidc").await.expect(200), none);
    let proof = json!({ "current_password": anna.password });
    let nothing = unlink(&anna, proof.clone()).await;
    assert_eq!(nothing.refusal(), (404, "not_found".to_owned()));

    server.links(&anna).await;
    let identity =
        json!({ "issuer": "https://login.example.org", "subject": "anna at the provider" });
    let shown = anna.api().get("/me/oidc").await;
    assert_eq!(shown.expect(200)["identity"], identity);
    let unproved = unlink(&anna, json!({})).await;
    assert_eq!(unproved.refusal(), (401, "unauthorized".to_owned()));
    assert_eq!(unproved.json()["error"]["field"], "current_password");
    unlink(&anna, proof).await.is(204);
    assert_eq!(anna.api().get("/me/oidc").await.expect(200), none);

    let log = owner.api().get("/admin/audit").await;
    let lines: Vec<_> = log.expect(200)["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| json!([entry["by"], entry["action"], entry["address"]]))
        .collect();
    let expected = [
        json!(["anna", "unlink_identity", Ipv4Addr::LOCALHOST]),
        json!(["anna", "link_identity", "192.0.2.7"]),
    ];
    assert_eq!(lines, expected);
    let page = owner.browser().await.get("/admin/audit").await;
    let text = page.text();
    for line in [
        "anna linked their account with single sign-on.",
        "anna unlinked their account from single sign-on.",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

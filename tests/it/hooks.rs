//! Incoming webhooks: who makes them, what they take, and what the room hears.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer, client, texts};

/// A webhook in a room: its address, and its id.
async fn hook(owner: &Person, room: &str, name: &str) -> (String, i64) {
    let path = format!("/rooms/{room}/hooks");
    let made = owner
        .api()
        .post(&path, &json!({ "name": name }))
        .await
        .expect(201);
    let url = made["url"].as_str().unwrap();
    assert!(
        url.ends_with(&format!("/hooks/{}", made["token"].as_str().unwrap())),
        "{made}"
    );
    (url.to_owned(), made["hook"]["id"].as_i64().unwrap())
}

async fn post(url: &str, kind: &str, body: &str) -> Answer {
    let request = client().build().unwrap().request(Method::POST, url);
    Answer::of(
        request
            .header(header::CONTENT_TYPE, kind)
            .body(body.to_owned()),
    )
    .await
}

async fn post_json(url: &str, body: &Value) -> Answer {
    post(url, "application/json", &body.to_string()).await
}

#[tokio::test]
async fn what_comes_by_a_webhook_is_said_by_a_bot_of_its_name() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let room = anna.api().open_room("Deploys").await;
    let mut socket = anna.listening(&room).await;
    let (url, _) = hook(&anna, &room, "deploys").await;
    let joined = socket.next("member_joined").await;
    assert_eq!(
        (
            &joined["member"]["user"]["name"],
            &joined["member"]["user"]["bot"]
        ),
        (&json!("deploys"), &json!(true))
    );
    let said = post_json(&url, &json!({ "text": "It works" }))
        .await
        .expect(201);
    let heard = socket.next("message").await;
    assert_eq!(heard, said["message"]);
    assert_eq!(
        (&heard["name"], &heard["text"]),
        (&json!("deploys"), &json!("It works"))
    );
    let twin = url.replace("/hooks/", "/api/v1/hooks/");
    post_json(&twin, &json!({ "text": "By its long address" }))
        .await
        .is(201);
    assert_eq!(
        anna.api().read(&room).await,
        ["It works", "By its long address"]
    );
}

#[tokio::test]
async fn a_webhook_takes_what_slacks_take_and_plain_text() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let room = anna.api().open_room("Deploys").await;
    let (url, _) = hook(&anna, &room, "deploys").await;
    let form = "application/x-www-form-urlencoded";
    let shaped = json!({ "attachments": [{ "fallback": "no", "title": "Build 7", "title_link": "https://ci.example/7", "text": "*green*" }] });
    let payload = reqwest::Url::parse_with_params(
        "http://x/",
        [(
            "payload",
            json!({ "text": "*a* <https://x.org|b> &lt;" }).to_string(),
        )],
    )
    .unwrap();
    for (kind, body, text) in [
        (
            "application/json",
            json!({ "text": "**a** <https://x.org|b> &lt;" }).to_string(),
            "**a** [b](https://x.org) <",
        ),
        (
            form,
            payload.query().unwrap().to_owned(),
            "**a** [b](https://x.org) <",
        ),
        (
            form,
            json!({ "text": "as curl sends it" }).to_string(),
            "as curl sends it",
        ),
        ("text/plain", "just a text".to_owned(), "just a text"),
        (
            "application/json; charset=utf-8",
            shaped.to_string(),
            "[Build 7](https://ci.example/7)\n**green**",
        ),
    ] {
        let said = post(&url, kind, &body).await.expect(201);
        assert_eq!(said["message"]["text"], text, "{kind} {body}");
    }
}

#[tokio::test]
async fn a_webhook_says_what_is_wrong_with_what_came() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let room = anna.api().open_room("Deploys").await;
    let (url, _) = hook(&anna, &room, "deploys").await;
    let form = "application/x-www-form-urlencoded";
    for (kind, body, status, field) in [
        ("application/json", "{}".to_owned(), 422, "text"),
        (
            "application/json",
            json!({ "text": " " }).to_string(),
            422,
            "text",
        ),
        (
            "application/json",
            json!({ "text": 7 }).to_string(),
            422,
            "text",
        ),
        (
            "application/json",
            json!({ "text": "x".repeat(4001) }).to_string(),
            422,
            "data",
        ),
        (
            "application/json",
            json!({ "text": "x", "client_id": "" }).to_string(),
            422,
            "client_id",
        ),
        (
            "application/json",
            json!({ "text": "x", "blocks": "no" }).to_string(),
            422,
            "blocks",
        ),
        (form, "payload=no".to_owned(), 422, ""),
        ("image/png", "x".to_owned(), 415, "content-type"),
        ("text/plain", "x".repeat(300_000), 413, ""),
    ] {
        let refused = post(&url, kind, &body).await;
        let named = refused.json()["error"]["field"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(
            (refused.status, named.as_str()),
            (status, field),
            "{kind} {body:.80}"
        );
    }
    assert_eq!(anna.api().read(&room).await, [""; 0], "nothing is left");
}

#[tokio::test]
async fn a_resent_webhook_is_said_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (url, _) = hook(&anna, "lobby", "deploys").await;
    let first = post_json(&url, &json!({ "text": "one", "client_id": "a" }))
        .await
        .expect(201);
    let again = client()
        .build()
        .unwrap()
        .post(&url)
        .header("idempotency-key", "\"a\"")
        .json(&json!({ "text": "two" }));
    let again = Answer::of(again).await.expect(200);
    assert_eq!(
        (&again["message"], &again["duplicate"]),
        (&first["message"], &json!(true))
    );
    assert_eq!(anna.api().read("lobby").await, ["one"]);
}

#[tokio::test]
async fn a_webhook_has_the_rate_of_a_person() {
    let limit = |settings: &mut parlor::config::Settings| {
        settings.limits.message_rate = 1;
        settings.limits.message_burst = 1;
    };
    let server = TestServer::builder().setting(limit).start().await;
    let anna = server.person("anna").await;
    let (url, _) = hook(&anna, "lobby", "deploys").await;
    post_json(&url, &json!({ "text": "one" })).await.is(201);
    let refused = post_json(&url, &json!({ "text": "two" })).await;
    assert_eq!(refused.refusal(), (429, "rate_limited".to_owned()));
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn webhooks_are_the_owners_and_moderators_and_end_when_revoked() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Deploys").await;
    ben.api().join(&room).await;
    let (url, id) = hook(&anna, &room, "deploys").await;
    let path = format!("/rooms/{room}/hooks");
    let listed = anna.api().get(&path).await.expect(200);
    assert_eq!(listed["hooks"][0]["user"]["name"], "deploys");
    assert!(
        !listed.to_string().contains(url.rsplit('/').next().unwrap()),
        "the token is not shown again"
    );
    let forbidden = (403, "forbidden".to_owned());
    assert_eq!(ben.api().get(&path).await.refusal(), forbidden);
    assert_eq!(
        ben.api()
            .post(&path, &json!({ "name": "mine" }))
            .await
            .refusal(),
        forbidden
    );
    assert_eq!(
        ben.api().delete(&format!("{path}/{id}")).await.refusal(),
        forbidden
    );
    let not_found = (404, "not_found".to_owned());
    assert_eq!(
        anna.api().delete(&format!("{path}/999")).await.refusal(),
        not_found
    );
    assert_eq!(
        anna.api()
            .delete(&format!("/rooms/lobby/hooks/{id}"))
            .await
            .refusal(),
        not_found
    );
    assert_eq!(
        anna.api().delete(&format!("{path}/x")).await.refusal(),
        not_found
    );
    post_json(&url, &json!({ "text": "still there" }))
        .await
        .is(201);
    anna.api().delete(&format!("{path}/{id}")).await.is(204);
    assert_eq!(
        post_json(&url, &json!({ "text": "gone" })).await.refusal(),
        not_found
    );
    assert_eq!(anna.api().read(&room).await, ["still there"]);
    let (url, _) = hook(&anna, &room, "deploys").await;
    post_json(&url, &json!({ "text": "the name is free" }))
        .await
        .is(201);
}

#[tokio::test]
async fn the_page_makes_a_webhook_shows_its_address_once_and_revokes_it() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let page = "/room/lobby/hooks";
    let refused = browser.submit(page, page, &[("name", "anna")]).await;
    refused.is(409);
    assert!(
        refused.text().contains("That name is taken") && refused.text().contains("value=\"anna\"")
    );
    browser
        .submit(page, page, &[("name", "deploys")])
        .await
        .leads_to(page);
    let shown = browser.get(page).await;
    let url = crate::harness::field_of(shown.text(), "hook-address").expect("an address");
    post_json(&url, &json!({ "text": "by curl" })).await.is(201);
    let again = browser.get(page).await;
    assert!(!again.text().contains("hook-address"), "it is shown once");
    assert!(again.text().contains("deploys"));
    let action = again
        .text()
        .split("action=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|action| action.ends_with("/revoke"))
        .unwrap()
        .to_owned();
    browser.submit(page, &action, &[]).await.leads_to(page);
    assert_eq!(
        post_json(&url, &json!({ "text": "gone" })).await.status,
        404
    );
    let messages = anna.api().get("/rooms/lobby/messages").await.expect(200);
    assert_eq!(texts(&messages["messages"]), ["by curl"]);
}

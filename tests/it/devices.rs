//! Where somebody is logged in, and how they end that.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Browser, Ended, TestServer};

async fn sessions(browser: &Browser) -> Vec<Value> {
    let body = browser.get("/api/v1/sessions").await.expect(200);
    body["sessions"].as_array().unwrap().clone()
}

/// The id of a session that is not the one that asks.
async fn another(browser: &Browser) -> String {
    let found = sessions(browser).await;
    let other = found.iter().find(|session| session["current"] == false);
    other.unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_ended_session_drops_its_sockets_at_once_and_opens_nothing() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (here, there) = (anna.browser().await, anna.browser().await);
    let connect = async |browser: &Browser| {
        let connect = server.connect().header("cookie", browser.cookie());
        connect.open().await.unwrap()
    };
    let (mut own, mut other) = (connect(&here).await, connect(&there).await);
    let page = here.get("/settings/sessions").await;
    assert!(page.is(200).text().contains("Log out all others"));
    let path = format!("/settings/sessions/{}/end", another(&here).await);
    let answer = here.submit("/settings/sessions", &path, &[]).await;
    answer.leads_to("/settings/sessions");
    assert_eq!(other.closed().await, Ended::Disconnected);
    there.get("/profile").await.leads_to("/login?next=/profile");
    assert_eq!(sessions(&here).await.len(), 1);
    own.say("lobby", "still here").await;
    here.submit("/profile", &path, &[]).await.is(404);
}

#[tokio::test]
async fn all_others_end_together_and_tokens_go_on() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let (here, his) = (anna.browser().await, ben.browser().await);
    let others = [anna.browser().await, anna.browser().await];
    let answer = here
        .submit("/settings/sessions", "/settings/sessions", &[])
        .await;
    answer.leads_to("/settings/sessions");
    for other in &others {
        other.get("/profile").await.is(303);
    }
    his.get("/profile").await.is(200);
    anna.api().get("/me").await.is(200);
    let left = sessions(&here).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["current"], true);
    let path = format!("/sessions/{}", left[0]["id"].as_str().unwrap());
    ben.api().delete(&path).await.is(404);
    anna.api().delete(&path).await.is(204);
    here.get("/profile").await.is(303);
    let browser = anna.browser().await;
    anna.api().delete("/sessions").await.is(204);
    browser.get("/profile").await.is(303);
}

#[tokio::test]
async fn the_list_tells_when_each_was_last_used_to_some_minutes() {
    let (builder, clock) = TestServer::standing();
    let server = builder.start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let used = async || sessions(&browser).await[0]["used_at"].clone();
    assert_eq!(used().await, json!("2026-01-01T00:00:00.000Z"));
    clock.advance(Duration::from_mins(4));
    assert_eq!(
        used().await,
        json!("2026-01-01T00:00:00.000Z"),
        "no write for each request"
    );
    clock.advance(Duration::from_mins(1));
    assert_eq!(used().await, json!("2026-01-01T00:05:00.000Z"));
}

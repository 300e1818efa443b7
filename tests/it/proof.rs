//! Showing once more who one is: what asks for it, when it is not asked, and how it leads on.

use std::{sync::Arc, time::Duration};

use parlor::{base::ManualClock, config::Settings};
use serde_json::json;

use crate::harness::{Answer, Browser, Person, TestServer};

const BOTS: &str = "/settings/bots";
const CONFIRM: &str = "/settings/confirm?next=/settings/bots";

/// A server whose time stands, and anna in a browser that has just logged in, with a bot.
struct Scene {
    server: TestServer,
    clock: Arc<ManualClock>,
    anna: Person,
    browser: Browser,
    bot: i64,
}

impl Scene {
    async fn set() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let (builder, clock) = TestServer::standing();
        let server = builder.setting(change).start().await;
        let anna = server.person("anna").await;
        let made = anna.api().post("/bots", &json!({ "name": "robot" })).await;
        let bot = made.expect(201)["bot"]["user"]["id"].as_i64().unwrap();
        let browser = anna.browser().await;
        Self {
            server,
            clock,
            anna,
            browser,
            bot,
        }
    }

    /// Asks for a token of the bot by the page's form, which may not be shown any more.
    async fn by_form(&self) -> Answer {
        let action = format!("{BOTS}/{}/tokens", self.bot);
        let fields = [("label", "x"), ("read", "1")];
        self.browser.submit(BOTS, &action, &fields).await
    }

    /// The same by JSON with the browser's cookie.
    async fn by_cookie(&self, more: Option<&str>) -> Answer {
        let path = format!("/api/v1/bots/{}/tokens", self.bot);
        let mut body = json!({ "scopes": ["read"] });
        if let Some(password) = more {
            body["current_password"] = json!(password);
        }
        let request = self.browser.request(reqwest::Method::POST, &path);
        Answer::of(request.header("origin", self.server.base()).json(&body)).await
    }
}

#[tokio::test]
async fn a_session_makes_tokens_of_bots_until_its_proof_is_a_quarter_of_an_hour_old() {
    let scene = Scene::set().await;
    scene.clock.advance(Duration::from_secs(15 * 60 - 1));
    scene.by_form().await.leads_to(BOTS);
    scene.by_cookie(None).await.is(201);
    scene.clock.advance(Duration::from_secs(1));
    let page = scene.browser.get(BOTS).await;
    assert!(page.text().contains(CONFIRM) && !page.text().contains("Make token"));
    scene.by_form().await.leads_to(CONFIRM);
    let refused = scene.by_cookie(None).await;
    assert_eq!(refused.refusal(), (401, "unauthorized".to_owned()));
    assert_eq!(refused.json()["error"]["field"], "current_password");
    let path = format!("/bots/{}/tokens", scene.bot);
    let body = json!({ "scopes": ["read"] });
    scene.anna.api().post(&path, &body).await.is(201);
}

#[tokio::test]
async fn the_present_password_counts_as_proof_by_page_form_and_json() {
    let scene = Scene::set().await;
    let password = scene.anna.password.as_str();
    for how in ["page", "profile", "json"] {
        scene.clock.advance(Duration::from_mins(16));
        scene.by_form().await.leads_to(CONFIRM);
        match how {
            "page" => {
                let send = async |typed: &str| {
                    let fields = [("current_password", typed), ("next", BOTS)];
                    let action = "/settings/confirm";
                    scene.browser.submit(CONFIRM, action, &fields).await
                };
                let wrong = send("a guess").await;
                assert!(wrong.is(401).text().contains("not your present password"));
                assert!(
                    wrong
                        .text()
                        .contains(r#"name="next" value="/settings/bots""#)
                );
                send("").await.is(422);
                scene.by_form().await.leads_to(CONFIRM);
                send(password).await.leads_to(BOTS);
            }
            "profile" => {
                let fields = [
                    ("section", "email"),
                    ("email", "anna@example.net"),
                    ("current_password", password),
                ];
                let saved = scene.browser.submit("/profile", "/profile", &fields);
                saved.await.leads_to("/profile?saved=email");
            }
            _ => {
                scene.by_cookie(Some("a guess")).await.is(401);
                scene.by_cookie(Some(password)).await.is(201);
            }
        }
        scene.by_form().await.leads_to(BOTS);
    }
}

#[tokio::test]
async fn the_proof_is_the_sessions_and_leads_to_no_other_site() {
    let scene = Scene::set().await;
    scene.clock.advance(Duration::from_mins(16));
    let other = scene.anna.browser().await;
    scene.by_form().await.leads_to(CONFIRM);
    let fields = [
        ("current_password", scene.anna.password.as_str()),
        ("next", "https://evil.example/"),
    ];
    let sent = other.submit(
        "/settings/confirm?next=//evil.example/",
        "/settings/confirm",
        &fields,
    );
    sent.await.leads_to("/profile");
    scene.by_form().await.leads_to(CONFIRM);
}

#[tokio::test]
async fn how_long_a_proof_counts_is_a_setting() {
    let minute = Duration::from_mins(1);
    let scene = Scene::with(|settings| settings.limits.proof_lifetime = minute).await;
    scene.clock.advance(Duration::from_secs(59));
    scene.by_form().await.leads_to(BOTS);
    scene.clock.advance(Duration::from_secs(1));
    scene.by_form().await.leads_to(CONFIRM);
}

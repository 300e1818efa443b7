//! Passkeys: added, used to get in instead of the password or after it, and what of them is refused.

mod refused;

use std::{sync::Arc, time::Duration};

use parlor::{base::ManualClock, config::Settings};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Device, Person, TestServer, app_code};

const PAGE: &str = "/settings/passkeys";
const ORIGIN: &str = "https://chat.example";

/// A server whose time stands, and anna in a browser that has just logged in, whose device has a passkey of hers.
struct Scene {
    server: TestServer,
    clock: Arc<ManualClock>,
    anna: Person,
    browser: Browser,
    device: Device,
}

impl Scene {
    async fn set() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let (builder, clock) = TestServer::standing();
        let builder = builder.setting(|settings| {
            settings.public_url = Some(ORIGIN.to_owned());
            change(settings);
        });
        let server = builder.start().await;
        let anna = server.person("anna").await;
        let browser = anna.browser().await;
        let mut scene = Self {
            server,
            clock,
            anna,
            browser,
            device: Device::new(ORIGIN, 1),
        };
        scene.add().await.leads_to("/settings/passkeys?done=added");
        scene
    }

    /// Has anna's device make a passkey, and adds it by the page.
    async fn add(&mut self) -> Answer {
        let begun = self.call("/me/passkeys/challenge", &json!({})).await;
        let made = self.device.make(&begun.expect(200)).to_string();
        let fields = [("name", "phone"), ("passkey", made.as_str())];
        self.browser.submit(PAGE, PAGE, &fields).await
    }

    /// A JSON call of anna's browser.
    async fn call(&self, path: &str, body: &Value) -> Answer {
        call(&self.browser, self.server.base(), path, body).await
    }

    /// A browser in which nobody is logged in, and what it is to ask its devices for.
    async fn asked(&self) -> (Browser, Value) {
        let browser = self.server.visitor();
        let asked = ask(&browser, self.server.base(), "log_in").await;
        (browser, asked.expect(200))
    }

    /// Logs a new browser in by what anna's device answers now.
    async fn logs_in(&mut self) -> Answer {
        let (browser, asked) = self.asked().await;
        let answer = self.device.answer(&asked);
        send(&browser, &answer).await
    }

    /// Switches on codes of an app; answers with its secret.
    async fn codes(&self) -> String {
        let (api, password) = (self.anna.api(), &self.anna.password);
        let proof = json!({ "current_password": password });
        let begun = api.post("/me/two-factor", &proof).await.expect(201);
        let secret = begun["secret"].as_str().unwrap().to_owned();
        let code = app_code(&secret, 1_767_225_600_000);
        let first = json!({ "code": code, "current_password": password });
        let on = api.request(Method::PUT, "/me/two-factor").json(&first);
        Answer::of(on).await.is(200);
        secret
    }
}

async fn call(browser: &Browser, base: &str, path: &str, body: &Value) -> Answer {
    let request = browser.request(Method::POST, &format!("/api/v1{path}"));
    Answer::of(request.header("origin", base).json(body)).await
}

async fn ask(browser: &Browser, base: &str, purpose: &str) -> Answer {
    let body = json!({ "purpose": purpose });
    call(browser, base, "/passkeys/challenge", &body).await
}

/// Sends the form that logs in with a passkey.
async fn send(browser: &Browser, answer: &Value) -> Answer {
    let answer = answer.to_string();
    let fields = [("passkey", answer.as_str()), ("next", "/room/lobby")];
    browser.submit("/login", "/login/passkey", &fields).await
}

#[tokio::test]
async fn a_passkey_logs_in_without_name_password_and_code() {
    let mut scene = Scene::set().await;
    scene.codes().await;
    let (browser, asked) = scene.asked().await;
    assert_eq!(asked["public_key"]["rpId"], "chat.example");
    assert_eq!(asked["public_key"]["allowCredentials"], json!([]));
    let answer = scene.device.answer(&asked);
    let sent = send(&browser, &answer).await;
    let cookie = sent.leads_to("/room/lobby").set_cookie("session");
    assert!(cookie.is_some_and(|cookie| cookie.contains("HttpOnly")));
    assert_eq!(browser.cookie_value("passkey"), None);
    let page = browser.get(PAGE).await;
    assert!(page.text().contains("phone") && page.text().contains("Last used Today"));
    // It counts as showing who one is.
    let none = json!({});
    let more = call(
        &browser,
        scene.server.base(),
        "/me/passkeys/challenge",
        &none,
    )
    .await;
    more.is(200);
    let log = scene.anna.api().get("/admin/audit").await.expect(200);
    assert_eq!(log["entries"][1]["action"], "add_passkey");
    let listed = scene.anna.api().get("/me/passkeys").await.expect(200);
    assert_eq!(listed["passkeys"][0]["used_at"], "2026-01-01T00:00:00.000Z");
    assert!(listed["passkeys"][0].get("credential").is_none());
}

#[tokio::test]
async fn a_login_by_passkey_begins_a_new_session() {
    let mut scene = Scene::set().await;
    let browser = scene.anna.browser().await;
    let before = browser.cookie_value("session");
    let asked = ask(&browser, scene.server.base(), "log_in")
        .await
        .expect(200);
    let answer = scene.device.answer(&asked).to_string();
    let csrf = browser.csrf("/profile").await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("passkey", &answer),
        ("next", "//evil.example"),
    ];
    browser.post("/login/passkey", &fields).await.leads_to("/");
    assert_ne!(browser.cookie_value("session"), before);
    let old = format!("session={}", before.unwrap());
    let nobody = scene.server.visitor();
    let request = nobody
        .request(Method::GET, "/profile")
        .header("cookie", old);
    Answer::of(request).await.leads_to("/login?next=/profile");
}

#[tokio::test]
async fn a_passkey_stands_for_a_code() {
    let mut scene = Scene::set().await;
    scene.codes().await;
    let browser = scene.server.visitor();
    let fields = [
        ("login", "anna"),
        ("password", scene.anna.password.as_str()),
    ];
    let first = browser
        .submit("/login?next=/saved", "/login", &fields)
        .await;
    first.leads_to("/login/code");
    let page = browser.get("/login/code?next=/saved").await;
    assert!(page.text().contains("data-purpose=\"second_factor\""));
    let asked = ask(&browser, scene.server.base(), "second_factor")
        .await
        .expect(200);
    let known = &asked["public_key"]["allowCredentials"];
    assert_eq!(known.as_array().unwrap().len(), 1);
    let other = scene.asked().await.1;
    let wrong = scene.device.answer(&other).to_string();
    let send = async |answer: &str| {
        let fields = [("passkey", answer), ("next", "/saved")];
        browser.submit("/login/code", "/login/code", &fields).await
    };
    assert!(send(&wrong).await.is(401).text().contains("does not hold"));
    let asked = ask(&browser, scene.server.base(), "second_factor")
        .await
        .expect(200);
    let answer = scene.device.answer(&asked).to_string();
    send(&answer).await.leads_to("/saved");
    browser.get("/profile").await.is(200);
    send_after_login(&browser, &answer).await;
}

/// The login does not wait any more.
async fn send_after_login(browser: &Browser, answer: &str) {
    let csrf = browser.csrf("/profile").await;
    let fields = [("csrf", csrf.as_str()), ("passkey", answer)];
    browser
        .post("/login/code", &fields)
        .await
        .leads_to("/login");
}

#[tokio::test]
async fn a_passkey_shows_once_more_who_one_is() {
    let mut scene = Scene::set().await;
    scene.clock.advance(Duration::from_hours(2));
    let page = scene.browser.get(PAGE).await;
    assert!(
        page.text()
            .contains("/settings/confirm?next=/settings/passkeys")
    );
    let begun = scene.call("/me/passkeys/challenge", &json!({})).await;
    assert_eq!(begun.expect(401)["error"]["field"], "current_password");
    let remove = format!("{PAGE}/1/remove");
    let confirm = "/settings/confirm?next=/settings/passkeys";
    scene
        .browser
        .submit(PAGE, &remove, &[])
        .await
        .leads_to(confirm);
    let page = scene.browser.get(confirm).await;
    assert!(page.text().contains("data-purpose=\"confirm\""));
    let asked = scene
        .call("/passkeys/challenge", &json!({ "purpose": "confirm" }))
        .await;
    let answer = scene.device.answer(&asked.expect(200)).to_string();
    let fields = [("passkey", answer.as_str()), ("next", PAGE)];
    let sent = scene
        .browser
        .submit(confirm, "/settings/confirm", &fields)
        .await;
    sent.leads_to(PAGE);
    let again = scene
        .browser
        .submit(confirm, "/settings/confirm", &fields)
        .await;
    again.is(401);
    let sent = scene.browser.submit(PAGE, &remove, &[]).await;
    sent.leads_to("/settings/passkeys?done=removed");
    assert!(
        scene
            .logs_in()
            .await
            .is(401)
            .text()
            .contains("opens no account here")
    );
}

#[tokio::test]
async fn passkeys_are_named_listed_and_removed_by_their_owner_alone() {
    let mut scene = Scene::set().await;
    let known = scene
        .call("/me/passkeys/challenge", &json!({}))
        .await
        .expect(200);
    let excluded = &known["public_key"]["excludeCredentials"];
    assert_eq!(excluded.as_array().unwrap().len(), 1);
    let again = scene.device.make(&known);
    let body = json!({ "name": "the same", "credential": again });
    let refused = scene.call("/me/passkeys", &body).await;
    refused.is(401);
    scene.device.id = vec![2; 16];
    let known = scene
        .call("/me/passkeys/challenge", &json!({}))
        .await
        .expect(200);
    for (name, field) in [("  ", "invalid"), (&"x".repeat(65), "too_long")] {
        let body = json!({ "name": name, "credential": {} });
        let error = scene.call("/me/passkeys", &body).await.expect(422)["error"].clone();
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(field), &json!("name"))
        );
    }
    let body = json!({ "name": " my   laptop ", "credential": scene.device.make(&known) });
    let made = scene.call("/me/passkeys", &body).await.expect(201);
    assert_eq!(made["passkey"]["name"], "my laptop");
    let path = format!("/me/passkeys/{}", made["passkey"]["id"]);

    let ben = scene.server.person("ben").await;
    let proof = json!({ "current_password": ben.password });
    ben.api()
        .patch(&path, &json!({ "name": "mine" }))
        .await
        .is(404);
    let remove = ben.api().request(Method::DELETE, &path).json(&proof);
    Answer::of(remove).await.is(404);
    let api = scene.anna.api();
    let named = api
        .patch(&path, &json!({ "name": "desk" }))
        .await
        .expect(200);
    assert_eq!(named["passkey"]["name"], "desk");
    let form = format!("{PAGE}/1");
    let empty = scene.browser.submit(PAGE, &form, &[("name", "")]).await;
    assert!(empty.is(422).text().contains("Give the passkey a name"));
    let sent = scene.browser.submit(PAGE, &form, &[("name", "<b>")]).await;
    sent.leads_to("/settings/passkeys?done=renamed");
    assert!(!scene.browser.get(PAGE).await.text().contains("<b>"));
    assert_eq!(
        api.delete(&path).await.expect(401)["error"]["field"],
        "current_password"
    );
    let proof = json!({ "current_password": scene.anna.password });
    let remove = api.request(Method::DELETE, &path).json(&proof);
    Answer::of(remove).await.is(204);
    let left = api.get("/me/passkeys").await.expect(200);
    assert_eq!(left["passkeys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_reached_by_a_number_says_that_passkeys_need_a_name() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let page = browser.get(PAGE).await;
    assert!(page.is(200).text().contains("Passkeys need a name"));
    assert!(!page.text().contains("<passkey-field"));
    let login = server.visitor().get("/login").await;
    assert!(!login.text().contains("<passkey-field"));
    let begun = call(
        &browser,
        server.base(),
        "/me/passkeys/challenge",
        &json!({}),
    )
    .await;
    let error = begun.expect(422)["error"].clone();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("Passkeys need a name")
    );
}

//! Answers of passkeys that open nothing.

use std::time::Duration;

use serde_json::json;

use super::{ORIGIN, Scene, ask, call, send};
use crate::harness::{Answer, Device};

/// What the page says that an answer led to.
fn says(answer: &Answer, status: u16, words: &str) {
    let text = answer.is(status).text();
    assert!(text.contains(words), "{words}: {text}");
    assert!(answer.set_cookie("session").is_none());
}

#[tokio::test]
async fn an_answer_is_taken_once_in_its_browser_and_for_five_minutes() {
    let mut scene = Scene::set().await;
    let (browser, asked) = scene.asked().await;
    let answer = scene.device.answer(&asked);
    let elsewhere = scene.server.visitor();
    says(&send(&elsewhere, &answer).await, 401, "took too long");
    let cookie = browser.cookie_value("passkey").unwrap();
    send(&browser, &answer).await.leads_to("/room/lobby");
    // Whoever caught the cookie as well comes too late.
    let csrf = elsewhere.csrf("/login").await;
    let answer = answer.to_string();
    let cookies = format!("{}; passkey={cookie}", elsewhere.cookie());
    let request = elsewhere.request(reqwest::Method::POST, "/login/passkey");
    let fields = [("csrf", csrf.as_str()), ("passkey", answer.as_str())];
    let again = request.header("cookie", cookies).form(&fields);
    says(&Answer::of(again).await, 401, "was used already");

    let (browser, asked) = scene.asked().await;
    let answer = scene.device.answer(&asked);
    scene.clock.advance(Duration::from_mins(5));
    says(&send(&browser, &answer).await, 401, "took too long");
}

#[tokio::test]
async fn an_answer_from_another_site_or_without_verification_opens_nothing() {
    let mut scene = Scene::set().await;
    for origin in [
        "https://evil.example",
        "https://chat.example:8443",
        "http://chat.example",
    ] {
        origin.clone_into(&mut scene.device.origin);
        says(&scene.logs_in().await, 401, "does not hold");
    }
    ORIGIN.clone_into(&mut scene.device.origin);
    scene.device.verifies = false;
    says(&scene.logs_in().await, 401, "does not hold");
    scene.device.verifies = true;
    let (browser, mut asked) = scene.asked().await;
    asked["public_key"]["rpId"] = json!("evil.example");
    let answer = scene.device.answer(&asked);
    says(&send(&browser, &answer).await, 401, "does not hold");
    let (browser, asked) = scene.asked().await;
    let mut answer = scene.device.answer(&asked);
    answer["response"]["userHandle"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    says(&send(&browser, &answer).await, 401, "opens no account");
    let (browser, _) = scene.asked().await;
    says(
        &send(&browser, &json!({ "id": 7 })).await,
        422,
        "not what a browser answers",
    );
    scene.logs_in().await.leads_to("/room/lobby");
}

#[tokio::test]
async fn a_passkey_of_another_site_is_not_added() {
    let mut scene = Scene::set().await;
    scene.device = Device::new("https://evil.example", 2);
    says(&scene.add().await, 401, "does not hold");
    scene.device = Device::new(ORIGIN, 2);
    scene.device.verifies = false;
    says(&scene.add().await, 401, "does not hold");
    let begun = scene
        .call("/me/passkeys/challenge", &json!({}))
        .await
        .expect(200);
    scene.device.verifies = true;
    let made = json!({ "name": "x", "credential": scene.device.make(&begun) });
    let ben = scene.server.person("ben").await.browser().await;
    let stolen = call(&ben, scene.server.base(), "/me/passkeys", &made).await;
    stolen.is(401);
    scene.clock.advance(Duration::from_mins(5));
    scene.call("/me/passkeys", &made).await.is(401);
}

#[tokio::test]
async fn a_passkey_that_counted_backwards_is_refused() {
    let mut scene = Scene::set().await;
    for (count, taken) in [
        (0, true),
        (7, true),
        (7, false),
        (3, false),
        (0, false),
        (8, true),
    ] {
        scene.device.count = count;
        let answer = scene.logs_in().await;
        if taken {
            answer.leads_to("/room/lobby");
        } else {
            says(&answer, 401, "counted backwards");
        }
    }
}

#[tokio::test]
async fn a_passkey_of_somebody_else_is_no_second_factor_and_no_proof() {
    let mut scene = Scene::set().await;
    let ben = scene.server.person("ben").await.browser().await;
    let mut theirs = Device::new(ORIGIN, 9);
    let base = scene.server.base();
    let begun = call(&ben, base, "/me/passkeys/challenge", &json!({})).await;
    let made = json!({ "name": "his", "credential": theirs.make(&begun.expect(200)) });
    call(&ben, base, "/me/passkeys", &made).await.is(201);
    let asked = ask(&scene.browser, base, "confirm").await.expect(200);
    let answer = theirs.answer(&asked).to_string();
    let confirm = "/settings/confirm";
    let sent = scene
        .browser
        .submit(confirm, confirm, &[("passkey", &answer)])
        .await;
    says(&sent, 401, "opens no account here");
    let nobody = scene.server.visitor();
    ask(&nobody, base, "confirm").await.is(401);
    ask(&nobody, base, "second_factor").await.is(401);
    scene.logs_in().await.leads_to("/room/lobby");
}

#[tokio::test]
async fn a_disabled_account_is_not_opened_by_a_passkey_and_without_factors_it_is_gone() {
    let mut scene = Scene::set().await;
    let olga = scene.server.person("olga").await;
    let admin = scene.anna.api();
    let change = async |id: i64, action: &str| {
        let body = json!({ "action": action, "current_password": scene.anna.password });
        admin
            .post(&format!("/admin/users/{id}"), &body)
            .await
            .is(200);
    };
    let browser = olga.browser().await;
    let mut device = Device::new(ORIGIN, 5);
    let base = scene.server.base();
    let begun = call(&browser, base, "/me/passkeys/challenge", &json!({})).await;
    let made = json!({ "name": "hers", "credential": device.make(&begun.expect(200)) });
    call(&browser, base, "/me/passkeys", &made).await.is(201);
    let login = async |device: &mut Device| {
        let (browser, asked) = scene.asked().await;
        let answer = device.answer(&asked);
        send(&browser, &answer).await
    };
    login(&mut device).await.leads_to("/room/lobby");
    change(olga.id, "disable").await;
    says(&login(&mut device).await, 403, "This account is disabled");
    change(olga.id, "enable").await;
    login(&mut device).await.leads_to("/room/lobby");
    change(olga.id, "remove_factors").await;
    says(&login(&mut device).await, 401, "opens no account here");
    scene.logs_in().await.leads_to("/room/lobby");
}

#[tokio::test]
async fn failed_passkeys_count_as_failed_logins() {
    let mut scene = Scene::with(|settings| settings.limits.login_failures_per_account = 3).await;
    scene.device.verifies = false;
    for _ in 0..3 {
        says(&scene.logs_in().await, 401, "does not hold");
    }
    scene.device.verifies = true;
    let full = scene.logs_in().await;
    says(&full, 429, "Too many failed logins");
    assert!(!full.header("retry-after").is_empty());
    let password = json!({ "login": "anna", "password": scene.anna.password });
    let token = scene.server.nobody().post("/tokens", &password).await;
    token.is(429);
    scene.clock.advance(Duration::from_mins(15));
    scene.logs_in().await.leads_to("/room/lobby");
}

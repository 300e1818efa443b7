//! One's own second factor: set up, switched off, and what is kept and said of it.

use std::time::Duration;

use parlor::base::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::{PAGE, Scene, refusal};
use crate::harness::{Answer, TestServer, app_code, field_of};

#[tokio::test]
async fn an_app_is_set_up_by_page_and_counts_from_its_first_right_code() {
    let (builder, clock) = TestServer::standing();
    let server = builder.start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    browser.submit(PAGE, PAGE, &[]).await.leads_to(PAGE);
    let page = browser.get(PAGE).await;
    let secret = field_of(page.text(), "app-secret").expect("a secret");
    assert!(page.text().contains("<svg") && page.text().contains("role=\"img\""));
    let on = format!("{PAGE}/on");
    let send = async |code: &str| browser.submit(PAGE, &on, &[("code", code)]).await;
    send("").await.is(422);
    let refused = send("000000").await;
    let text = refused.is(401).text();
    assert!(text.contains("not the code that your app should show"));
    assert_eq!(
        field_of(text, "app-secret").as_ref(),
        Some(&secret),
        "the secret stays"
    );
    anna.browser().await;
    send(&app_code(&secret, clock.now_ms()))
        .await
        .leads_to("/settings/two-factor?done=on");
    let shown = browser.get(PAGE).await;
    assert_eq!(shown.text().matches("<li><code>").count(), 10);
    assert!(shown.text().contains("On since 1 January 2026"));
    assert!(!shown.text().contains(&secret), "it is not shown again");
    let again = browser.get(PAGE).await;
    assert!(!again.text().contains("<li><code>") && again.text().contains("You have 10 left."));
    assert_eq!(browser.get("/profile").await.status, 200, "sessions go on");
    anna.api().get("/me").await.is(200);
}

#[tokio::test]
async fn what_changes_a_factor_asks_for_all_that_a_login_asks_for() {
    let scene = Scene::set().await;
    let (api, password) = (scene.anna.api(), scene.anna.password.as_str());
    let off = async |body: Value| {
        Answer::of(api.request(Method::DELETE, "/me/two-factor").json(&body)).await
    };
    assert_eq!(refusal(&off(json!({})).await).2, "current_password");
    let alone = off(json!({ "current_password": password })).await;
    assert_eq!(
        refusal(&alone),
        (422, "invalid".to_owned(), "code".to_owned())
    );
    let browser = scene.browser().await;
    scene.clock.advance(Duration::from_mins(16));
    let confirm = format!("/settings/confirm?next={PAGE}");
    for action in [format!("{PAGE}/off"), "/settings/recovery-codes".to_owned()] {
        browser.submit(PAGE, &action, &[]).await.leads_to(&confirm);
    }
    let email = [
        ("section", "email"),
        ("email", "anna@example.net"),
        ("current_password", password),
    ];
    let saved = browser.submit("/profile", "/profile", &email).await;
    saved.leads_to("/profile?saved=email");
    let action = format!("{PAGE}/off");
    let sent = browser.submit(PAGE, &action, &[]).await;
    sent.leads_to(&confirm);
    let code = scene.code();
    for (code, status) in [
        ("", 422),
        (scene.wrong().as_str(), 401),
        (code.as_str(), 303),
    ] {
        let fields = [
            ("current_password", password),
            ("code", code),
            ("next", PAGE),
        ];
        browser
            .submit(&confirm, "/settings/confirm", &fields)
            .await
            .is(status);
    }
    let sent = browser.submit(PAGE, &action, &[]).await;
    sent.leads_to("/settings/two-factor?done=off");
    scene.token(None).await.is(201);
    let state = api.get("/me/two-factor").await.expect(200);
    assert_eq!(state, json!({ "on": false, "recovery_codes": 10 }));
}

#[tokio::test]
async fn another_app_takes_the_place_of_the_one_that_is_on_with_its_first_code() {
    let mut scene = Scene::set().await;
    let (old, api) = (scene.secret.clone(), scene.anna.api().clone());
    let body = json!({ "current_password": scene.anna.password, "code": scene.code() });
    let begun = api.post("/me/two-factor", &body).await.expect(201);
    let new = begun["secret"].as_str().unwrap();
    scene.step();
    scene.token(Some(&scene.code())).await.is(201);
    new.clone_into(&mut scene.secret);
    assert_eq!(scene.token(Some(&scene.code())).await.status, 401);
    scene.step();
    let turn_on = async |old_code: Option<String>| {
        let mut first = json!({ "current_password": scene.anna.password, "code": scene.code() });
        if let Some(old_code) = old_code {
            first["old_code"] = json!(old_code);
        }
        Answer::of(api.request(Method::PUT, "/me/two-factor").json(&first)).await
    };
    let missing = turn_on(None).await;
    assert_eq!(
        refusal(&missing),
        (422, "invalid".to_owned(), "old_code".to_owned())
    );
    let before = app_code(&old, scene.clock.now_ms());
    turn_on(Some(before)).await.is(200);
    scene.step();
    let before = app_code(&old, scene.clock.now_ms());
    assert_eq!(scene.token(Some(&before)).await.status, 401);
    scene.token(Some(&scene.code())).await.is(201);

    scene.step();
    let browser = scene.browser().await;
    browser.submit(PAGE, PAGE, &[]).await.leads_to(PAGE);
    let page = browser.get(PAGE).await;
    assert!(page.text().contains("The app until now counts until then."));
    scene.secret = field_of(page.text(), "app-secret").expect("a secret");
    let code = scene.code();
    let on = format!("{PAGE}/on");
    let sent = browser.submit(PAGE, &on, &[("code", &code)]).await;
    sent.leads_to("/settings/two-factor?done=on");
    scene.step();
    scene.token(Some(&scene.code())).await.is(201);
}

#[tokio::test]
async fn an_app_that_waits_shows_to_nobody_whose_proof_is_old() {
    let scene = Scene::set().await;
    let ben = scene.server.person("ben").await;
    let browser = ben.browser().await;
    browser.submit(PAGE, PAGE, &[]).await.leads_to(PAGE);
    let shows = async || {
        let page = browser.get(PAGE).await;
        field_of(page.text(), "app-secret").is_some()
    };
    assert!(shows().await);
    scene.clock.advance(Duration::from_mins(16));
    assert!(!shows().await, "it takes proof");
}

#[tokio::test]
async fn the_audit_log_says_who_switched_a_factor_on_and_off() {
    let scene = Scene::set().await;
    let body = json!({ "current_password": scene.anna.password, "code": scene.code() });
    let off = scene
        .anna
        .api()
        .request(Method::DELETE, "/me/two-factor")
        .json(&body);
    Answer::of(off).await.is(204);
    let log = scene.anna.api().get("/admin/audit").await.expect(200);
    let lines: Vec<_> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            [&entry["by"], &entry["action"], &entry["address"]].map(|cell| cell.as_str().unwrap())
        })
        .collect();
    assert_eq!(
        lines,
        [
            ["anna", "turn_off_factor", "127.0.0.1"],
            ["anna", "turn_on_factor", "127.0.0.1"],
        ]
    );
    let page = scene.anna.browser().await.get("/admin/audit").await;
    assert!(page.text().contains("anna switched a second factor on."));
}

#[tokio::test]
async fn the_database_holds_no_recovery_code() {
    let scene = Scene::set().await;
    let codes = scene.recovery_codes.clone();
    let stopped = scene.server.stop().await;
    let bytes = std::fs::read(stopped.folder().join("parlor.db")).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("anna@example.org"));
    for code in codes {
        assert!(!holds(&code) && !holds(&code.replace('-', "")));
    }
}

#[tokio::test]
async fn one_is_told_of_oneself_whether_a_login_asks_for_a_factor() {
    let scene = Scene::set().await;
    let ben = scene.server.person("ben").await;
    for (person, on) in [(&scene.anna, true), (&ben, false)] {
        let me = person.api().get("/me").await.expect(200);
        assert_eq!(me["user"]["two_factor"], on, "{}", person.name);
    }
}

//! Choosing a password, and what is kept of it.

use parlor::model::UserId;
use serde_json::json;

use crate::harness::{Person, TestServer};

#[tokio::test]
async fn any_characters_and_any_mixture_make_a_password() {
    let server = TestServer::start().await;
    server.person("owner").await;
    for (name, password) in [
        ("anna", "only small letters with spaces"),
        ("ben", "рыба любит воду"),
        ("carl", "🦀 and 🦆 in a boat"),
        ("dora", &"long sentences are welcome here ".repeat(4)),
    ] {
        let email = format!("{name}@example.org");
        let user = json!({ "name": name, "email": email, "password": password });
        server.nobody().post("/users", &user).await.expect(201);
        let login = json!({ "login": name, "password": password });
        server.nobody().post("/tokens", &login).await.expect(201);
    }
}

#[tokio::test]
async fn the_strength_of_a_password_is_told_before_it_is_chosen() {
    let server = TestServer::start().await;
    let ask = async |password: &str| {
        let asked = json!({ "password": password, "name": "anneliese", "email": "a@example.org" });
        let answer = server.nobody().post("/passwords/strength", &asked).await;
        answer.expect(200)
    };
    let strong = ask("correct horse battery staple").await;
    assert_eq!(
        strong,
        json!({ "score": 4, "words": "Strong." }),
        "nothing of it comes back"
    );
    let weaker = ask("garden chair").await;
    assert!(weaker["score"].as_u64() < Some(4) && weaker["problem"].is_null());
    for (password, says) in [
        ("brief", "at least 8 characters"),
        ("password1", "tried first"),
        ("anneliese7", "your name"),
    ] {
        let refused = ask(password).await;
        assert_eq!(refused["score"], 0, "{refused}");
        let problem = refused["problem"].as_str().unwrap();
        assert!(problem.contains(says), "{refused}");
        assert_eq!(refused["words"], problem);
    }
}

#[tokio::test]
async fn the_strength_of_passwords_is_told_so_often_an_hour() {
    let server = TestServer::builder()
        .setting(|settings| settings.limits.password_checks_per_address = 2)
        .start()
        .await;
    let ask = async || {
        let asked = json!({ "password": "garden chair" });
        server.nobody().post("/passwords/strength", &asked).await
    };
    ask().await.is(200);
    ask().await.is(200);
    let refused = ask().await;
    assert_eq!(refused.refusal(), (429, "rate_limited".to_owned()));
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn without_scripts_the_page_after_the_form_says_how_strong_the_new_password_is() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let fields = [
        ("section", "password"),
        ("password", "correct horse battery staple"),
        ("current_password", anna.password.as_str()),
    ];
    let answer = browser.submit("/profile", "/profile", &fields).await;
    answer.leads_to("/profile?saved=password&strength=4");
    let page = browser.get(answer.header("location")).await;
    let says = "Strong. Your password is saved. Every other device is logged out.";
    assert!(page.is(200).text().contains(says), "{}", page.text());
}

#[tokio::test]
async fn a_hash_is_made_anew_at_the_first_login_after_the_cost_grew() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let stored = async |server: &TestServer| {
        let hash = server.site().ctx.store.password_hash(UserId(anna.id)).await;
        hash.unwrap().unwrap()
    };
    let before = stored(&server).await;
    assert!(before.starts_with("$scrypt$ln=14,"), "{before}");
    let stopped = server.stop().await;
    let dearer = |settings: &mut parlor::config::Settings| settings.limits.password_cost = 15;
    let server = stopped.setting(dearer).start().await;
    assert_eq!(stored(&server).await, before, "it takes the password");
    let wrong = json!({ "login": "anna", "password": "not the right one" });
    server.nobody().post("/tokens", &wrong).await.is(401);
    assert_eq!(stored(&server).await, before);
    Person::logged_in(server.base(), "anna").await;
    let after = stored(&server).await;
    assert!(after.starts_with("$scrypt$ln=15,"), "{after}");
    anna.api().get("/me").await.is(200);
    Person::logged_in(server.base(), "anna").await;
    assert_eq!(stored(&server).await, after, "once");
}

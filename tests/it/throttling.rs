//! How often things may happen: logins, registrations, messages, sockets.

use std::{net::IpAddr, time::Duration};

use parlor::config::Settings;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Browser, Person, Refused, TestServer, client, outcome};

/// This machine under another address.
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

/// Status and `Retry-After` of a login by JSON from this machine.
async fn log_in(server: &TestServer, login: &str, password: &str) -> (u16, u64) {
    let login = json!({ "login": login, "password": password });
    let answer = server.nobody().post("/tokens", &login).await;
    (
        answer.status,
        answer.header("retry-after").parse().unwrap_or_default(),
    )
}

#[tokio::test]
async fn too_many_failed_logins_are_refused_from_that_address_by_form_and_json() {
    let (builder, clock) = TestServer::standing();
    let server = builder.start().await;
    let anna: Person = server.person("anna").await;
    server.person("ben").await;
    for number in 0..10 {
        let login = if number % 2 == 0 {
            "ANNA"
        } else {
            "anna@example.org"
        };
        assert_eq!(
            log_in(&server, login, "guess").await.0,
            401,
            "name and address share a counter"
        );
    }
    let (status, wait) = log_in(&server, "anna", &anna.password).await;
    assert_eq!(status, 429, "the right password is refused as well");
    assert_eq!(wait, 15 * 60);
    let fields = [("login", "anna"), ("password", anna.password.as_str())];
    let page = server.visitor().submit("/login", "/login", &fields).await;
    assert_eq!(page.is(429).header("retry-after"), "900");
    assert!(page.text().contains("Too many failed logins"));
    let patch = json!({ "email": "a@b.de", "current_password": anna.password });
    anna.api().patch("/me", &patch).await.is(429);
    assert_eq!(
        log_in(&server, "ben", "ben keeps a secret").await.0,
        201,
        "others are not affected"
    );
    let elsewhere = Browser::new(server.base(), Some(ELSEWHERE));
    elsewhere
        .submit("/login", "/login", &fields)
        .await
        .leads_to("/");
    clock.advance(Duration::from_secs(15 * 60 - 1));
    assert_eq!(log_in(&server, "anna", &anna.password).await, (429, 1));
    clock.advance(Duration::from_secs(1));
    assert_eq!(log_in(&server, "anna", &anna.password).await.0, 201);
}

#[tokio::test]
async fn guessing_at_many_accounts_is_refused_by_address() {
    let few = |settings: &mut Settings| settings.limits.login_failures_per_address = 5;
    let server = TestServer::builder().setting(few).start().await;
    let anna = server.person("anna").await;
    for number in 0..5 {
        assert_eq!(
            log_in(&server, &format!("nobody{number}"), "guess").await.0,
            401
        );
    }
    assert_eq!(log_in(&server, "nobody6", "guess").await.0, 429);
    assert_eq!(log_in(&server, "anna", &anna.password).await.0, 429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_made_at_the_same_time_cannot_slip_past() {
    let server = TestServer::start().await;
    server.person("anna").await;
    let mut tries = Vec::new();
    for _ in 0..30 {
        let script = server.nobody();
        let login = json!({ "login": "anna", "password": "guess" });
        tries.push(tokio::spawn(async move {
            script.post("/tokens", &login).await.status
        }));
    }
    let mut wrong = 0;
    for attempt in tries {
        wrong += usize::from(attempt.await.unwrap() == 401);
    }
    assert_eq!(wrong, 10);
}

#[tokio::test]
async fn accounts_from_one_address_are_counted() {
    let few = |settings: &mut Settings| settings.limits.registrations_per_address = 2;
    let server = TestServer::builder().setting(few).start().await;
    server.person("owner").await;
    server.person("anna").await;
    let ben = json!({ "name": "ben", "email": "ben@example.org", "password": "eight or more" });
    let refused = server.nobody().post("/users", &ben).await;
    assert_eq!(refused.refusal(), (429, "rate_limited".to_owned()));
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    let elsewhere = client().local_address(ELSEWHERE).build().unwrap();
    let request = elsewhere.request(Method::POST, format!("{}/api/v1/users", server.base()));
    Answer::of(request.json(&ben)).await.is(201);
}

#[tokio::test]
async fn one_bucket_of_messages_counts_form_json_and_socket() {
    let slow = |settings: &mut Settings| {
        settings.limits.message_burst = 6;
        settings.limits.message_rate = 1;
    };
    let server = TestServer::builder().setting(slow).start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let browser = anna.browser().await;
    let csrf = browser.csrf("/room/lobby").await;
    let mut socket = anna.socket().await;
    for number in 0..2 {
        socket.say("lobby", "by socket").await;
        anna.api().say("lobby", "by JSON").await;
        let form = [
            ("csrf", csrf.as_str()),
            ("data", "by form"),
            ("client_id", &number.to_string()),
        ];
        browser
            .post("/room/lobby", &form)
            .await
            .leads_to("/room/lobby");
    }
    let mut ack = socket
        .call("message", &json!({ "room": "lobby", "data": "too much" }))
        .await;
    for _ in 0..6 {
        // A slow machine may have refilled the bucket meanwhile.
        if outcome(&ack) == "ok" {
            ack = socket
                .call("message", &json!({ "room": "lobby", "data": "too much" }))
                .await;
        }
    }
    assert_eq!(outcome(&ack), "rate_limited");
    assert!((1..=1000).contains(&ack["error"]["retry_after_ms"].as_u64().unwrap()));
    let refused = anna
        .api()
        .post("/rooms/lobby/messages", &json!({ "data": "x" }))
        .await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    let form = [
        ("csrf", csrf.as_str()),
        ("data", "kept in the form"),
        ("client_id", "9"),
    ];
    let page = browser.post("/room/lobby", &form).await;
    assert!(page.is(429).text().contains("kept in the form"));
    assert_eq!(
        crate::harness::field(page.text(), "client_id").as_deref(),
        Some("9"),
        "a second try is harmless"
    );
    ben.api().say("lobby", "others are not affected").await;
}

#[tokio::test]
async fn past_its_sockets_an_address_is_answered_503() {
    let few = |settings: &mut Settings| settings.limits.sockets_per_address = 3;
    let server = TestServer::builder().setting(few).start().await;
    let anna = server.person("anna").await;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        sockets.push(anna.socket().await);
    }
    assert_eq!(
        anna.connect().open().await.err(),
        Some(Refused::Handshake(503))
    );
    for socket in &mut sockets {
        socket.expect_none("problem").await;
    }
    sockets.pop().unwrap().leave().await;
    crate::harness::eventually("room for one", || server.connected() == 2).await;
    anna.connect().open().await.unwrap();
}

#[tokio::test]
async fn few_logins_with_a_provider_are_begun_from_one_address() {
    let few = |settings: &mut Settings| {
        // Nobody listens there: it is not asked more often than the limit lets it be.
        settings.oidc_issuer = Some("http://127.0.0.1:9".to_owned());
        settings.oidc_client_id = Some("parlor".to_owned());
        settings.limits.sign_ons_per_address = 2;
    };
    let server = TestServer::builder().setting(few).start().await;
    let anna = server.person("anna").await;
    for status in [503, 503, 429] {
        server.visitor().get("/login/oidc").await.is(status);
    }
    let page = anna.browser().await;
    let refused = page.submit("/settings/oidc", "/settings/oidc", &[]).await;
    let wait: u64 = refused.is(429).header("retry-after").parse().unwrap();
    assert!((1..=30 * 60).contains(&wait), "{wait}");
    assert!(refused.text().contains("Many logins were begun"));
    let elsewhere = Browser::new(server.base(), Some(ELSEWHERE));
    elsewhere.get("/login/oidc").await.is(503);
}

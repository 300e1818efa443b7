//! Browser sessions and tokens: their cookies, their ends, and that the database never holds them.

use std::{fs, sync::Arc, time::Duration};

use parlor::{base::ManualClock, secrets::Token};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Browser, Ended, Refused, TestServer};

const DAY: Duration = Duration::from_hours(24);

/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600_000;

#[tokio::test]
async fn the_cookie_is_for_this_site_and_no_script() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let fields = [("login", "anna"), ("password", anna.password.as_str())];
    let answer = server.visitor().submit("/login", "/login", &fields).await;
    let line = answer.set_cookie("session").unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!line.contains("Domain"), "{line}");
    let visitor = server.visitor();
    let secure = |method, path| {
        visitor
            .request(method, path)
            .header("x-forwarded-proto", "https")
    };
    let page = Answer::of(secure(Method::GET, "/login")).await;
    let visit = page
        .set_cookie("__Host-visit")
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    let csrf = crate::harness::field(page.text(), "csrf").unwrap();
    let form = [("csrf", csrf.as_str()), fields[0], fields[1]];
    let answer = Answer::of(
        secure(Method::POST, "/login")
            .header("cookie", visit)
            .form(&form),
    )
    .await;
    let line = answer.is(303).set_cookie("__Host-session").unwrap();
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!line.contains("Domain"), "RFC 6265bis, 4.1.3.2: {line}");
}

#[tokio::test]
async fn each_login_gives_a_new_id() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let first = browser.cookie_value("session").unwrap();
    assert_eq!(first.len(), 43, "256 bits in base64url");
    let fixed = format!("session={first}");
    let csrf = browser.csrf("/profile").await;
    let form = [
        ("login", "anna"),
        ("password", anna.password.as_str()),
        ("csrf", &csrf),
    ];
    browser.post("/login", &form).await.leads_to("/");
    assert_ne!(browser.cookie_value("session").unwrap(), first);
    let old = server
        .visitor()
        .request(Method::GET, "/profile")
        .header("cookie", fixed);
    Answer::of(old).await.leads_to("/login?next=/profile");
    let planted = format!("session={}", "A".repeat(43));
    let page = server
        .visitor()
        .request(Method::GET, "/login")
        .header("cookie", planted.clone());
    assert_eq!(
        Answer::of(page).await.is(200).set_cookie("session"),
        None,
        "an id that a client brings is never taken"
    );
}

/// A browser's session opens neither a page nor, by the cookie that it had, a socket.
async fn is_over(server: &TestServer, browser: &Browser, cookie: &str) {
    browser
        .get("/profile")
        .await
        .leads_to("/login?next=/profile");
    let socket = server.connect().header("cookie", cookie);
    assert_eq!(socket.open().await.err(), Some(Refused::unauthorized()));
}

#[tokio::test]
async fn a_session_ends_thirty_days_after_it_was_last_used() {
    let clock = Arc::new(ManualClock::at(NEW_YEAR));
    let server = TestServer::builder()
        .clock(Arc::<ManualClock>::clone(&clock))
        .start()
        .await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    for _ in 0..3 {
        clock.advance(DAY * 29);
        let page = browser.get("/profile").await;
        let line = page
            .is(200)
            .set_cookie("session")
            .expect("the browser keeps it longer, too");
        assert!(
            line.contains("Max-Age=2592000") && line.contains("HttpOnly"),
            "{line}"
        );
    }
    assert_eq!(
        browser.get("/profile").await.set_cookie("session"),
        None,
        "not with each page"
    );
    let cookie = browser.cookie();
    server
        .connect()
        .header("cookie", &cookie)
        .open()
        .await
        .unwrap();
    clock.advance(DAY * 30);
    is_over(&server, &browser, &cookie).await;
    anna.api().get("/me").await.is(200);
}

#[tokio::test]
async fn a_session_ends_at_last_however_much_it_is_used() {
    let clock = Arc::new(ManualClock::at(NEW_YEAR));
    let server = TestServer::builder()
        .clock(Arc::<ManualClock>::clone(&clock))
        .setting(|settings| settings.limits.session_most_days = 45)
        .start()
        .await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let cookie = browser.cookie();
    clock.advance(DAY * 20);
    browser.get("/profile").await.is(200);
    clock.advance(DAY * 20);
    browser.get("/profile").await.is(200);
    let mut socket = server
        .connect()
        .header("cookie", &cookie)
        .open()
        .await
        .unwrap();
    clock.advance(DAY * 4);
    browser.get("/profile").await.is(200);
    clock.advance(DAY);
    is_over(&server, &browser, &cookie).await;
    let ctx = &server.site().ctx;
    assert_eq!(ctx.store.sweep_sessions(ctx.now()).await.unwrap(), 1);
    assert_eq!(
        socket.closed().await,
        Ended::Disconnected,
        "its socket ends, too"
    );
    // A new login is a new session.
    anna.browser().await.get("/profile").await.is(200);
}

#[tokio::test]
async fn a_smaller_setting_counts_for_sessions_that_there_are() {
    let clock = Arc::new(ManualClock::at(NEW_YEAR));
    let server = TestServer::builder()
        .clock(Arc::<ManualClock>::clone(&clock))
        .start()
        .await;
    let browser = server.person("anna").await.browser().await;
    let stopped = server.stop().await;
    clock.advance(DAY * 8);
    let shorter = stopped.setting(|settings| settings.limits.session_most_days = 7);
    let _server = shorter.start().await;
    browser
        .get("/profile")
        .await
        .leads_to("/login?next=/profile");
}

#[tokio::test]
async fn a_logout_ends_the_session_and_its_sockets_and_no_other() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (leaving, staying) = (anna.browser().await, anna.browser().await);
    let cookie = leaving.cookie();
    let mut ended = server
        .connect()
        .header("cookie", &cookie)
        .open()
        .await
        .unwrap();
    let mut other = server
        .connect()
        .header("cookie", staying.cookie())
        .open()
        .await
        .unwrap();
    let mut by_token = anna.socket().await;
    leaving
        .submit("/profile", "/logout", &[])
        .await
        .leads_to("/login");
    assert_eq!(leaving.cookie_value("session"), None);
    assert_eq!(ended.closed().await, Ended::Disconnected);
    let stolen = server
        .visitor()
        .request(Method::GET, "/profile")
        .header("cookie", cookie);
    Answer::of(stolen).await.is(303);
    staying.get("/profile").await.is(200);
    other.expect_none("problem").await;
    by_token.expect_none("problem").await;
}

#[tokio::test]
async fn a_new_password_ends_all_else_and_gives_this_session_a_new_id() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (changing, other) = (anna.browser().await, anna.browser().await);
    let before = changing.cookie();
    let mut sockets = [
        server
            .connect()
            .header("cookie", other.cookie())
            .open()
            .await
            .unwrap(),
        anna.socket().await,
    ];
    let mut own = server
        .connect()
        .header("cookie", &before)
        .open()
        .await
        .unwrap();
    let fields = [
        ("section", "password"),
        ("password", "another secret"),
        ("current_password", &anna.password),
    ];
    changing
        .submit("/profile", "/profile", &fields)
        .await
        .leads_to("/profile?saved=password&strength=3");
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, Ended::Disconnected);
    }
    assert_ne!(changing.cookie(), before);
    changing.get("/profile").await.is(200);
    own.expect_none("problem").await;
    other.get("/profile").await.is(303);
    let old = server
        .visitor()
        .request(Method::GET, "/profile")
        .header("cookie", before);
    Answer::of(old).await.is(303);
    assert_eq!(
        anna.api().get("/me").await.refusal(),
        (401, "unauthorized".to_owned())
    );
    changing
        .submit("/profile", "/logout", &[])
        .await
        .leads_to("/login");
    assert_eq!(
        own.closed().await,
        Ended::Disconnected,
        "the socket goes with the session, whatever its id"
    );
}

#[tokio::test]
async fn a_password_that_is_changed_by_a_token_ends_that_token_too() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    let patch = json!({ "password": "another secret", "current_password": anna.password });
    anna.api().patch("/me", &patch).await.is(200);
    anna.api().get("/me").await.is(401);
    assert_eq!(socket.closed().await, Ended::Disconnected);
    let login = json!({ "login": "anna", "password": "another secret" });
    server.nobody().post("/tokens", &login).await.is(201);
}

#[tokio::test]
async fn a_revoked_token_ends_its_sockets_and_no_other() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let second = anna.another_script().await;
    let by_second = server.connect().auth(json!({ "token": second.token() }));
    let mut ended = by_second.open().await.unwrap();
    let mut staying = anna.socket().await;
    second.delete("/tokens/current").await.is(204);
    assert_eq!(ended.closed().await, Ended::Disconnected);
    assert_eq!(by_second.open().await.err(), Some(Refused::unauthorized()));
    second.get("/me").await.is(401);
    staying.expect_none("problem").await;
}

#[tokio::test]
async fn the_database_holds_only_hashes() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let session = anna.browser().await.cookie_value("session").unwrap();
    anna.api().say("lobby", "this is there in plain").await;
    let read = |folder: &std::path::Path| {
        let files = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.to_string_lossy().contains("parlor.db"));
        files
            .flat_map(|path| fs::read(path).unwrap())
            .collect::<Vec<u8>>()
    };
    let running = read(server.folder());
    let stopped = server.stop().await;
    for bytes in [running, read(stopped.folder())] {
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(
            holds(b"this is there in plain"),
            "the bytes are the right ones"
        );
        for secret in [&session, anna.api().token(), &anna.password] {
            assert!(!holds(secret.as_bytes()), "a secret is in the database");
            let hash = Token::sent(secret).map(|token| token.hash());
            assert!(hash.is_none_or(|hash| holds(&hash)), "its hash is");
        }
    }
}

#[tokio::test]
async fn a_session_opens_json_calls_only_from_an_own_page_and_with_a_type_that_forms_cannot_send() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let room = || browser.request(Method::POST, "/api/v1/rooms");
    let body = r#"{"name":"x"}"#;
    for (kind, origin, status) in [
        ("application/json", None, 201),
        ("application/json", Some(server.base()), 201),
        ("application/json", Some("https://evil.example"), 403),
        ("application/json", Some("null"), 403),
        ("text/plain", None, 415),
        (
            "application/x-www-form-urlencoded",
            Some(server.base()),
            415,
        ),
    ] {
        let mut request = room().header("content-type", kind).body(body);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, status, "{kind} {origin:?}");
    }
    let crossing = room()
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/json");
    Answer::of(crossing.body(body)).await.is(403);
}

//! What a client says of the host, or of where it came from, changes nothing that others could be shown: no page, no link,
//! no redirect, and nothing that a cache would keep.

use reqwest::{Method, header::HOST};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Answer, Browser, TestServer, within};

/// Headers by which some servers let a client choose the host, the path or the scheme.
const CHOOSING: [(&str, &str); 9] = [
    ("x-forwarded-host", "evil.example"),
    ("x-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("forwarded", "host=evil.example;proto=https"),
    ("x-original-url", "/evil.example"),
    ("x-rewrite-url", "/evil.example"),
    ("x-http-method-override", "DELETE"),
    ("x-forwarded-prefix", "//evil.example"),
    ("x-forwarded-port", "6666"),
];

/// The status of a request that is written by hand; 0 when the connection ends without an answer.
async fn status(server: &TestServer, head: &str) -> u16 {
    let mut tcp = TcpStream::connect(server.address()).await.unwrap();
    let request = format!("{head}\r\nConnection: close\r\n\r\n");
    tcp.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    drop(within("an end", tcp.read_to_end(&mut answer)).await);
    let answer = String::from_utf8_lossy(&answer);
    answer
        .split(' ')
        .nth(1)
        .map_or(0, |status| status.parse().unwrap())
}

#[tokio::test]
async fn a_request_whose_host_is_in_doubt_is_refused() {
    let server = TestServer::start().await;
    server.person("owner").await;
    let own = server.address();
    assert_eq!(
        status(&server, &format!("GET /login HTTP/1.1\r\nHost: {own}")).await,
        200
    );
    let same = format!("GET http://{own}/login HTTP/1.1\r\nHost: {own}");
    assert_eq!(status(&server, &same).await, 200);
    assert_eq!(status(&server, "GET /login HTTP/1.0").await, 200);
    for head in [
        "GET /login HTTP/1.1".to_owned(),
        format!("GET /login HTTP/1.1\r\nHost: {own}\r\nHost: evil.example"),
        format!("GET /login HTTP/1.1\r\nHost: {own}\r\nHost: {own}"),
        format!("GET /login HTTP/1.1\r\nHost : {own}"),
        format!("GET /login HTTP/1.1\r\n Host: {own}"),
        format!("GET /login HTTP/1.1\r\nHost: {own}, evil.example"),
        format!("GET /login HTTP/1.1\r\nHost: evil.example@{own}"),
        format!("GET /login HTTP/1.1\r\nHost: {own}:80"),
        "GET /login HTTP/1.1\r\nHost: 127.0.0.1:port".to_owned(),
        "GET /login HTTP/1.1\r\nHost: 127.0.0.1:70000".to_owned(),
        "GET /login HTTP/1.1\r\nHost: \"><script>".to_owned(),
        format!("GET http://evil.example/login HTTP/1.1\r\nHost: {own}"),
        format!("GET http://{own}/login HTTP/1.1\r\nHost: evil.example"),
        format!("GET http://{own}/login HTTP/1.1"),
        format!("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: {own}\r\nHost: {own}"),
    ] {
        assert_eq!(status(&server, &head).await, 400, "{head}");
    }
}

/// A page's answer to a request with these headers.
async fn page(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(
        browser.request(Method::GET, path),
        |request, (name, value)| request.header(*name, *value),
    );
    Answer::of(request).await
}

#[tokio::test]
async fn no_header_of_a_client_changes_what_a_page_says() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let room = anna.api().open_room("tea").await;
    for path in [
        "/",
        "/profile",
        &format!("/room/{room}"),
        "/settings/sessions",
        "/manifest.webmanifest",
        "/no/such/page",
    ] {
        let plain = page(&browser, path, &[]).await;
        for header in CHOOSING {
            let poisoned = page(&browser, path, &[header]).await;
            assert_eq!(poisoned.status, plain.status, "{path} with {header:?}");
            assert!(
                !poisoned.text().contains("evil.example"),
                "{path} with {header:?}"
            );
            assert!(!poisoned.text().contains("6666"), "{path} with {header:?}");
        }
    }
    let out = page(&server.visitor(), "/profile", &CHOOSING).await;
    out.leads_to("/login?next=/profile");
    let odd = page(
        &server.visitor(),
        "/profile",
        &[("host", "chat.example:6666")],
    )
    .await;
    odd.leads_to("/login?next=/profile");
}

#[tokio::test]
async fn a_link_names_the_public_address_whatever_the_host_header_says() {
    let named = |settings: &mut parlor::config::Settings| {
        settings.public_url = Some("https://chat.example".to_owned());
    };
    let server = TestServer::builder().setting(named).start().await;
    let anna = server.person("anna").await;
    let room = anna.api().open_room("tea").await;
    let hook = anna
        .api()
        .request(Method::POST, &format!("/rooms/{room}/hooks"))
        .header(HOST, "evil.example")
        .json(&json!({ "name": "weather" }));
    let made = Answer::of(hook).await.expect(201);
    let url = made["url"].as_str().unwrap();
    assert!(url.starts_with("https://chat.example/hooks/"), "{url}");
}

#[tokio::test]
async fn what_somebody_sees_is_kept_by_no_cache() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (browser, visitor) = (anna.browser().await, server.visitor());
    let room = anna.api().open_room("tea").await;
    let address = format!("/room/{room}");
    // Also where the end of the path looks like a file that caches keep (web cache deception).
    for path in [
        "/",
        "/profile",
        "/profile/x.css",
        "/profile%2Fx.css",
        "/profile;x.css",
        "/profile/..%2fassets/x.css",
        &address,
        &format!("{address}/x.js"),
        "/settings/tokens",
        "/search?query=tea",
        "/api/v1/me",
        "/login",
        "/invite/none",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let login = visitor.get("/login").await;
    let assets = login
        .text()
        .split(['"', '\''])
        .filter(|text| text.starts_with("/assets/"));
    let mut kept = 0;
    for path in assets {
        let own = browser.get(path).await;
        assert_eq!(own.set_cookie("session"), None, "{path}");
        let mut lines = own.headers.get_all("set-cookie").iter();
        assert!(
            lines.next().is_none(),
            "{path}: what everybody gets carries no cookie"
        );
        let poisoned = page(&visitor, path, &CHOOSING).await;
        assert_eq!(own.is(200).bytes, poisoned.bytes, "{path}");
        // Kept once a coding, and for nothing else that a client says.
        let packed = page(&visitor, path, &[("accept-encoding", "gzip")]).await;
        if packed.headers.contains_key("content-encoding") {
            assert_eq!(
                packed.header("vary").to_ascii_lowercase(),
                "accept-encoding"
            );
        }
        kept += 1;
    }
    assert!(kept > 1, "the page has a style and a script");
}

#[tokio::test]
async fn nobody_is_logged_in_or_made_an_account_by_a_foreign_page() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (name, password) = ("anna", anna.password.as_str());
    for (action, fields) in [
        ("/login", vec![("login", name), ("password", password)]),
        (
            "/register",
            vec![
                ("name", "ben"),
                ("email", "ben@example.org"),
                ("password", password),
            ],
        ),
    ] {
        for headers in [
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("sec-fetch-site", "cross-site")],
            vec![],
        ] {
            let visitor = server.visitor();
            // The victim has been here; the attacker's own token, and none, fit nobody else's form.
            visitor.get("/login").await;
            let stolen = server.visitor().csrf("/login").await;
            for csrf in [stolen.as_str(), ""] {
                let form: Vec<_> = fields.iter().copied().chain([("csrf", csrf)]).collect();
                let request = headers.iter().fold(
                    visitor.request(Method::POST, action),
                    |request, (name, value)| request.header(*name, *value),
                );
                let answer = Answer::of(request.form(&form)).await;
                assert_eq!(answer.status, 403, "{action} {headers:?}");
                assert_eq!(answer.set_cookie("session"), None, "{action} {headers:?}");
            }
        }
    }
}

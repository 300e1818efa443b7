//! What holds for pages and files as such: headers, no inline script, caching, health.

use reqwest::Method;

use crate::harness::{Answer, Browser, TestServer};

/// Every kind of page, for a visitor and for Anna.
async fn all_pages(visitor: &Browser, anna: &Browser) -> Vec<(String, Answer)> {
    let mut pages = Vec::new();
    for path in ["/login", "/register", "/attic"] {
        pages.push((path.to_owned(), visitor.get(path).await));
    }
    for path in [
        "/",
        "/room/lobby",
        "/room/lobby/members",
        "/profile",
        "/profile?saved=name",
        "/u/anna",
        "/room/attic",
    ] {
        pages.push((path.to_owned(), anna.get(path).await));
    }
    let failed = visitor.submit("/login", "/login", &[]).await;
    pages.push(("a login that failed".to_owned(), failed));
    let failed = anna.submit("/", "/rooms", &[("name", "")]).await;
    pages.push(("a room that failed".to_owned(), failed));
    pages
}

#[tokio::test]
async fn every_page_carries_the_security_headers() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await.browser().await;
    for (path, page) in all_pages(&server.visitor(), &anna).await {
        let csp = page.header("content-security-policy");
        for part in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(csp.contains(part), "{path}: {csp}");
        }
        assert!(!csp.contains("unsafe"), "{path}: {csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(page.header(name), value, "{path}: {name}");
        }
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{path}"
        );
        assert!(!page.header("x-request-id").is_empty(), "{path}");
    }
    let secure = server
        .visitor()
        .request(Method::GET, "/login")
        .header("x-forwarded-proto", "https");
    let secure = Answer::of(secure).await;
    assert!(
        secure
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn no_page_has_an_inline_script_or_style() {
    let server = TestServer::start().await;
    let owner = server.person("anna").await;
    owner.api().say("lobby", "<b onclick=x>").await;
    let anna = owner.browser().await;
    for (path, page) in all_pages(&server.visitor(), &anna).await {
        let text = page.text();
        assert!(text.starts_with("<!doctype html>"), "{path}");
        for script in text.match_indices("<script").map(|(at, _)| &text[at..]) {
            let (tag, rest) = script.split_once('>').unwrap();
            assert!(
                tag.contains(" src=\"/assets/") && rest.starts_with("</script>"),
                "{path}: {tag}"
            );
        }
        assert!(
            !text.contains("<style") && !text.contains("javascript:"),
            "{path}"
        );
        for tag in text
            .split('<')
            .skip(1)
            .filter_map(|part| part.split_once('>'))
            .map(|(tag, _)| tag)
        {
            let mut attributes = tag.split_whitespace().skip(1);
            let inline = attributes
                .find(|attribute| attribute.starts_with("style=") || attribute.starts_with("on"));
            assert_eq!(inline, None, "{path}: <{tag}>");
        }
    }
}

#[tokio::test]
async fn files_are_kept_by_browsers_and_not_sent_twice() {
    let server = TestServer::start().await;
    server.person("owner").await;
    let visitor = server.visitor();
    let page = visitor.get("/login").await;
    let script = page
        .text()
        .split("src=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let file = visitor.get(&script).await;
    assert!(
        file.is(200).header("cache-control").contains("immutable"),
        "its address changes with it"
    );
    let bundle = visitor.get("/socket.io/socket.io.js").await;
    assert!(
        bundle
            .is(200)
            .header("content-type")
            .starts_with("text/javascript")
    );
    for (path, file) in [
        (script.as_str(), &file),
        ("/socket.io/socket.io.js", &bundle),
    ] {
        let again = visitor
            .request(Method::GET, path)
            .header("if-none-match", file.header("etag"));
        assert_eq!(Answer::of(again).await.is(304).bytes.len(), 0, "{path}");
        let other = visitor
            .request(Method::GET, path)
            .header("if-none-match", "\"other\"");
        assert_eq!(Answer::of(other).await.is(200).bytes, file.bytes, "{path}");
    }
    for path in [
        "socket.io.min.js",
        "socket.io.esm.min.js",
        "socket.io.js.map",
        "socket.io.min.js.map",
    ] {
        visitor.get(&format!("/socket.io/{path}")).await.is(200);
    }
    for path in [
        "/assets/none.js",
        "/assets/../parlor.db",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
    ] {
        visitor.get(path).await.is(404);
    }
}

#[tokio::test]
async fn the_server_says_whether_it_lives_and_serves() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    assert_eq!(visitor.get("/healthz").await.is(200).text(), "ok\n");
    assert_eq!(visitor.get("/readyz").await.is(200).text(), "ready\n");
    server.site().ctx.store.close().await;
    assert_eq!(visitor.get("/healthz").await.is(200).text(), "ok\n");
    visitor.get("/readyz").await.is(503);
    let call = server
        .nobody()
        .post(
            "/tokens",
            &serde_json::json!({ "login": "a", "password": "b" }),
        )
        .await;
    assert_eq!(call.refusal(), (503, "unavailable".to_owned()));
    assert!(
        !call.text().contains("store"),
        "the owner's log has the cause, the client does not"
    );
}

#[tokio::test]
async fn the_schema_can_be_fetched() {
    let server = TestServer::start().await;
    let schema = server.visitor().get("/api/schema.json").await.expect(200);
    assert_eq!(schema, parlor::wire::schema::document());
}

#[tokio::test]
async fn a_form_is_refused_from_a_foreign_page_or_without_its_token() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let csrf = browser.csrf("/").await;
    let other = server.person("ben").await.browser().await.csrf("/").await;
    let post = |origin: Option<&str>, csrf: &str| {
        let request = browser
            .request(Method::POST, "/rooms")
            .form(&[("name", "x"), ("csrf", csrf)]);
        match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        }
    };
    for (origin, csrf, status) in [
        (Some(server.base()), csrf.as_str(), 303),
        (None, &csrf, 303),
        (Some("https://evil.example"), &csrf, 403),
        (Some("null"), &csrf, 403),
        (None, "", 403),
        (Some(server.base()), &other, 403),
    ] {
        let answer = Answer::of(post(origin, csrf)).await;
        assert_eq!(answer.status, status, "{origin:?} {csrf}");
    }
    let crossing = post(None, &csrf).header("sec-fetch-site", "cross-site");
    Answer::of(crossing).await.is(403);
}

//! Link previews: what is shown of pages, what may be asked for, and what never is. Redirects to what is not public
//! stand in `src/outgoing/tests.rs`, where a name can be public and on this machine at once.

mod removal;
mod site;

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

use self::site::{Site, html};
use crate::harness::{Answer, Person, Socket, TestServer, eventually, png, within};

/// A server that shows previews, also of pages on this machine.
async fn server() -> TestServer {
    let allow = |settings: &mut parlor::config::Settings| {
        settings.link_previews = true;
        settings.link_previews_of_private_addresses = true;
    };
    TestServer::builder().setting(allow).start().await
}

/// What is told of the next message that gets previews.
async fn previewed(socket: &mut Socket) -> Value {
    let told = socket.next("message_updated").await;
    assert_eq!(told["change"], "preview", "{told}");
    told
}

/// Waits until it is known that a page has nothing to show.
async fn until_given_up(server: &TestServer, url: &str) {
    let site = Arc::clone(server.site());
    within("a page to be given up", async {
        loop {
            let known = site.ctx.store.link_page(url, site.ctx.now()).await.unwrap();
            if let Some(known) = known {
                assert!(!known.shows, "{url}");
                return;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn fetch(server: &TestServer, person: &Person, url: &str) -> Answer {
    let request = server.visitor().request(Method::GET, url);
    Answer::of(request.bearer_auth(person.api().token())).await
}

#[tokio::test]
async fn a_link_shows_what_its_page_says_after_the_message() {
    let page = r#"<title>no</title><meta property="og:title" content="Plum cake">
        <meta property="og:description" content="For  six.&#10;Easy."><meta property="og:site_name" content="Kitchen">
        <meta property="og:image" content="/plum.png">"#;
    let site = Site::open([
        ("/cake", html(page)),
        ("/plum.png", ("image/png", png([9, 9, 99]))),
    ])
    .await;
    let server = server().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut listener = ben.listening("lobby").await;
    let link = format!("{}/cake#how", site.base);
    let said = anna.api().say("lobby", &format!("**look** {link}")).await;
    assert!(said["message"].get("previews").is_none());
    assert!(listener.next("message").await.get("previews").is_none());
    let told = previewed(&mut listener).await;
    assert_eq!(told["id"], said["message"]["id"]);
    assert_eq!(told["seq"], said["message"]["seq"].as_i64().unwrap() + 1);
    let preview = &told["previews"][0];
    let image = preview["image"].as_str().unwrap();
    assert_eq!(
        *preview,
        json!({
            "url": link, "title": "Plum cake", "description": "For six. Easy.", "site": "Kitchen",
            "image": image, "width": preview["width"], "height": preview["height"],
        })
    );
    let fetched = fetch(&server, &ben, image).await;
    assert_eq!(fetched.is(200).header("content-type"), "image/jpeg");
    assert_eq!(fetched.header("x-content-type-options"), "nosniff");
    assert!(fetched.header("cache-control").starts_with("private"));
    assert!(
        fetched
            .header("content-security-policy")
            .contains("sandbox")
    );
    let stranger = server.visitor().request(Method::GET, image);
    Answer::of(stranger).await.is(404);
    fetch(&server, &ben, &image.replace("/previews/", "/uploads/"))
        .await
        .is(404);
    let read = ben.browser().await.get("/room/lobby").await;
    assert!(read.text().contains("Plum cake") && read.text().contains(image));
    assert!(
        !read.text().contains("/plum.png"),
        "the picture is no link to elsewhere"
    );
    let mut back = ben.socket().await;
    let since = json!({ "room": "lobby", "seq": said["message"]["seq"] });
    back.done("join", &since).await;
    assert_eq!(
        back.next("message_updated").await["previews"],
        told["previews"]
    );
    let server = server.restart().await;
    let mut again = server
        .connect()
        .auth(json!({ "token": ben.api().token() }))
        .open()
        .await
        .unwrap();
    let joined = again.join("lobby").await;
    assert_eq!(joined["messages"][0]["previews"], told["previews"]);
    fetch(&server, &ben, image).await.is(200);
}

#[tokio::test]
async fn what_a_page_says_is_only_ever_text() {
    let page = r#"<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>
        <meta name="description" content='"><img src=x onerror=alert(2)>'>
        <meta property="og:image" content="javascript:alert(3)">"#;
    let site = Site::open([("/", html(page))]).await;
    let server = server().await;
    let anna = server.person("anna").await;
    let mut listener = anna.listening("lobby").await;
    anna.api().say("lobby", &site.base).await;
    let told = previewed(&mut listener).await;
    let preview = &told["previews"][0];
    assert_eq!(preview["title"], "<script>alert(1)</script>");
    assert_eq!(preview["description"], "\"><img src=x onerror=alert(2)>");
    assert!(preview.get("image").is_none());
    let read = anna.browser().await.get("/room/lobby").await;
    assert!(read.text().contains("alert(1)") && read.text().contains("alert(2)"));
    for markup in ["<script>alert", "<img src=x", "javascript:"] {
        assert!(!read.text().contains(markup), "{markup}");
    }
}

#[tokio::test]
async fn a_page_is_asked_for_once() {
    let site = Site::open([("/gate", html("<title>Open</title>"))]).await;
    let server = server().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut listener = ben.listening("lobby").await;
    let link = format!("{}/gate", site.base);
    for text in ["one", "two", "three"] {
        anna.api()
            .say("lobby", &format!("{text} {link}#{text}"))
            .await;
    }
    eventually("the first to ask", || site.asked("/gate") == 1).await;
    site.gate.notify_one();
    for _ in 0..3 {
        assert_eq!(
            previewed(&mut listener).await["previews"][0]["title"],
            "Open"
        );
    }
    anna.api()
        .say("lobby", &format!("four [again]({link})"))
        .await;
    previewed(&mut listener).await;
    assert_eq!(site.asked("/gate"), 1);
    let code = format!("`{link}?a`\n\n    {link}?b\n\n```\n{link}?c\n```");
    anna.api().say("lobby", &code).await;
    let many: Vec<_> = (0..5).map(|n| format!("{}/{n}", site.base)).collect();
    anna.api().say("lobby", &many.join(" ")).await;
    until_given_up(&server, &many[2]).await;
    assert_eq!(
        (site.asked("/2"), site.asked("/3"), site.asked("/gate")),
        (1, 0, 1)
    );
}

#[tokio::test]
async fn what_a_message_does_not_link_to_any_more_is_not_shown() {
    let site = Site::open([
        ("/a", html("<title>A</title>")),
        ("/gate", html("<title>Gate</title>")),
    ])
    .await;
    let server = server().await;
    let anna = server.person("anna").await;
    let mut listener = anna.listening("lobby").await;
    let said = anna.api().say("lobby", &format!("{}/a", site.base)).await;
    let path = format!("/messages/{}", said["message"]["id"]);
    previewed(&mut listener).await;
    let gate = format!("{}/gate", site.base);
    let edited = anna.api().patch(&path, &json!({ "data": gate })).await;
    assert!(edited.expect(200)["message"].get("previews").is_none());
    assert_eq!(listener.next("message_updated").await["change"], "edited");
    eventually("the page to be asked for", || site.asked("/gate") == 1).await;
    anna.api()
        .patch(&path, &json!({ "data": "nothing" }))
        .await
        .is(200);
    assert_eq!(listener.next("message_updated").await["change"], "edited");
    site.gate.notify_one();
    let back = format!("back to {}/a", site.base);
    anna.api()
        .patch(&path, &json!({ "data": back }))
        .await
        .is(200);
    assert_eq!(listener.next("message_updated").await["change"], "edited");
    assert_eq!(previewed(&mut listener).await["previews"][0]["title"], "A");
    let again = format!("still {}/a", site.base);
    let kept = anna.api().patch(&path, &json!({ "data": again })).await;
    assert_eq!(kept.expect(200)["message"]["previews"][0]["title"], "A");
    let deleted = anna.api().delete(&path).await.expect(200);
    assert!(deleted["message"].get("previews").is_none());
}

#[tokio::test]
async fn what_is_not_public_is_not_asked_for() {
    let site = Site::open([("/", html("<title>Inside</title>"))]).await;
    let on = |settings: &mut parlor::config::Settings| settings.link_previews = true;
    let server = TestServer::builder().setting(on).start().await;
    let anna = server.person("anna").await;
    let port = site.base.rsplit_once(':').unwrap().1;
    let name = format!("http://localhost:{port}/");
    let number = format!("{}/", site.base);
    for link in [
        &number,
        &format!("http://[::ffff:127.0.0.1]:{port}/"),
        &name,
    ] {
        anna.api().say("lobby", link).await;
    }
    until_given_up(&server, &name).await;
    assert_eq!(site.asked("/"), 0);
    let now = server.site().ctx.now();
    let known = server
        .site()
        .ctx
        .store
        .link_page(&number, now)
        .await
        .unwrap();
    assert!(
        known.is_none(),
        "a number is refused before anything is done"
    );
    let off = TestServer::start().await;
    let ben = off.person("ben").await;
    ben.api().say("lobby", &name).await;
    let known = off.site().ctx.store.link_page(&name, now).await.unwrap();
    assert!(
        known.is_none(),
        "nothing is asked for where previews are off"
    );
}

#[tokio::test]
async fn a_slow_page_costs_its_preview_and_nothing_else() {
    let site = Site::open([(
        "/",
        html("<title>Quick</title><meta property=og:image content=/slow>"),
    )])
    .await;
    let server = server().await;
    let anna = server.person("anna").await;
    let mut listener = anna.listening("lobby").await;
    for path in ["slow", "stuck"] {
        anna.api()
            .say("lobby", &format!("{}/{path}", site.base))
            .await;
    }
    anna.api().say("lobby", &site.base).await;
    let told = previewed(&mut listener).await;
    let preview = &told["previews"][0];
    assert_eq!(
        (&preview["title"], preview.get("image")),
        (&json!("Quick"), None)
    );
    for path in ["slow", "stuck"] {
        until_given_up(&server, &format!("{}/{path}", site.base)).await;
    }
    assert!(listener.heard("message_updated").is_none());
}

#[tokio::test]
async fn half_a_mebibyte_of_a_page_is_read() {
    let head = "<title>Long</title>";
    let late = r#"<meta property="og:title" content="Too late">"#;
    let page = |filling: usize| html(&format!("{head}<!--{}-->{late}", "-".repeat(filling)));
    let mut picture = png([1, 2, 3]);
    picture.resize(600 << 10, 0);
    let site = Site::open([
        ("/long", page(512 << 10)),
        ("/short", page(500 << 10)),
        ("/large.png", ("image/png", picture)),
    ])
    .await;
    let server = server().await;
    let anna = server.person("anna").await;
    let mut listener = anna.listening("lobby").await;
    for (path, title) in [
        ("long", "Long"),
        ("short", "Too late"),
        ("large.png", "large.png"),
    ] {
        anna.api()
            .say("lobby", &format!("{}/{path}", site.base))
            .await;
        let told = previewed(&mut listener).await;
        let preview = &told["previews"][0];
        assert_eq!(
            (&preview["title"], preview.get("image")),
            (&json!(title), None)
        );
    }
}

#[tokio::test]
async fn pages_come_in_many_ways() {
    let site = Site::open([
        (
            "/latin",
            (
                "text/html; charset=iso-8859-1",
                b"<title>caf\xe9</title>".to_vec(),
            ),
        ),
        ("/login", html("<title>Log in</title>")),
        ("/picture.png", ("image/png", png([7, 7, 7]))),
        ("/file.zip", ("application/zip", b"PK\x03\x04".to_vec())),
        ("/untitled", html("<p>nothing</p>")),
    ])
    .await;
    let server = server().await;
    let anna = server.person("anna").await;
    let mut listener = anna.listening("lobby").await;
    let link = |path: &str| format!("{}{path}", site.base);
    for (path, title, pictured) in [
        ("/latin", "café", false),
        ("/to?/to?/to?/latin", "café", false),
        ("/picture.png", "picture.png", true),
        ("/login", "Log in", false),
    ] {
        anna.api().say("lobby", &format!("<{}>", link(path))).await;
        let told = previewed(&mut listener).await;
        let preview = &told["previews"][0];
        assert_eq!(
            (&preview["title"], preview.get("image").is_some()),
            (&json!(title), pictured)
        );
    }
    for path in [
        "/to?/to?/to?/to?/latin",
        "/to?/login",
        "/file.zip",
        "/untitled",
        "/gone",
    ] {
        anna.api().say("lobby", &link(path)).await;
        until_given_up(&server, &link(path)).await;
    }
    let hook = anna
        .api()
        .post("/rooms/lobby/hooks", &json!({ "name": "news" }))
        .await;
    let url = hook.expect(201)["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(server.base()).unwrap().to_owned();
    let posted = server.visitor().request(Method::POST, &path);
    Answer::of(posted.json(&json!({ "text": link("/latin") })))
        .await
        .is(201);
    let told = previewed(&mut listener).await;
    assert_eq!(
        (&told["name"], &told["previews"][0]["title"]),
        (&json!("news"), &json!("café"))
    );
}

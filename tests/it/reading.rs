//! Reading what was said: history in pages, and what is shown of a text.

use serde_json::json;

use crate::harness::{TestServer, texts};

#[tokio::test]
async fn history_is_read_in_pages() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    let acks = socket
        .say_all("lobby", (0..120).map(|number| number.to_string()))
        .await;
    let id = |number: usize| acks[number]["id"].as_i64().unwrap();
    let numbers =
        |range: std::ops::Range<usize>| range.map(|number| number.to_string()).collect::<Vec<_>>();
    for (query, expected, more) in [
        (json!({}), 70..120, (true, false)),
        (json!({ "limit": 3 }), 117..120, (true, false)),
        (
            json!({ "before": id(50), "limit": 10 }),
            40..50,
            (true, true),
        ),
        (json!({ "before": id(5) }), 0..5, (false, true)),
        (
            json!({ "after": id(50), "limit": 10 }),
            51..61,
            (true, true),
        ),
        (json!({ "after": id(119) }), 0..0, (true, false)),
        (json!({ "before": id(0) }), 0..0, (false, true)),
    ] {
        let mut payload = query.clone();
        payload["room"] = json!("lobby");
        let page = socket.done("history", &payload).await;
        assert_eq!(texts(&page["messages"]), numbers(expected), "{query}");
        assert_eq!(
            (page["more_before"] == true, page["more_after"] == true),
            more,
            "{query}"
        );
        let pairs = query.as_object().unwrap().iter();
        let query: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
        let by_json = anna
            .api()
            .get(&format!("/rooms/lobby/messages?{}", query.join("&")))
            .await
            .expect(200);
        assert_eq!(by_json["messages"], page["messages"], "the same by JSON");
    }
    let around = socket
        .done(
            "history",
            &json!({ "room": "lobby", "around": id(60), "limit": 5 }),
        )
        .await;
    assert_eq!(texts(&around["messages"]), numbers(58..63));
}

#[tokio::test]
async fn markup_is_shown_and_links_are_links() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let text = "<script>alert('x')</script> see https://example.org/?a=1&b=2";
    let said = anna.api().say("lobby", text).await;
    assert_eq!(said["message"]["text"], text);
    let html = said["message"]["html"].as_str().unwrap();
    assert!(
        html.contains("&lt;script&gt;")
            && html.contains("<a href=\"https://example.org/?a=1&amp;b=2\""),
        "{html}"
    );
    let page = anna.browser().await.get("/room/lobby").await;
    assert!(page.text().contains(html), "the page shows the same");
    assert!(!page.text().contains("<script>alert"));
}

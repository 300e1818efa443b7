//! Looking for what was said: by socket, by JSON and on its page.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::{TestServer, outcome};

fn found(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["message"]["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn what_was_said_is_found_alike_by_socket_and_json() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let ben = server.person("ben").await;
    let room = anna.api().open_room("Tea & cake").await;
    anna.api().say(&room, "Plum cake, no nuts").await;
    anna.api().say("lobby", "Plum <b>tart</b>").await;
    ben.api().say("lobby", "plumbing").await;
    let mut socket = anna.socket().await;
    for (query, expected) in [
        (
            "plum",
            vec!["plumbing", "Plum <b>tart</b>", "Plum cake, no nuts"],
        ),
        ("plum ", vec!["Plum <b>tart</b>", "Plum cake, no nuts"]),
        ("from:ben plum", vec!["plumbing"]),
        ("plum from:nobody", vec![]),
        ("plum in:lobby from:anna", vec!["Plum <b>tart</b>"]),
        ("in:\"tea & cake\"", vec!["Plum cake, no nuts"]),
        ("plum in:elsewhere", vec![]),
        ("\"no nuts\"", vec!["Plum cake, no nuts"]),
        ("plum before:2001-01-01", vec![]),
        ("plum after:2001-01-01 nuts", vec!["Plum cake, no nuts"]),
        ("AND OR NOT ( * \" ^ {", vec![]),
    ] {
        let ack = socket.done("search", &json!({ "query": query })).await;
        assert_eq!(found(&ack), expected, "{query}");
        let path = format!("/search?query={}", urlencoded(query));
        let mut answer = anna.api().get(&path).await.expect(200);
        assert_eq!(found(&answer), expected, "{query}");
        answer["ok"] = json!(true);
        assert_eq!(answer, ack);
    }
    let ack = socket.done("search", &json!({ "query": "tart" })).await;
    assert_eq!(
        ack["hits"][0]["excerpt"],
        "Plum &lt;b&gt;<mark>tart</mark>&lt;/b&gt;"
    );
    let other = ben.api().get("/search?query=nuts").await.expect(200);
    assert_eq!(other["hits"], json!([]), "rooms of others stay theirs");
}

#[tokio::test]
async fn a_search_goes_on_where_it_ended() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for number in 1..=5 {
        anna.api().say("lobby", &format!("cake {number}")).await;
    }
    let mut socket = anna.socket().await;
    let mut texts = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let query = json!({ "query": "cake", "limit": 2, "cursor": cursor });
        let ack = socket.done("search", &query).await;
        texts.extend(found(&ack).into_iter().map(str::to_owned));
        cursor = ack["cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(texts, ["cake 5", "cake 4", "cake 3", "cake 2", "cake 1"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_search_is_named() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    for (query, field, code) in [
        (json!({ "query": "  " }), "query", "invalid"),
        (json!({ "query": "x".repeat(501) }), "query", "too_long"),
        (json!({ "query": "x", "since": "soon" }), "since", "invalid"),
        (
            json!({ "query": "x", "until": "2026-13-01" }),
            "until",
            "invalid",
        ),
        (json!({ "query": "x", "cursor": "x" }), "cursor", "invalid"),
        (json!({ "query": "x", "limit": 0 }), "limit", "invalid"),
        (json!({ "query": "x before:soon" }), "query", "invalid"),
        (json!({ "query": "from:" }), "query", "invalid"),
        (json!({ "query": "x has:lemon" }), "query", "invalid"),
    ] {
        let ack = socket.call("search", &query).await;
        assert_eq!(
            (outcome(&ack), ack["error"]["field"].as_str()),
            (code, Some(field)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn the_search_page_works_without_scripts() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let said = anna.api().say("lobby", "Plum <b>cake</b>").await;
    let id = &said["message"]["id"];
    assert!(browser.get("/").await.text().contains("action=\"/search\""));
    let page = browser.get("/search?q=cake").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text()
            .contains("Plum &lt;b&gt;<mark>cake</mark>&lt;/b&gt;")
    );
    let link = format!("href=\"/room/lobby/m/{id}#m{id}\"");
    assert!(page.text().contains(&link), "{}", page.text());
    let nothing = browser.get("/search?q=%22%3E%3Cscript%3E").await;
    assert!(nothing.text().contains("Nothing fits"));
    assert!(!nothing.text().contains("\"><script>"));
    for (query, said) in [
        ("cake from:nobody", "Nobody here is called nobody."),
        ("cake in:elsewhere", "You are in no room called elsewhere."),
    ] {
        let page = browser
            .get(&format!("/search?q={}", urlencoded(query)))
            .await;
        assert!(page.is(200).text().contains(said), "{}", page.text());
    }
    let long = browser.get(&format!("/search?q={}", "x".repeat(501))).await;
    assert_eq!(long.status, 422);
    assert!(long.text().contains("at most 500 characters"));
}

fn urlencoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    })
}

//! Wherever only a part of a message is shown (quotes, the list of rooms, what a search finds), it is its words, without Markdown.

use serde_json::json;

use crate::harness::TestServer;

/// What is written, and what a reader sees of it in one line.
const WRITTEN: &str =
    "# Plum *cake*\n\n- [the list](https://example.org/list) of `5 < 6`\n- **thyme** :tada:";
const SEEN: &str = "Plum cake the list of 5 < 6 thyme 🎉";

/// The same, as a page has it.
const ON_A_PAGE: &str = "Plum cake the list of 5 &#60; 6 thyme 🎉";

#[tokio::test]
async fn a_quote_and_a_list_show_the_words_that_a_message_says() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut hears = ben.listening("lobby").await;
    let id = anna.api().say("lobby", WRITTEN).await["message"]["id"].clone();
    hears.next("message").await;

    let home = ben.browser().await.get("/").await;
    let (_, row) = home
        .is(200)
        .text()
        .split_once("room-row-excerpt\">")
        .unwrap();
    assert_eq!(in_one_line(row), format!("anna: {ON_A_PAGE}"));

    let reply = json!({ "room": "lobby", "data": "Me too", "reply_to": id });
    anna.socket().await.done("message", &reply).await;
    assert_eq!(hears.next("message").await["reply_to"]["excerpt"], SEEN);
    let read = ben
        .api()
        .get("/rooms/lobby/messages?limit=1")
        .await
        .expect(200);
    assert_eq!(read["messages"][0]["reply_to"]["excerpt"], SEEN);
    let answering = format!("/room/lobby?reply={id}");
    for page in ["/room/lobby", &answering] {
        let page = ben.browser().await.get(page).await;
        let quotes: Vec<_> = page
            .is(200)
            .text()
            .split("quote-text\">")
            .skip(1)
            .map(in_one_line)
            .filter(|quote| !quote.is_empty())
            .collect();
        assert!(!quotes.is_empty());
        assert!(quotes.iter().all(|quote| *quote == ON_A_PAGE), "{quotes:?}");
    }
}

/// The text up to the next tag, its white space as a browser shows it.
fn in_one_line(html: &str) -> String {
    let text = html.split_once('<').map_or(html, |(text, _)| text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn what_a_search_finds_is_shown_as_words() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    anna.api().say("lobby", WRITTEN).await;
    let mut socket = anna.socket().await;
    for (query, excerpt) in [
        (
            "thyme",
            "Plum cake the list of 5 &lt; 6 <mark>thyme</mark> 🎉",
        ),
        (
            "cake",
            "Plum <mark>cake</mark> the list of 5 &lt; 6 thyme 🎉",
        ),
        (
            "\"the list\"",
            "Plum cake <mark>the list</mark> of 5 &lt; 6 thyme 🎉",
        ),
    ] {
        let ack = socket.done("search", &json!({ "query": query })).await;
        assert_eq!(ack["hits"][0]["excerpt"], excerpt, "{query}");
    }
}

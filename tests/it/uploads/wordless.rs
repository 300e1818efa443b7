//! Messages of files without words: quoted, edited, found; and files in a thread's form.

use reqwest::{Method, multipart};
use serde_json::{Value, json};

use super::{send, uploaded};
use crate::harness::{Answer, Browser, TestServer};

#[tokio::test]
async fn files_without_words_are_called_by_their_names() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let files = [
        uploaded(&anna, "plan.txt", b"ten tables").await,
        uploaded(&anna, "menu <new>.txt", b"plums").await,
    ];
    let sent = send(&anna, "lobby", "", &[&files[0], &files[1]]).await;
    let id = sent.expect(201)["message"]["id"].clone();
    let reply = json!({ "room": "lobby", "data": "Good", "reply_to": id });
    ben.socket().await.done("message", &reply).await;
    let read = anna
        .api()
        .get("/rooms/lobby/messages?limit=1")
        .await
        .expect(200);
    let quoted = read["messages"][0]["reply_to"]["excerpt"].as_str().unwrap();
    assert!(quoted.starts_with("plan.txt, menu "), "{quoted}");
    let page = ben.browser().await.get("/room/lobby").await;
    assert!(
        page.is(200)
            .text()
            .contains("<span class=\"quote-text\">plan.txt, menu ")
    );
    let found = ben.api().get("/search?query=has:file").await.expect(200);
    let excerpt = found["hits"][0]["excerpt"].as_str().unwrap();
    assert!(excerpt.starts_with("plan.txt, menu "), "{excerpt}");
    assert!(!excerpt.contains("<new>"), "{excerpt}");
}

#[tokio::test]
async fn a_message_with_files_may_lose_its_words_and_one_without_files_may_not() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let file = uploaded(&anna, "plan.txt", b"ten tables").await;
    let sent = send(&anna, "lobby", "The plan", &[&file]).await.expect(201);
    let with = sent["message"]["id"].clone();
    let without = anna.api().say("lobby", "Only words").await["message"]["id"].clone();
    let mut hears = anna.listening("lobby").await;

    hears
        .done("edit_message", &json!({ "id": with, "data": "" }))
        .await;
    let told = hears.next("message_updated").await;
    assert_eq!(
        (&told["text"], &told["attachments"][0]["name"]),
        (&json!(""), &json!("plan.txt"))
    );
    let words = json!({ "data": "The plan, again" });
    let path = format!("/messages/{with}");
    anna.api().patch(&path, &words).await.is(200);
    let cleared = anna.api().patch(&path, &json!({ "data": "" })).await;
    assert_eq!(cleared.expect(200)["message"]["text"], "");

    let browser = anna.browser().await;
    for (id, text, status) in [
        (&with, "Words", 303),
        (&with, "", 303),
        (&without, "", 422),
        (&without, " \n", 422),
    ] {
        let edit = format!("/room/lobby/m/{id}/edit");
        browser
            .submit(&edit, &edit, &[("data", text)])
            .await
            .is(status);
    }
    let refused = anna
        .api()
        .patch(&format!("/messages/{without}"), &json!({ "data": "" }))
        .await;
    assert_eq!(refused.refusal(), (422, "invalid".to_owned()));
    let read = anna.api().get("/rooms/lobby/messages").await.expect(200);
    let texts: Vec<_> = read["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["", "Only words"]);
}

/// Sends a thread's form with a file.
async fn reply(browser: &Browser, origin: &str, id: &Value, parts: &[(&str, &str)]) -> Answer {
    let thread = format!("/room/lobby/m/{id}/thread");
    let mut form = multipart::Form::new().text("csrf", browser.csrf(&thread).await);
    for (name, value) in parts {
        form = if *name == "file" {
            let part = multipart::Part::bytes(value.as_bytes().to_vec()).file_name("list.txt");
            form.part("file", part)
        } else {
            form.text((*name).to_owned(), (*value).to_owned())
        };
    }
    let request = browser.request(Method::POST, &format!("/room/lobby/m/{id}/reply"));
    Answer::of(request.header("origin", origin).multipart(form)).await
}

#[tokio::test]
async fn a_thread_is_answered_with_files_by_form() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let id = anna.api().say("lobby", "What do we need?").await["message"]["id"].clone();
    let browser = ben.browser().await;
    let thread = format!("/room/lobby/m/{id}/thread");
    let sent = reply(
        &browser,
        server.base(),
        &id,
        &[("client_id", "one"), ("data", ""), ("file", "plums")],
    )
    .await;
    assert!(sent.is(303).header("location").starts_with(&thread));
    let page = browser.get(&thread).await;
    assert!(page.is(200).text().contains("list.txt"));
    let read = anna
        .api()
        .get(&format!("/messages/{id}/thread"))
        .await
        .expect(200);
    let answer = &read["messages"][1];
    assert_eq!(
        (
            &answer["attachments"][0]["name"],
            &answer["reply_to"]["id"],
            &answer["text"]
        ),
        (&json!("list.txt"), &id, &json!(""))
    );
}

#[tokio::test]
async fn a_refused_answer_in_a_thread_keeps_its_files_for_the_next_try() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let id = anna.api().say("lobby", "What do we need?").await["message"]["id"].clone();
    let browser = anna.browser().await;
    let long = "x".repeat(4_001);
    let refused = reply(
        &browser,
        server.base(),
        &id,
        &[("client_id", "one"), ("data", &long), ("file", "plums")],
    )
    .await;
    let page = refused.is(422).text();
    assert!(
        page.contains("list.txt") && page.contains("at most 4000 characters"),
        "{page}"
    );
    let kept = crate::harness::field(page, "attachment").expect("the file waits");
    let sent = reply(
        &browser,
        server.base(),
        &id,
        &[
            ("client_id", "one"),
            ("data", "These"),
            ("attachment", &kept),
        ],
    )
    .await;
    sent.is(303);
    let read = anna
        .api()
        .get(&format!("/messages/{id}/thread"))
        .await
        .expect(200);
    assert_eq!(read["messages"].as_array().unwrap().len(), 2);
    assert_eq!(
        (
            &read["messages"][1]["text"],
            &read["messages"][1]["attachments"][0]["name"]
        ),
        (&json!("These"), &json!("list.txt"))
    );
}

//! All that can be done with a message, with scripts off.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer, field};

/// Anna's message in the lobby: its id.
async fn said(anna: &Person, text: &str) -> Value {
    anna.api().say("lobby", text).await["message"]["id"].clone()
}

#[tokio::test]
async fn a_link_opens_the_history_around_its_message() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut ids = Vec::new();
    for number in 0..70 {
        ids.push(said(&anna, &format!("message {number}.")).await);
    }
    let browser = anna.browser().await;
    let page = browser.get(&format!("/room/lobby/m/{}", ids[10])).await;
    let page = page.is(200).text();
    let marked = format!("id=\"m{}\"", ids[10]);
    let (_, article) = page.split_once(&marked).expect("the message is there");
    assert!(
        article.split('>').next().unwrap().contains("autofocus"),
        "one lands on it"
    );
    let shown = |index: usize| page.contains(&format!("id=\"m{}\"", ids[index]));
    assert!(shown(0) && shown(30) && !shown(69));
    assert!(page.contains("?after="), "the way on to later ones");
    browser.get("/room/lobby/m/999999").await.is(404);
    browser.get("/room/lobby/m/x").await.is(404);
}

#[tokio::test]
async fn a_message_is_edited_and_deleted_by_form() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let id = said(&anna, "frost").await;
    let path = format!("/room/lobby/m/{id}");
    let edit = format!("{path}/edit");
    let browser = anna.browser().await;
    assert!(browser.get(&edit).await.is(200).text().contains("frost"));
    let refused = browser.submit(&edit, &edit, &[("data", " ")]).await;
    assert!(
        refused.is(422).text().contains("Write something"),
        "beside the field"
    );
    let done = browser.submit(&edit, &edit, &[("data", "first")]).await;
    done.leads_to(&format!("{path}#m{id}"));
    let page = browser.get("/room/lobby").await;
    assert!(page.text().contains("message-edited") && page.text().contains("first"));
    let delete = format!("{path}/delete");
    assert!(browser.get(&delete).await.is(200).text().contains("first"));
    browser
        .submit(&delete, &delete, &[])
        .await
        .leads_to(&format!("{path}#m{id}"));
    let page = browser.get("/room/lobby").await;
    assert!(page.text().contains("This message was deleted.") && !page.text().contains("first"));
    browser.get(&edit).await.is(404);
}

#[tokio::test]
async fn emoji_and_pins_come_and_go_by_form() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let room = owner.api().open_room("Tea").await;
    let id = owner.api().say(&room, "tea").await["message"]["id"].clone();
    let (home, path) = (format!("/room/{room}"), format!("/room/{room}/m/{id}"));
    let browser = owner.browser().await;
    let message = async || {
        let found = owner.api().get(&format!("/messages/{id}")).await;
        found.expect(200)["message"].clone()
    };
    let mine = json!([{ "emoji": "🎉", "count": 1, "me": true }]);
    for (action, name, value, reactions, pinned) in [
        ("react", "add", "🎉", &mine, false),
        ("react", "add", "🎉", &mine, false),
        ("pin", "on", "true", &mine, true),
        ("react", "remove", "🎉", &json!([]), true),
        ("pin", "on", "false", &json!([]), false),
    ] {
        let action = format!("{path}/{action}");
        let done = browser.submit(&home, &action, &[(name, value)]).await;
        done.leads_to(&format!("{path}#m{id}"));
        let now = message().await;
        assert_eq!(
            (&now["reactions"], &now["pinned"]),
            (reactions, &json!(pinned))
        );
    }
    let wrong = browser
        .submit(&home, &format!("{path}/react"), &[("add", "x")])
        .await;
    wrong.is(422);
}

#[tokio::test]
async fn a_menu_offers_only_what_one_may_do() {
    let server = TestServer::start().await;
    let (owner, ben) = (server.person("owner").await, server.person("ben").await);
    let room = owner.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let id = owner.api().say(&room, "mine").await["message"]["id"].clone();
    owner.api().say(&room, "another").await;
    let conversation = async |person: &Person, path: &str| {
        let page = person.browser().await.get(path).await;
        let (conversation, _) = page
            .is(200)
            .text()
            .split_once("<template id=\"message-template\"")
            .unwrap();
        conversation.to_owned()
    };
    // A room's page leads to the menus, and has the one alone of the message that it is about.
    let open = format!("/room/{room}/m/{id}?menu=open");
    let page = conversation(&ben, &format!("/room/{room}")).await;
    assert!(page.contains(&format!("href=\"{open}#m{id}\"")));
    assert_eq!(page.matches("<summary class=\"action\"").count(), 0);
    let page = conversation(&ben, &format!("/room/{room}/m/{id}")).await;
    assert_eq!(page.matches("<summary class=\"action\"").count(), 1);
    assert!(!page.contains("<details open>"));
    let menu = async |person: &Person| {
        let page = conversation(person, &open).await;
        assert!(page.contains("<details open>"));
        ["edit", "delete", "pin", "react", "save", "reply"]
            .map(|action| page.contains(&format!("data-action=\"{action}\"")))
    };
    assert_eq!(menu(&owner).await, [true; 6]);
    assert_eq!(menu(&ben).await, [false, false, false, true, true, true]);
}

#[tokio::test]
async fn a_reply_is_written_under_its_source_and_in_its_thread() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let id = said(&anna, "Who wants tea?").await;
    let browser = anna.browser().await;
    let page = browser.get(&format!("/room/lobby?reply={id}")).await;
    assert_eq!(field(page.is(200).text(), "reply_to"), Some(id.to_string()));
    let fields = [("data", "I do"), ("reply_to", &id.to_string())];
    browser
        .submit("/room/lobby", "/room/lobby", &fields)
        .await
        .leads_to("/room/lobby");
    let page = browser.get("/room/lobby").await;
    let quote = format!("data-quote=\"{id}\"");
    assert!(page.text().contains(&quote) && page.text().contains("1 reply"));

    let thread = format!("/room/lobby/m/{id}/thread");
    let reply = format!("/room/lobby/m/{id}/reply");
    let refused = browser.submit(&thread, &reply, &[("data", "")]).await;
    assert!(refused.is(422).text().contains("Who wants tea?"));
    let sent = browser
        .submit(
            &thread,
            &reply,
            &[("data", "Me too"), ("client_id", "once")],
        )
        .await;
    assert!(sent.is(303).header("location").starts_with(&thread));
    let again = browser
        .submit(
            &thread,
            &reply,
            &[("data", "Me too"), ("client_id", "once")],
        )
        .await;
    assert_eq!(
        again.header("location"),
        sent.header("location"),
        "a resend is harmless"
    );
    let page = browser.get(&thread).await;
    assert_eq!(page.is(200).text().matches("class=\"quote\"").count(), 2);
    assert!(page.text().contains("Me too"));
    let gone = browser
        .submit(
            "/room/lobby",
            "/room/lobby",
            &[("data", "x"), ("reply_to", "999")],
        )
        .await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn what_is_saved_and_pinned_has_a_page() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let room = owner.api().open_room("Tea").await;
    let id = owner.api().say(&room, "keep this").await["message"]["id"].clone();
    let browser = owner.browser().await;
    let (home, path) = (format!("/room/{room}"), format!("/room/{room}/m/{id}"));
    let pins = format!("{home}/pins");
    for page in ["/saved", &pins] {
        assert!(!browser.get(page).await.is(200).text().contains("keep this"));
    }
    for (action, page) in [("save", "/saved"), ("pin", &*pins)] {
        let action = format!("{path}/{action}");
        browser
            .submit(&home, &action, &[("on", "true")])
            .await
            .is(303);
        let listed = browser.get(page).await;
        assert!(listed.is(200).text().contains("keep this"));
        assert!(listed.text().contains(&format!("href=\"{path}#m{id}\"")));
    }
    let save = format!("{path}/save");
    browser
        .submit("/saved", &save, &[("on", "false")])
        .await
        .is(303);
    assert!(!browser.get("/saved").await.text().contains("keep this"));
}

//! Bots and what their tokens may do: every command and call, for every scope.

use std::collections::BTreeSet;

use parlor::{for_each_request, service::scopes};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Refused, Script, Socket, TestServer, field_of, outcome};

/// A bot of this person; answers with its id.
async fn bot(owner: &Person, name: &str) -> i64 {
    let made = owner
        .api()
        .post("/bots", &json!({ "name": name }))
        .await
        .expect(201);
    made["bot"]["user"]["id"].as_i64().unwrap()
}

async fn token(server: &TestServer, owner: &Person, bot: i64, scopes: &[&str]) -> Script {
    let path = format!("/bots/{bot}/tokens");
    let made = owner
        .api()
        .post(&path, &json!({ "scopes": scopes }))
        .await
        .expect(201);
    Script::new(
        server.base(),
        Some(made["token"].as_str().unwrap().to_owned()),
    )
}

#[tokio::test]
async fn a_bot_joins_hears_and_says_what_its_scopes_let_it() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    let helper = bot(&anna, "helper").await;
    let all = token(&server, &anna, helper, &["read", "write", "join"]).await;
    let connect = |script: &Script| server.connect().auth(json!({ "token": script.token() }));
    let mut socket = connect(&all).open().await.unwrap();
    let joined = socket.join(&room).await;
    assert_eq!(joined["members"][1]["user"]["bot"], true, "{joined}");
    socket.say(&room, "At your service").await;
    ben.api().join(&room).await;
    assert_eq!(ben.api().read(&room).await, ["At your service"]);

    let reader = token(&server, &anna, helper, &["read"]).await;
    let mut socket = connect(&reader).open().await.unwrap();
    socket.join(&room).await;
    let refused = socket
        .call(
            "join",
            &json!({ "room": ben.api().open_room("Else").await }),
        )
        .await;
    assert_eq!(
        outcome(&refused),
        "forbidden",
        "it joins nothing new: {refused}"
    );
    let refused = socket
        .call("leave", &json!({ "room": room, "membership": true }))
        .await;
    assert_eq!(
        outcome(&refused),
        "forbidden",
        "and gives nothing up: {refused}"
    );
    let refused = socket
        .call("message", &json!({ "room": room, "data": "x" }))
        .await;
    assert_eq!(outcome(&refused), "forbidden", "{refused}");
    reader
        .post(&format!("/rooms/{room}/messages"), &json!({ "data": "x" }))
        .await
        .is(403);

    let writer = token(&server, &anna, helper, &["write"]).await;
    writer.say(&room, "By JSON").await;
    writer.get(&format!("/rooms/{room}/messages")).await.is(403);
    let refused = connect(&writer).open().await.err();
    assert_eq!(refused, Some(Refused::Connect("forbidden".to_owned())));
    assert_eq!(ben.api().read(&room).await, ["At your service", "By JSON"]);
}

fn commands() -> BTreeSet<&'static str> {
    macro_rules! names {
        ($($request:ident => $ack:ident: $event:literal,)+) => { BTreeSet::from([$($event),+]) };
    }
    for_each_request!(names)
}

#[tokio::test]
async fn a_reading_token_runs_reading_commands_only() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let helper = bot(&anna, "helper").await;
    let reader = token(&server, &anna, helper, &["read"]).await;
    let connect = server.connect().auth(json!({ "token": reader.token() }));
    let mut socket = connect.open().await.unwrap();
    for event in commands() {
        let needed = scopes::needed(event).as_str();
        let ack = socket.call(event, &json!({ "room": 7, "data": "x" })).await;
        let denied = outcome(&ack) == "forbidden";
        assert_eq!(denied, needed != "read", "{event}: {ack}");
    }
}

#[tokio::test]
async fn a_call_asks_for_its_scope_and_the_account_is_out_of_reach() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let helper = bot(&anna, "helper").await;
    let documents = parlor::wire::schema::openapi();
    let calls: Vec<(Method, String)> = documents["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, calls)| {
            calls
                .as_object()
                .unwrap()
                .iter()
                .map(move |(method, call)| (path, method, call))
        })
        .filter(|(_, _, call)| call["security"] != json!([]))
        .map(|(path, method, _)| {
            (
                method.to_uppercase().parse().unwrap(),
                path["/api/v1".len()..].to_owned(),
            )
        })
        .collect();
    assert!(calls.len() > 15);
    for (scope, other) in [("read", "write"), ("write", "join"), ("join", "read")] {
        let script = token(&server, &anna, helper, &[scope]).await;
        for (method, path) in &calls {
            let what = format!("{method} {path}");
            if what == "DELETE /tokens/current" {
                continue;
            }
            let filled = path.replace("{code}", "0123456789ab").replace("{id}", "0");
            let needed = scopes::needed(&what).as_str();
            let request = script.request(method.clone(), &filled).json(&json!({}));
            let answer = crate::harness::Answer::of(request).await;
            let denied = answer.status == 403 && answer.text().contains("scope");
            assert_eq!(
                denied,
                needed != scope,
                "{what} with {scope}, not {other}: {}",
                answer.text()
            );
        }
        script.delete("/tokens/current").await.is(204);
    }
}

/// A socket that was opened with the token of a script.
async fn connected(server: &TestServer, script: &Script) -> Socket {
    let auth = json!({ "token": script.token() });
    server.connect().auth(auth).open().await.unwrap()
}

#[tokio::test]
async fn an_ended_token_and_a_deleted_bot_are_disconnected() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let helper = bot(&anna, "helper").await;
    let script = token(&server, &anna, helper, &["read"]).await;
    let mut socket = connected(&server, &script).await;
    let listed = anna.api().get("/bots").await.expect(200);
    let listed_token = &listed["bots"][0]["tokens"][0];
    assert_eq!(listed_token["scopes"], json!(["read"]));
    let path = format!(
        "/bots/{helper}/tokens/{}",
        listed_token["id"].as_str().unwrap()
    );
    anna.api().delete(&path).await.is(204);
    socket.closed().await;
    anna.api().delete(&path).await.is(404);
    let script = token(&server, &anna, helper, &["read"]).await;
    let mut socket = connected(&server, &script).await;
    let ben = server.person("ben").await;
    ben.api().delete(&format!("/bots/{helper}")).await.is(404);
    anna.api().delete(&format!("/bots/{helper}")).await.is(204);
    socket.closed().await;
    script.get("/me").await.is(401);
    assert_eq!(anna.api().get("/bots").await.expect(200)["bots"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_a_bot_is_said() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let refused = ben.api().post("/bots", &json!({ "name": "mine" })).await;
    assert_eq!(
        refused.refusal(),
        (403, "forbidden".to_owned()),
        "he owns no room"
    );
    let helper = bot(&anna, "helper").await;
    let path = format!("/bots/{helper}/tokens");
    for (path, body, status, field) in [
        ("/bots", json!({ "name": "anna" }), 409, "name"),
        ("/bots", json!({ "name": "a b" }), 422, "name"),
        ("/bots", json!({}), 422, "name"),
        (path.as_str(), json!({ "scopes": [] }), 422, "scopes"),
        (&path, json!({ "scopes": ["admin"] }), 422, "scopes"),
        (&path, json!({ "scopes": ["account"] }), 422, "scopes"),
        (&path, json!({ "scopes": "read" }), 422, "scopes"),
        (
            &path,
            json!({ "scopes": ["read"], "label": "x".repeat(65) }),
            422,
            "label",
        ),
        ("/bots/0/tokens", json!({ "scopes": ["read"] }), 404, ""),
    ] {
        let refused: Value = anna.api().post(path, &body).await.expect(status);
        assert_eq!(
            refused["error"]["field"].as_str().unwrap_or_default(),
            field,
            "{path} {body}"
        );
    }
}

#[tokio::test]
async fn the_page_makes_a_bot_and_shows_its_token_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let page = "/settings/bots";
    let refused = browser.submit(page, page, &[("name", "anna")]).await;
    assert!(refused.is(409).text().contains("That name is taken"));
    browser
        .submit(page, page, &[("name", "helper")])
        .await
        .leads_to(page);
    let listed = anna.api().get("/bots").await.expect(200);
    let id = listed["bots"][0]["user"]["id"].as_i64().unwrap();
    let tokens = format!("{page}/{id}/tokens");
    let refused = browser.submit(page, &tokens, &[("label", "laptop")]).await;
    assert!(
        refused
            .is(422)
            .text()
            .contains("Choose one or more of the scopes")
    );
    assert_eq!(
        crate::harness::field(refused.text(), "label").unwrap(),
        "laptop"
    );
    browser
        .submit(page, &tokens, &[("label", "laptop"), ("read", "1")])
        .await
        .leads_to(page);
    let shown = field_of(browser.get(page).await.text(), "bot-token").expect("a token");
    let script = Script::new(server.base(), Some(shown));
    assert_eq!(
        script.get("/me").await.expect(200)["user"]["name"],
        "helper"
    );
    assert!(
        field_of(browser.get(page).await.text(), "bot-token").is_none(),
        "it is shown once"
    );
    let listed = anna.api().get("/bots").await.expect(200);
    let token = listed["bots"][0]["tokens"][0]["id"].as_str().unwrap();
    browser
        .submit(page, &format!("{tokens}/{token}/end"), &[])
        .await
        .leads_to(page);
    script.get("/me").await.is(401);
    browser
        .submit(page, &format!("{page}/{id}/delete"), &[])
        .await
        .leads_to(page);
    assert_eq!(anna.api().get("/bots").await.expect(200)["bots"], json!([]));
}

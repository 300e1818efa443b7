//! Tokens of people: what each scope opens on each edge, how they end by themselves, and how by hand.

use std::time::Duration;

use parlor::{for_each_request, service::scopes};
use serde_json::{Value, json};

use crate::harness::{
    Answer, Ended, Person, Refused, Script, Socket, TestServer, field_of, outcome,
};

const PAGE: &str = "/settings/tokens";

/// A token of this person, with more in the call than login and password.
async fn token(server: &TestServer, person: &Person, more: Value) -> Script {
    let mut body = json!({ "login": person.email, "password": person.password });
    let (Value::Object(all), Value::Object(more)) = (&mut body, more) else {
        panic!("objects");
    };
    all.extend(more);
    let made = Script::new(server.base(), None)
        .post("/tokens", &body)
        .await;
    let token = made.expect(201)["token"].as_str().unwrap().to_owned();
    Script::new(server.base(), Some(token))
}

async fn scoped(server: &TestServer, person: &Person, scopes: &[&str]) -> Script {
    token(server, person, json!({ "scopes": scopes })).await
}

async fn connected(server: &TestServer, script: &Script) -> Socket {
    let auth = json!({ "token": script.token() });
    server.connect().auth(auth).open().await.unwrap()
}

async fn listed(script: &Script) -> Vec<Value> {
    let body = script.get("/tokens").await.expect(200);
    body["tokens"].as_array().unwrap().clone()
}

fn commands() -> Vec<&'static str> {
    macro_rules! names {
        ($($request:ident => $ack:ident: $event:literal,)+) => { vec![$($event),+] };
    }
    for_each_request!(names)
}

/// What names the scope that a token lacks.
fn lacks(scope: &str) -> String {
    format!("with the scope {scope}.")
}

#[tokio::test]
async fn every_event_asks_for_its_scope_and_names_the_one_that_is_missing() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for own in [
        &["read"][..],
        &["read", "account"],
        &["read", "write", "join"],
    ] {
        let mut socket = connected(&server, &scoped(&server, &anna, own).await).await;
        for event in commands() {
            let needed = scopes::needed(event).as_str();
            let ack = socket.call(event, &json!({ "room": 7, "data": "x" })).await;
            let message = ack["error"]["message"].as_str().unwrap_or_default();
            let denied = outcome(&ack) == "forbidden" && message.ends_with(&lacks(needed));
            assert_eq!(
                denied,
                !own.contains(&needed),
                "{event} with {own:?}: {ack}"
            );
        }
    }
    let deaf = scoped(&server, &anna, &["write", "join", "account"]).await;
    let auth = json!({ "token": deaf.token() });
    let refused = server.connect().auth(auth).open().await.err();
    assert_eq!(refused, Some(Refused::Connect("forbidden".to_owned())));
}

#[tokio::test]
async fn every_call_asks_for_its_scope_and_one_without_scopes_may_all() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let documents = parlor::wire::schema::openapi();
    let mut tried = 0;
    for (path, calls) in documents["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            let what = format!("{} {}", method.to_uppercase(), &path["/api/v1".len()..]);
            if call["security"] == json!([]) || what == "DELETE /tokens/current" {
                continue;
            }
            tried += 1;
            let needed = scopes::needed(&what).as_str();
            let all = ["read", "write", "join", "account"];
            let others: Vec<_> = all.into_iter().filter(|scope| *scope != needed).collect();
            for (script, denied) in [
                (scoped(&server, &anna, &others).await, true),
                (scoped(&server, &anna, &[needed]).await, false),
                (anna.another_script().await, false),
            ] {
                let path = &what.split_once(' ').unwrap().1;
                let path = path.replace("{code}", "0123456789ab").replace("{id}", "0");
                let method = method.to_uppercase().parse().unwrap();
                let answer = Answer::of(script.request(method, &path).json(&json!({}))).await;
                let refused = answer.status == 403 && answer.text().contains(&lacks(needed));
                assert_eq!(refused, denied, "{what}: {}", answer.text());
            }
        }
    }
    assert!(tried > 30, "{tried}");
}

#[tokio::test]
async fn a_file_of_a_room_asks_for_reading_on_its_page_too() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let form = reqwest::multipart::Form::new().part(
        "file",
        reqwest::multipart::Part::text("tea").file_name("tea.txt"),
    );
    let writer = scoped(&server, &anna, &["write"]).await;
    let made = Answer::of(
        writer
            .request(reqwest::Method::POST, "/uploads")
            .multipart(form),
    )
    .await;
    let url = made.expect(201)["attachment"]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let fetch = async |script: &Script| {
        let request = reqwest::Client::new().get(format!("{}{url}", server.base()));
        let answer = Answer::of(request.bearer_auth(script.token())).await;
        answer.status
    };
    assert_eq!(fetch(&writer).await, 403);
    assert_eq!(fetch(&scoped(&server, &anna, &["read"]).await).await, 200);
}

#[tokio::test]
async fn a_token_that_has_run_out_opens_nothing() {
    let (builder, clock) = TestServer::standing();
    let server = builder.start().await;
    let anna = server.person("anna").await;
    let more = json!({ "label": "deploy", "scopes": ["read"], "expires_in": 600 });
    let script = token(&server, &anna, more).await;
    let shown = || async {
        let tokens = listed(anna.api()).await;
        tokens.into_iter().find(|token| token["label"] == "deploy")
    };
    let first = shown().await.unwrap();
    assert_eq!(first["scopes"], json!(["read"]));
    assert_eq!(first["created_at"], json!("2026-01-01T00:00:00.000Z"));
    assert_eq!(first["expires_at"], json!("2026-01-01T00:10:00.000Z"));
    assert_eq!(
        (&first["used_at"], &first["current"]),
        (&Value::Null, &json!(false))
    );
    script.get("/me").await.is(200);
    clock.advance(Duration::from_mins(4));
    script.get("/me").await.is(200);
    let used = shown().await.unwrap()["used_at"].clone();
    assert_eq!(
        used,
        json!("2026-01-01T00:00:00.000Z"),
        "no write for each request"
    );
    clock.advance(Duration::from_mins(5));
    script.get("/me").await.is(200);
    let used = shown().await.unwrap()["used_at"].clone();
    assert_eq!(used, json!("2026-01-01T00:09:00.000Z"));
    clock.advance(Duration::from_mins(1));
    script.get("/me").await.is(401);
    let auth = json!({ "token": script.token() });
    let refused = server.connect().auth(auth).open().await.err();
    assert_eq!(refused, Some(Refused::unauthorized()));
    assert_eq!(shown().await, None);
}

#[tokio::test]
async fn sockets_of_a_token_that_runs_out_are_disconnected() {
    let (builder, clock) = TestServer::standing();
    let server = builder.start().await;
    let anna = server.person("anna").await;
    let mut lasting = anna.socket().await;
    let more = json!({ "expires_in": 600 });
    let mut socket = connected(&server, &token(&server, &anna, more).await).await;
    socket.join("lobby").await;
    clock.advance(Duration::from_mins(10));
    assert_eq!(socket.closed().await, Ended::Disconnected);
    lasting.join("lobby").await;
}

#[tokio::test]
async fn a_token_ended_by_page_or_call_is_disconnected_at_once() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let browser = anna.browser().await;
    for by_page in [true, false] {
        let script = scoped(&server, &anna, &["read", "account"]).await;
        let mut socket = connected(&server, &script).await;
        let tokens = listed(&script).await;
        let own = tokens
            .iter()
            .find(|token| token["current"] == true)
            .unwrap();
        let id = own["id"].as_str().unwrap();
        ben.api().delete(&format!("/tokens/{id}")).await.is(404);
        if by_page {
            let answer = browser.submit(PAGE, &format!("{PAGE}/{id}/end"), &[]).await;
            answer.leads_to(PAGE);
        } else {
            anna.api().delete(&format!("/tokens/{id}")).await.is(204);
        }
        assert_eq!(socket.closed().await, Ended::Disconnected);
        script.get("/me").await.is(401);
        anna.api().delete(&format!("/tokens/{id}")).await.is(404);
    }
    anna.api().get("/me").await.is(200);
    let script = scoped(&server, &anna, &["read"]).await;
    script.delete("/tokens/current").await.is(204);
    script.get("/me").await.is(401);
}

#[tokio::test]
async fn the_page_makes_a_token_under_the_password_and_shows_it_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let wrong = [
        ("label", "laptop"),
        ("write", "1"),
        ("expires_in", "604800"),
        ("current_password", "guess"),
    ];
    let refused = browser.submit(PAGE, PAGE, &wrong).await;
    let text = refused.is(401).text();
    assert!(text.contains("not your present password"));
    assert_eq!(field_of(text, "token-label").unwrap(), "laptop");
    assert!(
        text.contains(r#"name="write" value="1" checked"#)
            && !text.contains(r#"name="read" value="1" checked"#)
    );
    assert!(text.contains(r#"value="604800" selected"#) && !text.contains("guess"));
    let nothing = [("current_password", anna.password.as_str())];
    let refused = browser.submit(PAGE, PAGE, &nothing).await;
    assert!(refused.is(422).text().contains("Choose one or more"));
    let right = [
        ("label", "laptop"),
        ("read", "1"),
        ("expires_in", "604800"),
        ("current_password", &anna.password),
    ];
    browser.submit(PAGE, PAGE, &right).await.leads_to(PAGE);
    let shown = browser.get(PAGE).await;
    let shown = field_of(shown.text(), "new-token").expect("a token");
    let script = Script::new(server.base(), Some(shown));
    script.get("/me").await.is(200);
    script.get("/sessions").await.is(403);
    let page = browser.get(PAGE).await;
    assert!(
        field_of(page.text(), "new-token").is_none(),
        "it is shown once"
    );
    assert!(page.text().contains("May do: read<") && page.text().contains("May do: everything<"));
}

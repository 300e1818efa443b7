//! Files that come with messages: who may send, fetch and lose them.

mod pictures;
pub(crate) mod storage;
mod wordless;

use parlor::config::Settings;
use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Person, TestServer, eventually, png};

/// Uploads a file by a JSON call.
async fn upload(person: &Person, name: &str, bytes: &[u8]) -> Answer {
    let form = form(name, bytes);
    Answer::of(
        person
            .api()
            .request(Method::POST, "/uploads")
            .multipart(form),
    )
    .await
}

fn form(name: &str, bytes: &[u8]) -> multipart::Form {
    let part = multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    multipart::Form::new().part("file", part)
}

/// Uploads a file; answers with what there is to know of it.
async fn uploaded(person: &Person, name: &str, bytes: &[u8]) -> Value {
    upload(person, name, bytes).await.expect(201)["attachment"].clone()
}

/// Sends a message with these uploads.
async fn send(person: &Person, room: &str, text: &str, files: &[&Value]) -> Answer {
    let ids: Vec<_> = files.iter().map(|file| &file["id"]).collect();
    let body = json!({ "data": text, "attachments": ids });
    person
        .api()
        .post(&format!("/rooms/{room}/messages"), &body)
        .await
}

/// Fetches what is at this address by somebody's token.
async fn fetch(server: &TestServer, person: &Person, url: &Value) -> Answer {
    let url = url.as_str().expect("an address");
    let request = server.visitor().request(Method::GET, url);
    Answer::of(request.bearer_auth(person.api().token())).await
}

/// All files below the uploads folder.
fn stored(server: &TestServer) -> usize {
    storage::files(server.folder())
}

#[tokio::test]
async fn a_message_brings_its_files_to_everybody_in_the_room() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut listener = ben.listening("lobby").await;
    let picture = uploaded(&anna, "red.png", &png([200, 30, 30])).await;
    let notes = uploaded(&anna, "notes.txt", b"milk, bread").await;
    let sent = send(&anna, "lobby", "look", &[&picture, &notes])
        .await
        .expect(201);
    assert_eq!(sent["message"]["attachments"], json!([picture, notes]));
    let heard = listener.next("message").await;
    assert_eq!(heard["attachments"], json!([picture, notes]));
    assert_eq!(
        (&picture["type"], &picture["width"], &picture["height"]),
        (&json!("image/png"), &json!(8), &json!(8))
    );
    assert_eq!(
        (&notes["type"], &notes["size"], &notes["name"]),
        (&json!("text/plain"), &json!(11), &json!("notes.txt"))
    );
    assert!(notes.get("width").is_none() && notes.get("thumbnail").is_none());
    let page = ben.api().get("/rooms/lobby/messages").await.expect(200);
    assert_eq!(page["messages"][0]["attachments"], json!([picture, notes]));
    let text = fetch(&server, &ben, &notes["url"]).await;
    assert_eq!(text.is(200).bytes, b"milk, bread");
    let rooms = ben.api().get("/rooms").await.expect(200);
    assert_eq!(
        rooms["rooms"][0]["last_message"]["attachments"],
        json!([picture, notes])
    );
}

#[tokio::test]
async fn a_socket_sends_files_without_words_and_a_resend_is_harmless() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let file = uploaded(&anna, "a.txt", b"a").await;
    let message =
        json!({ "room": "lobby", "data": " ", "client_id": "once", "attachments": [file["id"]] });
    let first = socket.call("message", &message).await;
    let again = socket.call("message", &message).await;
    assert_eq!(
        (&first["ok"], &first["duplicate"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&again["id"], &again["duplicate"]),
        (&first["id"], &json!(true))
    );
    let heard = socket.next("message").await;
    assert_eq!(
        (&heard["text"], &heard["attachments"][0]),
        (&json!(""), &file)
    );
    socket.expect_none("message").await;
    let empty = socket
        .call(
            "message",
            &json!({ "room": "lobby", "data": " ", "attachments": [] }),
        )
        .await;
    assert_eq!(empty["error"]["field"], "data");
}

#[tokio::test]
async fn only_who_may_read_the_room_may_fetch_and_others_learn_nothing() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let (ben, carl) = (server.person("ben").await, server.person("carl").await);
    let room = anna.api().open_room("Secrets").await;
    ben.api().join(&room).await;
    let file = uploaded(&anna, "plan.txt", b"the plan").await;
    fetch(&server, &anna, &file["url"]).await.is(200);
    fetch(&server, &ben, &file["url"]).await.is(404);
    send(&anna, &room, "", &[&file]).await.expect(201);
    fetch(&server, &anna, &file["url"]).await.is(200);
    fetch(&server, &ben, &file["url"]).await.is(200);
    fetch(&server, &carl, &file["url"]).await.is(404);
    server
        .visitor()
        .get(file["url"].as_str().unwrap())
        .await
        .is(404);
    ben.api()
        .post(&format!("/rooms/{room}/leave"), &json!({}))
        .await
        .is(204);
    fetch(&server, &ben, &file["url"]).await.is(404);
}

#[tokio::test]
async fn an_upload_goes_into_one_message_of_its_owner_only() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let (first, second) = (
        uploaded(&anna, "1", b"1").await,
        uploaded(&anna, "2", b"2").await,
    );
    let unknown = json!({ "id": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
    for (by, files) in [(&ben, vec![&first]), (&anna, vec![&first, &unknown])] {
        let refused = send(by, "lobby", "mine", &files).await.expect(404);
        assert_eq!(
            (&refused["error"]["code"], &refused["error"]["field"]),
            (&json!("not_found"), &json!("attachments"))
        );
    }
    send(&anna, "lobby", "", &[&first]).await.expect(201);
    send(&anna, "lobby", "twice", &[&second, &first])
        .await
        .expect(404);
    send(&anna, "lobby", "", &[&second]).await.expect(201);
    let texts = anna.api().read("lobby").await;
    assert_eq!(texts, ["", ""], "what was refused left nothing");
}

#[tokio::test]
async fn a_message_takes_ten_files_and_each_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut files = Vec::new();
    for index in 0_u8..11 {
        files.push(uploaded(&anna, "a.txt", &[b'a' + index]).await);
    }
    let all: Vec<_> = files.iter().collect();
    for refused in [&all[..], &[all[0], all[0]]] {
        let told = send(&anna, "lobby", "x", refused).await.expect(422);
        assert_eq!(told["error"]["field"], "attachments");
    }
    let sent = send(&anna, "lobby", "x", &all[..10]).await.expect(201);
    assert_eq!(sent["message"]["attachments"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_cookie_uploads_from_own_pages_only() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let by = |browser: &Browser, origin: Option<&str>| {
        let request = browser.request(Method::POST, "/api/v1/uploads");
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        Answer::of(request.multipart(form("a.txt", b"a")))
    };
    by(&browser, None).await.is(201);
    by(&browser, Some(server.base())).await.is(201);
    by(&browser, Some("https://evil.example")).await.is(403);
    by(&server.visitor(), None).await.is(401);
}

#[tokio::test]
async fn parts_of_a_file_can_be_fetched_and_nothing_twice() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let file = uploaded(&anna, "a.txt", b"0123456789").await;
    let ask = |name: &'static str, value: String| {
        let url = file["url"].as_str().unwrap();
        let request = server.visitor().request(Method::GET, url);
        Answer::of(request.bearer_auth(anna.api().token()).header(name, value))
    };
    let part = ask("range", "bytes=2-5".to_owned()).await;
    assert_eq!(
        (part.status, part.text(), part.header("content-range")),
        (206, "2345", "bytes 2-5/10")
    );
    ask("range", "bytes=20-".to_owned()).await.is(416);
    let whole = ask("range", "lines=1-2".to_owned()).await;
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(
        whole.header("cache-control"),
        "private, max-age=31536000, immutable"
    );
    let again = ask("if-none-match", whole.header("etag").to_owned()).await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
}

#[tokio::test]
async fn the_limits_are_those_of_the_settings() {
    let small = |settings: &mut Settings| {
        settings.limits.attachment_bytes = 4096;
        settings.limits.person_quota = 10_000;
    };
    let server = TestServer::builder().setting(small).start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    for (bytes, status) in [
        (4096, 201),
        (4097, 413),
        (600_000, 413),
        (4096, 201),
        (1809, 413),
        (1808, 201),
        (1, 413),
    ] {
        let answer = upload(&anna, "a.bin", &vec![1; bytes]).await;
        assert_eq!(answer.status, status, "{bytes} bytes: {}", answer.text());
        if status == 413 {
            assert_eq!(answer.json()["error"]["field"], "file");
        }
    }
    uploaded(&ben, "a.bin", &[1; 4096]).await;
    let ready = json!(anna.socket().await.next("ready").await["server"]["limits"]);
    assert_eq!(
        (
            &ready["attachment_bytes"],
            &ready["attachments_per_message"]
        ),
        (&json!(4096), &json!(10))
    );
    assert_eq!(stored(&server), 4, "what was refused left nothing");
}

/// Waits until no file is left.
async fn until_nothing_is_stored(server: &TestServer) {
    eventually("the files to go", || stored(server) == 0).await;
}

#[tokio::test]
async fn a_deleted_message_takes_its_files_with_it() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut listener = ben.listening("lobby").await;
    let mut socket = anna.listening("lobby").await;
    let picture = uploaded(&anna, "red.png", &png([200, 30, 30])).await;
    let notes = uploaded(&anna, "notes.txt", b"milk, bread").await;
    let sent = send(&anna, "lobby", "look", &[&picture, &notes]).await;
    let id = sent.expect(201)["message"]["id"].clone();
    assert_eq!(stored(&server), 4, "two files, and two smaller pictures");
    let deleted = socket.call("delete_message", &json!({ "id": id })).await;
    assert_eq!(deleted["message"]["attachments"], json!([]));
    let told = listener.next("message_updated").await;
    assert_eq!(
        (&told["deleted"], &told["attachments"]),
        (&json!(true), &json!([]))
    );
    for file in [&picture, &notes] {
        fetch(&server, &anna, &file["url"]).await.is(404);
    }
    until_nothing_is_stored(&server).await;
}

#[tokio::test]
async fn a_form_sends_words_and_files_in_one_go() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let csrf = browser.csrf("/room/lobby").await;
    let post = async |csrf: &str, text: &str, file: &[u8]| {
        let part = multipart::Part::bytes(file.to_vec()).file_name("a.txt");
        let nothing = multipart::Part::bytes(Vec::new()).file_name("");
        let form = multipart::Form::new()
            .text("csrf", csrf.to_owned())
            .text("data", text.to_owned())
            .part("file", part)
            .part("file", nothing);
        let request = browser.request(Method::POST, "/room/lobby");
        Answer::of(request.header("origin", server.base()).multipart(form)).await
    };
    post("", "no token", b"a").await.is(403);
    assert_eq!(stored(&server), 0);
    post(&csrf, "", b"a").await.leads_to("/room/lobby");
    let refused = post(&csrf, "empty", b"").await;
    assert!(refused.is(422).text().contains("This file is empty"));
    let page = browser.get("/room/lobby").await;
    assert!(page.text().contains("a.txt") && page.text().contains("1 byte"));
}

#[tokio::test]
async fn a_search_finds_what_has_files() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    anna.api().say("lobby", "the plan, without").await;
    let file = uploaded(&anna, "plan.txt", b"ten: tables").await;
    send(&anna, "lobby", "the plan", &[&file]).await.expect(201);
    let found = anna.api().get("/search?query=has:file%20plan").await;
    let hits = found.expect(200)["hits"].clone();
    assert_eq!(hits.as_array().unwrap().len(), 1);
    assert_eq!(hits[0]["message"]["text"], "the plan");
}

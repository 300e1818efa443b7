//! A copy of one's data: what is in it, that it comes while it is made, and who gets it.

use std::{collections::BTreeMap, io::Cursor, io::Read, path::Path};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Person, Ran, Script, TestServer, png, ran, within};

fn parlor(folder: &Path, words: &[&str]) -> Ran {
    let mut arguments = words.to_vec();
    arguments.extend(["--data-dir", folder.to_str().unwrap()]);
    ran(folder, &arguments, &[])
}

/// The files of an archive.
fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.insert(entry.name().unwrap().into_owned(), bytes);
    }
    files
}

fn read(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    let bytes = files
        .get(name)
        .unwrap_or_else(|| panic!("{name}: {:?}", files.keys()));
    serde_json::from_slice(bytes).unwrap()
}

/// The texts in a list of messages.
fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one["text"].as_str().unwrap()).collect()
}

async fn export(script: &Script) -> reqwest::Response {
    let request = script.request(Method::POST, "/me/export").json(&json!({}));
    request.send().await.unwrap()
}

async fn upload(person: &Person, name: &str, bytes: &[u8]) -> Value {
    let file = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().part("file", file);
    let request = person
        .api()
        .request(Method::POST, "/uploads")
        .multipart(form);
    Answer::of(request).await.expect(201)["attachment"].clone()
}

async fn direct(one: &Person, other: &Person) -> String {
    let body = json!({ "users": [other.id] });
    let made = one.api().post("/direct", &body).await.expect(200);
    made["room"]["room"].as_str().unwrap().to_owned()
}

/// Has anna do one thing of each kind, and olga some, too; answers with the code of their direct conversation and the id of
/// olga's message in the lobby.
async fn lived(olga: &Person, anna: &Person, big: &[u8]) -> (String, Value) {
    anna.api()
        .put("/me/photo", "image/png", &png([1, 2, 3]))
        .await
        .is(200);
    let file = upload(anna, "plan.bin", big).await;
    let body = json!({ "data": "the plan", "attachments": [file["id"]] });
    anna.api()
        .post("/rooms/lobby/messages", &body)
        .await
        .is(201);
    let hers = olga.api().say("lobby", "in public").await["message"].clone();
    let path = format!("/messages/{}/reactions/%F0%9F%91%8D", hers["id"]);
    let react = anna.api().request(Method::PUT, &path).json(&json!({}));
    Answer::of(react).await.is(200);
    let path = format!("/messages/{}/saved", hers["id"]);
    let save = anna.api().request(Method::PUT, &path).json(&json!({}));
    Answer::of(save).await.is(200);
    let room = direct(anna, olga).await;
    anna.api().say(&room, "between us").await;
    olga.api().say(&room, "of course").await;
    let gone = anna.api().say("lobby", "taken back").await["message"]["id"].clone();
    anna.api()
        .delete(&format!("/messages/{gone}"))
        .await
        .is(200);
    (room, hers["id"].clone())
}

#[tokio::test]
async fn an_export_has_what_is_ones_own_and_nothing_of_others() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let browser = anna.browser().await;
    let big = vec![7; 700_000];
    let (room, hers) = lived(&olga, &anna, &big).await;
    for person in [&olga, &anna] {
        server.links(person).await;
    }
    let csrf = browser.csrf("/settings/data").await;
    let request = browser.request(Method::POST, "/settings/data/export");
    let request = request
        .header("origin", server.base())
        .form(&[("csrf", &csrf)]);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let disposition = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename=\"parlor-anna-20"),
        "{disposition}"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let files = unpacked(&answer.bytes().await.unwrap());

    let profile = read(&files, "profile.json");
    assert_eq!(
        (&profile["user"]["name"], &profile["user"]["email"]),
        (&json!("anna"), &json!("anna@example.org"))
    );
    assert_eq!(
        profile["identity"],
        json!({ "issuer": "https://login.example.org", "subject": "anna at the provider" })
    );
    let sessions = read(&files, "sessions.json");
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    assert!(!sessions["tokens"].as_array().unwrap().is_empty());
    assert_eq!(read(&files, "settings.json")["mail"], true);
    let rooms = read(&files, "rooms.json");
    let rooms: Vec<_> = rooms
        .as_array()
        .unwrap()
        .iter()
        .map(|room| room["room"].as_str().unwrap())
        .collect();
    assert_eq!(rooms.len(), 2, "{rooms:?}");
    assert!(rooms.contains(&"lobby") && rooms.contains(&room.as_str()));
    assert_eq!(
        texts(&read(&files, "messages.json")),
        ["the plan", "between us"]
    );
    let talk = read(&files, &format!("direct/{room}.json"));
    assert_eq!(texts(&talk), ["between us", "of course"]);
    let reactions = read(&files, "reactions.json");
    assert_eq!(
        reactions,
        json!([{ "message": hers, "room": "lobby", "emoji": "👍" }])
    );
    assert_eq!(texts(&read(&files, "saved.json")), ["in public"]);
    let listed = read(&files, "files.json");
    let path = listed[0]["path"].as_str().unwrap();
    assert!(path.ends_with("-plan.bin"), "{listed}");
    assert_eq!(files[path], big);
    assert!(files["photo.webp"].starts_with(b"RIFF"));
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for secret in [
            "olga@example.org",
            "olga at the provider",
            "$scrypt$",
            anna.api().token(),
            "taken back",
        ] {
            assert!(!text.contains(secret), "{secret} stands in {name}");
        }
    }
}

#[tokio::test]
async fn an_export_of_very_much_comes_in_pieces_and_one_at_a_time() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let count = 5_000;
    let mut socket = anna.socket().await;
    let said = (0..count).map(|number| format!("{number} {}", "word ".repeat(200)));
    socket.say_all("lobby", said).await;
    let big: Vec<u8> = (0..20_000_000_u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    upload(&anna, "noise.bin", &big).await;
    let mut first = export(anna.api()).await;
    assert_eq!(first.status(), 200);
    let mut bytes = first.chunk().await.unwrap().unwrap().to_vec();
    assert!(bytes.len() < 1 << 20, "it comes before all of it is made");
    let second = export(anna.api()).await;
    assert_eq!(second.status(), 409, "one at a time");
    assert_eq!(export(olga.api()).await.status(), 200, "a person");
    while let Some(more) = first.chunk().await.unwrap() {
        bytes.extend_from_slice(&more);
    }
    let files = unpacked(&bytes);
    assert_eq!(texts(&read(&files, "messages.json")).len(), count);
    let path = read(&files, "files.json")[0]["path"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(files[&path] == big, "each byte of it");
}

#[tokio::test]
async fn who_breaks_off_may_begin_anew_until_there_were_too_many() {
    let server = TestServer::builder()
        .setting(|settings| settings.limits.exports_per_person = 2)
        .start()
        .await;
    let anna = server.person("anna").await;
    let big = vec![1; 20_000_000];
    upload(&anna, "big.bin", &big).await;
    let mut first = export(anna.api()).await;
    first.chunk().await.unwrap().unwrap();
    drop(first);
    within("the first one to be given up", async {
        while export(anna.api()).await.status() == 409 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    within("its end", async {
        while export(anna.api()).await.status() == 409 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let third = export(anna.api()).await;
    assert_eq!(third.status(), 429);
    assert!(third.headers().contains_key("retry-after"));
    let browser: Browser = anna.browser().await;
    let page = browser
        .submit("/settings/data", "/settings/data/export", &[])
        .await;
    assert!(
        page.is(429)
            .text()
            .contains("You have made many exports lately.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_server_writes_an_export_while_it_runs_and_while_not() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    anna.api().say("lobby", "hello").await;
    upload(&anna, "big.bin", &vec![1; 1_000_000]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anna.zip");
    let name = file.to_str().unwrap();
    let words = ["user", "export", "anna", "--output", name];
    let said = parlor(server.folder(), &words).well();
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(said, format!("{name} has {} bytes.\n", bytes.len()));
    let running = unpacked(&bytes);
    assert_eq!(texts(&read(&running, "messages.json")), ["hello"]);
    let again = parlor(server.folder(), &words);
    assert_eq!(again.status, Some(1));
    assert!(
        again.err.contains("Name a file that is not there yet"),
        "{}",
        again.err
    );
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "what is there stays");
    let nobody = folder.path().join("nobody.zip");
    let words = [
        "user",
        "export",
        "nobody",
        "--output",
        nobody.to_str().unwrap(),
    ];
    let refused = parlor(server.folder(), &words);
    assert_eq!(
        refused.err,
        "parlor: Nobody has an account called nobody here.\n"
    );
    assert!(!nobody.exists());
    let audit = olga.api().get("/admin/audit").await.expect(200);
    let entry = &audit["entries"][0];
    assert_eq!(
        (&entry["action"], &entry["target"]),
        (&json!("export_user"), &json!("anna"))
    );
    let at = server.stop().await;
    let file = folder.path().join("stopped.zip");
    let words = [
        "user",
        "export",
        "anna@example.org",
        "--output",
        file.to_str().unwrap(),
    ];
    parlor(at.folder(), &words).well();
    let stopped = unpacked(&std::fs::read(&file).unwrap());
    assert_eq!(stopped["messages.json"], running["messages.json"]);
    assert_eq!(stopped.len(), running.len());
}

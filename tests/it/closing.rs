//! How an account is deleted: by its person, on a page and by a call, and on the command line; and what is left of it.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Ended, Person, Ran, TestServer, png, ran, within};

const PAGE: &str = "/settings/data";
const FORM: &str = "/settings/data/delete";

fn parlor(folder: &Path, words: &[&str]) -> Ran {
    let mut arguments = words.to_vec();
    arguments.extend(["--data-dir", folder.to_str().unwrap()]);
    ran(folder, &arguments, &[])
}

async fn delete(person: &Person, messages: &str) -> Answer {
    let name = person.name.as_str();
    let body =
        json!({ "confirm": name, "current_password": person.password, "messages": messages });
    let request = person.api().request(Method::DELETE, "/me");
    Answer::of(request.json(&body)).await
}

async fn messages(reader: &Person, room: &str) -> Vec<Value> {
    let path = format!("/rooms/{room}/messages?limit=200");
    let body = reader.api().get(&path).await.expect(200);
    body["messages"].as_array().unwrap().clone()
}

/// Waits until so many messages of a room are tombstones.
async fn emptied(reader: &Person, room: &str, count: usize) {
    within("the messages to go", async {
        loop {
            let found = messages(reader, room).await;
            if found.iter().filter(|one| one["deleted"] == true).count() == count {
                return;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_asks_for_the_name_and_the_password_and_logs_out_everywhere() {
    let server = TestServer::start().await;
    let olga = server.person("olga").await;
    let anna = server.person("anna").await;
    let (here, there) = (anna.browser().await, anna.browser().await);
    let mut by_cookie = server
        .connect()
        .header("cookie", there.cookie())
        .open()
        .await
        .unwrap();
    let mut by_token = anna.socket().await;
    let mut reader = olga.listening("lobby").await;
    anna.api().say("lobby", "I was here").await;
    let fields = |messages, confirm, password| {
        [
            ("messages", messages),
            ("confirm", confirm),
            ("current_password", password),
        ]
    };
    for (wrong, words) in [
        (
            fields("keep", "olga", &anna.password),
            "Type your name as it stands",
        ),
        (
            fields("keep", "anna", "not hers"),
            "not your present password",
        ),
        (
            fields("some", "anna", &anna.password),
            "Choose what becomes of your messages.",
        ),
    ] {
        let page = here.submit(PAGE, FORM, &wrong).await;
        assert!(page.text().contains(words), "{words}: {}", page.text());
        assert!(!page.text().contains("not hers"));
    }
    anna.api().get("/me").await.is(200);
    let right = fields("keep", "anna", &anna.password);
    let answer = here.submit(PAGE, FORM, &right).await;
    answer.leads_to("/login?done=deleted");
    assert_eq!(answer.header("clear-site-data"), "\"storage\"");
    let page = here.get("/login?done=deleted").await;
    assert!(page.is(200).text().contains("Your account is deleted."));
    for socket in [&mut by_cookie, &mut by_token] {
        assert_eq!(socket.closed().await, Ended::Disconnected);
    }
    there.get("/profile").await.leads_to("/login?next=/profile");
    anna.api().get("/me").await.is(401);
    let told = reader.next("profile_updated").await;
    assert_eq!(
        (&told["id"], &told["name"], &told["deleted"]),
        (&json!(anna.id), &json!("deleted account"), &json!(true))
    );
    let left = reader.next("member_left").await;
    assert_eq!(
        (&left["user_id"], &left["name"]),
        (&json!(anna.id), &json!("deleted account"))
    );
    let found = messages(&olga, "lobby").await;
    assert_eq!(
        (&found[0]["text"], &found[0]["name"]),
        (&json!("I was here"), &json!("deleted account"))
    );
    assert_eq!(found[0]["author_deleted"], true);
    let room = olga.browser().await.get("/room/lobby").await;
    let text = room.is(200).text();
    assert!(
        text.contains(">deleted account</a>") && !text.contains("href=\"/u/deleted"),
        "the name leads nowhere: {text}"
    );
    let again = server.person("anna").await;
    assert_ne!(again.id, anna.id, "name and address are free");
}

#[tokio::test]
async fn what_was_said_goes_with_its_files_is_heard_and_missed_by_nobody() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    anna.api()
        .put("/me/photo", "image/png", &png([1, 2, 3]))
        .await
        .is(200);
    let photo = anna.api().get("/me").await.expect(200)["user"]["avatar"].clone();
    let reader = olga.browser().await;
    reader.get(photo.as_str().unwrap()).await.is(200);
    let file = reqwest::multipart::Part::bytes(b"the plan".to_vec()).file_name("plan.txt");
    let form = reqwest::multipart::Form::new().part("file", file);
    let request = anna.api().request(Method::POST, "/uploads").multipart(form);
    let upload = Answer::of(request).await.expect(201)["attachment"].clone();
    let mut listener = olga.listening("lobby").await;
    let body = json!({ "data": "see", "attachments": [upload["id"]] });
    let path = "/rooms/lobby/messages";
    anna.api().post(path, &body).await.is(201);
    let hers = olga.api().say("lobby", "welcome").await["message"].clone();
    let react = format!("/messages/{}/reactions/%F0%9F%91%8D", hers["id"]);
    let request = anna.api().request(Method::PUT, &react);
    Answer::of(request.json(&json!({}))).await.is(200);
    let seq = 3;
    delete(&anna, "remove").await.is(204);
    let mut heard = Vec::new();
    while heard.len() < 3 {
        let message = listener.next("message_updated").await;
        heard.push((message["seq"].as_i64().unwrap(), message["change"].clone()));
    }
    let expected = [
        (3, json!("reactions")),
        (4, json!("reactions")),
        (5, json!("deleted")),
    ];
    assert_eq!(heard, expected);
    let back = olga.connect().auth(json!({ "rooms": { "lobby": seq } }));
    let mut back = back.open().await.unwrap();
    let missed = back.next("message_updated").await;
    assert_eq!(
        (&missed["seq"], &missed["reactions"]),
        (&json!(4), &json!([]))
    );
    let missed = back.next("message_updated").await;
    assert_eq!(
        (&missed["seq"], &missed["deleted"], &missed["text"]),
        (&json!(5), &json!(true), &json!(""))
    );
    reader.get(upload["url"].as_str().unwrap()).await.is(404);
    within("the photo to go", async {
        while reader.get(photo.as_str().unwrap()).await.status != 404 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopped_server_did_not_come_to_goes_at_the_next_start() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let room = anna.api().open_room("Tea").await;
    olga.api().join(&room).await;
    let mut socket = anna.socket().await;
    let said = (0..150).map(|number| number.to_string());
    socket.say_all(&room, said).await;
    let at = server.stop().await;
    let words = ["user", "delete", "anna", "--messages", "remove"];
    let said = parlor(at.folder(), &words).well();
    assert_eq!(said, "anna is deleted. The name is free.\n");
    let server = at.start().await;
    emptied(&olga, &room, 150).await;
    let room = olga.api().get(&format!("/rooms/{room}")).await.expect(200);
    assert_eq!(room["room"]["role"], "owner", "she was there the longest");
    let again = server.restart().await;
    let listed = parlor(again.folder(), &["user", "list"]).well();
    assert!(!listed.contains("anna"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_account_goes_while_others_talk_and_the_server_restarts() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let mut socket = anna.socket().await;
    let said = (0..3_000).map(|number| number.to_string());
    socket.say_all("lobby", said).await;
    delete(&anna, "remove").await.is(204);
    olga.api().say("lobby", "in between").await;
    let server = server.restart().await;
    olga.api().say("lobby", "and after").await;
    let mut before = String::new();
    let mut texts = Vec::new();
    within("all of it to go", async {
        loop {
            let path = format!("/rooms/lobby/messages?limit=200{before}");
            let page = olga.api().get(&path).await.expect(200);
            let found = page["messages"].as_array().unwrap();
            let there = found.iter().filter(|one| one["deleted"] == false);
            let there: Vec<_> = there.map(|one| one["text"].clone()).collect();
            if there.iter().any(|text| text.as_str().unwrap().len() < 5) {
                continue;
            }
            texts.extend(there);
            if page["more_before"] == false {
                return;
            }
            before = format!("&before={}", found[0]["id"]);
        }
    })
    .await;
    texts.sort_unstable_by_key(ToString::to_string);
    assert_eq!(texts, [json!("and after"), json!("in between")]);
    drop(server);
}

#[tokio::test]
async fn programs_and_invitations_go_with_their_person() {
    let server = TestServer::start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let room = anna.api().open_room("Tea").await;
    olga.api().join(&room).await;
    let hooks = format!("/rooms/{room}/hooks");
    let hook = anna
        .api()
        .post(&hooks, &json!({ "name": "weather" }))
        .await
        .expect(201);
    let url = hook["url"].as_str().unwrap();
    let hook = url.split("/hooks/").nth(1).unwrap();
    let bot = anna
        .api()
        .post("/bots", &json!({ "name": "helper" }))
        .await
        .expect(201);
    let path = format!("/bots/{}/tokens", bot["bot"]["user"]["id"]);
    let token = anna
        .api()
        .post(&path, &json!({ "scopes": ["read"] }))
        .await
        .expect(201);
    let token = token["token"].as_str().unwrap().to_owned();
    let invites = format!("/rooms/{room}/invites");
    let invite = anna.api().post(&invites, &json!({})).await.expect(201);
    let invite = invite["url"].as_str().unwrap();
    let visitor = server.visitor();
    visitor.get(invite).await.is(200);
    let by_bot = server.connect().auth(json!({ "token": token }));
    let mut by_bot = by_bot.open().await.unwrap();
    delete(&anna, "keep").await.is(204);
    visitor.get(invite).await.is(404);
    assert_eq!(by_bot.closed().await, Ended::Disconnected);
    within("the webhook to go", async {
        let path = format!("/hooks/{hook}");
        let said = json!({ "text": "rain" });
        while server.nobody().post(&path, &said).await.status != 404 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let members = olga.api().get(&format!("/rooms/{room}/members")).await;
    let members = members.expect(200)["members"].as_array().unwrap().len();
    assert_eq!(members, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_and_who_runs_the_site_deletes_others() {
    let server = TestServer::start().await;
    let (olga, ben) = (server.person("olga").await, server.person("ben").await);
    let refused = delete(&olga, "keep").await;
    assert_eq!(refused.refusal(), (409, "conflict".to_owned()));
    let browser = olga.browser().await;
    let fields = [
        ("messages", "keep"),
        ("confirm", "olga"),
        ("current_password", olga.password.as_str()),
    ];
    let page = browser.submit(PAGE, FORM, &fields).await;
    let words = "The site needs somebody who runs it. Make somebody else an admin first.";
    assert!(page.is(409).text().contains(words));
    let mut socket = ben.socket().await;
    let said = parlor(server.folder(), &["user", "delete", "ben"]).well();
    assert_eq!(said, "ben is deleted. The name is free.\n");
    assert_eq!(socket.closed().await, Ended::Disconnected);
    let audit = olga.api().get("/admin/audit").await.expect(200);
    let entry = &audit["entries"][0];
    assert_eq!(
        (&entry["action"], &entry["by"], &entry["target"]),
        (
            &json!("delete_user"),
            &json!("command line"),
            &json!(format!("account {}", ben.id))
        )
    );
    let page = browser.get("/admin/audit").await;
    let words = format!("The command line deleted the account {}.", ben.id);
    assert!(page.is(200).text().contains(&words));
    let ran = parlor(server.folder(), &["user", "delete", "ben"]);
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.err, "parlor: Nobody has an account called ben here.\n");
}

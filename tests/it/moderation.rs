//! Keeping order: who is put out stops hearing at once, who is muted or must wait is told until when, and what the
//! room, its log and the site's admin see of it.

use std::{sync::Arc, time::Duration};

use parlor::base::ManualClock;
use serde_json::{Value, json};

use crate::harness::{Person, Socket, TestServer, outcome};

/// 2026-01-01T12:00:00Z.
const NOON: i64 = 1_767_268_800_000;

/// A room of Anna's to which Ben belongs, and their sockets that listen to it.
async fn room(server: &TestServer) -> (String, Person, Socket, Person, Socket) {
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let (hers, his) = (anna.listening(&room).await, ben.listening(&room).await);
    (room, anna, hers, ben, his)
}

fn measure(room: &str, action: &str, user: &Person, more: &Value) -> Value {
    let mut payload = json!({ "room": room, "action": action, "user": user.id });
    for (name, value) in more.as_object().into_iter().flatten() {
        payload[name] = value.clone();
    }
    payload
}

#[tokio::test]
async fn who_is_kicked_hears_so_and_nothing_more_and_may_come_back() {
    let server = TestServer::start().await;
    let (room, _anna, mut hers, ben, mut his) = room(&server).await;
    let mut elsewhere = ben.socket().await;
    let kick = measure(&room, "kick", &ben, &json!({ "reason": "spam" }));
    hers.done("moderate", &kick).await;
    for socket in [&mut hers, &mut his, &mut elsewhere] {
        let left = socket.next("member_left").await;
        assert_eq!(
            (&left["room"], &left["user_id"], &left["reason"]),
            (&json!(room), &json!(ben.id), &json!("kicked"))
        );
        let told = socket.next("moderated").await;
        assert_eq!(
            told,
            json!({ "room": room, "action": "kick", "user_id": ben.id, "name": "ben", "by": "anna", "reason": "spam" })
        );
    }
    hers.say(&room, "he is gone").await;
    his.expect_none("message").await;
    let said = json!({ "room": room, "data": "from outside" });
    assert_eq!(outcome(&his.call("message", &said).await), "forbidden");
    his.join(&room).await;
    hers.say(&room, "he is back").await;
    assert_eq!(his.hear(1).await, ["he is back"]);
}

#[tokio::test]
async fn who_is_banned_neither_sees_nor_enters_the_room_until_it_is_over() {
    let clock = Arc::new(ManualClock::at(NOON));
    let server = TestServer::builder()
        .clock(Arc::<ManualClock>::clone(&clock))
        .start()
        .await;
    let (room, _anna, mut hers, ben, mut his) = room(&server).await;
    let browser = ben.browser().await;
    let ban = measure(&room, "ban", &ben, &json!({ "seconds": 3600 }));
    hers.done("moderate", &ban).await;
    let left = his.next("member_left").await;
    assert_eq!(left["reason"], "banned");
    let told = his.next("moderated").await;
    let until = told["until"].as_str().unwrap().to_owned();
    let refused = his.call("join", &json!({ "room": room })).await;
    assert_eq!(
        (&refused["error"]["code"], &refused["error"]["until"]),
        (&json!("banned"), &json!(until))
    );
    let seen = ben.api().get(&format!("/rooms/{room}")).await;
    assert_eq!(seen.refusal(), (403, "banned".to_owned()));
    let page = browser.get(&format!("/room/{room}")).await;
    assert!(page.is(403).text().contains("keeps you out"));
    let home = browser.get("/").await;
    assert!(!home.text().contains(&room), "it is not offered");
    hers.say(&room, "without him").await;
    his.expect_none("message").await;
    let add = json!({ "room": room, "user": ben.id });
    let added = hers.call("add_member", &add).await;
    assert_eq!(
        (&added["error"]["code"], &added["error"]["field"]),
        (&json!("conflict"), &json!("user")),
        "not even by name: {added}"
    );
    // A client that resumes is told as if the room were not there; its connection goes on.
    let again = ben.connect().auth(json!({ "rooms": { &room: 0 } }));
    let mut again = again.open().await.unwrap();
    let problem = again.next("problem").await;
    assert_eq!(
        (&problem["event"], &problem["error"]["code"]),
        (&json!("resume"), &json!("not_found"))
    );
    clock.advance(Duration::from_secs(3_601));
    his.join(&room).await;
}

#[tokio::test]
async fn who_is_muted_is_told_until_when_and_coming_back_does_not_help() {
    let server = TestServer::start().await;
    let (room, anna, mut hers, ben, mut his) = room(&server).await;
    let mute = measure(&room, "mute", &ben, &json!({ "seconds": 600 }));
    hers.done("moderate", &mute).await;
    let updated = his.next("member_updated").await;
    let until = &updated["member"]["muted_until"];
    assert!(until.is_string(), "{updated}");
    assert_eq!(&his.next("moderated").await["until"], until);
    let said = json!({ "room": room, "data": "x" });
    let refused = his.call("message", &said).await;
    assert_eq!(
        (&refused["error"]["code"], &refused["error"]["until"]),
        (&json!("muted"), until)
    );
    let leave = json!({ "room": room, "membership": true });
    his.done("leave", &leave).await;
    his.join(&room).await;
    assert_eq!(outcome(&his.call("message", &said).await), "muted");
    let unmute = json!({ "action": "unmute", "user": "ben" });
    let path = format!("/rooms/{room}/moderate");
    anna.api().post(&path, &unmute).await.is(204);
    his.done("message", &said).await;
}

#[tokio::test]
async fn in_a_slow_room_a_member_waits_and_a_moderator_does_not() {
    let clock = Arc::new(ManualClock::at(NOON));
    let server = TestServer::builder()
        .clock(Arc::<ManualClock>::clone(&clock))
        .start()
        .await;
    let (room, _anna, mut hers, _ben, mut his) = room(&server).await;
    let slow = json!({ "room": room, "action": "slow_mode", "seconds": 30 });
    hers.done("moderate", &slow).await;
    let told = his.next("moderated").await;
    assert_eq!(
        (&told["action"], &told["seconds"], &told["name"]),
        (&json!("slow_mode"), &json!(30), &json!("anna"))
    );
    let head = his.next("room_updated").await;
    assert_eq!(head["room"]["slow_mode_s"], 30);
    let said = json!({ "room": room, "data": "x" });
    his.done("message", &said).await;
    clock.advance(Duration::from_secs(10));
    let refused = his.call("message", &said).await;
    assert_eq!(
        (
            &refused["error"]["code"],
            &refused["error"]["retry_after_ms"]
        ),
        (&json!("slow_mode"), &json!(20_000))
    );
    let resent = json!({ "room": room, "data": "x", "client_id": "one" });
    assert_eq!(outcome(&his.call("message", &resent).await), "slow_mode");
    for _ in 0..3 {
        hers.done("message", &said).await;
    }
    clock.advance(Duration::from_secs(20));
    his.done("message", &resent).await;
    assert_eq!(his.done("message", &resent).await["duplicate"], true);
}

#[tokio::test]
async fn an_owner_hands_the_room_over_and_steps_down() {
    let server = TestServer::start().await;
    let (room, anna, mut hers, ben, mut his) = room(&server).await;
    let step_down = measure(&room, "set_role", &anna, &json!({ "role": "member" }));
    let alone = hers.call("moderate", &step_down).await;
    assert_eq!(outcome(&alone), "conflict");
    let hand_over = measure(&room, "set_role", &ben, &json!({ "role": "owner" }));
    hers.done("moderate", &hand_over).await;
    assert_eq!(his.next("member_updated").await["member"]["role"], "owner");
    assert_eq!(his.next("moderated").await["role"], "owner");
    hers.done("moderate", &step_down).await;
    let kick = measure(&room, "kick", &ben, &json!({}));
    assert_eq!(outcome(&hers.call("moderate", &kick).await), "forbidden");
}

#[tokio::test]
async fn moderators_act_on_members_only_and_nobody_on_themselves() {
    let server = TestServer::start().await;
    let (room, anna, mut hers, ben, mut his) = room(&server).await;
    let carla = server.person("carla").await;
    carla.api().join(&room).await;
    for person in [&ben, &carla] {
        let role = measure(&room, "set_role", person, &json!({ "role": "moderator" }));
        hers.done("moderate", &role).await;
    }
    for action in ["kick", "ban", "mute"] {
        for target in [&anna, &carla, &ben] {
            let order = measure(&room, action, target, &json!({}));
            let told = his.call("moderate", &order).await;
            assert_eq!(outcome(&told), "forbidden", "{action} {}", target.name);
        }
        let own = measure(&room, action, &anna, &json!({}));
        assert_eq!(outcome(&hers.call("moderate", &own).await), "forbidden");
    }
    let kick = measure(&room, "kick", &carla, &json!({}));
    hers.done("moderate", &kick).await;
}

#[tokio::test]
async fn the_log_says_what_was_done_to_moderators_alone() {
    let server = TestServer::start().await;
    let (room, anna, mut hers, ben, _his) = room(&server).await;
    for (action, more) in [
        ("mute", json!({ "seconds": 60, "reason": "loud" })),
        ("unmute", json!({})),
        ("unmute", json!({})),
        ("kick", json!({})),
    ] {
        hers.done("moderate", &measure(&room, action, &ben, &more))
            .await;
    }
    let path = format!("/rooms/{room}/log");
    let log = anna.api().get(&path).await.expect(200);
    let entries = log["entries"].as_array().unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| &entry["action"]).collect();
    assert_eq!(
        actions,
        ["kick", "unmute", "mute"],
        "what was so already is not noted"
    );
    assert_eq!(
        (
            &entries[2]["by"],
            &entries[2]["name"],
            &entries[2]["reason"]
        ),
        (&json!("anna"), &json!("ben"), &json!("loud"))
    );
    let first = anna.api().get(&format!("{path}?limit=1")).await.expect(200);
    assert_eq!(first["more"], true);
    let before = first["entries"][0]["id"].as_i64().unwrap();
    let rest = anna.api().get(&format!("{path}?before={before}")).await;
    assert_eq!(rest.expect(200)["entries"].as_array().unwrap().len(), 2);
    ben.api().join(&room).await;
    assert_eq!(ben.api().get(&path).await.refusal().1, "forbidden");
    let page = anna.browser().await.get(&format!("/room/{room}/log")).await;
    assert!(page.is(200).text().contains("anna kicked ben."));
}

#[tokio::test]
async fn the_admin_reads_what_was_reported_and_nothing_else_of_private_rooms() {
    let server = TestServer::start().await;
    let admin = server.person("admin").await;
    let (room, anna, mut hers, ben, _his) = room(&server).await;
    let other = hers.say(&room, "our secret").await;
    let said = hers.say(&room, "buy pills").await;
    let carla = server.person("carla").await;
    let report = json!({ "id": said["id"], "reason": "spam" });
    let refused = carla.api().post("/reports", &report).await;
    assert_eq!(refused.refusal(), (404, "not_found".to_owned()));
    for _ in 0..2 {
        ben.api().post("/reports", &report).await.is(204);
    }
    let list = admin.api().get("/reports").await.expect(200);
    let reports = list["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 1, "told twice, kept once");
    assert_eq!(
        (&reports[0]["message"]["text"], &reports[0]["user"]["name"]),
        (&json!("buy pills"), &json!("anna"))
    );
    assert_eq!(reports[0]["reasons"].as_array().unwrap().len(), 1);
    assert!(other["id"].is_i64());
    let browser = admin.browser().await;
    let page = browser.get("/admin").await;
    let text = page.is(200).text();
    assert!(text.contains("buy pills") && text.contains("Tea"));
    assert!(!text.contains("our secret"));
    let id = reports[0]["id"].as_i64().unwrap();
    let action = format!("/admin/reports/{id}/resolve");
    browser
        .submit("/admin", &action, &[])
        .await
        .leads_to("/admin");
    let list = admin.api().get("/reports").await.expect(200);
    assert_eq!(list["reports"], json!([]));
    let list = admin.api().get("/reports?resolved=1").await.expect(200);
    assert_eq!(list["reports"][0]["id"], id);
    assert_eq!(anna.api().get("/reports").await.refusal().1, "forbidden");
}

#[tokio::test]
async fn reports_have_a_limit() {
    let few = |settings: &mut parlor::config::Settings| settings.limits.reports_per_person = 2;
    let server = TestServer::builder().setting(few).start().await;
    let (_room, _anna, mut hers, _ben, _his) = room(&server).await;
    let report = json!({ "user": "ben", "reason": "rude" });
    for _ in 0..2 {
        hers.done("report", &report).await;
    }
    let refused = hers.call("report", &report).await;
    assert_eq!(outcome(&refused), "rate_limited");
    assert!(refused["error"]["retry_after_ms"].is_i64());
}

#[tokio::test]
async fn order_is_kept_with_scripts_off() {
    let server = TestServer::start().await;
    let (room, anna, _hers, ben, _his) = room(&server).await;
    let browser = anna.browser().await;
    let (members, action) = (
        format!("/room/{room}/members"),
        format!("/room/{room}/moderate"),
    );
    let id = ben.id.to_string();
    for (word, seconds, says) in [
        ("mute", "600", "cannot write here"),
        ("unmute", "", "may write again"),
        ("ban", "", "kept out"),
    ] {
        let fields = [
            ("user", id.as_str()),
            ("action", word),
            ("seconds", seconds),
            ("reason", "spam"),
        ];
        let done = browser.submit(&members, &action, &fields).await;
        done.leads_to(&format!("{members}?done={word}"));
        let page = browser.get(&format!("{members}?done={word}")).await;
        assert!(page.is(200).text().contains(says), "{word}");
    }
    let page = browser.get(&members).await;
    assert!(page.text().contains("Kept out") && page.text().contains("until it is taken back"));
    let unban = [("user", id.as_str()), ("action", "unban")];
    let done = browser.submit(&members, &action, &unban).await;
    done.is(303);
    ben.api().join(&room).await;
    let his = ben.browser().await;
    let page = his.get(&members).await;
    assert!(
        !page.is(200).text().contains("measures-menu"),
        "members have no such menu"
    );
}

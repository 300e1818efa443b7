//! How long messages are kept: what is older goes for good, and who was away or reads on is right about what is left.

use std::time::Duration;

use parlor::service::retention;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::harness::{Person, TestServer};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn what_is_older_than_the_site_keeps_goes_for_good() {
    let (builder, clock) = TestServer::standing();
    let server = builder
        .setting(|settings| settings.limits.retention_days = 30)
        .start()
        .await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let mut socket = olga.socket().await;
    let said = (0..250).map(|number| format!("old {number}"));
    socket.say_all("lobby", said).await;
    clock.advance(DAY * 29);
    olga.api().say("lobby", "young").await;
    let sweep = async || retention::sweep(&server.site().ctx, &CancellationToken::new()).await;
    sweep().await;
    assert_eq!(anna.api().read("lobby").await.len(), 200, "none is old yet");
    let mut listener = anna.socket().await;
    let young = olga.api().get("/rooms/lobby/messages").await.expect(200);
    let young = young["messages"].as_array().unwrap().last().unwrap()["id"].clone();
    clock.advance(DAY * 2);
    sweep().await;
    let told = listener.next("unread").await;
    assert_eq!(
        (&told["room"], &told["unread"]),
        (&json!("lobby"), &json!(1))
    );
    let head = listener.next("room_updated").await;
    assert_eq!(
        (&head["room"]["room"], &head["kept_from"]),
        (&json!("lobby"), &young)
    );
    assert_eq!(anna.api().read("lobby").await, ["young"]);
    let rooms = anna.api().get("/rooms").await.expect(200);
    assert_eq!(rooms["rooms"][0]["unread"], 1);
    let hits = anna.api().get("/search?query=old").await.expect(200);
    assert_eq!(hits["hits"], json!([]));
    let away = anna.connect().auth(json!({ "rooms": { "lobby": 7 } }));
    let mut away = away.open().await.unwrap();
    assert_eq!(away.next("message").await["text"], "young");
    let resumed = away.next("resumed").await;
    assert_eq!(
        (&resumed["seq"], &resumed["more"]),
        (&json!(251), &json!(false))
    );
    let audit = olga.api().get("/admin/audit").await.expect(200);
    let entry = &audit["entries"][0];
    assert_eq!(
        (
            &entry["action"],
            &entry["by"],
            &entry["target"],
            &entry["user_id"]
        ),
        (
            &json!("sweep_messages"),
            &json!("the server"),
            &json!("250 messages"),
            &json!(null)
        )
    );
    let browser = olga.browser().await;
    let page = browser.get("/admin/audit").await;
    let words = "The server deleted 250 messages that were older than their rooms keep them.";
    assert!(page.is(200).text().contains(words));
    let page = browser.get("/room/lobby/settings").await;
    assert!(
        page.is(200)
            .text()
            .contains("This site deletes messages after 30 days")
    );
}

/// What room settings say to this person of how long messages are kept, and whether they may say so themselves.
async fn kept(person: &Person, room: &str) -> (Option<String>, bool) {
    let page = person
        .browser()
        .await
        .get(&format!("/room/{room}/settings"))
        .await;
    let text = page.is(200).text();
    let words = [
        "Messages are kept for ever",
        "This room deletes messages after",
        "This site deletes messages after",
    ];
    let found = words.iter().find_map(|words| text.find(words));
    let words = found.and_then(|at| text[at..].split([',', '.']).next());
    (
        words.map(str::to_owned),
        text.contains("name=\"retention_days\""),
    )
}

#[tokio::test]
async fn a_room_keeps_messages_for_as_long_as_its_owner_says() {
    let (builder, clock) = TestServer::standing();
    let server = builder.start().await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let room = &olga.api().open_room("Tea").await;
    anna.api().join(room).await;
    for room in ["lobby", room] {
        olga.api().say(room, "old").await;
    }
    let forever = "Messages are kept for ever".to_owned();
    assert_eq!(kept(&olga, room).await, (Some(forever.clone()), true));
    assert_eq!(kept(&anna, room).await, (Some(forever), false));
    let mut listener = anna.listening(room).await;
    let browser = olga.browser().await;
    let settings = format!("/room/{room}/settings");
    let set = async |days| {
        let fields = [("section", "retention"), ("retention_days", days)];
        browser.submit(&settings, &settings, &fields).await
    };
    let saved = set(" 7 ").await;
    saved
        .is(303)
        .leads_to(&format!("{settings}?saved=retention"));
    let head = listener.next("room_updated").await;
    assert_eq!(head["room"]["retention_days"], 7);
    let week = Some("This room deletes messages after 7 days".to_owned());
    assert_eq!(kept(&anna, room).await, (week.clone(), false));
    let of_site = browser.get(&format!("/admin/rooms/{room}")).await;
    assert!(of_site.is(200).text().contains("<dd>kept for 7 days</dd>"));
    for wrong in ["a week", "-1", "36501", "1.5"] {
        let page = set(wrong).await;
        assert!(page.is(422).text().contains("1 to 36500 days"), "{wrong}");
        assert!(
            page.text().contains(&format!("value=\"{wrong}\"")),
            "{wrong}"
        );
    }
    clock.advance(DAY * 6);
    olga.api().say(room, "young").await;
    clock.advance(DAY * 2);
    retention::sweep(&server.site().ctx, &CancellationToken::new()).await;
    assert_eq!(anna.api().read(room).await, ["young"]);
    assert_eq!(
        anna.api().read("lobby").await,
        ["old"],
        "other rooms keep all"
    );
    let audit = olga.api().get("/admin/audit").await.expect(200);
    assert_eq!(audit["entries"][0]["target"], "1 messages");
    let mut socket = olga.socket().await;
    let asked = json!({ "room": room, "retention_days": 0 });
    let answer = socket.done("update_room", &asked).await;
    assert_eq!(answer["room"]["retention_days"], 0);
    clock.advance(DAY * 400);
    retention::sweep(&server.site().ctx, &CancellationToken::new()).await;
    assert_eq!(anna.api().read(room).await, ["young"], "as the site again");
    says_who_changed_it(&olga, room).await;
}

/// That olga had messages kept for a week, and then as the site, stands in the room's log.
async fn says_who_changed_it(olga: &Person, room: &str) {
    let log = olga
        .api()
        .get(&format!("/rooms/{room}/log"))
        .await
        .expect(200);
    let lines: Vec<_> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| json!([line["by"], line["action"], line["days"]]))
        .collect();
    assert_eq!(
        lines,
        [
            json!(["olga", "retention", 0]),
            json!(["olga", "retention", 7])
        ]
    );
    let browser = olga.browser().await;
    let page = browser.get(&format!("/room/{room}/log")).await;
    for line in [
        "olga has messages kept for 7 days.",
        "olga has messages kept as long as the site keeps any.",
    ] {
        assert!(page.is(200).text().contains(line), "{}", page.text());
    }
}

#[tokio::test]
async fn only_its_owner_says_for_how_long_and_no_longer_than_the_site() {
    let server = TestServer::builder()
        .setting(|settings| settings.limits.retention_days = 30)
        .start()
        .await;
    let (olga, anna) = (server.person("olga").await, server.person("anna").await);
    let room = &olga.api().open_room("Tea").await;
    anna.api().join(room).await;
    let path = format!("/rooms/{room}");
    let keep = async |person: &Person, body| person.api().patch(&path, &body).await;
    let id = anna.api().get("/me").await.expect(200)["user"]["id"].clone();
    let role = json!({ "room": room, "user": id, "action": "set_role", "role": "moderator" });
    olga.socket().await.done("moderate", &role).await;
    keep(&anna, json!({ "topic": "tea" })).await.is(200);
    for refused in [
        json!({ "retention_days": 7 }),
        json!({ "retention_days": 0, "topic": "hers" }),
        json!({ "retention_days": 7, "visibility": "private" }),
    ] {
        keep(&anna, refused).await.is(403);
    }
    let too_long = keep(&olga, json!({ "retention_days": 31 }))
        .await
        .expect(422);
    assert_eq!(too_long["error"]["field"], "retention_days");
    let message = too_long["error"]["message"].as_str().unwrap();
    assert!(message.contains("1 to 30 days"), "{message}");
    let asked = json!({ "retention_days": 7, "visibility": "private", "name": "Green tea" });
    let head = keep(&olga, asked).await.expect(200);
    let head = (
        &head["room"]["retention_days"],
        &head["room"]["kind"],
        &head["room"]["topic"],
    );
    assert_eq!(head, (&json!(7), &json!("private"), &json!("tea")));
    let week = Some("This room deletes messages after 7 days".to_owned());
    assert_eq!(kept(&anna, room).await, (week, false));
    keep(&olga, json!({ "retention_days": 0 })).await.is(200);
    let month = Some("This site deletes messages after 30 days".to_owned());
    assert_eq!(kept(&olga, room).await, (month, true));
    olga.api()
        .post(&format!("{path}/archive"), &json!({ "on": true }))
        .await
        .is(200);
    keep(&olga, json!({ "retention_days": 7 })).await.is(403);
}

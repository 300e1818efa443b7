//! Who is brought together, and how: direct conversations, invitations, names that are completed, being away.

use serde_json::{Value, json};

use crate::harness::{TestServer, field_of, outcome};

fn code(room: &Value) -> String {
    room["room"]["room"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_private_room_is_nobody_elses_to_know_of_on_any_edge() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let secret = json!({ "name": "Secret", "visibility": "private" });
    let room = code(&owner.api().post("/rooms", &secret).await.expect(201));
    owner.api().say(&room, "between us").await;
    let mut socket = anna.socket().await;
    for (event, payload) in [
        ("join", json!({})),
        ("history", json!({})),
        ("message", json!({ "data": "x" })),
        ("members", json!({})),
        ("update_room", json!({ "name": "Mine" })),
        ("delete_room", json!({ "confirm": "Secret" })),
        ("create_invite", json!({})),
        ("add_member", json!({ "user": "anna" })),
        ("room_preferences", json!({ "favourite": true })),
        ("people", json!({})),
    ] {
        let mut payload = payload;
        payload["room"] = json!(room);
        let ack = socket.call(event, &payload).await;
        assert_eq!(outcome(&ack), "not_found", "{event}: {ack}");
    }
    let browser = anna.browser().await;
    for path in ["", "/members", "/settings", "/pins"] {
        browser.get(&format!("/room/{room}{path}")).await.is(404);
    }
    for path in ["", "/members", "/messages", "/invites"] {
        let path = format!("/rooms/{room}{path}");
        anna.api().get(&path).await.is(404);
    }
    let home = browser.get("/").await;
    assert!(!home.is(200).text().contains("Secret"));
    let mine = owner.browser().await.get("/").await;
    assert!(mine.is(200).text().contains("Secret"));
}

#[tokio::test]
async fn a_direct_conversation_goes_by_the_others_names_and_is_found_again() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let ben = server.person("ben").await;
    let mut socket = ben.socket().await;
    let browser = anna.browser().await;
    let opened = browser.submit("/", "/direct", &[("users", "ben")]).await;
    let path = opened.is(303).header("location").to_owned();
    let room = path.strip_prefix("/room/").unwrap();
    let told = socket.next("room_updated").await;
    assert_eq!(
        (&told["room"]["room"], &told["room"]["name"]),
        (&json!(room), &json!("anna"))
    );
    assert_eq!(told["room"]["people"].as_array().unwrap().len(), 2);
    let again = socket.done("direct", &json!({ "users": [anna.id] })).await;
    assert_eq!(code(&again), room);
    let by_json = json!({ "users": ["ben"] });
    let by_json = anna.api().post("/direct", &by_json).await.expect(200);
    assert_eq!(by_json["room"]["name"], "ben");
    socket.join(room).await;
    let mut annas = anna.listening(room).await;
    let said = annas.say(room, "hello").await;
    let read = json!({ "room": room, "id": said["id"] });
    socket.done("read", &read).await;
    let heard = annas.next("read").await;
    assert_eq!(
        (&heard["user_id"], &heard["id"]),
        (&json!(ben.id), &said["id"])
    );
    let leave = json!({ "room": room, "membership": true });
    let left = annas.call("leave", &leave).await;
    assert_eq!(outcome(&left), "forbidden");
    let notes = annas.done("direct", &json!({ "users": [] })).await;
    assert_eq!(notes["room"]["name"], "anna");
    let page = browser.get(&path).await;
    assert!(page.is(200).text().contains("<h1 data-room-name>ben</h1>"));
}

#[tokio::test]
async fn an_invitation_lets_in_so_many_and_is_shown_once() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let secret = json!({ "name": "Secret", "visibility": "private" });
    let room = code(&owner.api().post("/rooms", &secret).await.expect(201));
    let browser = owner.browser().await;
    let (settings, action) = (
        format!("/room/{room}/settings"),
        format!("/room/{room}/invites"),
    );
    let made = browser
        .submit(&settings, &action, &[("uses", "2"), ("expires_in", "3600")])
        .await;
    made.leads_to(&settings);
    let shown = browser.get(&settings).await;
    let address = field_of(shown.is(200).text(), "invite-address").expect("the link");
    let again = browser.get(&settings).await;
    assert_eq!(field_of(again.text(), "invite-address"), None);
    let link = format!("/invite/{}", address.rsplit('/').next().unwrap());
    let hers = anna.browser().await;
    hers.submit(&link, &link, &[])
        .await
        .leads_to(&format!("/room/{room}"));
    let visitor = server.visitor();
    let form = [
        ("name", "ben"),
        ("email", "ben@example.org"),
        ("password", "ben keeps a secret"),
    ];
    let page = visitor.get(&link).await;
    assert!(page.is(200).text().contains("Come into Secret"));
    visitor
        .submit(&link, &link, &[("name", "owner"), form[1], form[2]])
        .await
        .is(409);
    visitor
        .submit(&link, &link, &form)
        .await
        .leads_to(&format!("/room/{room}"));
    visitor.get(&format!("/room/{room}")).await.is(200);
    let late = server.visitor();
    late.get(&link).await.is(404);
}

#[tokio::test]
async fn a_revoked_invitation_is_over_and_one_by_socket_joins() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let secret = json!({ "name": "Secret", "visibility": "private" });
    let room = code(&owner.api().post("/rooms", &secret).await.expect(201));
    let mut owners = owner.socket().await;
    let of_room = json!({ "room": room });
    let made = owners.done("create_invite", &of_room).await;
    let url = made["url"].as_str().unwrap();
    let token = url.strip_prefix("/invite/").unwrap();
    let mut annas = anna.socket().await;
    let join = json!({ "room": room, "invite": token });
    let wrong = json!({ "room": "lobby2", "invite": token });
    let refused = annas.call("join", &wrong).await;
    assert_eq!(outcome(&refused), "not_found");
    annas.done("join", &join).await;
    let listed = owners.done("invites", &of_room).await;
    assert_eq!(listed["invites"][0]["used"], 1);
    let path = format!("/rooms/{room}/invites/{}", made["invite"]["id"]);
    owner.api().delete(&path).await.is(204);
    let ben = server.person("ben").await;
    let refused = ben.socket().await.call("join", &join).await;
    assert_eq!(refused["error"]["field"], "invite");
    let user = json!({ "name": "dora", "email": "d@example.org", "password": "12345678", "invite": token });
    ben.api().post("/users", &user).await.is(404);
}

#[tokio::test]
async fn somebody_is_added_by_name_and_learns_of_it_on_every_socket() {
    let server = TestServer::start().await;
    let owner = server.person("owner").await;
    let anna = server.person("anna").await;
    let secret = json!({ "name": "Secret", "visibility": "private" });
    let room = code(&owner.api().post("/rooms", &secret).await.expect(201));
    let mut annas = anna.socket().await;
    let browser = owner.browser().await;
    let members = format!("/room/{room}/members");
    let added = browser
        .submit(&members, &members, &[("user", "anna")])
        .await;
    added.leads_to(&members);
    let told = annas.next("room_updated").await;
    assert_eq!(
        (&told["room"]["name"], &told["room"]["role"]),
        (&json!("Secret"), &json!("member"))
    );
    let refused = browser
        .submit(&members, &members, &[("user", "nobody")])
        .await;
    assert!(refused.is(404).text().contains("no such person"));
    let people = annas.done("people", &json!({ "query": "OW" })).await;
    assert_eq!(people["people"][0]["name"], "owner");
    let people = anna.api().get("/people?query=%40anna").await.expect(200);
    assert_eq!(people["people"][0]["name"], "anna");
}

#[tokio::test]
async fn who_is_at_none_of_their_devices_is_away() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let ben = server.person("ben").await;
    let mut witness = ben.socket().await;
    let mut desk = anna.socket().await;
    let mut phone = anna.socket().await;
    let mut status = async || loop {
        let told = witness.next("presence").await;
        if told["user_id"] == json!(anna.id) {
            return told["status"].as_str().unwrap().to_owned();
        }
    };
    assert_eq!(status().await, "online");
    desk.done("active", &json!({ "on": false })).await;
    phone.done("active", &json!({ "on": false })).await;
    assert_eq!(status().await, "away");
    phone.done("active", &json!({ "on": true })).await;
    assert_eq!(status().await, "online");
}

//! Rooms: made, found, entered and left, by form, JSON and socket.

use std::collections::HashSet;

use parlor::model::RoomCode;
use serde_json::json;

use crate::harness::{TestServer, texts};

#[tokio::test]
async fn the_lobby_is_there_from_the_first_start_and_everybody_lands_in_it() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let ben = server.person("ben").await;
    for (person, role) in [(&anna, "owner"), (&ben, "member")] {
        let room = person.api().get("/rooms/lobby").await.expect(200);
        assert_eq!(
            (&room["room"]["room"], &room["room"]["role"]),
            (&json!("lobby"), &json!(role))
        );
        assert_eq!(
            (&room["room"]["kind"], &room["room"]["members"]),
            (&json!("public"), &json!(2))
        );
    }
}

#[tokio::test]
async fn a_room_is_made_by_form_json_and_socket() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let name = "Käse & <Wein>";
    let made = browser
        .submit("/", "/rooms", &[("name", name), ("topic", "all of it")])
        .await;
    let code = made
        .is(303)
        .header("location")
        .strip_prefix("/room/")
        .unwrap()
        .to_owned();
    let room = anna.api().get(&format!("/rooms/{code}")).await.expect(200);
    assert_eq!(
        (&room["room"]["name"], &room["room"]["topic"]),
        (&json!(name), &json!("all of it")),
        "as written"
    );
    let by_json = anna.api().open_room("By JSON").await;
    let mut socket = anna.socket().await;
    let by_socket = socket
        .done("create_room", &json!({ "name": "By socket" }))
        .await;
    assert_eq!(by_socket["room"]["role"], "owner");
    let home = browser.get("/").await;
    for shown in [
        "Käse &#38; &#60;Wein&#62;",
        "By JSON",
        "By socket",
        &format!("/room/{by_json}"),
    ] {
        assert!(home.text().contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn codes_are_long_random_and_each_a_different_one() {
    let server = TestServer::start().await;
    let mut socket = server.person("anna").await.socket().await;
    let mut codes = HashSet::new();
    for _ in 0..50 {
        let made = socket
            .done("create_room", &json!({ "name": "Same name" }))
            .await;
        codes.insert(made["room"]["room"].as_str().unwrap().to_owned());
    }
    assert_eq!(codes.len(), 50);
    let letters: HashSet<u8> = codes.iter().flat_map(|code| code.bytes()).collect();
    assert!(codes.iter().all(|code| code.len() == RoomCode::LENGTH));
    assert!(
        letters
            .iter()
            .all(|letter| RoomCode::ALPHABET.contains(letter))
    );
    assert!(
        letters.len() > 24,
        "600 letters out of 32: nearly all appear"
    );
}

#[tokio::test]
async fn a_public_room_is_found_in_the_list_and_joined_by_form_or_code() {
    let server = TestServer::start().await;
    let (anna, ben, carl) = (
        server.person("anna").await,
        server.person("ben").await,
        server.person("carl").await,
    );
    let room = anna.api().open_room("Tea").await;
    anna.api().say(&room, "the kettle is on").await;
    let path = format!("/room/{room}");
    let browser = ben.browser().await;
    assert!(
        browser.get("/").await.text().contains("Tea"),
        "it is offered"
    );
    browser
        .submit("/", "/join", &[("room", &room)])
        .await
        .leads_to(&path);
    assert!(browser.get(&path).await.text().contains("the kettle is on"));
    let link = format!("{}{path}", server.base());
    let other = carl.browser().await;
    other
        .submit("/", "/join", &[("room", &link)])
        .await
        .leads_to(&path);
    let members = anna
        .api()
        .get(&format!("/rooms/{room}/members"))
        .await
        .expect(200);
    let names: Vec<_> = members["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| &member["user"]["name"])
        .collect();
    assert_eq!(names, ["anna", "ben", "carl"]);
    let page = browser.get(&format!("{path}/members")).await;
    assert!(
        ["anna", "ben", "carl"]
            .iter()
            .all(|name| page.is(200).text().contains(name))
    );
}

#[tokio::test]
async fn who_opens_the_page_of_a_public_room_is_in_it() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    let mut reader = anna.listening(&room).await;
    ben.browser()
        .await
        .get(&format!("/room/{room}"))
        .await
        .is(200);
    assert_eq!(
        reader.next("member_joined").await["member"]["user"]["name"],
        "ben"
    );
}

#[tokio::test]
async fn who_left_reads_no_more_until_they_join_again() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    ben.api().join(&room).await;
    let browser = ben.browser().await;
    let path = format!("/room/{room}");
    browser
        .submit(&path, &format!("{path}/leave"), &[])
        .await
        .leads_to("/");
    let messages = format!("/rooms/{room}/messages");
    assert_eq!(
        ben.api().get(&messages).await.refusal(),
        (403, "forbidden".to_owned())
    );
    let refused = ben.api().post(&messages, &json!({ "data": "x" })).await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
    ben.api()
        .post(&format!("/rooms/{room}/leave"), &json!({}))
        .await
        .is(404);
    anna.api().say(&room, "meanwhile").await;
    ben.api().join(&room).await;
    assert_eq!(ben.api().read(&room).await, ["meanwhile"]);
    ben.api()
        .post(&format!("/rooms/{room}/leave"), &json!({}))
        .await
        .is(204);
}

#[tokio::test]
async fn leaving_with_a_socket_keeps_the_membership() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    socket.done("leave", &json!({ "room": "lobby" })).await;
    anna.api().say("lobby", "not heard").await;
    socket.expect_none("message").await;
    socket.say("lobby", "still a member").await;
    socket.expect_none("message").await;
    let again = socket.join("lobby").await;
    assert_eq!(texts(&again["messages"]), ["not heard", "still a member"]);
}

#[tokio::test]
async fn a_room_opens_with_its_newest_fifty_and_a_way_to_older_ones() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    socket
        .say_all("lobby", (0..120).map(|number| format!("[{number}]")))
        .await;
    let opened = socket.join("lobby").await;
    assert_eq!(
        (texts(&opened["messages"]).len(), &opened["more"]),
        (50, &json!(true))
    );
    let browser = anna.browser().await;
    // The newest one stands in the list of rooms, too.
    let mut path = "/room/lobby".to_owned();
    for (there, gone) in [(70..120, 0..70), (20..70, 70..119), (0..20, 20..119)] {
        let page = browser.get(&path).await;
        let text = page.is(200).text();
        assert!(
            there
                .clone()
                .all(|number| text.contains(&format!("[{number}]"))),
            "{there:?}"
        );
        assert!(
            gone.clone()
                .all(|number| !text.contains(&format!("[{number}]"))),
            "{gone:?}"
        );
        let older = text.split("href=\"/room/lobby?before=").nth(1);
        match older.and_then(|rest| rest.split('"').next()) {
            Some(id) => path = format!("/room/lobby?before={id}"),
            None => assert_eq!(
                there,
                0..20,
                "only the oldest page has no link to older ones"
            ),
        }
    }
}

#[tokio::test]
async fn members_are_read_in_pages() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for name in ["ben", "carl", "dora"] {
        server.person(name).await;
    }
    let page = anna
        .api()
        .get("/rooms/lobby/members?limit=3")
        .await
        .expect(200);
    assert_eq!(
        (page["members"].as_array().unwrap().len(), &page["more"]),
        (3, &json!(true))
    );
    let last = page["members"][2]["user"]["id"].as_i64().unwrap();
    let rest = anna
        .api()
        .get(&format!("/rooms/lobby/members?limit=3&after={last}"))
        .await
        .expect(200);
    assert_eq!(
        (&rest["members"][0]["user"]["name"], &rest["more"]),
        (&json!("dora"), &json!(false))
    );
}

#[tokio::test]
async fn a_persons_card_is_for_those_who_share_a_room() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let browser = anna.browser().await;
    assert!(browser.get("/u/BEN").await.is(200).text().contains("ben"));
    ben.api()
        .post("/rooms/lobby/leave", &json!({}))
        .await
        .is(204);
    browser.get("/u/ben").await.is(404);
}

//! The Flask-SocketIO room page's words: a session cookie, no `join`, `message` both ways.

use serde_json::{Value, json};

use crate::harness::{Browser, Person, Socket, TestServer, outcome};

/// A page of this person in this room: the browser that opened it, and its socket.
async fn page(server: &TestServer, person: &Person, room: &str) -> (Browser, Socket) {
    let browser = person.browser().await;
    browser.get(&format!("/room/{room}")).await.is(200);
    let socket = server
        .connect()
        .header("cookie", browser.cookie())
        .open()
        .await
        .unwrap();
    (browser, socket)
}

/// Name and words of the next `message`.
async fn heard(socket: &mut Socket) -> (Value, Value) {
    let message = socket.next("message").await;
    (message["name"].clone(), message["message"].clone())
}

#[tokio::test]
async fn a_page_talks_in_the_room_that_its_session_entered() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Tea").await;
    let (_, mut one) = page(&server, &anna, &room).await;
    assert_eq!(
        heard(&mut one).await,
        (json!("anna"), json!("has entered the room"))
    );
    let (_, mut two) = page(&server, &ben, &room).await;
    assert_eq!(
        heard(&mut one).await,
        (json!("ben"), json!("has entered the room"))
    );
    assert_eq!(
        heard(&mut two).await,
        (json!("ben"), json!("has entered the room"))
    );
    let mut native = anna.listening(&room).await;
    two.emit("message", &json!({ "data": "hello" })).await;
    for socket in [&mut one, &mut two, &mut native] {
        assert_eq!(heard(socket).await, (json!("ben"), json!("hello")));
    }
    two.leave().await;
    assert_eq!(
        heard(&mut one).await,
        (json!("ben"), json!("has left the room"))
    );
    native.expect_none("message").await;
    assert_eq!(
        anna.api().read(&room).await,
        ["hello"],
        "coming and going is not stored"
    );
    assert_eq!(anna.api().read("lobby").await, [""; 0]);
}

#[tokio::test]
async fn a_second_page_of_the_same_person_does_not_enter_again() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let (_, mut reader) = page(&server, &anna, "lobby").await;
    heard(&mut reader).await;
    let (browser, one) = page(&server, &ben, "lobby").await;
    assert_eq!(heard(&mut reader).await.1, "has entered the room");
    let mut two = server
        .connect()
        .header("cookie", browser.cookie())
        .open()
        .await
        .unwrap();
    two.expect_none("problem").await;
    one.leave().await;
    two.emit("message", &json!({ "data": "still here" })).await;
    assert_eq!(heard(&mut reader).await.1, "still here");
    two.leave().await;
    assert_eq!(heard(&mut reader).await.1, "has left the room");
}

#[tokio::test]
async fn the_room_is_the_one_entered_before_the_socket_connected() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let tea = anna.api().open_room("Tea").await;
    let (browser, mut socket) = page(&server, &anna, &tea).await;
    browser.get("/room/lobby").await.is(200);
    socket
        .done("message", &json!({ "data": "in the first" }))
        .await;
    let mut later = server
        .connect()
        .header("cookie", browser.cookie())
        .open()
        .await
        .unwrap();
    later
        .done("message", &json!({ "data": "in the second" }))
        .await;
    assert_eq!(anna.api().read(&tea).await, ["in the first"]);
    assert_eq!(anna.api().read("lobby").await, ["in the second"]);
}

#[tokio::test]
async fn a_join_makes_a_page_native() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let tea = anna.api().open_room("Tea").await;
    let (_, mut socket) = page(&server, &anna, "lobby").await;
    heard(&mut socket).await;
    socket.join(&tea).await;
    anna.api().say("lobby", "not heard any more").await;
    anna.api().say(&tea, "heard").await;
    let message = socket.next("message").await;
    assert_eq!(
        (&message["text"], &message["room"]),
        (&json!("heard"), &json!(tea))
    );
    anna.api()
        .patch("/me", &json!({ "name": "Anneli" }))
        .await
        .is(200);
    assert_eq!(socket.next("profile_updated").await["name"], "Anneli");
}

#[tokio::test]
async fn a_session_that_entered_no_room_names_its_rooms() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let browser = anna.browser().await;
    let mut socket = server
        .connect()
        .header("cookie", browser.cookie())
        .open()
        .await
        .unwrap();
    let ack = socket.call("message", &json!({ "data": "where" })).await;
    assert_eq!(
        (outcome(&ack), &ack["error"]["field"]),
        ("invalid", &json!("room"))
    );
}

#[tokio::test]
async fn who_left_the_room_for_good_hears_nothing_of_it() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let tea = anna.api().open_room("Tea").await;
    let (_, mut socket) = page(&server, &ben, &tea).await;
    heard(&mut socket).await;
    ben.api()
        .post(&format!("/rooms/{tea}/leave"), &json!({}))
        .await
        .is(204);
    anna.api().say(&tea, "alone").await;
    let ack = socket
        .call("message", &json!({ "data": "x", "room": tea }))
        .await;
    assert_eq!(outcome(&ack), "forbidden");
    let again = socket.call("message", &json!({ "data": "x" })).await;
    assert_eq!(outcome(&again), "invalid", "it listens to no room");
    socket.expect_none("message").await;
}

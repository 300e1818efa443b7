//! A planned stop: new handshakes are refused, everybody is told, what was accepted is stored.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Ended, Polling, TestServer, within};

#[tokio::test]
async fn a_stop_is_announced_and_then_transports_close() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let mut other = anna.socket().await;
    let mut nobody = server.connect().transport().await.unwrap();
    let stopping = tokio::spawn(server.stop());
    for socket in [&mut socket, &mut other] {
        let closing = socket.next("server_closing").await;
        assert!(closing["reconnect_after_ms"].as_u64().unwrap() > 0);
        assert_eq!(
            socket.closed().await,
            Ended::Transport,
            "a client comes back from it by itself"
        );
    }
    assert_eq!(nobody.closed().await, Ended::Transport, "not yet connected");
    within("the stop", stopping).await.unwrap();
}

#[tokio::test]
async fn during_a_stop_a_new_handshake_is_answered_503() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    // The request has begun before the stop, and is a handshake only after it.
    let mut tcp = TcpStream::connect(server.address()).await.unwrap();
    let begun = b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n";
    tcp.write_all(begun).await.unwrap();
    anna.api().get("/me").await.is(200);
    server.ask_to_stop();
    socket.next("server_closing").await;
    tcp.write_all(b"\r\n").await.unwrap();
    let mut answer = Vec::new();
    within("an answer", tcp.read_to_end(&mut answer))
        .await
        .unwrap();
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(
        answer.starts_with("http/1.1 503") && answer.contains("retry-after: "),
        "{answer}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_poll_that_waits_loses_its_transport_and_a_request_under_way_is_finished() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let poller = Polling::open(server.base(), 4).await;
    let auth = json!({ "token": anna.api().token() });
    assert_eq!(poller.send(format!("40{auth}")).await, 200);
    poller.poll_for("ready").await;
    let mut form = TcpStream::connect(server.address()).await.unwrap();
    let body = json!({ "data": "said by half" }).to_string();
    let (first, rest) = body.split_at(8);
    let head = format!(
        "POST /api/v1/rooms/lobby/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
        server.address(),
        anna.api().token(),
        body.len(),
    );
    form.write_all(head.as_bytes()).await.unwrap();
    anna.api().get("/me").await.is(200);
    let stopping = tokio::spawn(server.stop());
    poller.poll_for("server_closing").await;
    let end = poller.poll().await.expect_err("its transport is cut");
    assert!(!end.is_connect() && end.status().is_none(), "{end:?}");
    form.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    within("an answer", form.read_to_end(&mut answer))
        .await
        .unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let server = within("the stop", stopping).await.unwrap().start().await;
    assert_eq!(anna.api().read("lobby").await, ["said by half"]);
    server.stop().await;
}

#[tokio::test]
async fn all_that_was_acknowledged_during_a_stop_is_stored() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.socket().await;
    let mut calls = Vec::new();
    for number in 0..50 {
        let message = json!({ "room": "lobby", "data": number.to_string() });
        calls.push(socket.start_call("message", &message).await);
    }
    let stopping = tokio::spawn(server.stop());
    let mut acknowledged = Vec::new();
    for (number, call) in calls.into_iter().enumerate() {
        let Some(ack) = socket.ack_or_end(call).await else {
            break;
        };
        if ack["ok"] == true {
            acknowledged.push(number.to_string());
        }
    }
    let server = within("the stop", stopping).await.unwrap().start().await;
    let stored = anna.api().read("lobby").await;
    assert!(
        acknowledged.iter().all(|text| stored.contains(text)),
        "{acknowledged:?} {stored:?}"
    );
    assert!(
        stored
            .iter()
            .enumerate()
            .all(|(at, text)| *text == at.to_string()),
        "in order: {stored:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_does_not_start() {
    let server = TestServer::start().await;
    let folder = server.folder().to_str().unwrap().to_owned();
    let arguments = [
        "--plain-http",
        "--listen=127.0.0.1:0",
        "--data-dir",
        &folder,
    ];
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().to_owned();
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    let started = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        crate::harness::refusal(&path, &arguments, &[])
    });
    let (status, text) = within("its end", started).await.unwrap();
    assert!(matches!(status, Some(1 | 2)), "{text}");
    assert!(text.lines().last().unwrap().contains("parlor.db"), "{text}");
    server.person("anna").await;
}

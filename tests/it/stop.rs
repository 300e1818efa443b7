//! A planned stop: new handshakes are refused, everybody is told, what was accepted is stored.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Ended, TestServer, within};

#[tokio::test]
async fn a_stop_is_announced_and_then_transports_close() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let mut other = anna.socket().await;
    let begun = Instant::now();
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
    within("the stop", stopping).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
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

//! The cures, shown on socketioxide itself with short pings.

use std::time::{Duration, Instant};

use axum::http::Request as HttpRequest;
use futures_util::{SinkExt, StreamExt};
use socketioxide::{SocketIo, extract::SocketRef, socket::DisconnectReason};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_tungstenite::tungstenite::Message;

use super::*;

const INTERVAL: Duration = Duration::from_millis(300);
const SOON: Duration = Duration::from_millis(100);

fn server() -> (Router, SocketIo, Tasks) {
    let (service, io) = SocketIo::builder()
        .ping_interval(INTERVAL)
        .ping_timeout(INTERVAL)
        .build_with_inner_svc(Router::<()>::new());
    let tasks = Tasks::new();
    (routes("/socket.io", service, 1000, &tasks), io, tasks)
}

pub(super) async fn ask(
    routes: &Router,
    method: Method,
    query: &str,
    body: &str,
) -> (StatusCode, String) {
    let request = HttpRequest::builder()
        .method(method)
        .uri(format!("/socket.io/?transport=polling&{query}"))
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = routes.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1000)
        .await
        .unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// Opens a session and gives the query that names it.
pub(super) async fn open(routes: &Router, version: u8) -> String {
    let (status, packet) = ask(routes, Method::GET, &format!("EIO={version}"), "").await;
    assert_eq!(status, StatusCode::OK, "{packet}");
    let session = packet
        .split("\"sid\":\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    format!("EIO={version}&sid={session}")
}

/// That now is when ping `round` of a client that connected at `begin` is due.
fn assert_due(begin: Instant, round: u32) {
    let (passed, due) = (begin.elapsed(), INTERVAL * round);
    assert!(passed + SOON > due && passed < due + SOON, "{passed:?}");
}

#[test]
fn requests_are_told_apart() {
    let get = |query: &str| {
        Asked::read(
            &Method::GET,
            &format!("/socket.io/?{query}").parse().unwrap(),
        )
    };
    assert_eq!(get("EIO=4&transport=polling"), Asked::OpenPolling);
    assert_eq!(get("EIO=4&transport=websocket"), Asked::OpenWebSocket);
    assert_eq!(get("EIO=3&transport=polling&sid=a"), Asked::Poll);
    for version in [3, 4] {
        let query = format!("EIO={version}&transport=websocket&sid=a");
        assert_eq!(get(&query), Asked::Upgrade);
    }
    for other in ["", "EIO=3&transport=polling", "EIO=3&transport=websocket"] {
        assert_eq!(get(other), Asked::Other, "{other}");
    }
}

#[tokio::test]
async fn a_polling_client_is_first_pinged_after_the_interval() {
    let (routes, io, _tasks) = server();
    io.ns("/", async || {});
    let begin = Instant::now();
    let session = open(&routes, 4).await;
    for round in 1..=2 {
        assert_eq!(ask(&routes, Method::GET, &session, "").await.1, "2");
        assert_due(begin, round);
        assert_eq!(ask(&routes, Method::POST, &session, "3").await.1, "ok");
    }
}

#[tokio::test]
async fn a_websocket_is_first_pinged_after_the_interval() {
    let (routes, io, tasks) = server();
    io.ns("/", async || {});
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tasks.spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let begin = Instant::now();
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    let (mut client, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let open = client.next().await.unwrap().unwrap();
    assert!(open.to_text().unwrap().starts_with('0'), "{open}");
    for round in 1..=2 {
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("2"));
        assert_due(begin, round);
        client.send(Message::text("3")).await.unwrap();
    }
}

#[tokio::test]
async fn a_payload_that_does_not_fit_is_refused_and_ends_its_session() {
    let (routes, io, _tasks) = server();
    io.ns("/", async || {});
    let long = format!("1001:{}", "4".repeat(1001));
    for (payload, status) in [("2:4😀xyz", 400), (&long, 413)] {
        // A content type and a query that engineioxide reads as text and as version 3.
        for (kind, version) in [("text/plain", "3"), ("application/octet-stream;", "3=4")] {
            let session = open(&routes, 3)
                .await
                .replace("EIO=3", &format!("EIO={version}&EIO=4"));
            let request = HttpRequest::post(format!("/socket.io?transport=polling&{session}"))
                .header("content-type", kind)
                .body(Body::from(payload.to_owned()))
                .unwrap();
            let answer = tokio::time::timeout(SOON, routes.clone().oneshot(request)).await;
            assert_eq!(
                answer.expect("no loop").unwrap().status(),
                status,
                "{kind}, {version}"
            );
            assert_eq!(
                ask(&routes, Method::GET, &session, "").await.0,
                StatusCode::BAD_REQUEST
            );
        }
    }
}

#[tokio::test]
async fn a_cancelled_poll_ends_its_session_at_once() {
    for (version, connect) in [(4, Some("40")), (3, None)] {
        let (routes, io, _tasks) = server();
        let (ended, mut reasons) = mpsc::channel(1);
        io.ns("/", async move |socket: SocketRef| {
            socket.on_disconnect(async move |reason: DisconnectReason| {
                ended.send(reason).await.unwrap();
            });
        });
        let session = open(&routes, version).await;
        if let Some(connect) = connect {
            ask(&routes, Method::POST, &session, connect).await;
        }
        // What is there already: that it connected.
        ask(&routes, Method::GET, &session, "").await;
        let waits = tokio::time::timeout(
            Duration::from_millis(20),
            ask(&routes, Method::GET, &session, ""),
        )
        .await;
        assert!(waits.is_err(), "version {version}: {waits:?}");
        assert_eq!(
            ask(&routes, Method::GET, &session, "").await.0,
            StatusCode::BAD_REQUEST
        );
        let reason = tokio::time::timeout(SOON, reasons.recv())
            .await
            .expect("ended");
        assert_eq!(reason, Some(DisconnectReason::TransportClose));
    }
}

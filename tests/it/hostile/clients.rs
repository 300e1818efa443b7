//! Clients that vanish, never read, or send what an event cannot carry.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpStream};

use crate::harness::{Ended, Polling, Socket, TestServer, eventually, outcome, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_vanish_at_once_leave_nothing_behind() {
    let few = |settings: &mut parlor::config::Settings| {
        settings.limits.sockets_per_address = 400;
        settings.limits.sockets_per_person = 400;
    };
    let server = TestServer::builder().setting(few).start().await;
    let anna = server.person("anna").await;
    let connect = json!({ "token": anna.api().token(), "rooms": { "lobby": 0 } });
    for number in 0..300 {
        let mut socket = anna.connect().transport().await.unwrap();
        match number % 3 {
            0 => {}
            1 => socket.send_raw(&format!("40{connect}")).await,
            _ => {
                socket.send_raw(&format!("40{connect}")).await;
                socket.emit("join", &json!({ "room": "lobby" })).await;
                socket
                    .emit("message", &json!({ "room": "lobby", "data": "bye" }))
                    .await;
            }
        }
        socket.vanish();
    }
    eventually("all to be forgotten", || server.connected() == 0).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(anna.listening("lobby").await);
    }
    anna.api().say("lobby", "still there").await;
    for socket in &mut sockets {
        while socket.hear(1).await != ["still there"] {}
    }
    assert_eq!(server.connected(), 20);
}

#[tokio::test]
async fn a_binary_payload_is_invalid_and_the_connection_goes_on() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut socket = anna.listening("lobby").await;
    let placeholder = json!({ "_placeholder": true, "num": 0 });
    socket
        .send_raw(&format!("451-{}", json!(["message", placeholder])))
        .await;
    socket.send_binary(&[1, 2, 3]).await;
    let problem = socket.next("problem").await;
    assert_eq!(
        (&problem["event"], &problem["error"]["code"]),
        (&json!("message"), &json!("invalid"))
    );
    let data = json!({ "room": "lobby", "data": placeholder });
    socket
        .send_raw(&format!("451-7{}", json!(["message", data])))
        .await;
    socket.send_binary(&[0; 100]).await;
    assert_eq!(outcome(&socket.ack(7).await), "invalid");
    socket.say("lobby", "it goes on").await;
    assert_eq!(socket.hear(1).await, ["it goes on"]);
}

#[tokio::test]
async fn a_packet_that_is_too_large_closes_only_who_sent_it() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut other = ben.listening("lobby").await;
    let mut own = anna.listening("lobby").await;
    let mut culprit = anna.socket().await;
    let large = json!(["message", { "room": "lobby", "data": "x".repeat(1 << 20) }]);
    culprit.try_send_raw(&format!("42{large}")).await;
    assert_eq!(culprit.closed().await, Ended::Transport);
    ben.api().say("lobby", "all is well").await;
    assert_eq!(other.hear(1).await, ["all is well"]);
    assert_eq!(own.hear(1).await, ["all is well"]);
    eventually("the culprit's end", || server.connected() == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_without_end_and_never_reads_is_cut() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let mut other = anna.listening("lobby").await;
    let mut greedy = anna.connect().narrow().open().await.unwrap();
    let packets = async {
        let mut number = 0;
        while greedy
            .try_send_raw(&format!("42{number}[\"dance\",{{}}]"))
            .await
        {
            number += 1;
        }
    };
    packets.await;
    eventually("its end", || server.connected() == 1).await;
    anna.api().say("lobby", "all is well").await;
    assert_eq!(other.hear(1).await, ["all is well"]);
}

/// Any JSON, not too deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!("lobby")),
    ];
    let keys = prop::sample::select(vec![
        "room",
        "data",
        "seq",
        "limit",
        "on",
        "id",
        "name",
        "client_id",
        "before",
    ]);
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(keys.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

#[test]
fn whatever_an_event_carries_it_is_acknowledged() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(TestServer::start());
    let anna = runtime.block_on(server.person("anna"));
    let events = [
        "message",
        "join",
        "leave",
        "history",
        "typing",
        "read",
        "rooms",
        "create_room",
        "members",
    ];
    let names = prop_oneof![4 => prop::sample::select(events.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,80}"];
    // socketioxide-parser-common 0.17.3 reads a name as it stands in the packet, so one that JSON escapes is
    // no name to it, and ends the connection.
    let names = names.prop_filter("a name that JSON escapes", |name| {
        !name.contains(['"', '\\'])
    });
    let config = Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    };
    let socket = std::cell::RefCell::new(None);
    let result = TestRunner::new(config).run(&(names, any_json()), |(event, payload)| {
        let mut kept = socket.borrow_mut();
        // A connection that an event has ended is not used for the next one.
        let mut own = kept
            .take()
            .unwrap_or_else(|| runtime.block_on(anna.listening("lobby")));
        let ack = runtime.block_on(async {
            let call = own.start_call(&event, &payload).await;
            own.ack_or_end(call).await
        });
        let ack = ack.ok_or_else(|| TestCaseError::fail("the connection ended"))?;
        *kept = Some(own);
        prop_assert!(ack["ok"].is_boolean(), "{event} {payload}: {ack}");
        prop_assert_ne!(
            &ack["error"]["code"],
            "unavailable",
            "{} {}: {}",
            event,
            payload,
            ack
        );
        Ok(())
    });
    result.unwrap();
    runtime.block_on(server.stop());
}

#[tokio::test]
async fn a_payload_whose_lengths_do_not_add_up_is_answered_400() {
    let server = TestServer::start().await;
    for body in ["2:4😀", "1:😀", "99:4", "x:4", "0:", "1:2x"] {
        let polling = Polling::open(server.base(), 3).await;
        assert_eq!(polling.send(body).await, 400, "{body}");
    }
    let anna = server.person("anna").await;
    anna.socket().await.expect_none("problem").await;
}

/// What a raw request is answered: everything until the server ends the connection.
async fn raw(server: &TestServer, request: &[u8]) -> String {
    let mut tcp = TcpStream::connect(server.address()).await.unwrap();
    tcp.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // A reset is an end as good as another.
    drop(within("an end", tcp.read_to_end(&mut answer)).await);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn slow_or_broken_requests_end_by_themselves() {
    let hasty = |settings: &mut parlor::config::Settings| {
        let short = std::time::Duration::from_millis(200);
        settings.limits.header_timeout = short;
        settings.limits.body_idle_timeout = short;
        settings.limits.connect_timeout = short;
    };
    let server = TestServer::builder().setting(hasty).start().await;
    assert!(
        raw(&server, b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
            .await
            .is_empty()
    );
    let broken = raw(&server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
    assert!(
        broken.is_empty() || broken.starts_with("HTTP/1.1 400"),
        "{broken}"
    );
    let waiting = raw(&server, b"POST /api/v1/users HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{").await;
    assert!(
        waiting.is_empty()
            || waiting.starts_with("HTTP/1.1 4")
            || waiting.starts_with("HTTP/1.1 5"),
        "{waiting}"
    );
    let mut silent: Socket = server.connect().transport().await.unwrap();
    assert_eq!(
        silent.closed().await,
        Ended::Close,
        "who does not say who they are"
    );
    server
        .person("anna")
        .await
        .socket()
        .await
        .expect_none("problem")
        .await;
}

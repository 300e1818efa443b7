//! Upgrades of socketioxide's sessions over a real connection, with a queue that is soon full.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, middleware::map_response};
use futures_util::{SinkExt, StreamExt};
use proptest::prelude::*;
use socketioxide::{SendError, SocketError, SocketIo, extract::SocketRef};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use super::{
    super::{
        routes,
        tests::{ask, open},
    },
    *,
};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

const SOON: Duration = Duration::from_secs(2);
/// How many packets wait for a socket.
const QUEUE: usize = 4;
/// So many that a task does not take them in one turn.
const LONG_QUEUE: usize = 300;

/// A server, and the sockets that connect to it.
struct Site {
    routes: Router,
    address: std::net::SocketAddr,
    sockets: mpsc::Receiver<SocketRef>,
    may_go_over: Arc<AtomicUsize>,
    tasks: Tasks,
}

impl Site {
    async fn start(queue: usize) -> Self {
        let (service, io) = SocketIo::builder()
            .max_buffer_size(queue)
            .build_with_inner_svc(Router::<()>::new());
        let tasks = Tasks::new();
        let may_go_over = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&may_go_over);
        let note = move |response: Response| {
            let may = response.extensions().get::<MayGoOver>().is_some();
            count.fetch_add(usize::from(may), Ordering::Relaxed);
            std::future::ready(response)
        };
        let routes = routes("/socket.io", service, 1000, &tasks).layer(map_response(note));
        let (tell, sockets) = mpsc::channel(1);
        io.ns("/", async move |socket: SocketRef| {
            tell.send(socket).await.unwrap();
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = routes.clone();
        tasks.spawn(async move { axum::serve(listener, served).await.unwrap() });
        Self {
            routes,
            address,
            sockets,
            may_go_over,
            tasks,
        }
    }

    async fn poll(&self, session: &str) -> (StatusCode, String) {
        ask(&self.routes, Method::GET, session, "").await
    }

    /// A session that polls and has connected, and its socket.
    async fn connected(&mut self, version: u8) -> (String, SocketRef) {
        let session = open(&self.routes, version).await;
        if version == 4 {
            ask(&self.routes, Method::POST, &session, "40").await;
        }
        let socket = self.sockets.recv().await.unwrap();
        let (status, packet) = self.poll(&session).await;
        assert_eq!(status, StatusCode::OK, "{packet}");
        (session, socket)
    }

    /// A WebSocket for a session.
    async fn dial(&self, session: &str) -> Client {
        let url = format!(
            "ws://{}/socket.io/?transport=websocket&{session}",
            self.address
        );
        tokio_tungstenite::connect_async(url).await.unwrap().0
    }
}

async fn say(client: &mut Client, text: &str) {
    client.send(Message::text(text.to_owned())).await.unwrap();
}

/// Whether this WebSocket may probe; one that may not is closed.
async fn probes(client: &mut Client) -> bool {
    // It may have been closed by now.
    client.send(Message::text("2probe")).await.ok();
    let answer = timeout(SOON, client.next()).await.expect("soon");
    matches!(answer, Some(Ok(Message::Text(text))) if text == "3probe")
}

async fn heard(client: &mut Client) -> String {
    let message = timeout(SOON, client.next()).await.expect("soon");
    message.unwrap().unwrap().into_text().unwrap().to_string()
}

/// Emits these numbers, each as soon as the queue has room for it.
async fn emit(socket: &SocketRef, numbers: std::ops::Range<u32>) {
    for number in numbers {
        while let Err(error) = socket.emit("n", &number) {
            let full = SendError::Socket(SocketError::InternalChannelFull);
            assert_eq!(error.to_string(), full.to_string());
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
    }
}

/// The numbers in a payload of Engine.IO 4, or in one packet.
fn numbers(payload: &str) -> Vec<u32> {
    let packets = payload.split('\x1e').filter(|packet| *packet != "6");
    packets
        .map(|packet| {
            let number = packet.strip_prefix(r#"42["n","#).expect(packet);
            number.trim_end_matches(']').parse().expect(packet)
        })
        .collect()
}

#[tokio::test]
async fn a_full_queue_goes_over_with_its_session() {
    for (version, queue) in [(4, QUEUE), (3, QUEUE), (4, LONG_QUEUE)] {
        let mut site = Site::start(queue).await;
        let (session, socket) = site.connected(version).await;
        let mut sent = 0;
        while socket.emit("n", &sent).is_ok() {
            sent += 1_usize;
        }
        assert!(sent >= queue, "{sent}");
        let mut client = site.dial(&session).await;
        assert!(probes(&mut client).await);
        say(&mut client, "5").await;
        for number in 0..sent {
            assert_eq!(heard(&mut client).await, format!(r#"42["n",{number}]"#));
        }
        socket.emit("n", "€😀").unwrap();
        assert_eq!(heard(&mut client).await, r#"42["n","€😀"]"#);
        assert_eq!(site.poll(&session).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_probe_lets_go_of_the_poll_that_waits_and_of_no_other() {
    for (version, nothing) in [(4, "6"), (3, "1:6")] {
        let mut site = Site::start(QUEUE).await;
        let (session, _socket) = site.connected(version).await;
        let mut client = site.dial(&session).await;
        let mut waits = std::pin::pin!(site.poll(&session));
        let early = timeout(Duration::from_millis(50), waits.as_mut()).await;
        assert!(early.is_err(), "{early:?}");
        say(&mut client, "2probe").await;
        let (status, body) = timeout(SOON, waits).await.expect("let go");
        assert_eq!((status, body.as_str()), (StatusCode::OK, nothing));
    }
}

#[tokio::test]
async fn a_session_polls_on_where_its_websocket_fails() {
    for last in [
        "2probe",
        "3probe",
        "2prob",
        "52probe",
        "",
        "a longer text than that",
    ] {
        let mut site = Site::start(QUEUE).await;
        let (session, socket) = site.connected(4).await;
        let mut client = site.dial(&session).await;
        // While it probes, no second one may.
        assert!(!probes(&mut site.dial(&session).await).await);
        if last == "3probe" {
            assert!(probes(&mut client).await);
        }
        say(&mut client, last).await;
        drop(client);
        // Once it is seen that the client has gone, another one may.
        let mut again = site.dial(&session).await;
        while !probes(&mut again).await {
            again = site.dial(&session).await;
        }
        socket.emit("n", &1).unwrap();
        assert_eq!(numbers(&site.poll(&session).await.1), [1], "{last}");
        let waits = timeout(SOON, site.poll(&session)).await;
        assert_eq!(waits.expect("let go").1, "6");
    }
}

#[tokio::test]
async fn only_a_session_that_polls_goes_over() {
    let mut site = Site::start(QUEUE).await;
    let (session, socket) = site.connected(4).await;
    let mut nobody = site.dial("EIO=4&sid=AAAAAAAAAAAAAAAA").await;
    assert!(!probes(&mut nobody).await);
    let mut client = site.dial(&session).await;
    assert!(probes(&mut client).await);
    say(&mut client, "5").await;
    socket.emit("n", &1).unwrap();
    assert_eq!(numbers(&heard(&mut client).await), [1]);
    assert!(!probes(&mut site.dial(&session).await).await);
    assert_eq!(site.may_go_over.load(Ordering::Relaxed), 1);
    socket.emit("n", &2).unwrap();
    assert_eq!(numbers(&heard(&mut client).await), [2]);
    drop(client);
    // The session ends with its WebSocket.
    let gone = async {
        while socket.connected() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(SOON, gone).await.expect("soon");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Two threads, so that the queue fills while the upgrade is under way.
    #[test]
    fn all_that_is_sent_meanwhile_arrives_in_order(
        before in 0_u32..40,
        pause in 0_u64..300,
        polls_on in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut site = Site::start(QUEUE).await;
            let (session, socket) = site.connected(4).await;
            let all = before + 60;
            site.tasks.spawn(async move { emit(&socket, 0..all).await });
            let mut got = Vec::new();
            while got.len() < before as usize {
                got.extend(numbers(&site.poll(&session).await.1));
            }
            let mut client = site.dial(&session).await;
            if polls_on {
                got.extend(numbers(&site.poll(&session).await.1));
            }
            tokio::time::sleep(Duration::from_micros(pause)).await;
            assert!(probes(&mut client).await);
            got.extend(numbers(&site.poll(&session).await.1));
            say(&mut client, "5").await;
            while got.len() < all as usize {
                got.extend(numbers(&heard(&mut client).await));
            }
            assert!(got.into_iter().eq(0..all));
        });
    }
}

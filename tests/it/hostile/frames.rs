//! WebSocket frames that break RFC 6455, and many that do not.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::witness::Witness;
use crate::harness::{TestServer, within};

/// A client's frame: its first byte, and its payload under a mask of zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()).expect("short payloads") {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).expect("below 126")),
        length => {
            frame.push(0x80 | 0x7e);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// A connection whose WebSocket handshake is done.
async fn connect(server: &TestServer, query: &str) -> TcpStream {
    let mut tcp = TcpStream::connect(server.address()).await.unwrap();
    let request = format!(
        "GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address()
    );
    tcp.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(within("an answer", tcp.read_u8()).await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"));
    tcp
}

/// Reads until the server ends the connection; a reset is an end as good as another.
async fn ended(mut tcp: TcpStream) {
    let mut rest = Vec::new();
    drop(within("the end", tcp.read_to_end(&mut rest)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_that_breaks_the_protocol_ends_its_connection() {
    let server = TestServer::start().await;
    let mut witness = Witness::on(&server).await;
    let unmasked = vec![0x81, 2, b'4', b'0'];
    let huge = [&[0x81, 0xff][..], &[0x7f; 8], &[0; 4], b"4"].concat();
    let negative = [&[0x81, 0xff][..], &[0xff; 8], &[0; 4], b"4"].concat();
    let large = [&[0x82, 0xff][..], &(1_u64 << 32).to_be_bytes(), &[0; 4]].concat();
    for (what, bytes) in [
        ("a reserved opcode", frame(0x83, b"40")),
        ("a reserved control opcode", frame(0x8b, b"")),
        (
            "a compressed message, which was not agreed on",
            frame(0xc1, b"40"),
        ),
        ("a reserved bit", frame(0xa1, b"40")),
        ("no mask", unmasked),
        ("the end of nothing", frame(0x80, b"40")),
        (
            "a message within a message",
            [frame(0x01, b"4"), frame(0x81, b"40")].concat(),
        ),
        ("a control frame in parts", frame(0x09, b"x")),
        (
            "a control frame that is too long",
            frame(0x89, &[b'x'; 200]),
        ),
        ("a close of one byte", frame(0x88, b"x")),
        ("a close with a code that is none", frame(0x88, &[0, 1])),
        ("no UTF-8", frame(0x81, &[b'4', 0xff, 0xfe])),
        (
            "no UTF-8 in parts",
            [frame(0x01, &[b'4', 0xc3]), frame(0x80, b"x")].concat(),
        ),
        ("a length past every limit", huge),
        ("a negative length", negative),
        ("4 GiB", large),
    ] {
        let mut tcp = connect(&server, "").await;
        tcp.write_all(&bytes).await.unwrap();
        ended(tcp).await;
        witness.notices_nothing(what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_come_slowly_or_never_to_their_end_harm_nobody() {
    let server = TestServer::start().await;
    let mut witness = Witness::on(&server).await;
    let parts = |count: usize| {
        let mut parts = frame(0x01, b"4");
        for _ in 0..count {
            parts.extend(frame(0x00, b"x"));
        }
        parts
    };
    let mut held = Vec::new();
    for (what, bytes) in [
        ("a frame's first byte", vec![0x81]),
        ("half a header", vec![0x81, 0xfe, 0x10]),
        ("half a payload", frame(0x81, b"4x")[..7].to_vec()),
        ("a message without end", parts(1)),
        ("10,000 parts", parts(10_000)),
        (
            "10,000 empty parts",
            [frame(0x01, b"4"), frame(0x00, b"").repeat(10_000)].concat(),
        ),
        ("10,000 pings", frame(0x89, b"x").repeat(10_000)),
        ("10,000 pongs", frame(0x8a, b"").repeat(10_000)),
        ("10,000 empty binaries", frame(0x82, b"").repeat(10_000)),
    ] {
        let mut tcp = connect(&server, "").await;
        tcp.write_all(&bytes).await.ok();
        held.push(tcp);
        witness.notices_nothing(what).await;
    }
    drop(held);
    witness.notices_nothing("their end").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handshake_that_is_none_is_refused() {
    let server = TestServer::start().await;
    let mut witness = Witness::on(&server).await;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (query, headers) in [
        ("EIO=4&transport=websocket", String::new()),
        ("EIO=4&transport=websocket", upgrade.to_owned()),
        (
            "EIO=5&transport=websocket",
            format!("{upgrade}{key}Sec-WebSocket-Version: 13\r\n"),
        ),
        (
            "EIO=4&transport=carrier",
            format!("{upgrade}{key}Sec-WebSocket-Version: 13\r\n"),
        ),
        ("EIO=4&transport=polling&sid=%00", String::new()),
        ("EIO=4&transport=polling&sid=../../etc", String::new()),
        ("", String::new()),
    ] {
        let mut tcp = TcpStream::connect(server.address()).await.unwrap();
        let host = server.address();
        let request = format!("GET /socket.io/?{query} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        tcp.write_all(request.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        within("an answer", tcp.read_exact(&mut status))
            .await
            .unwrap();
        let status = String::from_utf8_lossy(&status).into_owned();
        assert!(status.starts_with("HTTP/1.1 4"), "{query}: {status}");
        witness.notices_nothing(query).await;
    }
    // This one is taken over before it is looked at.
    ended(connect(&server, "&sid=AAAAAAAAAAAAAAAA").await).await;
    witness.notices_nothing("an upgrade of nothing").await;
}

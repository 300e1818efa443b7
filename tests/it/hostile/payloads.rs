//! Bodies of polling requests that no client sends.

use std::time::Duration;

use super::witness::Witness;
use crate::harness::{Polling, TestServer};

/// A short wait for what a session that is over does not answer with: it may also have nothing to say.
const LOOK: Duration = Duration::from_millis(200);

/// Bodies for version 4, each with whether the session goes on after it.
fn version_4() -> Vec<(&'static str, Vec<u8>)> {
    let many = |packet: &str| vec![packet; 10_000].join("\u{1e}").into_bytes();
    vec![
        ("nothing", Vec::new()),
        ("a separator", b"\x1e".to_vec()),
        ("separators", vec![0x1e; 100_000]),
        ("10,000 pongs", many("3")),
        ("10,000 events", many("42[\"x\"]")),
        ("10,000 connects", many("40/x,")),
        ("10,000 upgrades", many("5")),
        ("an event and a separator", b"42[\"rooms\",{}]\x1e".to_vec()),
        ("an unknown type", b"9".to_vec()),
        ("a type past ASCII", "é".as_bytes().to_vec()),
        ("no UTF-8", vec![b'4', b'2', 0xff, 0xfe]),
        ("half a character", vec![b'4', b'2', b'[', b'"', 0xc3]),
        ("a surrogate in UTF-8", vec![b'4', b'2', 0xed, 0xa0, 0x80]),
        ("base64 that is none", b"b!!!!".to_vec()),
        ("base64 without end", vec![b'b'; 500_000]),
        ("binary without its event", b"bAQID".to_vec()),
        (
            "an event that waits for binary for ever",
            b"451-[\"message\",{\"_placeholder\":true,\"num\":0}]\x1e42[\"rooms\",{}]".to_vec(),
        ),
        ("more than a payload may have", vec![b'4'; (1 << 20) + 1]),
    ]
}

/// Bodies for version 3, text and binary.
fn version_3() -> Vec<(&'static str, Vec<u8>)> {
    let mut long = b"7:42[\"x\"]".repeat(10_000);
    long.truncate(long.len() - 1);
    vec![
        ("nothing", Vec::new()),
        ("10,000 pings", b"1:2".repeat(10_000)),
        ("10,000 events, the last one cut short", long),
        (
            "a length past every type",
            b"18446744073709551616:4".to_vec(),
        ),
        ("a length of zeros", b"0000000000000000000001:2".to_vec()),
        ("a negative length", b"-1:4".to_vec()),
        ("a length alone", b"99".to_vec()),
        ("half a surrogate pair", "2:4😀".as_bytes().to_vec()),
        ("no UTF-8", vec![b'2', b':', b'4', 0xff]),
        ("a binary packet as text", vec![0, 1, 0xff, b'4']),
        ("a binary length that never ends", vec![0; 10_000]),
        ("more than a payload may have", vec![b'1'; (1 << 20) + 1]),
    ]
}

async fn all(version: u8, payloads: Vec<(&'static str, Vec<u8>)>) {
    let server = TestServer::start().await;
    let mut witness = Witness::on(&server).await;
    for (what, payload) in payloads {
        for kind in ["text/plain;charset=UTF-8", "application/octet-stream"] {
            let culprit = Polling::open(server.base(), version).await;
            let status = culprit.send_as(kind, payload.clone()).await;
            assert!(
                status.is_success() || status.is_client_error(),
                "{what} as {kind}: {status}"
            );
            // Whether it is over or not, its next request does nobody harm either.
            drop(tokio::time::timeout(LOOK, culprit.poll()).await);
            witness.notices_nothing(what).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payloads_of_version_4_that_are_none_harm_nobody() {
    all(4, version_4()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payloads_of_version_3_that_are_none_harm_nobody() {
    all(3, version_3()).await;
}

#[tokio::test]
async fn a_payload_over_the_limit_is_answered_413() {
    let server = TestServer::start().await;
    for version in [3, 4] {
        let culprit = Polling::open(server.base(), version).await;
        let status = culprit.send(vec![b'4'; (1 << 20) + 1]).await;
        assert_eq!(status, 413, "version {version}");
    }
}

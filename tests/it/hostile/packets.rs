//! Packets of Socket.IO and Engine.IO over a WebSocket that no client sends: those of known attacks on other parsers, and
//! made up ones.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    culprit::{Culprit, Fate},
    witness::Witness,
};
use crate::harness::TestServer;

use Fate::{Closed, GoesOn, Refused};

/// One way to misbehave: some packets, of which those that begin with `\0` go out as binary frames, and what follows.
type Row = (Fate, Vec<String>);

fn row(fate: Fate, packets: &[&str]) -> Row {
    (fate, packets.iter().map(|&text| text.to_owned()).collect())
}

fn one(fate: Fate, packet: String) -> Row {
    (fate, vec![packet])
}

/// Attachments: counts and placeholders that do not fit (CVE-2022-2421), and what never comes (CVE-2020-36049).
fn attachments() -> Vec<Row> {
    let held = |num: &str| {
        format!("451-[\"message\",{{\"data\":{{\"_placeholder\":true,\"num\":{num}}}}}]")
    };
    let nums = [
        "1",
        "-1",
        "0.5",
        "1e400",
        "\"0\"",
        "\"splice\"",
        "null",
        "{}",
        "18446744073709551616",
    ];
    let placeholders = nums.map(|num| {
        let packet = held(num);
        row(Refused, &[&packet, "\0abc"])
    });
    let mut rows = placeholders.to_vec();
    rows.extend([
        row(Refused, &["451-[\"message\",{\"_placeholder\":true}]", "\0abc"]),
        row(Refused, &["451-[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]", "\0abc"]),
        row(Closed, &["451-[{\"_placeholder\":true,\"num\":0}]", "\0abc"]),
        row(Closed, &["\0abc"]),
        row(Closed, &["4511-[\"message\",{\"_placeholder\":true,\"num\":0}]"]),
        row(Closed, &["4510000-[\"message\",{\"_placeholder\":true,\"num\":0}]"]),
        row(Closed, &["4599999999999999999999-[\"message\"]"]),
        row(Closed, &["45-1-[\"message\"]"]),
        row(Closed, &["45[\"message\"]"]),
        row(Closed, &["451[\"message\"]"]),
        row(Closed, &["451"]),
        row(Closed, &["461-[\"x\"]", "\0abc"]),
    ]);
    rows
}

/// Event names: no text (CVE-2023-32695), reserved, or those of an object's own properties.
fn names() -> Vec<Row> {
    let none = [
        "42",
        "42[",
        "42]",
        "42[]",
        "42{}",
        "42\"message\"",
        "42null",
        "42[7]",
        "42[null]",
        "42[true]",
        "42[[]]",
        "42[{}]",
        "42[{\"toString\":\"foo\"}]",
        "42[[\"message\"],{}]",
        "42x[\"message\"]",
    ];
    let mut rows = none.map(|packet| row(Closed, &[packet])).to_vec();
    let unknown = [
        "",
        "connect",
        "connect_error",
        "disconnect",
        "disconnecting",
        "newListener",
        "removeListener",
        "error",
        "ready",
        "message_updated",
        "__proto__",
        "constructor",
        "prototype",
        "toString",
        "hasOwnProperty",
        "é",
        "\u{202e}",
        "*",
        " message",
    ];
    rows.extend(unknown.map(|name| one(Refused, format!("42[\"{name}\",{{}}]"))));
    rows.push(one(
        Refused,
        format!("42[\"{}\",{{}}]", "n".repeat(100_000)),
    ));
    rows
}

/// Payloads: names that pollute prototypes, numbers past every type, nesting past every stack.
fn payloads() -> Vec<Row> {
    let deep = |fate, open: &str, close: &str| {
        let nested = open.repeat(100_000) + &close.repeat(100_000);
        one(
            fate,
            format!("42[\"message\",{{\"room\":\"lobby\",\"data\":{nested}}}]"),
        )
    };
    vec![
        row(
            GoesOn,
            &[
                "42[\"message\",{\"room\":\"lobby\",\"data\":\"x\",\"__proto__\":{\"admin\":true},\"constructor\":{\"prototype\":{\"a\":1}}}]",
            ],
        ),
        row(
            Refused,
            &["42[\"message\",{\"__proto__\":{\"room\":\"lobby\",\"data\":\"x\"}}]"],
        ),
        row(
            Refused,
            &["42[\"message\",{\"room\":\"lobby\",\"room\":\"lobby\",\"data\":\"x\"}]"],
        ),
        row(Refused, &["42[\"read\",{\"room\":\"lobby\",\"id\":1e400}]"]),
        row(
            Refused,
            &["42[\"read\",{\"room\":\"lobby\",\"id\":99999999999999999999}]"],
        ),
        row(Refused, &["42[\"read\",{\"room\":\"lobby\",\"id\":-0.5}]"]),
        row(
            Refused,
            &["42[\"message\",{\"room\":\"lobby\",\"data\":\"\\ud800\"}]"],
        ),
        row(
            Refused,
            &["42[\"message\",{\"room\":\"lobby\",\"data\":\"\\u0000\"}]"],
        ),
        row(
            Closed,
            &["42[\"message\",{\"room\":\"lobby\",\"data\":\"unfinished"],
        ),
        row(
            Refused,
            &["42[\"message\",{\"room\":\"lobby\",\"data\":\"x\"}]]"],
        ),
        one(
            Refused,
            format!(
                "42[\"message\",{{\"room\":\"lobby\",\"data\":\"{}\"}}]",
                "x".repeat(900_000)
            ),
        ),
        one(Refused, format!("42[\"message\"{}]", ",{}".repeat(200_000))),
        one(
            Refused,
            format!(
                "42[\"message\",{{{}\"data\":\"x\"}}]",
                "\"a\":0,".repeat(100_000)
            ),
        ),
        deep(Refused, "[", "]"),
        deep(Closed, "{\"a\":", "}"),
    ]
}

/// Acknowledgement ids, namespaces, and packets out of their turn. An id past every type is read as none, and what is
/// for a namespace that was not entered as nothing.
fn headers() -> Vec<Row> {
    let long = "x".repeat(10_000);
    vec![
        row(GoesOn, &["4218446744073709551616[\"rooms\",{}]"]),
        row(GoesOn, &["429223372036854775808[\"rooms\",{}]"]),
        row(GoesOn, &["429223372036854775807[\"rooms\",{}]"]),
        row(GoesOn, &["4200001[\"rooms\",{}]"]),
        row(Closed, &["42-1[\"rooms\",{}]"]),
        row(Closed, &["421.5[\"rooms\",{}]"]),
        row(Closed, &["421e3[\"rooms\",{}]"]),
        row(GoesOn, &["431[1]"]),
        row(Closed, &["43[1]"]),
        row(Closed, &["43"]),
        row(Closed, &["44{}"]),
        row(Closed, &["47"]),
        row(Closed, &["4é"]),
        row(Closed, &["4"]),
        row(GoesOn, &["42/other,[\"rooms\",{}]"]),
        row(GoesOn, &["42//,[\"rooms\",{}]"]),
        row(GoesOn, &["42/é,[\"é\"]"]),
        one(GoesOn, format!("42/{long}")),
        row(Refused, &["40/other,"]),
        row(Refused, &["40/é,{\"é\":1}"]),
        row(Refused, &["40/?token=x,"]),
        row(GoesOn, &["41/other,"]),
        row(GoesOn, &["40"]),
        row(Closed, &["41", "42[\"rooms\",{}]"]),
        row(Closed, &["0{}"]),
        row(Closed, &["1"]),
        row(GoesOn, &["3"]),
        row(Closed, &["5"]),
        row(Closed, &["6"]),
        row(Closed, &["7"]),
        row(Closed, &["x"]),
        row(Closed, &[""]),
        row(Closed, &["bAQID"]),
        row(Closed, &["\u{1e}"]),
        row(Closed, &["2probe"]),
    ]
}

async fn all(rows: Vec<Row>) {
    let server = TestServer::start().await;
    let mut witness = Witness::on(&server).await;
    let mallory = server.person("mallory").await;
    mallory
        .api()
        .post("/rooms/lobby/join", &serde_json::json!({}))
        .await;
    let mut wrong = Vec::new();
    for (fate, packets) in rows {
        let mut culprit = Culprit::connect(&server, &mallory).await;
        for packet in &packets {
            let message = match packet.strip_prefix('\0') {
                Some(bytes) => Message::binary(bytes.as_bytes().to_vec()),
                None => Message::text(packet.as_str()),
            };
            culprit.send(message).await;
        }
        let became = culprit.fate().await;
        let shown: String = packets.join(" ").chars().take(100).collect();
        if became != fate {
            wrong.push(format!("{became:?}, not {fate:?}: {shown}"));
        }
        witness.notices_nothing(&shown).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_that_do_not_fit_are_refused_or_end_their_connection() {
    all(attachments()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_none_ends_its_connection_and_an_unknown_one_is_refused() {
    all(names()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payload_past_every_type_is_refused() {
    all(payloads()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packet_out_of_its_turn_ends_its_connection() {
    all(headers()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_tiny_packets_cost_only_who_sent_them() {
    let server = TestServer::start().await;
    let mut witness = Witness::on(&server).await;
    let mallory = server.person("mallory").await;
    for packet in [
        "42[\"x\"]",
        "421[\"x\"]",
        "3",
        "6",
        "431[1]",
        "40/x,",
        "41/x,",
    ] {
        let mut culprit = Culprit::connect(&server, &mallory).await;
        for number in 0..10_000 {
            culprit.send(Message::text(packet)).await;
            if number % 5_000 == 0 {
                witness.notices_nothing(packet).await;
            }
        }
        culprit.fate().await;
        witness.notices_nothing(packet).await;
    }
}

/// Pieces of packets, in any order: most of what they make is none, and all of it looks like one.
fn any_packet() -> impl Strategy<Value = Message> {
    let pieces = prop::sample::select(vec![
        "4",
        "2",
        "0",
        "5",
        "6",
        "3",
        "1-",
        "-",
        "/",
        "/x,",
        ",",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\"message\"",
        "\"room\":\"lobby\"",
        "\"data\":",
        "{\"_placeholder\":true,\"num\":0}",
        "\\u0000",
        "\\",
        "é",
        "😀",
        "\u{1e}",
        "1e400",
        "null",
        "__proto__",
        "b",
        "18446744073709551616",
    ]);
    let text = prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat());
    let begun = prop::sample::select(vec!["", "42[", "42", "451-[\"message\",", "4", "40", "43"]);
    let text = (begun, text).prop_map(|(begun, text)| Message::text(format!("{begun}{text}")));
    let bytes = prop::collection::vec(any::<u8>(), 0..20).prop_map(Message::binary);
    prop_oneof![6 => text, 1 => bytes]
}

#[test]
fn whatever_packets_are_made_of_nobody_else_notices() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(TestServer::start());
    let witness = tokio::sync::Mutex::new(runtime.block_on(Witness::on(&server)));
    let mallory = runtime.block_on(server.person("mallory"));
    let config = Config {
        cases: 300,
        failure_persistence: None,
        ..Config::default()
    };
    let packets = prop::collection::vec(any_packet(), 1..6);
    let result = TestRunner::new(config).run(&packets, |packets| {
        runtime.block_on(async {
            let mut culprit = Culprit::connect(&server, &mallory).await;
            let shown = format!("{packets:?}");
            for packet in packets {
                culprit.send(packet).await;
            }
            let mut witness = witness.lock().await;
            witness.meanwhile(culprit.fate()).await;
            witness.notices_nothing(&shown).await;
        });
        Ok(())
    });
    result.unwrap();
    runtime.block_on(server.stop());
}

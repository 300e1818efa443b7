//! `rust_socketio`'s client, told what to do by the matrix run: orders come as lines of JSON on standard input,
//! answers leave on standard output. It decides nothing itself.

use std::{
    error::Error,
    fs,
    io::{self, BufRead},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use native_tls::{Certificate, TlsConnector};
use rust_socketio::{ClientBuilder, Event, Payload, RawClient, TransportType, client::Client};
use serde_json::{Value, json};

/// A payload that can only travel as a binary attachment.
const BINARY: [u8; 4] = [0x00, 0x01, 0xfe, 0xff];
/// How long an acknowledgement may take.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(15);
/// How long the client waits before it comes back, in milliseconds.
const RETRY_MS: u64 = 200;
/// The number of the present client. `rust_socketio` 0.6 dials again after its own `disconnect`; what such a client
/// hears is nobody's.
static CONNECTED: AtomicU32 = AtomicU32::new(0);

fn first(payload: Payload) -> Value {
    match payload {
        Payload::Text(mut values) if !values.is_empty() => values.remove(0),
        _ => Value::Null,
    }
}

/// The one argument of the acknowledgement, which the library hands over as the whole list.
fn acknowledged(payload: Payload) -> Value {
    match first(payload) {
        Value::Array(mut values) if !values.is_empty() => values.remove(0),
        other => other,
    }
}

fn tell(answer: &Value) {
    println!("{answer}");
}

/// What the library says of a rejected CONNECT is a sentence that ends with the packet's JSON.
fn rejection(told: &str) -> Value {
    told.find('{')
        .and_then(|at| serde_json::from_str(&told[at..]).ok())
        .unwrap_or_else(|| json!({ "message": told }))
}

fn heard_error(payload: Payload) {
    #[expect(
        deprecated,
        reason = "the library itself reports errors in this variant"
    )]
    let told = match payload {
        Payload::String(told) => told,
        other => first(other).as_str().unwrap_or_default().to_owned(),
    };
    if told.contains("ConnectError") {
        tell(&json!({ "heard": "connect_error", "payload": rejection(&told) }));
    }
}

fn connect(order: &Value) -> Result<Client, Box<dyn Error>> {
    let text = |key: &str| order[key].as_str().unwrap_or_default();
    let trusted = Certificate::from_pem(&fs::read(text("ca"))?)?;
    let transport = match order["transports"].as_array().map(Vec::as_slice) {
        Some([only]) if only == "polling" => TransportType::Polling,
        Some([only]) if only == "websocket" => TransportType::Websocket,
        _ => TransportType::WebsocketUpgrade,
    };
    let own = CONNECTED.fetch_add(1, Ordering::SeqCst) + 1;
    let present = move || CONNECTED.load(Ordering::SeqCst) == own;
    let client = ClientBuilder::new(text("url"))
        .tls_config(
            TlsConnector::builder()
                .add_root_certificate(trusted)
                .build()?,
        )
        .transport_type(transport)
        .auth(json!({ "token": order["token"], "rooms": order["rooms"] }))
        .reconnect_on_disconnect(true)
        .reconnect_delay(RETRY_MS, RETRY_MS)
        .on(Event::Error, move |payload, _: RawClient| {
            if present() {
                heard_error(payload);
            }
        })
        .on_any(move |event, payload, _| {
            if present() {
                tell(&json!({ "heard": String::from(event), "payload": first(payload) }));
            }
        })
        .connect()?;
    tell(&json!({ "done": "connect" }));
    Ok(client)
}

fn ask(client: &Client, order: &Value) -> Result<(), rust_socketio::Error> {
    let number = order["number"].clone();
    let answer = move |payload: Payload, _: RawClient| {
        tell(&json!({ "number": number, "ack": acknowledged(payload) }));
    };
    let event = order["event"].as_str().unwrap_or_default();
    client.emit_with_ack(event, order["payload"].clone(), ACKNOWLEDGED_WITHIN, answer)
}

/// Bytes go without an acknowledgement: with one, `rust_socketio` 0.6 sends a BINARY_ACK in the place of an event.
fn send_binary(client: &Client, order: &Value) -> Result<(), rust_socketio::Error> {
    client.emit(order["event"].as_str().unwrap_or_default(), BINARY.to_vec())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut present = None;
    for line in io::stdin().lock().lines() {
        let order: Value = serde_json::from_str(&line?)?;
        match (order["do"].as_str(), &present) {
            (Some("connect"), _) => present = Some(connect(&order)?),
            (Some("ask"), Some(client)) => ask(client, &order)?,
            (Some("send"), Some(client)) => send_binary(client, &order)?,
            (Some("close"), Some(client)) => {
                CONNECTED.fetch_add(1, Ordering::SeqCst);
                client.disconnect()?;
                tell(&json!({ "done": "close" }));
            }
            _ => {}
        }
    }
    Ok(())
}

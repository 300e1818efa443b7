//! Somebody who sends what nobody should, and what becomes of them.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, connect_async, tungstenite::Message};

use crate::harness::{Person, TestServer, within};

/// What became of a culprit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The connection was ended.
    Closed,
    /// It was told of an error, and the connection goes on.
    Refused,
    /// Nothing: what it sent means nothing, or was fine.
    GoesOn,
}

/// The question behind what is sent: whoever is still connected is answered.
const ASKED: u32 = 7_777_777;

/// A connected client whose packets are made by hand.
pub(super) struct Culprit {
    stream: WebSocketStream<tokio_tungstenite::MaybeTlsStream<TcpStream>>,
}

impl Culprit {
    /// Connects, and has heard `ready`.
    pub(super) async fn connect(server: &TestServer, person: &Person) -> Self {
        let base = server.base().replace("http", "ws");
        let url = format!("{base}/socket.io/?EIO=4&transport=websocket");
        let connected = within("a handshake", connect_async(url)).await;
        let mut culprit = Self {
            stream: connected.unwrap().0,
        };
        let auth = json!({ "token": person.api().token() });
        culprit.send(Message::text(format!("40{auth}"))).await;
        while !culprit.read().await.unwrap().starts_with("42[\"ready\"") {}
        culprit
    }

    /// Sends; whether it arrives is for [`Self::fate`] to find out.
    pub(super) async fn send(&mut self, message: Message) {
        within("room to send", self.stream.send(message)).await.ok();
    }

    /// The next text; nothing at the end of the connection.
    async fn read(&mut self) -> Option<String> {
        loop {
            match within("a packet", self.stream.next()).await {
                Some(Ok(Message::Text(text))) if text.as_str() == "1" => return None,
                Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// What becomes of the connection.
    pub(super) async fn fate(mut self) -> Fate {
        let question = format!("42{ASKED}[\"rooms\",{{}}]");
        self.send(Message::text(question)).await;
        let answer = format!("43{ASKED}[");
        let mut refused = false;
        while let Some(packet) = self.read().await {
            if packet.starts_with(&answer) {
                return if refused { Fate::Refused } else { Fate::GoesOn };
            }
            let failed = packet.starts_with("43") && packet.contains("\"ok\":false");
            refused |= failed || packet.starts_with("44") || packet.starts_with("42[\"problem\"");
            if packet.starts_with("41") {
                return Fate::Closed;
            }
        }
        Fate::Closed
    }
}

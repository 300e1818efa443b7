//! A Socket.IO client of its own (protocol 5 over Engine.IO 4, by WebSocket), small enough to see every packet.
//! It reads only while a test waits for something, so a test decides how slow it is.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{outcome, within};

/// How many calls are under way at once where a test makes many.
const WINDOW: usize = 50;

/// How a socket connects.
#[derive(Clone)]
pub(crate) struct Connect {
    address: SocketAddr,
    auth: Value,
    headers: Vec<(&'static str, String)>,
    receive_buffer: Option<u32>,
}

/// Why a socket was not connected.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// By the status of the handshake.
    Handshake(u16),
    /// By a `connect_error` with this message.
    Connect(String),
}

impl Refused {
    /// For want of a credential that holds.
    pub(crate) fn unauthorized() -> Self {
        Self::Connect("unauthorized".to_owned())
    }
}

impl Connect {
    /// To the server at this origin, without credential.
    pub(crate) fn to(base: &str) -> Self {
        let address = base.strip_prefix("http://").unwrap().parse().unwrap();
        Self {
            address,
            auth: json!({}),
            headers: Vec::new(),
            receive_buffer: None,
        }
    }

    /// With these keys in `auth`, beside those that are there.
    pub(crate) fn auth(mut self, auth: Value) -> Self {
        if let (Value::Object(all), Value::Object(more)) = (&mut self.auth, auth) {
            all.extend(more);
        }
        self
    }

    /// With another header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With little room in the system's buffer, so that a slow reader shows soon.
    pub(crate) fn narrow(mut self) -> Self {
        self.receive_buffer = Some(16 * 1024);
        self
    }

    /// The transport alone: Engine.IO's handshake is done, nobody has said who they are.
    pub(crate) async fn transport(&self) -> Result<Socket, Refused> {
        let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", self.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in &self.headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(*name, value);
        }
        let tcp = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = self.receive_buffer {
            tcp.set_recv_buffer_size(bytes).unwrap();
        }
        let tcp = within("a connection", tcp.connect(self.address))
            .await
            .unwrap();
        match within("a handshake", client_async(request, tcp)).await {
            Ok((stream, _)) => {
                let mut socket = Socket::new(stream);
                let open = socket.frame().await.expect("Engine.IO opens");
                assert!(open.starts_with("0{"), "{open}");
                Ok(socket)
            }
            Err(tungstenite::Error::Http(response)) => {
                Err(Refused::Handshake(response.status().as_u16()))
            }
            Err(error) => panic!("the handshake failed: {error}"),
        }
    }

    /// Connects to the namespace `/`, and waits for `ready`, which is then the first event.
    pub(crate) async fn open(&self) -> Result<Socket, Refused> {
        let mut socket = self.transport().await?;
        socket.send_raw(&format!("40{}", self.auth)).await;
        loop {
            let frame = socket.frame().await.expect("an answer to CONNECT");
            if let Some(error) = frame.strip_prefix("44") {
                let error: Value = serde_json::from_str(error).unwrap();
                return Err(Refused::Connect(error["message"].as_str().unwrap().into()));
            }
            if frame.starts_with("40") {
                while socket.events.is_empty() {
                    socket.pump().await;
                }
                return Ok(socket);
            }
        }
    }
}

/// How a connection came to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By a DISCONNECT packet, after which a client does not come back by itself.
    Disconnected,
    /// By an Engine.IO `close`, after which some clients do not come back by themselves.
    Close,
    /// By the end of its transport.
    Transport,
}

/// A connected client.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    events: VecDeque<(String, Value)>,
    acks: HashMap<u64, Value>,
    calls: u64,
    ended: Option<Ended>,
}

impl Socket {
    fn new(stream: WebSocketStream<TcpStream>) -> Self {
        Self {
            stream,
            events: VecDeque::new(),
            acks: HashMap::new(),
            calls: 0,
            ended: None,
        }
    }

    /// Sends a text frame as it is.
    pub(crate) async fn send_raw(&mut self, text: &str) {
        let sent = self.stream.send(Message::text(text));
        within("room to send", sent).await.unwrap();
    }

    /// Sends a text frame to a server that may have gone.
    pub(crate) async fn try_send_raw(&mut self, text: &str) -> bool {
        let sent = self.stream.send(Message::text(text));
        within("room to send", sent).await.is_ok()
    }

    /// Sends a binary frame.
    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        let sent = self.stream.send(Message::binary(bytes.to_vec()));
        within("room to send", sent).await.unwrap();
    }

    /// Emits an event without asking for an acknowledgement.
    pub(crate) async fn emit(&mut self, event: &str, payload: &Value) {
        self.send_raw(&format!("42{}", json!([event, payload])))
            .await;
    }

    /// Emits an event that asks for an acknowledgement; answers with its number.
    pub(crate) async fn start_call(&mut self, event: &str, payload: &Value) -> u64 {
        self.calls += 1;
        let packet = format!("42{}{}", self.calls, json!([event, payload]));
        self.send_raw(&packet).await;
        self.calls
    }

    /// The acknowledgement of this call.
    pub(crate) async fn ack(&mut self, call: u64) -> Value {
        while !self.acks.contains_key(&call) {
            self.pump().await;
        }
        self.acks.remove(&call).unwrap()
    }

    /// The acknowledgement of this call, unless the connection ends before it.
    pub(crate) async fn ack_or_end(&mut self, call: u64) -> Option<Value> {
        while !self.acks.contains_key(&call) && self.ended.is_none() {
            self.pump().await;
        }
        self.acks.remove(&call)
    }

    /// Emits an event and waits for its acknowledgement.
    pub(crate) async fn call(&mut self, event: &str, payload: &Value) -> Value {
        let call = self.start_call(event, payload).await;
        self.ack(call).await
    }

    /// The same, with the payload as it is written; an empty one is left out.
    pub(crate) async fn call_raw(&mut self, event: &str, payload: &str) -> Value {
        self.calls += 1;
        let comma = if payload.is_empty() { "" } else { "," };
        let packet = format!("42{}[{}{comma}{payload}]", self.calls, json!(event));
        self.send_raw(&packet).await;
        self.ack(self.calls).await
    }

    /// The same, of one that succeeds.
    #[track_caller]
    pub(crate) fn done<'a>(
        &'a mut self,
        event: &'a str,
        payload: &'a Value,
    ) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let ack = self.call(event, payload).await;
            assert_eq!(outcome(&ack), "ok", "{caller}: {event} {payload}: {ack}");
            ack
        }
    }

    /// Listens to a room.
    pub(crate) async fn join(&mut self, room: &str) -> Value {
        self.done("join", &json!({ "room": room })).await
    }

    /// Says something and waits until it is stored.
    pub(crate) async fn say(&mut self, room: &str, text: &str) -> Value {
        let message = json!({ "room": room, "data": text });
        self.done("message", &message).await
    }

    /// Says many things, some of them under way at once; answers with the acknowledgements.
    pub(crate) async fn say_all(
        &mut self,
        room: &str,
        texts: impl IntoIterator<Item = String>,
    ) -> Vec<Value> {
        let mut calls = VecDeque::new();
        let mut acks = Vec::new();
        for text in texts {
            let message = json!({ "room": room, "data": text });
            calls.push_back(self.start_call("message", &message).await);
            if calls.len() >= WINDOW {
                acks.push(self.ack(calls.pop_front().unwrap()).await);
            }
        }
        for call in calls {
            acks.push(self.ack(call).await);
        }
        acks
    }

    /// The next event of this name, whatever comes before it.
    pub(crate) async fn next(&mut self, event: &str) -> Value {
        loop {
            if let Some(payload) = self.heard(event) {
                return payload;
            }
            self.pump().await;
        }
    }

    /// The next event of this name among those that were read already.
    pub(crate) fn heard(&mut self, event: &str) -> Option<Value> {
        let at = self.events.iter().position(|(name, _)| name == event)?;
        self.events.remove(at).map(|(_, payload)| payload)
    }

    /// The next event, and its name.
    pub(crate) async fn next_any(&mut self) -> (String, Value) {
        while self.events.is_empty() {
            self.pump().await;
        }
        self.events.pop_front().unwrap()
    }

    /// Texts of the next messages.
    pub(crate) async fn hear(&mut self, count: usize) -> Vec<String> {
        let mut heard = Vec::with_capacity(count);
        for _ in 0..count {
            let message = self.next("message").await;
            heard.push(message["text"].as_str().unwrap().to_owned());
        }
        heard
    }

    /// Holds that no event of this name has come. What was sent to this socket before is read first.
    pub(crate) async fn expect_none(&mut self, event: &str) {
        self.call("rooms", &json!({})).await;
        let found = self.events.iter().find(|(name, _)| name == event);
        assert!(found.is_none(), "{found:?}");
    }

    /// How the connection ends; what comes before that is read.
    pub(crate) async fn closed(&mut self) -> Ended {
        while self.ended.is_none() {
            self.pump().await;
        }
        self.ended.take().unwrap()
    }

    /// Leaves at once, without a word.
    pub(crate) fn vanish(self) {
        drop(self.stream);
    }

    /// Says goodbye.
    pub(crate) async fn leave(mut self) {
        self.send_raw("41").await;
        within("the end", self.stream.close(None)).await.ok();
    }

    /// The next text frame that is no ping; `None` at the end.
    async fn frame(&mut self) -> Option<String> {
        let read = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) if text.as_str() == "2" => {
                        // A server that has gone meanwhile is noticed by the next read.
                        drop(self.stream.send(Message::text("3")).await);
                    }
                    Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        within("a packet", read).await
    }

    /// Reads one packet.
    pub(crate) async fn pump(&mut self) {
        assert!(
            self.ended.is_none(),
            "the connection ended: {:?}",
            self.ended
        );
        let Some(frame) = self.frame().await else {
            self.ended = Some(Ended::Transport);
            return;
        };
        let Some((kind, rest)) = frame.split_at_checked(2) else {
            if frame == "1" {
                self.ended = Some(Ended::Close);
            }
            return;
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, json) = rest.split_at(digits);
        match kind {
            "42" => {
                let mut parts: Vec<Value> = serde_json::from_str(json).unwrap();
                let payload = parts.drain(1..).next().unwrap_or_default();
                let name = parts[0].as_str().unwrap().to_owned();
                self.events.push_back((name, payload));
            }
            "43" => {
                let parts: Vec<Value> = serde_json::from_str(json).unwrap();
                let first = parts.into_iter().next().unwrap_or_default();
                let twice = self.acks.insert(number.parse().unwrap(), first);
                assert!(twice.is_none(), "acknowledged twice: {frame}");
            }
            "41" => self.ended = Some(Ended::Disconnected),
            other => panic!("an unexpected packet {other}: {frame}"),
        }
    }
}

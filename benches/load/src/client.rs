//! One Socket.IO 5 client over WebSocket that decodes as little as it can: it counts frames by how they begin, and looks
//! for the time stamp only where it is asked to.

use std::{
    cell::RefCell, future::poll_fn, io, net::SocketAddr, pin::Pin, sync::Arc, task::Poll,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use memchr::memmem;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::either::Either;

use crate::{
    frames::{self, Cutter, Frame, masked},
    sender::Sender,
    tally::Tally,
};

/// How long each step of connecting may take.
const STEP: Duration = Duration::from_secs(30);
/// How much one read takes; all sockets share the buffer.
const READ: usize = 64 * 1024;
/// The answer to a handshake is smaller.
const HEAD: usize = 16 * 1024;
/// Only events of this name are counted.
const MESSAGE: &[u8] = br#"["message","#;
/// What Parlor says once a room's missed messages are sent.
const RESUMED: &[u8] = br#"["resumed","#;
const JOIN_ACK: &str = "420";

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ]);
}

type Stream = Either<TcpStream, TlsStream<TcpStream>>;

/// Where a server listens, and how it is spoken to.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) socket: SocketAddr,
    pub(crate) tls: Option<TlsConnector>,
}

/// A connected client.
pub(crate) struct Client {
    stream: Stream,
    cutter: Cutter,
    pub(crate) ears: Ears,
}

/// What a client does with a packet.
pub(crate) struct Ears {
    tally: Arc<Tally>,
    /// Frames to be written before the next read.
    out: Vec<u8>,
    /// Whether the delay of what it hears is noted.
    pub(crate) sampled: bool,
    pub(crate) sender: Option<Sender>,
    /// The packet that a step of connecting waits for begins so.
    awaited: &'static str,
    met: Option<String>,
    /// Rooms of which everything missed has come.
    resumed: usize,
    trouble: Option<String>,
}

impl Client {
    /// Connects to the namespace `/` with `auth`, the payload of its CONNECT packet.
    ///
    /// # Errors
    /// Which step failed or took too long.
    pub(crate) async fn connect(address: &Address, auth: &str, tally: Arc<Tally>) -> Result<Self> {
        let stream = step("connecting", dial(address)).await?;
        let ears = Ears {
            tally,
            out: Vec::new(),
            sampled: false,
            sender: None,
            awaited: "0",
            met: None,
            resumed: 0,
            trouble: None,
        };
        let mut client = Self {
            stream,
            cutter: Cutter::default(),
            ears,
        };
        step("the handshake", client.shake_hands(address)).await?;
        step("the connect packet", client.meet("0")).await?;
        client.put(&format!("40{auth}"));
        let connected = step("connecting to the namespace", client.meet("40")).await?;
        ensure!(connected.starts_with("40"), "refused: {connected}");
        Ok(client)
    }

    /// Joins a room.
    ///
    /// # Errors
    /// What the server refused, or that it did not answer.
    pub(crate) async fn join(&mut self, room: &str) -> Result<()> {
        self.put(&format!(r#"{JOIN_ACK}["join",{{"room":"{room}"}}]"#));
        let joined = step("joining", self.meet("430")).await?;
        ensure!(!joined.contains(r#""ok":false"#), "refused: {joined:.200}");
        Ok(())
    }

    /// Waits until so many rooms are resumed that `auth` named.
    ///
    /// # Errors
    /// That they were not in time.
    pub(crate) async fn resume(&mut self, rooms: usize) -> Result<()> {
        step("resuming", async {
            while self.ears.resumed < rooms {
                self.turn().await?;
            }
            Ok(())
        })
        .await
    }

    fn put(&mut self, packet: &str) {
        self.ears
            .out
            .extend(masked(frames::TEXT, packet.as_bytes()));
    }

    async fn shake_hands(&mut self, address: &Address) -> Result<()> {
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            address.socket
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.stream.flush().await?;
        let mut head = Vec::new();
        loop {
            ensure!(head.len() < HEAD, "the answer has too long a head");
            ensure!(self.stream.read_buf(&mut head).await? > 0, "no answer");
            let mut headers = [httparse::EMPTY_HEADER; 64];
            let mut response = httparse::Response::new(&mut headers);
            if let httparse::Status::Complete(length) = response.parse(&head)? {
                let status = response.code.unwrap_or_default();
                ensure!(status == 101, "answered {status}");
                let ears = &mut self.ears;
                self.cutter
                    .cut(&head[length..], &mut |frame| ears.take(frame));
                return Ok(());
            }
        }
    }

    /// Waits for a packet that begins like this, or for a refusal.
    async fn meet(&mut self, begins: &'static str) -> Result<String> {
        if begins != self.ears.awaited {
            self.ears.awaited = begins;
            self.ears.met = None;
        }
        loop {
            if let Some(met) = self.ears.met.take() {
                return Ok(met);
            }
            self.turn().await?;
        }
    }

    /// Writes what is due, and reads once.
    async fn turn(&mut self) -> Result<()> {
        self.flush().await?;
        self.read().await?;
        if let Some(trouble) = self.ears.trouble.take() {
            bail!(trouble);
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        if !self.ears.out.is_empty() {
            self.stream.write_all(&self.ears.out).await?;
            self.stream.flush().await?;
            self.ears.out.clear();
        }
        Ok(())
    }

    /// Reads once into the shared buffer. What was read is taken before anybody else reads, so that giving this up
    /// loses nothing.
    async fn read(&mut self) -> io::Result<()> {
        let Self {
            stream,
            cutter,
            ears,
        } = self;
        poll_fn(|cx| {
            BUFFER.with_borrow_mut(|buffer| {
                let mut buffer = ReadBuf::new(buffer);
                match Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                    Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                        Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
                    }
                    Poll::Ready(Ok(())) => {
                        cutter.cut(buffer.filled(), &mut |frame| ears.take(frame));
                        Poll::Ready(Ok(()))
                    }
                    other => other,
                }
            })
        })
        .await
    }

    /// Listens, and sends as its sender is due, until it is dropped or the server ends it; that counts as lost.
    pub(crate) async fn go_on(mut self) {
        let tally = Arc::clone(&self.ears.tally);
        let Err(error) = self.turns().await;
        tally.lose(format!("{error:#}"));
    }

    async fn turns(&mut self) -> Result<std::convert::Infallible> {
        if let Some(sender) = &mut self.ears.sender
            && sender.is_closed_loop()
        {
            sender.send(&self.ears.tally, &mut self.ears.out);
        }
        loop {
            let due = self.ears.sender.as_mut().and_then(Sender::due);
            let Some(due) = due else {
                self.turn().await?;
                continue;
            };
            self.flush().await?;
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(due) => {
                    if let Some(sender) = &mut self.ears.sender {
                        sender.send(&self.ears.tally, &mut self.ears.out);
                    }
                }
                read = self.read() => read?,
            }
            if let Some(trouble) = self.ears.trouble.take() {
                bail!(trouble);
            }
        }
    }
}

impl Ears {
    /// Engine.IO 4: `0` open, `1` close, `2` ping, `4` a Socket.IO packet: `0` connect, `1` disconnect, `2` event,
    /// `3` acknowledgement, `4` refused.
    fn take(&mut self, frame: &Frame<'_>) {
        match (frame.opcode, frame.payload) {
            (frames::TEXT, [b'4', b'2', event @ ..]) => self.event(event),
            (frames::TEXT, [b'4', b'3', answer @ ..]) if self.sender.is_some() => {
                self.answer(answer);
            }
            (frames::TEXT, [b'2', ..]) => self.out.extend(masked(frames::TEXT, b"3")),
            (frames::TEXT, [b'1', ..] | [b'4', b'1' | b'4', ..]) => {
                self.fail("ended", frame.payload);
            }
            (frames::TEXT, packet) if packet.starts_with(self.awaited.as_bytes()) => {
                self.met = Some(String::from_utf8_lossy(packet).into_owned());
            }
            (frames::CLOSE, reason) => self.fail("closed", reason),
            (frames::PING, payload) => self.out.extend(masked(frames::PONG, payload)),
            _ => {}
        }
    }

    fn event(&mut self, event: &[u8]) {
        if event.starts_with(MESSAGE) {
            let sent_at = self.sampled.then(|| stamp(event)).flatten();
            self.tally.heard(sent_at);
        } else if event.starts_with(RESUMED) {
            self.resumed += 1;
        }
    }

    fn answer(&mut self, answer: &[u8]) {
        let Some(sender) = &mut self.sender else {
            return;
        };
        let digits = answer.iter().take_while(|byte| byte.is_ascii_digit());
        let id = digits.fold(0, |id, digit| id * 10 + u64::from(digit - b'0'));
        if memmem::find(answer, br#""ok":false"#).is_some() {
            return self.fail("refused a message", answer);
        }
        if let Some(sent_at) = sender.answered(id) {
            self.tally.acknowledged(sent_at);
            if sender.is_closed_loop() {
                sender.send(&self.tally, &mut self.out);
            }
        }
    }

    fn fail(&mut self, what: &str, packet: &[u8]) {
        let said = String::from_utf8_lossy(packet);
        self.trouble
            .get_or_insert_with(|| format!("the server {what}: {said:.200}"));
    }
}

/// When the message was sent, if that stands in it.
fn stamp(event: &[u8]) -> Option<u64> {
    let begin = memmem::find(event, crate::sender::MARK)? + crate::sender::MARK.len();
    let digits = event.get(begin..begin + crate::sender::DIGITS)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

async fn step<T>(what: &'static str, doing: impl Future<Output = Result<T>>) -> Result<T> {
    let done = timeout(STEP, doing).await;
    done.with_context(|| format!("{what} took more than {STEP:?}"))?
        .context(what)
}

async fn dial(address: &Address) -> Result<Stream> {
    let stream = TcpStream::connect(address.socket).await?;
    stream.set_nodelay(true)?;
    Ok(match &address.tls {
        None => Either::Left(stream),
        Some(tls) => {
            let name = ServerName::from(address.socket.ip());
            Either::Right(tls.connect(name, stream).await?)
        }
    })
}

//! What the machine can do: a broadcaster on tokio-tungstenite that hands ready-made frames on, for `make bench`. It
//! speaks as much Socket.IO as the load generator needs, and neither reads nor keeps what it hands on.

#![expect(clippy::print_stdout, reason = "says where it listens")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{Sender, channel},
};
use tokio_tungstenite::{accept_async, tungstenite::Message};
use tokio_util::task::TaskTracker;

/// Frames that may wait for one socket; past it a frame is lost for that socket, and the figures show it.
const QUEUE: usize = 1024;
/// Frames that are written at once.
const BATCH: usize = 64;

type Rooms = Arc<Mutex<HashMap<String, Vec<Sender<Message>>>>>;

#[tokio::main]
async fn main() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening at http://{}", listener.local_addr()?);
    let (rooms, tasks) = (Rooms::default(), TaskTracker::new());
    loop {
        let (stream, _) = listener.accept().await?;
        let (rooms, writers) = (Arc::clone(&rooms), tasks.clone());
        // A socket that fails is its client's loss, and the load generator counts it.
        tasks.spawn(async move { serve(stream, &rooms, &writers).await });
    }
}

async fn serve(stream: TcpStream, rooms: &Rooms, writers: &TaskTracker) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut sink, mut source) = accept_async(stream).await?.split();
    let (sender, mut receiver) = channel(QUEUE);
    sink.send(Message::text(r#"0{"sid":"raw","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}"#))
        .await?;
    writers.spawn(async move {
        let mut batch = Vec::with_capacity(BATCH);
        while receiver.recv_many(&mut batch, BATCH).await > 0 {
            for frame in batch.drain(..) {
                if sink.feed(frame).await.is_err() {
                    return;
                }
            }
            if sink.flush().await.is_err() {
                return;
            }
        }
    });
    while let Some(Ok(Message::Text(packet))) = source.next().await {
        take(&packet, &sender, rooms)?;
    }
    Ok(())
}

/// `40` is a connect, `42<id>["join",…]` and `42<id>["message",…]` are the events; nothing else is sent here.
fn take(packet: &str, sender: &Sender<Message>, rooms: &Rooms) -> Result<()> {
    if packet.starts_with("40") {
        return Ok(sender.try_send(Message::text(r#"40{"sid":"raw"}"#))?);
    }
    let start = packet.find('[').context("an event has a name")?;
    let (id, event) = (
        packet.get(2..start).context("an event has an id")?,
        &packet[start..],
    );
    let room = between(event, r#""room":""#).context("an event names its room")?;
    let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
    if event.starts_with(r#"["join""#) {
        rooms
            .entry(room.to_owned())
            .or_default()
            .push(sender.clone());
    } else {
        let frame = Message::text(format!("42{event}"));
        if let Some(listeners) = rooms.get_mut(room) {
            listeners.retain(|listener| !listener.is_closed());
            for listener in listeners {
                let _lost = listener.try_send(frame.clone());
            }
        }
    }
    Ok(sender.try_send(Message::text(format!(r#"43{id}[{{"ok":true}}]"#)))?)
}

/// What stands behind `mark`, up to the next quote.
fn between<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_once('"').map(|(found, _)| found)
}

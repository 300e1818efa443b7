//! The upgrade of a session from polling to a WebSocket (Engine.IO protocol, "Upgrade").
//!
//! engineioxide 0.17.9 takes a session from polling as soon as a WebSocket for it appears: from then on each poll is
//! answered at once with nothing, so that the client sends one after the other, and one more packet is put into the
//! session's queue for a poll that may wait. Where the queue is full, nothing empties it any more, and the upgrade waits
//! until it is given up after ten seconds, and the session with it: whoever comes back to more messages than the queue has
//! room for gets there. A probe that fails ends the session as well.
//!
//! So the client's probe is answered here, while its session polls on, as with the reference server. Once the client says
//! that it goes over, no poll of its own is left: what is in the queue is sent by polls of ours, and the engine goes through
//! the upgrade with what the client has said already.
//!
//! A binary packet that engineioxide has queued for a client of Engine.IO 3 does not come through, and ends the session: as a
//! polling payload it does not read it itself. Parlor sends none.

use std::{io, pin::pin, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    response::Response,
};
use engineioxide_core::{Packet, payload};
use futures_util::{FutureExt, TryStreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    task::unconstrained,
    time::{sleep, timeout},
};

use super::{
    Engine, MayGoOver, forward, frames,
    handover::Handover,
    polling::{self, Session},
    polls::{Polls, Probe},
    shake,
};
use crate::base::Tasks;

/// How long a client may take to go over, as with the reference server.
const WITHIN: Duration = Duration::from_secs(10);
/// How long a client that has gone over may take nothing of what waits for it (contract, promise 5). The engine, which comes
/// after that, has as long for the little that is left.
pub(in crate::edge::socket) const PATIENCE: Duration = Duration::from_secs(30);

/// What a client probes with, what it is answered, and what it says when it goes over.
const PROBE: &[u8] = b"2probe";
const ANSWER: &[u8] = b"3probe";
const UPGRADE: &[u8] = b"5";

/// Answers the handshake of a WebSocket for a session that there is. One that does not poll, or for which another WebSocket
/// has come first, stays where it is, and this WebSocket is closed.
pub(super) async fn open<E: Engine>(
    engine: E,
    polls: &Polls,
    tasks: &Tasks,
    request: Request,
) -> Response {
    let session = Session::read(request.uri());
    let probe = match &session {
        Some(session) if polls_on(&engine, session).await => polls.probe(&session.id),
        _ => None,
    };
    let (mut response, shaken) = shake(engine.clone(), request).await;
    if let (Some(session), Some(probe), Some(shaken)) = (session, probe, shaken) {
        response.extensions_mut().insert(MayGoOver);
        let stop = tasks.stopping().clone();
        tasks.spawn(async move {
            stop.run_until_cancelled(upgrade(engine, session, probe, shaken.upgrade))
                .await;
        });
    }
    response
}

/// Whether a session is there and polls: a payload without packets changes nothing, and is refused otherwise.
async fn polls_on<E: Engine>(engine: &E, session: &Session) -> bool {
    let request = polling::request(Method::POST, &session.uri, Body::empty());
    forward(engine.clone(), request).await.status() == StatusCode::OK
}

/// Upgrades a session, if its client goes through with it. Until then it polls on, whatever becomes of the WebSocket.
async fn upgrade<E: Engine>(engine: E, session: Session, probe: Probe, upgrade: OnUpgrade) {
    let Ok(stream) = upgrade.await else {
        return;
    };
    let mut stream = TokioIo::new(stream);
    let said = match timeout(WITHIN, probed(&mut stream, &probe)).await {
        Ok(Ok(said)) => said,
        failed => return tracing::debug!(?failed, "a session stays with polling"),
    };
    if let Err(error) = take_over(engine.clone(), &session, stream, said).await {
        tracing::debug!(%error, "a session ends, which its client has no transport for any more");
        polling::end(engine, &session.uri);
    }
}

/// Answers the client's probe, and lets go of the poll that waits. Gives the frames in which the client probed and said that
/// it goes over.
async fn probed(stream: &mut TokioIo<Upgraded>, probe: &Probe) -> io::Result<Vec<u8>> {
    let mut said = Vec::new();
    hear(stream, PROBE, &mut said).await?;
    stream.write_all(&answer()).await?;
    stream.flush().await?;
    probe.answered();
    hear(stream, UPGRADE, &mut said).await?;
    probe.gone_over().await;
    Ok(said)
}

/// The frame that answers a probe, ours and the engine's.
fn answer() -> Vec<u8> {
    let mut frame = Vec::new();
    frames::put(frames::TEXT, ANSWER, &mut frame);
    frame
}

/// Reads one frame of the client's, and not a byte of what comes behind it; puts it behind `said` if it is this text.
async fn hear(
    stream: &mut (impl AsyncRead + Unpin),
    text: &[u8],
    said: &mut Vec<u8>,
) -> io::Result<()> {
    let mut frame = [0; frames::MASKED_HEADER + PROBE.len()];
    let frame = &mut frame[..frames::MASKED_HEADER + text.len()];
    let (header, payload) = frame.split_at_mut(frames::MASKED_HEADER);
    stream.read_exact(header).await?;
    // A longer one is not this text, and a shorter one is waited for no longer than for its header.
    if frames::length(header) != Some((header.len() + text.len()) as u64) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    stream.read_exact(payload).await?;
    if !frames::is_masked_text(frame, text) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    said.extend_from_slice(frame);
    Ok(())
}

/// Has the engine take the session over to this stream.
async fn take_over<E: Engine>(
    mut engine: E,
    session: &Session,
    mut stream: TokioIo<Upgraded>,
    said: Vec<u8>,
) -> io::Result<()> {
    let poll = |engine: &E| {
        let request = polling::request(Method::GET, &session.uri, Body::empty());
        // What a task may take in one turn would have it wait beside a queue that is not empty.
        Box::pin(unconstrained(forward(engine.clone(), request)))
    };
    let mut last = loop {
        let mut poll = poll(&engine);
        let Some(response) = (&mut poll).now_or_never() else {
            break poll;
        };
        let mut queued = Vec::new();
        put_frames(session, response, &mut queued).await?;
        send(&mut stream, &queued).await?;
    };
    // This last poll waits, with the queue to itself: the engine begins the upgrade, and puts its packet into the queue, for
    // which the poll makes room if need be.
    let (tell, told) = oneshot::channel();
    let (over, ended) = oneshot::channel();
    let stream = Handover::new(stream, said, answer().len(), told, over);
    engine
        .call((stream, session.opening()))
        .await
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    let mut first = Vec::new();
    loop {
        let response = last.await;
        // The next one has the queue before others have filled it.
        last = poll(&engine);
        let next = (&mut last).now_or_never();
        let mut begun = put_frames(session, response, &mut first).await?;
        if let Some(response) = next {
            last = poll(&engine);
            begun |= put_frames(session, response, &mut first).await?;
        }
        if begun {
            break;
        }
    }
    drop(last);
    // Where the engine has dropped the stream, the session is over.
    tell.send(first).map_err(|_| io::ErrorKind::BrokenPipe)?;
    let _ = ended.await;
    // What is left for the engine to do takes no waiting: it knows by itself then what is no poll's any more.
    for pause in [0, 1, 10, 100] {
        sleep(Duration::from_millis(pause)).await;
        if !polls_on(&engine, session).await {
            return Ok(());
        }
    }
    Err(io::Error::other("the engine did not take the session"))
}

/// Sends this at the client's pace, as long as it takes some of it.
async fn send(stream: &mut TokioIo<Upgraded>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = timeout(PATIENCE, stream.write(bytes)).await??;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
    }
    timeout(PATIENCE, stream.flush()).await?
}

/// Puts the packets of a poll's answer behind `out` as frames. Says whether the engine's was among them by which it lets a poll
/// go.
async fn put_frames(session: &Session, response: Response, out: &mut Vec<u8>) -> io::Result<bool> {
    if response.status() != StatusCode::OK {
        return Err(io::Error::other("the session is over"));
    }
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let packets = payload::decoder(body, kind, session.protocol, u64::MAX);
    let mut packets = pin!(packets);
    let mut lets_go = false;
    while let Some(packet) = packets.try_next().await.map_err(io::Error::other)? {
        lets_go |= matches!(packet, Packet::Noop);
        put_frame(packet, out);
    }
    Ok(lets_go)
}

fn put_frame(packet: Packet, out: &mut Vec<u8>) {
    match packet {
        Packet::Noop => {}
        Packet::Binary(bytes) => frames::put(frames::BINARY, &bytes, out),
        // A message, as its first byte says (Engine.IO protocol 3, "Packet").
        Packet::BinaryV3(bytes) => frames::put(frames::BINARY, &[&[4], &bytes[..]].concat(), out),
        packet => frames::put(frames::TEXT, &Bytes::from(packet), out),
    }
}

#[cfg(test)]
mod tests;

//! The upgrade of a session from polling to a WebSocket (Engine.IO protocol, "Upgrade").
//!
//! engineioxide 0.17.9 takes a session from polling as soon as a WebSocket for it appears: from then on each poll is
//! answered at once with nothing, so that the client sends one after the other, and one more packet is put into the
//! session's queue for a poll that may wait. Where the queue is full, nothing empties it any more, and the upgrade waits
//! until it is given up after ten seconds, and the session with it: whoever comes back to more messages than the queue has
//! room for gets there. A probe that fails ends the session as well.
//!
//! So the client's probe is answered here, while its session polls on, as with the reference server. Once the client says
//! that it goes over, no poll of its own is left: the queue is emptied by polls of ours, and the engine goes through the
//! upgrade with what the client has said already. What was in the queue goes out first.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    response::Response,
};
use engineioxide_core::{Packet, PacketParseError, payload};
use futures_util::{FutureExt, TryStreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    task::yield_now,
    time::{sleep, timeout},
};

use super::{
    Engine, Shaken, forward, frames,
    handover::Handover,
    polling::{self, Session},
    polls::{Polls, Probe},
    shake,
};
use crate::base::Tasks;

/// How long a client may take to go over, as with the reference server.
const WITHIN: Duration = Duration::from_secs(10);

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
    let (response, shaken) = shake(engine.clone(), request).await;
    if let (Some(session), Some(probe), Some(shaken)) = (session, probe, shaken) {
        let stop = tasks.stopping().clone();
        tasks.spawn(async move {
            stop.run_until_cancelled(upgrade(engine, session, probe, shaken))
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
async fn upgrade<E: Engine>(engine: E, session: Session, probe: Probe, shaken: Shaken) {
    let Ok(stream) = shaken.upgrade.await else {
        return;
    };
    let mut stream = TokioIo::new(stream);
    let said = match timeout(WITHIN, probed(&mut stream, &probe)).await {
        Ok(Ok(said)) => said,
        failed => return tracing::debug!(?failed, "a session stays with polling"),
    };
    probe.gone_over();
    let taken = take_over(engine.clone(), &session, shaken.opening, stream, said);
    let failed = match timeout(WITHIN, taken).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error,
        Err(late) => late.into(),
    };
    tracing::debug!(%failed, "a session ends, which its client has no transport for any more");
    polling::end(engine, &session.uri);
}

/// Answers the client's probe, and lets go of the poll that waits. Gives the frames in which the client probed and said that
/// it goes over.
async fn probed(stream: &mut TokioIo<Upgraded>, probe: &Probe) -> io::Result<Vec<u8>> {
    let mut said = Vec::new();
    hear(stream, PROBE, &mut said).await?;
    let mut answer = Vec::new();
    frames::put(frames::TEXT, ANSWER, &mut answer);
    stream.write_all(&answer).await?;
    stream.flush().await?;
    probe.answered();
    hear(stream, UPGRADE, &mut said).await?;
    Ok(said)
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
    opening: axum::http::Request<()>,
    stream: TokioIo<Upgraded>,
    said: Vec<u8>,
) -> io::Result<()> {
    let poll = || {
        let request = polling::request(Method::GET, &session.uri, Body::empty());
        Box::pin(forward(engine.clone(), request))
    };
    let mut first = Vec::new();
    let last = loop {
        let mut poll = poll();
        match (&mut poll).now_or_never() {
            Some(response) => put_frames(session, response, &mut first).await?,
            None => break poll,
        }
    };
    // This last poll waits, and has the queue to itself until it is looked at again: the engine begins the upgrade, and puts
    // its packet into the queue, for which the poll makes room if there is none.
    let mut answer = Vec::new();
    frames::put(frames::TEXT, ANSWER, &mut answer);
    let (tell, told) = oneshot::channel();
    let stream = Handover::new(stream, said, answer.len(), told);
    engine
        .call((stream, opening))
        .await
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    // The engine has made a task of it, whose turn this is.
    yield_now().await;
    yield_now().await;
    put_frames(session, last.await, &mut first).await?;
    // Where the engine has dropped the stream, the session is over.
    tell.send(first).map_err(|_| io::ErrorKind::BrokenPipe)?;
    // From then on the engine knows by itself what is no poll's any more.
    while polls_on(&engine, session).await {
        sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

/// Puts the packets of a poll's answer behind `first` as frames.
async fn put_frames(session: &Session, response: Response, first: &mut Vec<u8>) -> io::Result<()> {
    if response.status() != StatusCode::OK {
        return Err(io::Error::other("the session is over"));
    }
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let packets = payload::decoder(body, kind, session.protocol, u64::MAX);
    packets
        .try_for_each(|packet| {
            put_frame(packet, first);
            std::future::ready(Ok(()))
        })
        .await
        .map_err(|error: PacketParseError| io::Error::other(error))
}

fn put_frame(packet: Packet, first: &mut Vec<u8>) {
    match packet {
        // It only lets a poll go.
        Packet::Noop => {}
        Packet::Binary(bytes) => frames::put(frames::BINARY, &bytes, first),
        // A message, as its first byte says (Engine.IO protocol 3, "Packet").
        Packet::BinaryV3(bytes) => frames::put(frames::BINARY, &[&[4], &bytes[..]].concat(), first),
        packet => frames::put(frames::TEXT, &Bytes::from(packet), first),
    }
}

#[cfg(test)]
mod tests;

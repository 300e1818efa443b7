//! Long polling: a session starts without a ping, and ends with a polling request that is cancelled. One that goes over to
//! a WebSocket has its waiting poll answered.

use std::pin::pin;

use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use engineioxide_core::{Packet, ProtocolVersion, payload};
use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Handle;

use super::{Engine, forward, framing, parameter, polls::Polls};

/// The most bytes of an answer that is looked at here: an open packet, or a ping.
const MOST: usize = 4096;

/// What is read of an open packet.
#[derive(Deserialize)]
struct Open<'a> {
    sid: &'a str,
}

/// Opens a session. engineioxide has queued its first ping by then: it is fetched and answered here, in the client's
/// place and before the client knows the session's id, so that the next one, after an interval, is the client's first.
pub(super) async fn open<E: Engine>(engine: E, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let response = forward(engine.clone(), request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(packet) = to_bytes(body, MOST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(id) = opened(&packet)
        && let Some(Session { uri, .. }) = Session::new(&path, ProtocolVersion::V4, id)
    {
        let polled = forward(
            engine.clone(),
            self::request(Method::GET, &uri, Body::empty()),
        )
        .await;
        if to_bytes(polled.into_body(), MOST)
            .await
            .is_ok_and(|body| body == "2")
        {
            forward(engine, self::request(Method::POST, &uri, Body::from("3"))).await;
        }
    }
    Response::from_parts(parts, Body::from(packet))
}

fn opened(packet: &Bytes) -> Option<&str> {
    let open: Open<'_> = serde_json::from_slice(packet.strip_prefix(b"0")?).ok()?;
    Some(open.sid)
}

/// A session, as requests of ours name it.
#[derive(Debug)]
pub(super) struct Session {
    /// Its id.
    pub(super) id: String,
    /// The version of Engine.IO that its client speaks.
    pub(super) protocol: ProtocolVersion,
    /// Where it polls.
    pub(super) uri: Uri,
}

impl Session {
    fn new(path: &str, protocol: ProtocolVersion, id: &str) -> Option<Self> {
        let version = version(protocol);
        let uri = format!("{path}?EIO={version}&transport=polling&sid={id}");
        Some(Self {
            id: id.to_owned(),
            protocol,
            uri: uri.parse().ok()?,
        })
    }

    /// The request by which the engine takes its WebSocket. It keeps nothing of the client's own, which would keep all that was
    /// read with it.
    pub(super) fn opening(&self) -> axum::http::Request<()> {
        let mut request = axum::http::Request::new(());
        let uri = self.uri.to_string();
        *request.uri_mut() = uri
            .replace("transport=polling", "transport=websocket")
            .parse()
            .expect("it was a URI");
        request
    }

    /// The session that a request's URI names.
    pub(super) fn read(uri: &Uri) -> Option<Self> {
        Self::new(uri.path(), protocol(uri), parameter(uri, "sid")?)
    }
}

fn version(protocol: ProtocolVersion) -> u8 {
    match protocol {
        ProtocolVersion::V3 => 3,
        ProtocolVersion::V4 => 4,
    }
}

/// The version of Engine.IO that a request's URI names; the newer one where it names none that there is.
fn protocol(uri: &Uri) -> ProtocolVersion {
    match parameter(uri, "EIO") {
        Some("3") => ProtocolVersion::V3,
        _ => ProtocolVersion::V4,
    }
}

/// A request that we make to the engine ourselves.
pub(super) fn request(method: Method, uri: &Uri, body: Body) -> Request {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri.clone();
    request
}

/// Polls. When the client goes before it is answered, its session ends at once, as with the reference server, and
/// not only at the ping timeout: what was on its way to the client is lost. One that goes over to a WebSocket is answered with
/// nothing if there is nothing.
pub(super) async fn poll<E: Engine>(engine: E, polls: &Polls, request: Request) -> Response {
    let uri = request.uri().clone();
    let session = parameter(&uri, "sid").unwrap_or_default();
    let Some(mut begun) = polls.begin(session) else {
        // To the engine, a poll beside ours is a mistake that ends the session.
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({ "code": 3, "message": "Bad request" })),
        )
            .into_response();
    };
    let mut answered = pin!(forward(engine.clone(), request));
    // Declared last, so dropped first: no other poll of this session finds it between the two.
    let mut unanswered = Unanswered {
        uri,
        engine: Some(engine),
    };
    let response = tokio::select! {
        biased;
        response = &mut answered => response,
        // A poll that waits has taken nothing from the queue: nothing is lost with it.
        () = begun.released() => nothing(&unanswered.uri),
    };
    unanswered.engine = None;
    response
}

/// The answer to a poll that only lets it go.
fn nothing(uri: &Uri) -> Response {
    let packet = payload::packet_encoder(Packet::Noop, protocol(uri), false);
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=UTF-8")];
    (kind, packet).into_response()
}

/// A polling request without its answer. Dropped with an engine, it ends its session there.
struct Unanswered<E: Engine> {
    uri: Uri,
    engine: Option<E>,
}

impl<E: Engine> Drop for Unanswered<E> {
    fn drop(&mut self) {
        let Some(engine) = self.engine.take() else {
            return;
        };
        // At the end of the runtime there is nothing left to end.
        if Handle::try_current().is_err() {
            return;
        }
        end(engine, &self.uri);
    }
}

/// Ends the session that polls there.
pub(super) fn end<E: Engine>(engine: E, uri: &Uri) {
    let close = match protocol(uri) {
        ProtocolVersion::V3 => framing::CLOSE,
        ProtocolVersion::V4 => "1",
    };
    let closing = forward(engine, request(Method::POST, uri, Body::from(close)));
    // The engine works such a packet off without waiting for anything.
    closing.now_or_never();
}

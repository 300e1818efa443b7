//! Long polling: a session starts without a ping, and ends with a polling request that is cancelled.

use std::pin::pin;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use serde::Deserialize;
use tokio::runtime::Handle;

use super::{Engine, forward, framing, parameter};

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
    if let Some(session) = session(&packet)
        && let Ok(uri) = format!("{path}?EIO=4&transport=polling&sid={session}").parse::<Uri>()
    {
        let polled = forward(engine.clone(), inner(Method::GET, &uri, Body::empty())).await;
        if to_bytes(polled.into_body(), MOST)
            .await
            .is_ok_and(|body| body == "2")
        {
            forward(engine, inner(Method::POST, &uri, Body::from("3"))).await;
        }
    }
    Response::from_parts(parts, Body::from(packet))
}

fn session(packet: &Bytes) -> Option<&str> {
    let open: Open<'_> = serde_json::from_slice(packet.strip_prefix(b"0")?).ok()?;
    Some(open.sid)
}

/// A request that we make to the engine ourselves.
fn inner(method: Method, uri: &Uri, body: Body) -> Request {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri.clone();
    request
}

/// Polls. When the client goes before it is answered, its session ends at once, as with the reference server, and
/// not only at the ping timeout: what was on its way to the client is lost.
pub(super) async fn poll<E: Engine>(engine: E, request: Request) -> Response {
    let uri = request.uri().clone();
    let answered = pin!(forward(engine.clone(), request));
    // Declared last, so dropped first: no other poll of this session finds it between the two.
    let mut unanswered = Unanswered {
        uri,
        engine: Some(engine),
    };
    let response = answered.await;
    unanswered.engine = None;
    response
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
        let close = match parameter(&self.uri, "EIO") {
            Some("3") => framing::CLOSE,
            _ => "1",
        };
        let closing = forward(engine, inner(Method::POST, &self.uri, Body::from(close)));
        // The engine works such a packet off without waiting for anything.
        closing.now_or_never();
    }
}

//! The routes of an Engine.IO service, with what engineioxide does otherwise than the reference server put right.
//!
//! engineioxide 0.17.9 pings a client as soon as it has connected, not after the first interval, keeps a session whose
//! polling request was cancelled, stops emptying a session's queue when it goes over to a WebSocket, and takes for a
//! WebSocket what is none. All four are cured here, from outside; a version that does so itself must not be
//! taken without removing the cure, and this module's tests fail on it. Nothing here knows of Socket.IO or of Parlor: the
//! conformance example (`examples/conformance.rs`) serves its echo by the same routes.

mod frames;
mod handover;
mod polling;
mod polls;
mod quiet;
mod upgrade;
mod websocket;

use std::convert::Infallible;

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{self, Method, StatusCode, Uri},
    middleware,
    response::Response,
    routing::any,
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tower::{BoxError, Service, ServiceExt};

pub(super) use self::upgrade::PATIENCE;
use self::{handover::Handover, polls::Polls, quiet::QuietStart};
use super::framing;
use crate::base::Tasks;

/// A WebSocket's stream as the engine gets it: its first ping is kept from the client.
pub type WebSocketIo = QuietStart<TokioIo<Upgraded>>;

/// The stream of a WebSocket as the engine gets it that a session has gone over to.
pub type UpgradedIo = Handover<TokioIo<Upgraded>>;

/// An Engine.IO service: [`socketioxide::service::SocketIoService`], or engineioxide's own. It answers requests, and
/// takes streams whose WebSocket handshake is behind them.
pub trait Engine:
    Service<
        Request,
        Response = http::Response<<Self as Engine>::Body>,
        Error = Infallible,
        Future: Send,
    > + Service<(WebSocketIo, http::Request<()>), Error: std::fmt::Debug, Future: Send>
    + Service<(UpgradedIo, http::Request<()>), Error: std::fmt::Debug, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
    /// The body of its answers.
    type Body: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static;
}

impl<S, B> Engine for S
where
    S: Service<Request, Response = http::Response<B>, Error = Infallible, Future: Send>
        + Service<(WebSocketIo, http::Request<()>), Error: std::fmt::Debug, Future: Send>
        + Service<(UpgradedIo, http::Request<()>), Error: std::fmt::Debug, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Body = B;
}

/// What a request asks of the engine, as engineioxide reads it: the first parameter of a name counts.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// A new session over polling, which gets pings.
    OpenPolling,
    /// A new session over a WebSocket, which gets pings.
    OpenWebSocket,
    /// That a session goes over to a WebSocket.
    Upgrade,
    /// The packets that wait for a session.
    Poll,
    /// Anything else.
    Other,
}

impl Asked {
    fn read(method: &Method, uri: &Uri) -> Self {
        if method != Method::GET {
            return Self::Other;
        }
        let session = parameter(uri, "sid").is_some();
        // In protocol 3 it is the client who pings.
        let pinged = parameter(uri, "EIO") == Some("4");
        match (parameter(uri, "transport"), session) {
            (Some("polling"), true) => Self::Poll,
            (Some("polling"), false) if pinged => Self::OpenPolling,
            (Some("websocket"), false) if pinged => Self::OpenWebSocket,
            (Some("websocket"), true) => Self::Upgrade,
            _ => Self::Other,
        }
    }
}

/// A parameter of the query as engineioxide reads it: the first of its name, without decoding, to the next `=`.
pub(super) fn parameter<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    let mut pairs = uri.query()?.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    value.split('=').next()
}

/// The routes of `engine` at `path` (as `/socket.io`). A text body of Engine.IO 3 whose framing does not add up, or
/// that is longer than `most` bytes, does not reach it.
pub fn routes<E, S>(path: &str, engine: E, most: usize, tasks: &Tasks) -> Router<S>
where
    E: Engine,
    S: Clone + Send + Sync + 'static,
{
    let (tasks, polls) = (tasks.clone(), Polls::default());
    let handler = any(move |request| answer(engine.clone(), polls.clone(), tasks.clone(), request));
    Router::new()
        .route(path, handler.clone())
        .route(&format!("{path}/"), handler)
        .layer(middleware::from_fn_with_state(most, framing::check))
}

async fn answer<E: Engine>(engine: E, polls: Polls, tasks: Tasks, request: Request) -> Response {
    if parameter(request.uri(), "transport") == Some("websocket")
        && let Some(refusal) = websocket::refused(&request)
    {
        return refusal;
    }
    match Asked::read(request.method(), request.uri()) {
        Asked::OpenPolling => polling::open(engine, request).await,
        Asked::OpenWebSocket => open_websocket(engine, &tasks, request).await,
        Asked::Upgrade => upgrade::open(engine, &polls, &tasks, request).await,
        Asked::Poll => polling::poll(engine, &polls, request).await,
        Asked::Other => forward(engine, request).await,
    }
}

/// Hands a request to the engine as it is.
async fn forward<E: Engine>(engine: E, request: Request) -> Response {
    match ServiceExt::<Request>::oneshot(engine, request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// Opens a session over a WebSocket whose first ping the client does not see: the engine is handed the stream behind a
/// [`QuietStart`].
async fn open_websocket<E: Engine>(mut engine: E, tasks: &Tasks, request: Request) -> Response {
    let (response, shaken) = shake(engine.clone(), request).await;
    if let Some(Shaken { upgrade, opening }) = shaken {
        let stop = tasks.stopping().clone();
        tasks.spawn(async move {
            let Some(Ok(stream)) = stop.run_until_cancelled(upgrade).await else {
                return;
            };
            let stream = QuietStart::new(TokioIo::new(stream));
            if let Err(error) = engine.call((stream, opening)).await {
                tracing::debug!(?error, "a WebSocket was not taken");
            }
        });
    }
    response
}

/// On the answer to a handshake: its session may go over to this WebSocket.
#[derive(Debug, Clone, Copy)]
pub struct MayGoOver;

/// A WebSocket's handshake that was answered.
struct Shaken {
    /// Its stream, once the answer has gone out.
    upgrade: OnUpgrade,
    /// The request that opened it.
    opening: http::Request<()>,
}

/// Has the engine answer a WebSocket's handshake without the means to take the connection over, which is given to the caller
/// instead; none where the answer is a refusal.
async fn shake<E: Engine>(engine: E, mut request: Request) -> (Response, Option<Shaken>) {
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (parts, body) = request.into_parts();
    let opening = http::Request::from_parts(parts.clone(), ());
    let response = forward(engine, Request::from_parts(parts, body)).await;
    let shaken = upgrade
        .filter(|_| response.status() == StatusCode::SWITCHING_PROTOCOLS)
        .map(|upgrade| Shaken { upgrade, opening });
    (response, shaken)
}

#[cfg(test)]
mod tests;

//! The Socket.IO edge: the same services as pages and JSON calls, over one namespace.
//!
//! socketioxide carries the protocol. What it leaves open is closed around it: `handshake` and `framing` look
//! at requests before it does, `protocol` mends its pings, `gate` decides who may connect, the `door` keeps each
//! socket's events in order.

mod ack;
mod auth;
mod dialects;
mod dispatch;
mod door;
mod framing;
mod gate;
mod greet;
mod handshake;
mod lean;
mod peer;
pub mod protocol;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, middleware};
use socketioxide::{ParserConfig, SocketIo};
use tokio_util::sync::CancellationToken;
use tower_http::cors::{AllowOrigin, CorsLayer};

use self::peer::Addresses;
use super::Shared;
use crate::{
    base::Tasks, config::Settings, realtime::transports::Transports, wire::events::ServerClosing,
};

/// Packets that wait for one socket before it counts as slow (socketioxide's own default).
const QUEUE: usize = 128;

/// After how long a client should try again when the server stops.
const RECONNECT_AFTER_MS: u64 = 1_000;

/// The running Socket.IO part.
pub struct Sockets {
    io: SocketIo,
    site: Shared,
    closing: Arc<Closing>,
}

/// How far a planned stop is.
#[derive(Debug, Default)]
struct Closing {
    /// New sessions are refused.
    refuses: AtomicBool,
    /// Polling requests that wait are cut.
    cuts: CancellationToken,
}

/// What the middleware around Socket.IO knows.
#[derive(Debug, Clone)]
struct Entrance {
    site: Shared,
    closing: Arc<Closing>,
    addresses: Arc<Addresses>,
    transports: Arc<Transports>,
}

/// Builds the Socket.IO part: its routes, and the handle to stop it.
pub fn build(site: &Shared, tasks: &Tasks) -> (Router<Shared>, Sockets) {
    let entrance = Entrance {
        site: Arc::clone(site),
        closing: Arc::default(),
        addresses: Arc::default(),
        transports: Arc::default(),
    };
    let (protocol, io) = engine(&site.ctx.settings, tasks);
    io.ns("/", gate::Gate::new(&entrance, tasks.clone()));
    let closing = Arc::clone(&entrance.closing);
    let routes = protocol
        .layer(middleware::from_fn_with_state(entrance, handshake::admit))
        .layer(cors(&site.ctx.settings));
    let sockets = Sockets {
        io,
        site: Arc::clone(site),
        closing,
    };
    (routes, sockets)
}

/// socketioxide with the contract's limits, served at `/socket.io/` to whoever asks. The conformance example serves
/// the same.
pub fn engine<S>(settings: &Settings, tasks: &Tasks) -> (Router<S>, SocketIo)
where
    S: Clone + Send + Sync + 'static,
{
    let limits = &settings.limits;
    let parser = ParserConfig::common()
        .max_incoming_binary_buf_size(limits.packet_bytes)
        // Binary payloads are answered as `invalid`; so that they can be, a few of them are read.
        .max_incoming_binaries(10);
    let (service, io) = SocketIo::builder()
        .with_parser(parser)
        .max_payload(u64::try_from(limits.packet_bytes).unwrap_or(u64::MAX))
        .ws_max_message_size(limits.packet_bytes)
        .ws_max_frame_size(limits.packet_bytes)
        .ws_read_buffer_size(lean::WS_READ_BUFFER)
        .max_buffer_size(QUEUE)
        .ping_interval(limits.ping_interval)
        .ping_timeout(limits.ping_timeout)
        .connect_timeout(limits.connect_timeout)
        .upgrade_timeout(protocol::PATIENCE)
        .build_with_inner_svc(Router::<()>::new());
    let routes = protocol::routes("/socket.io", service, limits.packet_bytes, tasks);
    (routes, io)
}

/// Browsers on the origins that `--allowed-origin` names may connect, with a token: cookies are not let across.
fn cors(settings: &Settings) -> CorsLayer {
    use axum::http::{Method, header};
    let origins = settings
        .allowed_origins
        .iter()
        .filter_map(|origin| origin.parse().ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
}

impl Sockets {
    /// Refuses new handshakes from now on, tells everybody that the server closes, and leaves them this long to hear it;
    /// where nobody is connected, nothing is waited for.
    pub async fn announce_stop(&self, heard_within: Duration) {
        self.closing.refuses.store(true, Ordering::Release);
        self.site.hub.broadcast(&ServerClosing {
            reconnect_after_ms: RECONNECT_AFTER_MS,
        });
        if !self.site.hub.everybody().is_empty() {
            // A client that polls needs one more request to hear it.
            tokio::time::sleep(heard_within).await;
        }
    }

    /// Cuts the transport of everybody who is connected. A lost transport is what every client comes back from by
    /// itself; an Engine.IO `close` is not, for clients in Python and Rust.
    pub fn cut(&self) {
        for connection in self.site.hub.everybody() {
            connection.outlet().cut();
            self.site.hub.disconnect(&connection);
        }
        self.closing.cuts.cancel();
    }

    /// Ends what is left of each session. Every transport must have been cut: a client that still had one would hear
    /// a `close`.
    pub async fn close(self) {
        self.io.close().await;
    }
}

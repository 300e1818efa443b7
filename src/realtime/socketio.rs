//! The way out through socketioxide.

use std::sync::Arc;

use serde_json::value::RawValue;
use socketioxide::{SendError, SocketError, TransportType, extract::SocketRef};

use super::{
    connection::{NotSent, Outlet},
    transports::{TransportToken, Transports},
};

/// One socket of socketioxide. Its owner must forget it when the socket is gone: the two hold each other.
pub struct SocketOutlet {
    socket: SocketRef,
    transports: Arc<Transports>,
}

impl SocketOutlet {
    /// The way out to this socket's client.
    #[must_use]
    pub fn new(socket: SocketRef, transports: Arc<Transports>) -> Self {
        Self { socket, transports }
    }
}

impl Outlet for SocketOutlet {
    fn send(&self, event: &str, payload: &RawValue) -> Result<(), NotSent> {
        sent(event, self.socket.emit(event, payload))
    }

    fn send_pair(&self, event: &str, first: &RawValue, second: &RawValue) -> Result<(), NotSent> {
        // A tuple is sent as so many arguments.
        sent(event, self.socket.emit(event, &(first, second)))
    }

    fn send_volatile(&self, event: &str, payload: &RawValue) {
        if let Err(error) = self.socket.volatile().emit(event, payload) {
            tracing::debug!(event, error = %error, "a passing event was not sent");
        }
    }

    fn disconnect(&self) {
        // A full queue takes no DISCONNECT packet; then only closing the transport ends the connection.
        if self.socket.clone().disconnect().is_err() {
            self.cut();
        }
    }

    fn cut(&self) {
        cut(&self.socket, &self.transports);
    }
}

/// What became of a packet: queued, or why not.
///
/// # Errors
/// When it was not queued.
pub fn sent(event: &str, result: Result<(), SendError>) -> Result<(), NotSent> {
    result.map_err(|error| match error {
        SendError::Socket(SocketError::InternalChannelFull) => NotSent::Full,
        SendError::Socket(SocketError::Closed) => NotSent::Closed,
        SendError::Serialize(error) => {
            tracing::error!(event, error = %error, "a packet could not be encoded");
            NotSent::Closed
        }
    })
}

/// Closes the transport under a socket, where it came through Parlor's own acceptor, and ends its session: a client
/// that polls has no connection that could be closed for good, and learns of it by its next request. A WebSocket that it has
/// not gone over to yet is closed as well.
pub fn cut(socket: &SocketRef, transports: &Transports) {
    let session = socket.id.to_string();
    transports.end(&session);
    let upgrading = transports.cut(&session);
    let upgraded = upgrading && socket.transport_type() == TransportType::Websocket;
    if !upgraded && let Some(TransportToken(token)) = socket.req_parts().extensions.get() {
        token.cancel();
    }
}

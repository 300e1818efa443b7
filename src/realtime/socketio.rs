//! The way out through socketioxide.

use serde_json::value::RawValue;
use socketioxide::{SendError, SocketError, extract::SocketRef};
use tokio_util::sync::CancellationToken;

use super::connection::{NotSent, Outlet};

/// The token of the transport under a request; cancelling it closes the TCP connection. The acceptor puts it
/// into each request's extensions.
#[derive(Debug, Clone)]
pub struct TransportToken(pub CancellationToken);

/// One socket of socketioxide. Its owner must forget it when the socket is gone: the two hold each other.
pub struct SocketOutlet(SocketRef);

impl SocketOutlet {
    /// The way out to this socket's client.
    #[must_use]
    pub fn new(socket: SocketRef) -> Self {
        Self(socket)
    }
}

impl Outlet for SocketOutlet {
    fn send(&self, event: &str, payload: &RawValue) -> Result<(), NotSent> {
        self.0.emit(event, payload).map_err(|error| match error {
            SendError::Socket(SocketError::InternalChannelFull) => NotSent::Full,
            SendError::Socket(SocketError::Closed) => NotSent::Closed,
            SendError::Serialize(error) => {
                tracing::error!(event, error = %error, "an event could not be encoded");
                NotSent::Closed
            }
        })
    }

    fn send_volatile(&self, event: &str, payload: &RawValue) {
        if let Err(error) = self.0.volatile().emit(event, payload) {
            tracing::debug!(event, error = %error, "a passing event was not sent");
        }
    }

    fn disconnect(&self) {
        // A full queue takes no DISCONNECT packet; then only closing the transport ends the connection.
        if self.0.clone().disconnect().is_err() {
            self.cut();
        }
    }

    fn cut(&self) {
        cut(&self.0);
    }
}

/// Closes the transport under a socket, where it came through Parlor's own acceptor.
pub fn cut(socket: &SocketRef) {
    if let Some(TransportToken(token)) = socket.req_parts().extensions.get() {
        token.cancel();
    }
}

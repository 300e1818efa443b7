//! The transports under sockets: how to close one from outside, also after an upgrade, and sessions that are over.
//!
//! A socket knows the request that opened it. After an upgrade from polling to WebSocket that is the wrong
//! connection, so the token of each accepted upgrade is kept here by the session's id. A session that was ended
//! while it polls has no connection of its own to close: it is noted as over, and its next request refused.

use std::time::Duration;

use moka::sync::Cache;
use tokio_util::sync::CancellationToken;

/// Upgrades that are remembered; past it the least used go, and only the ping timeout ends these when they are stuck.
const UPGRADES: u64 = 200_000;
/// How long an ended session's id is refused: past every timeout of a client that still tries.
const OVER: Duration = Duration::from_mins(5);
/// Ended sessions that are remembered at once.
const ENDED: u64 = 100_000;

/// The token of the transport under a request; cancelling it closes the TCP connection. The acceptor puts it
/// into each request's extensions.
#[derive(Debug, Clone)]
pub struct TransportToken(pub CancellationToken);

/// What is known of transports, by the id of the Engine.IO session.
#[derive(Debug)]
pub struct Transports {
    upgraded: Cache<String, CancellationToken>,
    ended: Cache<String, ()>,
}

impl Default for Transports {
    fn default() -> Self {
        Self {
            upgraded: Cache::new(UPGRADES),
            ended: Cache::builder()
                .max_capacity(ENDED)
                .time_to_live(OVER)
                .build(),
        }
    }
}

impl Transports {
    /// This session goes on over the WebSocket under this token.
    pub fn upgraded(&self, session: &str, token: &TransportToken) {
        self.upgraded.insert(session.to_owned(), token.0.clone());
    }

    /// Closes the WebSocket that this session was upgraded to. Says whether there was one.
    #[must_use]
    pub fn cut(&self, session: &str) -> bool {
        let token = self.upgraded.get(session);
        if let Some(token) = &token {
            token.cancel();
        }
        token.is_some()
    }

    /// This session is over: its further requests are refused.
    pub fn end(&self, session: &str) {
        self.ended.insert(session.to_owned(), ());
    }

    /// Whether this session is over.
    #[must_use]
    pub fn is_over(&self, session: &str) -> bool {
        self.ended.contains_key(session)
    }

    /// This session's socket is gone.
    pub fn forget(&self, session: &str) {
        self.upgraded.invalidate(session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upgraded_session_is_cut_at_its_websocket() {
        let transports = Transports::default();
        assert!(!transports.cut("a"));
        let token = TransportToken(CancellationToken::new());
        transports.upgraded("a", &token);
        assert!(transports.cut("a") && token.0.is_cancelled());
        transports.forget("a");
        assert!(!transports.cut("a"));
    }

    #[test]
    fn an_ended_session_stays_over() {
        let transports = Transports::default();
        transports.end("a");
        assert!(transports.is_over("a") && !transports.is_over("b"));
    }
}

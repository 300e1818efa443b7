//! Where requests come in: pages, JSON calls, sockets. An edge parses, asks a service, and answers.
//!
//! Nothing is decided here but who asks ([`caller`]), whether the request may be one of ours at all
//! ([`guard`]), and how an answer or an error looks ([`respond`]).

mod activity;
pub mod admin;
pub mod api;
pub mod body;
pub mod caller;
mod client_address;
pub mod guard;
mod host;
pub mod pages;
pub mod redirect;
pub mod respond;
pub mod router;
pub mod scope;
pub mod socket;
pub mod stream;
pub mod transport;

use std::sync::Arc;

use crate::{realtime::Hub, service::Context};

/// What every handler works with.
#[derive(Debug)]
pub struct Site {
    /// The parts for services.
    pub ctx: Context,
    /// The live connections.
    pub hub: Arc<Hub>,
    /// Whether this server speaks TLS itself.
    pub tls: bool,
}

/// The state of the router.
pub type Shared = Arc<Site>;

//! The one-time link by which the first start is taken over.

use std::{
    io::{self, Write as _},
    net::TcpListener,
};

use super::AppError;
use crate::{config::Settings, secrets::Token, store::Store};

/// While nobody owns the server: makes the one-time set-up link, prints it, and keeps its hash.
pub(super) async fn link(
    store: &dyn Store,
    settings: &Settings,
    listener: &TcpListener,
    tls: bool,
) -> Result<Option<[u8; 32]>, AppError> {
    if store.has_owner().await? {
        return Ok(None);
    }
    let token = Token::random();
    let scheme = if tls { "https" } else { "http" };
    let address = listener.local_addr().unwrap_or(settings.listen);
    let printed = writeln!(
        io::stdout(),
        "Nobody owns this server yet. Open it on this machine and register, or from elsewhere open\n  \
         {scheme}://{address}/setup/{}\n(put the name under which you reach the server in the place of {address}). \
         The link works once.",
        token.reveal()
    );
    if let Err(error) = printed {
        tracing::warn!(error = %error, "the set-up link could not be printed");
    }
    Ok(Some(token.hash()))
}

//! A person's own browser sessions: where they are logged in, and how they end that.

use super::{Caller, Context, Via};
use crate::{error::Result, model::Device};

/// The caller's sessions, the last used first.
///
/// # Errors
/// When the store cannot be asked.
pub async fn list(ctx: &Context, caller: &Caller) -> Result<Vec<Device>> {
    let devices = ctx.store.devices(caller.id(), own(caller), ctx.now());
    Ok(devices.await?)
}

/// Ends one of the caller's sessions, with its sockets.
///
/// # Errors
/// `not_found`.
pub async fn end(ctx: &Context, caller: &Caller, id: &str) -> Result<()> {
    Ok(ctx.store.end_device(caller.id(), id).await?)
}

/// Ends all of the caller's sessions but the one that asks, with their sockets. Tokens go on.
///
/// # Errors
/// When the store cannot do it.
pub async fn end_others(ctx: &Context, caller: &Caller) -> Result<()> {
    Ok(ctx
        .store
        .end_other_devices(caller.id(), own(caller))
        .await?)
}

fn own(caller: &Caller) -> Option<[u8; 32]> {
    match caller.via {
        Via::Session { hash, .. } => Some(hash),
        Via::Token { .. } | Via::Guest => None,
    }
}

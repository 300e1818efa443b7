//! Sending at the pace of a reader: what does not fit into its queue waits until it does. Whoever takes nothing
//! for too long has its transport closed (contract, promise 5).

use std::time::Duration;

use super::connection::{Connection, NotSent};
use crate::base::Tasks;

/// How often a full queue is tried again.
pub(super) const AGAIN: Duration = Duration::from_millis(20);
/// How long a reader may take nothing before its transport is closed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Does `send`, which puts one packet into this connection's queue, once the queue has room for it.
///
/// # Errors
/// `Closed` when the connection is gone or was cut, or when the server stops.
pub async fn paced(
    tasks: &Tasks,
    connection: &Connection,
    send: impl Fn() -> Result<(), NotSent>,
) -> Result<(), NotSent> {
    let mut waited = Duration::ZERO;
    loop {
        match send() {
            Err(NotSent::Full) if waited >= PATIENCE => {
                tracing::info!(
                    user.id = connection.user().0,
                    "a socket that took nothing for 30 s was cut"
                );
                connection.outlet().cut();
                return Err(NotSent::Closed);
            }
            Err(NotSent::Full) => {
                tokio::select! {
                    () = tasks.stopping().cancelled() => return Err(NotSent::Closed),
                    () = tokio::time::sleep(AGAIN) => waited += AGAIN,
                }
            }
            done => return done,
        }
    }
}

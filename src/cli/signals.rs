//! What a person or a supervisor asks of the running server by a signal: to stop, or to look at its certificate again.

use std::sync::Arc;

use tokio::sync::Notify;

use super::Failure;

/// The signals that are heard.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: Option<(tokio::signal::unix::Signal, Arc<Notify>)>,
    /// Whether a person at a terminal started it.
    in_terminal: bool,
}

#[cfg(unix)]
impl Signals {
    /// Hears them from now on; SIGHUP only where there is a bell that it rings.
    ///
    /// # Errors
    /// When the system does not let it.
    pub(super) fn new(bell: Option<Arc<Notify>>) -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| Failure::running(&error));
        let hangup = bell.map(|bell| Ok::<_, Failure>((listen(SignalKind::hangup())?, bell)));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: hangup.transpose()?,
            in_terminal: terminal(),
        })
    }

    /// Returns when a stop is asked for.
    pub(super) async fn stop(&mut self) {
        loop {
            let hangup = async {
                match &mut self.hangup {
                    Some((hangup, bell)) => {
                        hangup.recv().await;
                        bell.notify_one();
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                // A terminal that closes sends the same signal as who asks for a look; it is gone then.
                () = hangup => if self.in_terminal && !terminal() {
                    return;
                },
            }
        }
    }
}

#[cfg(unix)]
fn terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stdin())
}

/// The signals that are heard.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Hears them from now on. No signal asks for a look at the certificate here; it is looked at every so often.
    ///
    /// # Errors
    /// None.
    pub(super) fn new(_: Option<Arc<Notify>>) -> Result<Self, Failure> {
        Ok(Self)
    }

    /// Returns when a stop is asked for.
    pub(super) async fn stop(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

//! Which sessions wait for the answer to a poll, so that an upgrade can have one answered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// The sessions that poll, or are about to go over to a WebSocket.
#[derive(Debug, Clone, Default)]
pub(super) struct Polls(Arc<Mutex<HashMap<String, Polling>>>);

/// What is known of a session.
#[derive(Debug, Default)]
struct Polling {
    /// Lets the poll go that waits.
    release: Option<oneshot::Sender<()>>,
    /// How far the WebSocket is that this session may go over to.
    probe: Option<Stage>,
}

/// How far a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Stage {
    /// The client has not asked by it yet. Polls wait as ever.
    Opened,
    /// The client was answered. It lets the poll end that waits, and sends no other.
    Answered,
    /// The client has gone over. Its queue is emptied for it, and nobody else may poll.
    GoneOver,
}

impl Polls {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Polling>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A poll of this session has nothing to answer yet.
    pub(super) fn wait(&self, session: &str) -> Wait {
        let (release, released) = oneshot::channel();
        let mut sessions = self.sessions();
        let polling = sessions.entry(session.to_owned()).or_default();
        // Dropped instead of kept, it lets go at once.
        polling.release = Some(release).filter(|_| polling.probe < Some(Stage::Answered));
        drop(sessions);
        Wait {
            released,
            _entry: Entry {
                polls: self.clone(),
                session: session.to_owned(),
                leave: |polling| polling.release = None,
            },
        }
    }

    /// Whether this session's client has gone over to a WebSocket that the engine is about to take.
    pub(super) fn has_gone_over(&self, session: &str) -> bool {
        let sessions = self.sessions();
        let polling = sessions.get(session);
        polling.is_some_and(|polling| polling.probe == Some(Stage::GoneOver))
    }

    /// A WebSocket probes whether this session can go over to it. One at once may.
    pub(super) fn probe(&self, session: &str) -> Option<Probe> {
        let mut sessions = self.sessions();
        let polling = sessions.entry(session.to_owned()).or_default();
        if polling.probe.is_some() {
            return None;
        }
        polling.probe = Some(Stage::Opened);
        drop(sessions);
        Some(Probe(Entry {
            polls: self.clone(),
            session: session.to_owned(),
            leave: |polling| polling.probe = None,
        }))
    }
}

/// A poll that waits, until it is dropped.
#[derive(Debug)]
pub(super) struct Wait {
    released: oneshot::Receiver<()>,
    _entry: Entry,
}

impl Wait {
    /// Returns once the poll is to be answered, with nothing if there is nothing.
    pub(super) async fn released(&mut self) {
        // An error says that it was let go as well.
        let _ = (&mut self.released).await;
    }
}

/// A WebSocket that a session may go over to, until it is dropped.
#[derive(Debug)]
pub(super) struct Probe(Entry);

impl Probe {
    /// The client was answered: its poll that waits is let go, and so is one that comes yet.
    pub(super) fn answered(&self) {
        self.reaches(Stage::Answered);
    }

    /// The client has gone over.
    pub(super) fn gone_over(&self) {
        self.reaches(Stage::GoneOver);
    }

    fn reaches(&self, stage: Stage) {
        let mut sessions = self.0.polls.sessions();
        if let Some(polling) = sessions.get_mut(&self.0.session) {
            polling.probe = Some(stage);
            polling.release = None;
        }
    }
}

/// A part of what is known of a session; it goes when this is dropped, and the session with its last part.
#[derive(Debug)]
struct Entry {
    polls: Polls,
    session: String,
    leave: fn(&mut Polling),
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut sessions = self.polls.sessions();
        if let Some(polling) = sessions.get_mut(&self.session) {
            (self.leave)(polling);
            if polling.release.is_none() && polling.probe.is_none() {
                sessions.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn an_answered_probe_lets_the_poll_go_that_waits_and_the_one_that_comes() {
        let polls = Polls::default();
        let mut early = polls.wait("a");
        let mut other = polls.wait("b");
        let probe = polls.probe("a").expect("the first one");
        assert!(polls.probe("a").is_none());
        assert!(early.released().now_or_never().is_none());
        probe.answered();
        assert!(early.released().now_or_never().is_some());
        drop(early);
        assert!(polls.wait("a").released().now_or_never().is_some());
        assert!(other.released().now_or_never().is_none());
        assert!(!polls.has_gone_over("a"));
        probe.gone_over();
        assert!(polls.has_gone_over("a") && !polls.has_gone_over("b"));
        drop(probe);
        assert!(polls.wait("a").released().now_or_never().is_none());
        drop(other);
        assert!(polls.sessions().is_empty());
    }
}

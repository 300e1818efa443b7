//! Which sessions have a poll under way, so that an upgrade can have it answered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::sleep};

/// The sessions that poll, or are about to go over to a WebSocket.
#[derive(Debug, Clone, Default)]
pub(super) struct Polls(Arc<Mutex<HashMap<String, Polling>>>);

/// What is known of a session.
#[derive(Debug, Default)]
struct Polling {
    /// How many polls are under way: one, unless its client errs.
    polls: usize,
    /// Lets the last one go.
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

    fn entry(&self, session: &str, leave: fn(&mut Polling)) -> Entry {
        Entry {
            polls: self.clone(),
            session: session.to_owned(),
            leave,
        }
    }

    /// A poll of this session begins; none may whose client has gone over to a WebSocket.
    pub(super) fn begin(&self, session: &str) -> Option<Begun> {
        let mut sessions = self.sessions();
        let polling = sessions.entry(session.to_owned()).or_default();
        if polling.probe == Some(Stage::GoneOver) {
            return None;
        }
        let (release, released) = oneshot::channel();
        polling.polls += 1;
        // Dropped instead of kept, it lets go at once.
        polling.release = Some(release).filter(|_| polling.probe < Some(Stage::Answered));
        drop(sessions);
        Some(Begun {
            released,
            _entry: self.entry(session, |polling| polling.polls -= 1),
        })
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
        Some(Probe(self.entry(session, |polling| polling.probe = None)))
    }
}

/// A poll that is under way, until this is dropped.
#[derive(Debug)]
pub(super) struct Begun {
    released: oneshot::Receiver<()>,
    _entry: Entry,
}

impl Begun {
    /// Returns once the poll is to be answered, with nothing if there is nothing.
    pub(super) async fn released(&mut self) {
        // An error says that it was let go as well.
        let _ = (&mut self.released).await;
    }
}

/// A WebSocket that a session may go over to, until this is dropped.
#[derive(Debug)]
pub(super) struct Probe(Entry);

impl Probe {
    /// The client was answered: its poll that waits is let go, and so is one that comes yet.
    pub(super) fn answered(&self) {
        self.reaches(Stage::Answered);
    }

    /// The client has gone over. Returns once no poll of its own is under way: it should not be, by then.
    pub(super) async fn gone_over(&self) {
        while self.reaches(Stage::GoneOver) > 0 {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Says how many polls are under way.
    fn reaches(&self, stage: Stage) -> usize {
        let mut sessions = self.0.polls.sessions();
        sessions.get_mut(&self.0.session).map_or(0, |polling| {
            polling.probe = Some(stage);
            polling.release = None;
            polling.polls
        })
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
            if polling.polls == 0 && polling.probe.is_none() {
                sessions.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn an_answered_probe_lets_the_poll_go_that_waits_and_the_one_that_comes() {
        let polls = Polls::default();
        let begin = |session| polls.begin(session).expect("nobody has gone over");
        let mut early = begin("a");
        let mut other = begin("b");
        let probe = polls.probe("a").expect("the first one");
        assert!(polls.probe("a").is_none());
        assert!(early.released().now_or_never().is_none());
        probe.answered();
        assert!(early.released().now_or_never().is_some());
        let mut late = begin("a");
        assert!(late.released().now_or_never().is_some());
        drop(early);
        // Whoever goes over waits for the last poll, and there is no other.
        assert!(probe.gone_over().now_or_never().is_none());
        assert!(polls.begin("a").is_none());
        drop(late);
        probe.gone_over().await;
        drop(probe);
        assert!(begin("a").released().now_or_never().is_none());
        assert!(other.released().now_or_never().is_none());
        drop(other);
        assert!(polls.sessions().is_empty());
    }
}

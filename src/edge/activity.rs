//! What goes on over one connection, so that one over which nothing goes on can be ended.
//!
//! Over HTTP/1.1 the time for a request's headers also bounds how long a connection stays idle. HTTP/2 knows no such
//! time, and a client may ask for an answer and then take nothing of it (CVE-2019-9517) while it answers every ping. So
//! requests under way are counted here, with the answers that wait for their client to take more of them.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

/// The requests of one connection.
#[derive(Debug)]
pub(super) struct Activity {
    /// How long nothing may go on.
    most: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Requests whose answers have not been sent whole.
    under_way: usize,
    /// Those whose answers wait until their client takes more.
    waiting: usize,
    /// A WebSocket took the connection over; the engine's pings watch it from then on.
    upgraded: bool,
    /// When something last went on.
    since: Instant,
}

/// What is to become of a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It carries no request, and has not for long enough.
    Idle,
    /// Its client takes nothing of its answers.
    Stuck,
    /// It goes on; look again then.
    GoesOn(Instant),
    /// It is none of this module's business any more.
    Upgraded,
}

impl Activity {
    /// A new connection, which may carry nothing for as long as `most`.
    pub(super) fn new(most: Duration) -> Self {
        Self {
            most,
            state: Mutex::new(State {
                under_way: 0,
                waiting: 0,
                upgraded: false,
                since: Instant::now(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        state.since = Instant::now();
    }

    /// A request begins.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.change(|state| state.under_way += 1);
        UnderWay {
            activity: Arc::clone(self),
            waiting: false,
        }
    }

    /// The connection is a WebSocket from now on.
    pub(super) fn upgrade(&self) {
        self.state().upgraded = true;
    }

    /// What is to become of the connection now. While the server works on an answer, or keeps a poll waiting, it goes on.
    pub(super) fn verdict(&self, now: Instant) -> Verdict {
        let state = self.state();
        let (over, end) = match (state.under_way, state.waiting) {
            _ if state.upgraded => return Verdict::Upgraded,
            (0, _) => (Verdict::Idle, state.since + self.most),
            (_, 0) => return Verdict::GoesOn(now + self.most),
            _ => (Verdict::Stuck, state.since + self.most),
        };
        if end <= now {
            over
        } else {
            Verdict::GoesOn(end)
        }
    }
}

/// A request under way; dropped when its answer has been sent, or never will be.
#[derive(Debug)]
pub(super) struct UnderWay {
    activity: Arc<Activity>,
    waiting: bool,
}

impl UnderWay {
    /// Whether the answer now waits for its client.
    fn wait(&mut self, waiting: bool) {
        let was = std::mem::replace(&mut self.waiting, waiting);
        self.activity.change(|state| {
            state.waiting = state.waiting + usize::from(waiting) - usize::from(was);
        });
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let waiting = self.waiting;
        self.activity.change(|state| {
            state.under_way -= 1;
            state.waiting -= usize::from(waiting);
        });
    }
}

/// An answer's body that says when its client takes of it.
#[derive(Debug)]
pub struct Watched<B> {
    body: Pin<Box<B>>,
    under_way: UnderWay,
}

impl<B> Watched<B> {
    pub(super) fn new(body: B, mut under_way: UnderWay) -> Self {
        under_way.wait(true);
        Self {
            body: Box::pin(body),
            under_way,
        }
    }
}

impl<B: Body> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let polled = self.body.as_mut().poll_frame(cx);
        // Asked for more, the client has taken what came before.
        self.under_way.wait(polled.is_ready());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_mins(2);

    /// The verdict after this time.
    fn after(activity: &Activity, time: Duration) -> Verdict {
        activity.verdict(Instant::now() + time)
    }

    #[test]
    fn a_connection_without_requests_is_idle_after_a_while() {
        let activity = Arc::new(Activity::new(MOST));
        assert!(matches!(after(&activity, MOST / 2), Verdict::GoesOn(_)));
        drop(activity.begin());
        assert_eq!(after(&activity, MOST), Verdict::Idle);
        let poll = activity.begin();
        assert!(
            matches!(after(&activity, MOST * 9), Verdict::GoesOn(_)),
            "the server is at work"
        );
        drop(poll);
        assert!(matches!(after(&activity, MOST / 2), Verdict::GoesOn(_)));
        assert_eq!(after(&activity, MOST), Verdict::Idle);
    }

    #[test]
    fn a_client_that_takes_nothing_of_an_answer_is_stuck() {
        let activity = Arc::new(Activity::new(MOST));
        let mut answer = activity.begin();
        answer.wait(true);
        assert!(matches!(after(&activity, MOST / 2), Verdict::GoesOn(_)));
        assert_eq!(after(&activity, MOST), Verdict::Stuck);
        answer.wait(false);
        assert!(
            matches!(after(&activity, MOST), Verdict::GoesOn(_)),
            "it took all that there was"
        );
        answer.wait(true);
        drop(answer);
        assert_eq!(after(&activity, MOST), Verdict::Idle);
    }

    #[test]
    fn a_websocket_is_watched_by_its_engine() {
        let activity = Activity::new(MOST);
        activity.upgrade();
        assert_eq!(after(&activity, MOST * 2), Verdict::Upgraded);
    }
}

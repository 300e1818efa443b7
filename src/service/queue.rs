//! What is posted to places outside: to each place one after the other, so that a slow one holds up its own only, and to
//! so many places at once. What is due is the store's; this is what is under way.

use std::{collections::HashSet, hash::Hash, time::Duration};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::sync::watch;

use crate::model::Timestamp;

/// How many due posts are looked at, some of whose places may be busy.
pub(super) const LOOKED_AT: u32 = 256;

/// How long a queue waits at most before it looks again.
pub(super) const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// To how many places something is posted at once.
const AT_ONCE: usize = 16;

/// How long a queue rests between two looks, so that a busy server looks seldom.
const REST: Duration = Duration::from_millis(50);

/// The posts under way, each to another place.
pub(super) struct UnderWay<'c, P> {
    busy: HashSet<P>,
    posts: FuturesUnordered<BoxFuture<'c, P>>,
}

impl<'c, P: Copy + Eq + Hash + Send + 'c> UnderWay<'c, P> {
    pub(super) fn new() -> Self {
        Self {
            busy: HashSet::new(),
            posts: FuturesUnordered::new(),
        }
    }

    /// Begins a post, unless one to this place is under way or there are enough; it stays due then.
    pub(super) fn begin(&mut self, place: P, post: impl Future<Output = ()> + Send + 'c) {
        if self.posts.len() < AT_ONCE && self.busy.insert(place) {
            self.posts.push(post.map(move |()| place).boxed());
        }
    }

    /// Until it pays to look again: a post has ended, something was told, or `wait` is over.
    pub(super) async fn changed(&mut self, told: &mut watch::Receiver<()>, wait: Duration) {
        tokio::select! {
            Some(place) = self.posts.next() => { self.busy.remove(&place); }
            _ = told.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
        tokio::time::sleep(REST).await;
    }
}

/// How long there is nothing to begin, when the next post is due at `next`. What is due already waits for one that is
/// under way.
pub(super) fn wait(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let wait = next.filter(|next| *next > now).map(|next| next.since(now));
    wait.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN)
}

//! The Door: takes every event of a socket in the order in which it came, and works them off one after the other.
//!
//! socketioxide would spawn a task an event, so that two events of one socket could overtake each other, and
//! would not call a handler whose data does not fit. This handler is called inline and only fills the mailbox.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use serde_json::Value as Json;
use socketioxide::{
    adapter::LocalAdapter,
    handler::{MessageHandler, Value},
    socket::Socket,
};

use super::{
    ack::Ack,
    dispatch::{self, Done, Event, Outcome},
    peer::{Incoming, Peer, Put},
};
use crate::{
    base::Tasks,
    edge::respond,
    error::Error,
    realtime::{NotSent, paced},
    service::Follow,
    wire::{WireError, events::Problem},
};

/// The handler of one socket's events.
pub(super) struct Door {
    peer: Arc<Peer>,
    tasks: Tasks,
}

/// A handler that hears nothing, for a socket that is gone.
pub(super) struct Deaf;

/// Marks our handlers as ones of their own kind for socketioxide.
pub(super) struct Inline;

impl Door {
    pub(super) fn new(peer: Arc<Peer>, tasks: Tasks) -> Self {
        Self { peer, tasks }
    }
}

impl MessageHandler<LocalAdapter, Inline> for Door {
    fn call(&self, socket: Arc<Socket>, packet: Value, ack_id: Option<i64>) {
        let ack = ack_id.map(|id| Ack::new(socket, id));
        match self.peer.put(Incoming { packet, ack }) {
            Put::Waits | Put::Closed => {}
            Put::StartDrain => {
                let (peer, tasks) = (Arc::clone(&self.peer), self.tasks.clone());
                self.tasks.spawn(drain(peer, tasks));
            }
            Put::Full(event) => refuse(&self.peer, &self.tasks, event),
        }
    }
}

impl MessageHandler<LocalAdapter, Inline> for Deaf {
    fn call(&self, _: Arc<Socket>, _: Value, _: Option<i64>) {}
}

/// Tells that an event did not fit into the mailbox.
fn refuse(peer: &Arc<Peer>, tasks: &Tasks, event: Incoming) {
    if !peer.begins_refusal() {
        if let Some(connection) = peer.connection.get() {
            connection.outlet().cut();
        }
        return;
    }
    let (peer, told_by) = (Arc::clone(peer), tasks.clone());
    tasks.spawn(async move {
        let error = Error::rate_limited(
            "Too many events at once. Wait for acknowledgements before sending more.",
            Duration::from_secs(1),
        );
        let name = dispatch::read(&event.packet).name;
        answer(&peer, &told_by, &name, event.ack, Err(error)).await;
        peer.ends_refusal();
    });
}

/// An answer that comes after the commit.
type Later = BoxFuture<'static, (String, Option<Ack>, Result<Json, Error>)>;

/// Works off the mailbox until it is empty and everything is answered. The next event is looked at once the one
/// before it is queued in the store, not only once it is committed.
pub(super) async fn drain(peer: Arc<Peer>, tasks: Tasks) {
    let mut later = FuturesUnordered::<Later>::new();
    let at_once = peer.site.ctx.settings.limits.mailbox_events;
    loop {
        if later.len() < at_once
            && let Some(event) = peer.take(later.is_empty())
        {
            take_one(&peer, &tasks, event, &mut later).await;
            continue;
        }
        if later.is_empty() {
            return;
        }
        tokio::select! {
            Some((name, ack, result)) = later.next() => {
                answer(&peer, &tasks, &name, ack, result).await;
            }
            () = peer.arrived.notified() => {}
        }
    }
}

async fn take_one(
    peer: &Arc<Peer>,
    tasks: &Tasks,
    event: Incoming,
    later: &mut FuturesUnordered<Later>,
) {
    let Incoming { packet, ack } = event;
    let Event { name, arguments } = dispatch::read(&packet);
    match dispatch::run(peer, &name, arguments).await {
        Ok(Outcome {
            done: Done::Now(json),
            follow: follow @ Follow::Active { .. },
        }) => {
            follow_up(peer, tasks, follow);
            answer(peer, tasks, &name, ack, Ok(json)).await;
        }
        Ok(Outcome {
            done: Done::Now(json),
            follow,
        }) => {
            answer(peer, tasks, &name, ack, Ok(json)).await;
            follow_up(peer, tasks, follow);
        }
        Ok(Outcome {
            done: Done::Later(stored),
            ..
        }) => {
            later.push(stored.map(move |result| (name, ack, result)).boxed());
        }
        Err(error) => answer(peer, tasks, &name, ack, Err(error)).await,
    }
}

/// Answers by the acknowledgement that was asked, or tells of a failure by `problem` where none was; both wait for
/// room in the client's queue.
async fn answer(
    peer: &Peer,
    tasks: &Tasks,
    event: &str,
    ack: Option<Ack>,
    result: Result<Json, Error>,
) {
    match (ack, result) {
        (Some(ack), result) => {
            let answer = respond::acknowledgement(&result);
            tell(peer, tasks, event, || ack.send(&answer)).await;
        }
        (None, Ok(_)) => {}
        (None, Err(error)) => {
            respond::log(&error);
            problem(peer, tasks, event, &error).await;
        }
    }
}

/// Tells one socket of a failure that no acknowledgement carries.
pub(super) async fn problem(peer: &Peer, tasks: &Tasks, event: &str, error: &Error) {
    let problem = Problem {
        event: event.chars().take(64).collect(),
        error: WireError::from(error),
    };
    tell(peer, tasks, event, || peer.connection().emit(&problem)).await;
}

async fn tell(peer: &Peer, tasks: &Tasks, event: &str, send: impl Fn() -> Result<(), NotSent>) {
    if let Some(connection) = peer.connection.get()
        && paced(tasks, connection, send).await.is_err()
    {
        tracing::debug!(event, "an answer could not be sent");
    }
}

fn follow_up(peer: &Arc<Peer>, tasks: &Tasks, follow: Follow) {
    let hub = Arc::clone(&peer.site.hub);
    let connection = Arc::clone(peer.connection());
    match follow {
        Follow::Nothing => {}
        Follow::Listen {
            room,
            since,
            announce,
        } => {
            tasks.spawn(async move {
                if announce {
                    hub.resume(&connection, vec![(*room, since)]).await;
                } else {
                    hub.listen(&connection, &room, since).await;
                }
            });
        }
        Follow::Unlisten(room) => hub.unlisten(&connection, room),
        Follow::Active { on, shown } => hub.set_active(&connection, on, shown),
    }
}

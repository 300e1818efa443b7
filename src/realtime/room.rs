//! One room's listeners, and how far each of them has been told.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    connection::{Connection, NotSent},
    dialect::{Dialect, Told},
};
use crate::model::{Message, Seq, UserId};

/// A room that somebody listens to.
#[derive(Debug, Default)]
pub(super) struct RoomChannel {
    state: Mutex<RoomListeners>,
}

/// Who listens, and what was published since somebody does.
#[derive(Debug, Default)]
pub(super) struct RoomListeners {
    pub(super) published: Option<Seq>,
    pub(super) listeners: HashMap<u64, Listener>,
    pub(super) typing: HashMap<UserId, u64>,
}

/// One connection in one room.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) connection: Arc<Connection>,
    /// The last seq that was queued to it.
    pub(super) sent: Seq,
    /// Whether it is told at once; otherwise a catch-up feeds it from the store.
    pub(super) live: bool,
    /// Which listening this is: a connection that joins anew ends the catch-up of before.
    pub(super) listening: u64,
}

/// A listener that must be fed from the store, from `since` on.
#[derive(Debug)]
pub(super) struct Behind {
    pub(super) connection: Arc<Connection>,
    pub(super) listening: u64,
    pub(super) since: Seq,
}

/// What came of publishing one change.
#[derive(Debug, Default)]
pub(super) struct Published {
    pub(super) behind: Vec<Behind>,
    pub(super) gone: Vec<Arc<Connection>>,
}

impl RoomListeners {
    /// Whether a connection of this person listens.
    pub(super) fn has(&self, user: UserId) -> bool {
        self.listeners
            .values()
            .any(|listener| listener.connection.user() == user)
    }
}

impl RoomChannel {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, RoomListeners> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody who is live of a message, new or changed. Whoever has a gap before it, or has no room in
    /// its queue, is behind from now on.
    pub(super) fn publish(&self, message: &Message) -> Published {
        let (seq, told) = (message.seq, Told::new(message));
        let mut result = Published::default();
        let mut state = self.lock();
        if state.published.is_none_or(|published| published < seq) {
            state.published = Some(seq);
        }
        for listener in state
            .listeners
            .values_mut()
            .filter(|listener| listener.live && listener.sent < seq)
        {
            let sent = if listener.sent.0 + 1 == seq.0 {
                told.to(&listener.connection, message.created_seq <= listener.sent)
            } else {
                Err(NotSent::Full)
            };
            match sent {
                Ok(()) => listener.sent = seq,
                Err(NotSent::Full) => {
                    listener.live = false;
                    result.behind.push(Behind {
                        connection: Arc::clone(&listener.connection),
                        listening: listener.listening,
                        since: listener.sent,
                    });
                }
                Err(NotSent::Closed) => result.gone.push(Arc::clone(&listener.connection)),
            }
        }
        result
    }

    /// Notes that the store holds changes up to `seq` of which this node was not told.
    pub(super) fn flag(&self, seq: Seq) -> Vec<Behind> {
        let mut state = self.lock();
        state.published = state.published.max(Some(seq));
        state
            .listeners
            .values_mut()
            .filter(|listener| listener.live && listener.sent < seq)
            .map(|listener| {
                listener.live = false;
                Behind {
                    connection: Arc::clone(&listener.connection),
                    listening: listener.listening,
                    since: listener.sent,
                }
            })
            .collect()
    }

    /// How many people listen.
    pub(super) fn people(&self) -> usize {
        let state = self.lock();
        let people: HashSet<_> = state
            .listeners
            .values()
            .map(|listener| listener.connection.user())
            .collect();
        people.len()
    }

    /// All connections that listen.
    pub(super) fn all(&self) -> Vec<Arc<Connection>> {
        let state = self.lock();
        let listeners = state.listeners.values();
        listeners
            .map(|listener| Arc::clone(&listener.connection))
            .collect()
    }

    /// Whether this listening goes on.
    pub(super) fn hears(&self, behind: &Behind) -> bool {
        let state = self.lock();
        let listener = state.listeners.get(&behind.connection.id);
        listener.is_some_and(|listener| listener.listening == behind.listening)
    }

    /// The connections that listen in these words.
    pub(super) fn connections(&self, dialect: Dialect) -> Vec<Arc<Connection>> {
        self.lock()
            .listeners
            .values()
            .filter(|listener| listener.connection.dialect() == dialect)
            .map(|listener| Arc::clone(&listener.connection))
            .collect()
    }
}

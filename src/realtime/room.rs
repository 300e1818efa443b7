//! One room's listeners, and how far each of them has been told.

use std::{
    collections::{HashMap, hash_map::Entry},
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
    listeners: HashMap<u64, Listener>,
    /// Whose listeners these are, and how many each person has.
    people: HashMap<UserId, usize>,
    /// How many listeners hear other words than the contract's.
    foreign: usize,
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
    /// Whether it heard other words than the contract's when it was added: a connection that comes to speak others listens anew.
    foreign: bool,
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
    /// Has this connection listen, from `since` on and not live yet, in the place of its listening before. Says which
    /// listening this is, and whether its person did not listen until now.
    pub(super) fn add(&mut self, connection: &Arc<Connection>, since: Seq) -> (u64, bool) {
        let before = self.remove(connection);
        let anew = before.is_some();
        let listening = before.map_or(0, |(before, _)| before.listening + 1);
        let foreign = connection.dialect() != Dialect::Native;
        let listener = Listener {
            connection: Arc::clone(connection),
            sent: since,
            live: false,
            listening,
            foreign,
        };
        self.listeners.insert(connection.id, listener);
        self.foreign += usize::from(foreign);
        let theirs = self.people.entry(connection.user()).or_default();
        *theirs += 1;
        (listening, *theirs == 1 && !anew)
    }

    /// Takes this connection out, where it listens; and whether its person listens no more.
    pub(super) fn remove(&mut self, connection: &Connection) -> Option<(Listener, bool)> {
        let listener = self.listeners.remove(&connection.id)?;
        self.foreign -= usize::from(listener.foreign);
        let mut last = false;
        if let Entry::Occupied(mut theirs) = self.people.entry(connection.user()) {
            *theirs.get_mut() -= 1;
            last = *theirs.get() == 0;
            if last {
                theirs.remove();
            }
        }
        Some((listener, last))
    }

    /// The listening of this connection.
    pub(super) fn get_mut(&mut self, connection: &Connection) -> Option<&mut Listener> {
        self.listeners.get_mut(&connection.id)
    }

    /// Whether nobody listens.
    pub(super) fn is_empty(&self) -> bool {
        self.listeners.is_empty()
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
        self.lock().people.len()
    }

    /// Whether somebody hears other words than the contract's.
    pub(super) fn has_foreign(&self) -> bool {
        self.lock().foreign > 0
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

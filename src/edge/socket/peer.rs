//! One connected client as this edge sees it: who it is, and its mailbox of events not yet worked off.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use socketioxide::handler::Value;
use tokio::sync::Notify;

use super::ack::Ack;
use crate::{
    edge::Shared,
    realtime::{Connection, Dialect},
    service::Caller,
};

/// How many refusals may wait for room in a client's queue. One that sends more without reading is cut.
const REFUSALS: usize = 1_000;

/// An event as it came in.
pub(super) struct Incoming {
    /// `["event", …]`, and binary attachments if there were any.
    pub(super) packet: Value,
    /// Where the acknowledgement goes, if one was asked.
    pub(super) ack: Option<Ack>,
}

/// A connected client. Until it is connected it holds no socket, so that a failed connect leaves no cycle behind.
pub(super) struct Peer {
    pub(super) site: Shared,
    pub(super) caller: Caller,
    pub(super) dialect: Dialect,
    undecided: AtomicBool,
    pub(super) connection: OnceLock<Arc<Connection>>,
    pub(super) arrived: Notify,
    refusing: AtomicUsize,
    mailbox: Mutex<Mailbox>,
}

/// Events in the order in which they came. Bounded: past `mailbox_events` the next one is answered `rate_limited`.
struct Mailbox {
    events: VecDeque<Incoming>,
    drained: bool,
    closed: bool,
}

/// What became of an event that was put into a mailbox.
pub(super) enum Put {
    /// A drain is under way and will come to it.
    Waits,
    /// It waits, and nobody drains: start to.
    StartDrain,
    /// It did not fit.
    Full(Incoming),
    /// The client is gone.
    Closed,
}

impl Peer {
    /// A client that is about to be connected; its first drain begins with the greeting.
    pub(super) fn new(
        site: Shared,
        caller: Caller,
        (dialect, undecided): (Dialect, bool),
    ) -> Arc<Self> {
        Arc::new(Self {
            site,
            caller,
            dialect,
            undecided: AtomicBool::new(undecided),
            connection: OnceLock::new(),
            arrived: Notify::new(),
            refusing: AtomicUsize::new(0),
            mailbox: Mutex::new(Mailbox {
                events: VecDeque::new(),
                drained: true,
                closed: false,
            }),
        })
    }

    /// Whether this is the first event of a client whose dialect its first event may decide.
    pub(super) fn is_first_event(&self) -> bool {
        self.undecided.swap(false, Ordering::AcqRel)
    }

    fn mailbox(&self) -> std::sync::MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an event behind the others.
    pub(super) fn put(&self, event: Incoming) -> Put {
        let mut mailbox = self.mailbox();
        if mailbox.closed {
            return Put::Closed;
        }
        if mailbox.events.len() >= self.site.ctx.settings.limits.mailbox_events {
            return Put::Full(event);
        }
        mailbox.events.push_back(event);
        let started = std::mem::replace(&mut mailbox.drained, true);
        drop(mailbox);
        self.arrived.notify_one();
        if started { Put::Waits } else { Put::StartDrain }
    }

    /// Takes one more event in that is only to be refused. Says no when too many wait for that already.
    pub(super) fn begins_refusal(&self) -> bool {
        let begun = self.refusing.fetch_add(1, Ordering::Relaxed) < REFUSALS;
        if !begun {
            self.ends_refusal();
        }
        begun
    }

    /// One refusal was told.
    pub(super) fn ends_refusal(&self) {
        self.refusing.fetch_sub(1, Ordering::Relaxed);
    }

    /// The next event. With `give_up`, an empty mailbox ends the drain.
    pub(super) fn take(&self, give_up: bool) -> Option<Incoming> {
        let mut mailbox = self.mailbox();
        let next = mailbox.events.pop_front();
        if next.is_none() && give_up {
            mailbox.drained = false;
        }
        next
    }

    /// Drops what waits and takes no more. Says whether it took something until now.
    pub(super) fn close(&self) -> bool {
        let mut mailbox = self.mailbox();
        mailbox.events.clear();
        !std::mem::replace(&mut mailbox.closed, true)
    }

    /// The live connection.
    pub(super) fn connection(&self) -> &Arc<Connection> {
        self.connection
            .get()
            .expect("a drain begins after the connection was made")
    }
}

/// How many sockets each address holds.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<HashMap<IpAddr, usize>>);

impl Addresses {
    fn counts(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn held_by(&self, address: IpAddr) -> usize {
        self.counts().get(&address).copied().unwrap_or_default()
    }

    pub(super) fn add(&self, address: IpAddr) {
        *self.counts().entry(address).or_default() += 1;
    }

    pub(super) fn remove(&self, address: IpAddr) {
        let mut counts = self.counts();
        if let Some(count) = counts.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&address);
            }
        }
    }
}

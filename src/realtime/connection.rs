//! One live connection of one person, as realtime sees it.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
};

use serde_json::value::{RawValue, to_raw_value};

use super::dialect::Dialect;
use crate::{
    model::{Credential, RoomCode, RoomId, UserCard, UserId},
    wire::events::Event,
};

/// Why something was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// The connection's queue is full: its reader is slow.
    Full,
    /// The connection is gone.
    Closed,
}

/// The way out to one client.
pub trait Outlet: Send + Sync {
    /// Queues an event with a ready-made payload.
    ///
    /// # Errors
    /// When it was not queued.
    fn send(&self, event: &str, payload: &RawValue) -> Result<(), NotSent>;

    /// Queues an event with two arguments.
    ///
    /// # Errors
    /// When it was not queued.
    fn send_pair(&self, event: &str, first: &RawValue, second: &RawValue) -> Result<(), NotSent>;

    /// Sends an event that may be lost when the reader is slow.
    fn send_volatile(&self, event: &str, payload: &RawValue);

    /// Ends the connection for good: the client does not come back by itself.
    fn disconnect(&self);

    /// Closes the transport under the connection: the client comes back by itself and resumes.
    fn cut(&self);
}

/// A live connection.
pub struct Connection {
    /// Grows with each connection, so the oldest of a person has the smallest.
    pub id: u64,
    credential: Mutex<Credential>,
    user: UserId,
    card: Mutex<UserCard>,
    dialect: AtomicU8,
    greeted: AtomicBool,
    active: AtomicBool,
    shown: Mutex<Option<RoomCode>>,
    outlet: Box<dyn Outlet>,
    rooms: Mutex<BTreeMap<RoomId, RoomCode>>,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Connection {
    /// A connection of this person.
    #[must_use]
    pub fn new(
        card: UserCard,
        credential: Credential,
        dialect: Dialect,
        outlet: Box<dyn Outlet>,
    ) -> Self {
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            credential: Mutex::new(credential),
            user: card.id,
            card: Mutex::new(card),
            dialect: AtomicU8::new(dialect.number()),
            greeted: AtomicBool::new(false),
            active: AtomicBool::new(true),
            shown: Mutex::default(),
            outlet,
            rooms: Mutex::default(),
        }
    }

    /// Connections that are made from now on have this id or a greater one.
    pub(super) fn next_id() -> u64 {
        NEXT.load(Ordering::Relaxed)
    }

    /// Whose it is.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.user
    }

    /// What it was opened with; a session's new id after a change of password takes the place of the old one.
    #[must_use]
    pub fn credential(&self) -> Credential {
        *self
            .credential
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_credential(&self, credential: Credential) {
        *self
            .credential
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = credential;
    }

    /// `ready` has been sent: from now on it hears what happens.
    pub fn greeted(&self) {
        self.greeted.store(true, Ordering::Release);
    }

    /// Whether its person is at the device, as far as it has said.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire)
    }

    /// Notes whether its person is at the device, and which room they have before them.
    pub(super) fn set_active(&self, on: bool, shown: Option<RoomCode>) {
        self.active.store(on, Ordering::Release);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    /// Whether its person is at the device, has this room before them, as far as it has said, and hears what is said there.
    #[must_use]
    pub fn looks_at(&self, room: RoomId) -> bool {
        if !self.is_active() {
            return false;
        }
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        shown.is_some() && shown.as_ref() == rooms.get(&room)
    }

    /// Whether it hears the contract's events: it was greeted, and these are its words.
    #[must_use]
    pub fn hears_events(&self) -> bool {
        self.greeted.load(Ordering::Acquire) && self.dialect() == Dialect::Native
    }

    /// What everybody sees of its person now.
    #[must_use]
    pub fn card(&self) -> UserCard {
        self.card
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set_card(&self, card: UserCard) {
        *self.card.lock().unwrap_or_else(PoisonError::into_inner) = card;
    }

    /// In which words it speaks now.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        Dialect::of_number(self.dialect.load(Ordering::Acquire))
    }

    /// From now on it speaks these words.
    pub fn speaks(&self, dialect: Dialect) {
        self.dialect.store(dialect.number(), Ordering::Release);
    }

    /// The rooms that it listens to.
    #[must_use]
    pub fn rooms(&self) -> BTreeMap<RoomId, RoomCode> {
        self.rooms
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The only room that it listens to, if there is just one.
    #[must_use]
    pub fn only_room(&self) -> Option<RoomCode> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        match rooms.len() {
            1 => rooms.values().next().cloned(),
            _ => None,
        }
    }

    pub(super) fn add_room(&self, room: RoomId, code: RoomCode) {
        self.rooms
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(room, code);
    }

    pub(super) fn remove_room(&self, room: RoomId) {
        self.rooms
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&room);
    }

    /// The way out to its client.
    #[must_use]
    pub fn outlet(&self) -> &dyn Outlet {
        self.outlet.as_ref()
    }

    /// Sends an event of the contract.
    ///
    /// # Errors
    /// When it was not queued.
    pub fn emit<E: Event>(&self, event: &E) -> Result<(), NotSent> {
        self.outlet.send(E::EVENT, &encode(event))
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("id", &self.id)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// A wire value as JSON, made once for all who hear it.
pub(super) fn encode<T: serde::Serialize>(value: &T) -> Box<RawValue> {
    to_raw_value(value).expect("wire values have string keys and cannot fail to serialise")
}

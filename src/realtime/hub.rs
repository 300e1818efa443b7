//! All connections and all rooms that somebody listens to.
//!
//! Locks are taken in this order and held for no await: people, rooms, one room's listeners.

use std::{
    cell::LazyCell,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::value::RawValue;
use tokio::sync::watch;

use super::{
    Live, catch_up,
    connection::{Connection, NotSent, encode},
    dialect::{Dialect, Passing, announce},
    presence,
    presence::{Present, Untold},
    room::{Behind, RoomChannel},
    typing,
};
use crate::{
    base::{Clock, Tasks},
    model::{Credential, Room, RoomCode, RoomId, Seq, UserCard, UserId},
    store::Store,
    wire::{Status, events::Event},
};

/// Everybody who is connected to this server.
pub struct Hub {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tasks: Tasks,
    per_person: usize,
    grace: Duration,
    told: watch::Sender<()>,
    people: Mutex<People>,
    rooms: Mutex<HashMap<RoomId, Arc<RoomChannel>>>,
    untold: Mutex<Untold>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

type People = HashMap<UserId, Present>;

impl Hub {
    /// Nobody is connected. `per_person` is how many connections one person may hold; `grace` is how long
    /// somebody without one still counts as online, so that reloading a page does not show.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        tasks: Tasks,
        per_person: usize,
        grace: Duration,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            clock,
            tasks,
            per_person: per_person.max(1),
            grace,
            told: watch::Sender::new(()),
            people: Mutex::default(),
            rooms: Mutex::default(),
            untold: Mutex::default(),
        })
    }

    /// Changes whenever something was committed and told to listeners, for whoever works on that.
    #[must_use]
    pub fn told(&self) -> watch::Receiver<()> {
        self.told.subscribe()
    }

    pub(super) fn has_told(&self) {
        self.told.send_replace(());
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<RoomChannel>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose status is still to be told.
    pub(super) fn untold(&self) -> MutexGuard<'_, Untold> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection in. Where its person holds too many, the oldest is closed for it.
    pub fn connect(self: &Arc<Self>, connection: &Arc<Connection>) {
        let oldest = {
            let mut people = self.people();
            let theirs = &mut people.entry(connection.user()).or_default().connections;
            theirs.push(Arc::clone(connection));
            (theirs.len() > self.per_person).then(|| theirs.remove(0))
        };
        self.settle(connection.card());
        if let Some(oldest) = oldest {
            tracing::info!(
                user.id = connection.user().0,
                "the oldest of too many sockets was closed"
            );
            oldest.outlet().disconnect();
            self.disconnect(&oldest);
        }
    }

    /// Forgets a connection; harmless when it is forgotten already.
    pub fn disconnect(self: &Arc<Self>, connection: &Arc<Connection>) {
        let mut people = self.people();
        let changes = people.get_mut(&connection.user()).is_some_and(|present| {
            let held = present.connections.len();
            present
                .connections
                .retain(|other| other.id != connection.id);
            present.connections.len() < held && present.now() != present.told
        });
        drop(people);
        if changes {
            let (hub, card) = (Arc::clone(self), connection.card());
            self.tasks.after(self.grace, move || hub.settle(card));
        }
        for room in connection.rooms().into_keys() {
            self.unlisten(connection, room);
        }
    }

    /// Notes whether a connection's person is at the device.
    pub fn set_active(
        self: &Arc<Self>,
        connection: &Connection,
        on: bool,
        shown: Option<RoomCode>,
    ) {
        connection.set_active(on, shown);
        self.settle(connection.card());
    }

    /// Tells of somebody whose status is another one than was told.
    fn settle(self: &Arc<Self>, card: UserCard) {
        let mut people = self.people();
        let Some(present) = people.get_mut(&card.id) else {
            return;
        };
        let now = present.now();
        if now == present.told {
            return;
        }
        present.told = now;
        if now == Status::Offline {
            people.remove(&card.id);
        }
        drop(people);
        presence::tell(self, card);
    }

    /// Whether a connection is still taken in.
    #[must_use]
    pub fn knows(&self, connection: &Connection) -> bool {
        self.people()
            .get(&connection.user())
            .is_some_and(|present| {
                let mut theirs = present.connections.iter();
                theirs.any(|other| other.id == connection.id)
            })
    }

    /// All connections of one person.
    #[must_use]
    pub fn connections_of(&self, user: UserId) -> Vec<Arc<Connection>> {
        let people = self.people();
        let present = people.get(&user);
        present.map_or_else(Vec::new, |present| present.connections.clone())
    }

    /// All connections.
    #[must_use]
    pub fn everybody(&self) -> Vec<Arc<Connection>> {
        let people = self.people();
        let all = people.values().flat_map(|present| &present.connections);
        all.cloned().collect()
    }

    /// Tells everybody whose words are the contract's own.
    pub fn broadcast<E: Event>(self: &Arc<Self>, event: &E) {
        let payload = encode(event);
        for connection in self.everybody() {
            if connection.hears_events() {
                self.send(&connection, E::EVENT, &payload);
            }
        }
    }

    /// Sends, and forgets the connection where it turns out to be gone. What does not fit into the queue of a
    /// slow reader is lost: only for what the client learns again when it asks (messages never come this way).
    pub(super) fn send(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        event: &str,
        payload: &RawValue,
    ) {
        if connection.outlet().send(event, payload) == Err(NotSent::Closed) {
            self.disconnect(connection);
        }
    }

    /// Starts to listen: first what was missed since `since`, out of the store, then live. A connection that
    /// listens already starts anew. The future is ready when it is live (or gone).
    pub async fn listen(self: &Arc<Self>, connection: &Arc<Connection>, room: &Room, since: Seq) {
        if let Some(behind) = self.add_listener(connection, room, since) {
            catch_up::run(self, room.id, behind).await;
        }
    }

    /// As [`Hub::listen`] for a client that came back: each of these rooms, with the seq until which it knows them, is
    /// told by the newest of what was missed there, and then by `resumed`.
    pub async fn resume(self: &Arc<Self>, connection: &Arc<Connection>, rooms: Vec<(Room, Seq)>) {
        let rooms = rooms.into_iter().filter_map(|(room, since)| {
            let behind = self.add_listener(connection, &room, since)?;
            Some((room, behind))
        });
        catch_up::resume(self, connection, rooms.collect()).await;
    }

    fn add_listener(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        room: &Room,
        since: Seq,
    ) -> Option<Behind> {
        if !self.knows(connection) {
            return None;
        }
        let mut rooms = self.rooms();
        let channel = Arc::clone(
            rooms
                .entry(room.id)
                .or_insert_with(|| Arc::new(RoomChannel::new())),
        );
        let mut state = channel.lock();
        let (listening, first) = state.add(connection, since);
        drop(state);
        connection.add_room(room.id, room.code.clone());
        drop(rooms);
        if first {
            announce(self, &channel, &connection.card(), Passing::Enters);
        }
        // It may have gone while it was added: then nobody else will take it out.
        if !self.knows(connection) {
            self.unlisten(connection, room.id);
            return None;
        }
        Some(Behind {
            connection: Arc::clone(connection),
            listening,
            since,
        })
    }

    /// Stops listening; harmless when it does not.
    pub fn unlisten(self: &Arc<Self>, connection: &Connection, room: RoomId) {
        connection.remove_room(room);
        let mut rooms = self.rooms();
        let Some(channel) = rooms.get(&room).map(Arc::clone) else {
            return;
        };
        let mut state = channel.lock();
        let removed = state.remove(connection);
        if state.is_empty() {
            rooms.remove(&room);
        }
        drop(state);
        drop(rooms);
        if removed.is_some_and(|(_, last)| last) {
            announce(self, &channel, &connection.card(), Passing::Leaves);
        }
    }

    /// How many rooms somebody listens to.
    #[must_use]
    pub fn rooms_heard(&self) -> usize {
        self.rooms().len()
    }

    /// How many people listen to this room.
    #[must_use]
    pub fn people_in(&self, room: RoomId) -> usize {
        self.channel(room).map_or(0, |channel| channel.people())
    }

    pub(super) fn channel(&self, room: RoomId) -> Option<Arc<RoomChannel>> {
        self.rooms().get(&room).cloned()
    }

    /// Tells a room's listeners whose words are the contract's own.
    pub(super) fn tell_room<E: Event>(self: &Arc<Self>, room: RoomId, event: &E) {
        let Some(channel) = self.channel(room) else {
            return;
        };
        let payload = encode(event);
        for connection in channel.connections(Dialect::Native) {
            self.send(&connection, E::EVENT, &payload);
        }
    }

    /// Those of these people who are connected, each with what stands beside them.
    pub(super) fn connected<T: Copy>(&self, people: &[(UserId, T)]) -> Vec<(UserId, T)> {
        let present = self.people();
        let there = people.iter().filter(|(user, _)| present.contains_key(user));
        there.copied().collect()
    }

    /// Tells one person's connections whose words are the contract's own.
    pub(super) fn tell_person<E: Event>(self: &Arc<Self>, user: UserId, event: &E) {
        self.tell_people([user], event);
    }

    /// The same for many people: encoded once, and only when somebody of them is connected.
    pub(super) fn tell_people<E: Event>(
        self: &Arc<Self>,
        people: impl IntoIterator<Item = UserId>,
        event: &E,
    ) {
        self.tell_some(people, event, |_| true);
    }

    /// The same for those of their connections for which `concerns` says so; how many these were.
    pub(super) fn tell_some<E: Event>(
        self: &Arc<Self>,
        people: impl IntoIterator<Item = UserId>,
        event: &E,
        concerns: impl Fn(&Connection) -> bool,
    ) -> usize {
        let mut told = 0;
        let payload = LazyCell::new(|| encode(event));
        for connection in people
            .into_iter()
            .flat_map(|user| self.connections_of(user))
        {
            if connection.hears_events() && concerns(&connection) {
                self.send(&connection, E::EVENT, &payload);
                told += 1;
            }
        }
        told
    }
}

impl Live for Arc<Hub> {
    fn status(&self, user: UserId) -> Status {
        let people = self.people();
        people
            .get(&user)
            .map_or(Status::Offline, |present| present.told)
    }

    fn looks_at(&self, user: UserId, room: RoomId) -> bool {
        let connections = self.connections_of(user);
        connections.iter().any(|one| one.looks_at(room))
    }

    fn hears_by(&self, user: UserId, credential: Credential) -> bool {
        let connections = self.connections_of(user);
        let mut active = connections.iter().filter(|one| one.is_active());
        active.any(|one| one.hears_events() && one.credential() == credential)
    }

    fn typing(&self, room: &Room, user: UserId, on: bool) {
        typing::set(self, room, user, on);
    }
}

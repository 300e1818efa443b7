//! What is done to keep order, told to the room and to whom it is done: at once, and also to somebody whose queue
//! is full, since nothing else would tell them.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::{
    connection::{Connection, NotSent, encode},
    hub::Hub,
    pace,
};
use crate::{
    model::{LogEntry, Measure, Room, RoomId, UserId},
    wire::events::{Event, Moderated},
};

impl Hub {
    pub(super) fn tell_moderated(
        self: &Arc<Self>,
        room: &Room,
        measure: &Measure,
        entry: &LogEntry,
    ) {
        let event = Moderated::of(room, measure, entry);
        self.tell_room(room.id, &event);
        if let Some(user) = &entry.user {
            self.tell_outside(room.id, user.id, &event);
        }
    }

    /// Tells those sockets of a person that do not listen to this room; one that reads slowly is told as it drains.
    pub(super) fn tell_outside<E: Event>(self: &Arc<Self>, room: RoomId, user: UserId, event: &E) {
        let payload: Arc<RawValue> = encode(event).into();
        for connection in self.connections_of(user) {
            if connection.hears_events() && !connection.rooms().contains_key(&room) {
                self.send_surely(connection, E::EVENT, Arc::clone(&payload));
            }
        }
    }

    fn send_surely(
        self: &Arc<Self>,
        connection: Arc<Connection>,
        event: &'static str,
        payload: Arc<RawValue>,
    ) {
        match connection.outlet().send(event, &payload) {
            Ok(()) => {}
            Err(NotSent::Closed) => self.disconnect(&connection),
            Err(NotSent::Full) => {
                let hub = Arc::clone(self);
                self.tasks.spawn(async move {
                    let send = || connection.outlet().send(event, &payload);
                    if pace::paced(&hub.tasks, &connection, send).await.is_err() {
                        hub.disconnect(&connection);
                    }
                });
            }
        }
    }

    /// Memberships may have ended without a word of it here: whoever does not belong to the room any more is not told
    /// of it any longer.
    pub(super) async fn check_listeners(self: &Arc<Self>, room: RoomId) {
        let Some(channel) = self.channel(room) else {
            return;
        };
        for connection in channel.all() {
            if !self.belongs(&connection, room).await {
                self.unlisten(&connection, room);
            }
        }
    }

    /// Whether a listener's person belongs to the room it listens to; not where that cannot be said.
    pub(super) async fn belongs(&self, connection: &Connection, room: RoomId) -> bool {
        let Some(code) = connection.rooms().remove(&room) else {
            return false;
        };
        match self.store.standing(&code, connection.user()).await {
            Ok(standing) => standing.is_some_and(|standing| standing.membership.is_some()),
            Err(error) => {
                tracing::error!(room.id = room.0, error = %error, "a membership could not be checked");
                false
            }
        }
    }
}

//! Who hears what, and when: connections, rooms with their listeners, and the one consumer of the store's feed.
//!
//! What a listener hears is what was stored: each listener of a room is sent its changes in the order of
//! their seqs, each once, from memory while it keeps up and from the store when it does not.

mod catch_up;
mod connection;
mod dialect;
mod fan_out;
#[cfg(test)]
mod fixture;
mod hub;
mod moderation;
mod pace;
mod presence;
mod room;
mod rooms;
pub mod socketio;
pub mod transports;
mod typing;

use crate::{
    model::{Credential, Room, RoomId, UserId},
    wire::Status,
};

pub use connection::{Connection, NotSent, Outlet};
pub use dialect::Dialect;
pub use hub::Hub;
pub use pace::paced;

/// What services may ask of those who are connected.
pub trait Live: Send + Sync {
    /// Whether this person is connected.
    fn status(&self, user: UserId) -> Status;

    /// Whether this person is at a device that shows this room.
    fn looks_at(&self, user: UserId, room: RoomId) -> bool;

    /// Whether this person has a device in hand that hears what happens by this credential.
    fn hears_by(&self, user: UserId, credential: Credential) -> bool;

    /// Tells a room's other listeners that this person writes, or stopped. One that is not stopped ends by itself.
    fn typing(&self, room: &Room, user: UserId, on: bool);
}

//! Who is there: told to those who share a room with a person when the first connection comes, when nobody is at any
//! of the person's devices, and when the grace after the last connection is over. Never kept.

use std::sync::Arc;

use super::{Connection, Live, hub::Hub};
use crate::{
    model::{UserCard, UserId},
    wire::{
        Status,
        events::{Event, Presence},
    },
};

/// Somebody who is connected, or was until a moment ago.
#[derive(Debug)]
pub(super) struct Present {
    /// By these.
    pub(super) connections: Vec<Arc<Connection>>,
    /// What the others were told.
    pub(super) told: Status,
}

impl Default for Present {
    fn default() -> Self {
        Self {
            connections: Vec::new(),
            told: Status::Offline,
        }
    }
}

impl Present {
    /// What is so now, without any grace.
    pub(super) fn now(&self) -> Status {
        if self.connections.is_empty() {
            Status::Offline
        } else if self
            .connections
            .iter()
            .any(|connection| connection.is_active())
        {
            Status::Online
        } else {
            Status::Away
        }
    }
}

/// Tells a person's acquaintances whether they are there now.
pub(super) fn tell(hub: &Arc<Hub>, card: UserCard) {
    let telling = Arc::clone(hub);
    hub.tasks.spawn(async move {
        let event = Presence {
            user_id: card.id.0,
            name: card.name.as_str().to_owned(),
            status: telling.status(card.id),
        };
        tell_acquaintances(&telling, card.id, &event).await;
    });
}

/// Tells everybody who shares a room with this person, and the person.
pub(super) async fn tell_acquaintances<E: Event>(hub: &Arc<Hub>, user: UserId, event: &E) {
    match hub.store.acquaintances(user).await {
        Ok(acquaintances) => hub.tell_people(acquaintances.iter().map(|card| card.id), event),
        Err(error) => {
            tracing::error!(user.id = user.0, event = E::EVENT, error = %error, "acquaintances could not be told");
        }
    }
}

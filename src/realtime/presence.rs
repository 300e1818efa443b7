//! Who is there: told to those who share a room with a person when the first connection comes, when nobody is at any
//! of the person's devices, and when the grace after the last connection is over. Never kept.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

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

/// How many events are told before those who tell rest, and for how long. When everybody comes at once, after a restart, each
/// is told of each other: with a thousand people that is a million events, which must not keep anybody from their messages.
const AT_ONCE: usize = 1_000;
const REST: Duration = Duration::from_millis(5);

/// People whose status is still to be told: each of them once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Untold {
    order: VecDeque<UserId>,
    cards: HashMap<UserId, UserCard>,
    /// Whether somebody works it off.
    telling: bool,
}

impl Untold {
    /// Adds somebody; says whether nobody works this off yet, and the caller has to.
    fn add(&mut self, card: UserCard) -> bool {
        let id = card.id;
        if self.cards.insert(id, card).is_none() {
            self.order.push_back(id);
        }
        !std::mem::replace(&mut self.telling, true)
    }

    /// Who is to be told of next; with nobody left, nobody works this off any more.
    fn next(&mut self) -> Option<UserCard> {
        let next = self.order.pop_front().and_then(|id| self.cards.remove(&id));
        self.telling = next.is_some();
        next
    }
}

/// Tells a person's acquaintances whether they are there now.
pub(super) fn tell(hub: &Arc<Hub>, card: UserCard) {
    if hub.untold().add(card) {
        let telling = Arc::clone(hub);
        hub.tasks
            .until_stopped(async move { work_off(&telling).await });
    }
}

async fn work_off(hub: &Arc<Hub>) {
    let mut told = 0;
    loop {
        let Some(card) = hub.untold().next() else {
            return;
        };
        let event = Presence {
            user_id: card.id.0,
            name: card.name.as_str().to_owned(),
            status: hub.status(card.id),
        };
        told += tell_acquaintances(hub, card.id, &event).await;
        while told >= AT_ONCE {
            told -= AT_ONCE;
            tokio::time::sleep(REST).await;
        }
    }
}

/// Tells everybody who shares a room with this person, and the person. How many connections were told.
pub(super) async fn tell_acquaintances<E: Event>(hub: &Arc<Hub>, user: UserId, event: &E) -> usize {
    match hub.store.acquaintances(user).await {
        Ok(acquaintances) => hub.tell_people(acquaintances, event),
        Err(error) => {
            tracing::error!(user.id = user.0, event = E::EVENT, error = %error, "acquaintances could not be told");
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserName;

    fn person(id: i64, name: &str) -> UserCard {
        UserCard {
            id: UserId(id),
            name: UserName::stored(name.to_owned()),
            ..UserCard::closed(UserId(id))
        }
    }

    #[test]
    fn each_is_told_of_once_and_one_works_it_off_at_a_time() {
        let mut untold = Untold::default();
        assert!(untold.add(person(1, "anna")), "it begins");
        assert!(!untold.add(person(2, "ben")), "somebody does it already");
        assert!(!untold.add(person(1, "ann")));
        let mut names = Vec::new();
        while let Some(card) = untold.next() {
            names.push(card.name.as_str().to_owned());
        }
        assert_eq!(names, ["ann", "ben"], "as they are called now");
        assert!(untold.add(person(2, "ben")), "and once more");
    }
}

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

/// Somebody whose status changed.
#[derive(Debug)]
struct Change {
    card: UserCard,
    /// Connections from this id on are younger than the change: what they are shown of people has it already.
    before: u64,
}

/// People whose status is still to be told: each of them once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Untold {
    order: VecDeque<UserId>,
    waiting: HashMap<UserId, Change>,
    /// Whether somebody works it off.
    telling: bool,
}

impl Untold {
    /// Adds somebody; says whether nobody works this off yet, and the caller has to.
    fn add(&mut self, change: Change) -> bool {
        let id = change.card.id;
        if self.waiting.insert(id, change).is_none() {
            self.order.push_back(id);
        }
        !std::mem::replace(&mut self.telling, true)
    }

    /// Who is to be told of next; with nobody left, nobody works this off any more.
    fn next(&mut self) -> Option<Change> {
        let next = self.order.pop_front();
        let next = next.and_then(|id| self.waiting.remove(&id));
        self.telling = next.is_some();
        next
    }
}

/// Tells a person's acquaintances whether they are there now.
pub(super) fn tell(hub: &Arc<Hub>, card: UserCard) {
    let before = Connection::next_id();
    if hub.untold().add(Change { card, before }) {
        let telling = Arc::clone(hub);
        hub.tasks
            .until_stopped(async move { work_off(&telling).await });
    }
}

async fn work_off(hub: &Arc<Hub>) {
    let mut told = 0;
    loop {
        let Some(Change { card, before }) = hub.untold().next() else {
            return;
        };
        let event = Presence {
            user_id: card.id.0,
            name: card.name.as_str().to_owned(),
            status: hub.status(card.id),
        };
        let people = acquaintances(hub, card.id, Presence::EVENT).await;
        told += hub.tell_some(people, &event, |connection| connection.id < before);
        while told >= AT_ONCE {
            told -= AT_ONCE;
            tokio::time::sleep(REST).await;
        }
    }
}

/// Everybody who shares a room with this person, and the person, to be told of this event.
pub(super) async fn acquaintances(hub: &Hub, user: UserId, event: &str) -> Vec<UserId> {
    hub.store.acquaintances(user).await.unwrap_or_else(|error| {
        tracing::error!(user.id = user.0, event, error = %error, "acquaintances could not be told");
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::value::RawValue;

    use super::*;
    use crate::{
        base::{SystemClock, Tasks},
        model::{Credential, UserName},
        realtime::{Dialect, fixture::Tells},
        store::{Accounts, Store, rules::new_account, sqlite::tests::alone},
    };

    fn change(id: i64, name: &str) -> Change {
        let card = UserCard {
            name: UserName::stored(name.to_owned()),
            ..UserCard::closed(UserId(id))
        };
        Change { card, before: 1 }
    }

    #[test]
    fn each_is_told_of_once_and_one_works_it_off_at_a_time() {
        let mut untold = Untold::default();
        assert!(untold.add(change(1, "anna")), "it begins");
        assert!(!untold.add(change(2, "ben")), "somebody does it already");
        assert!(!untold.add(change(1, "ann")));
        let mut names = Vec::new();
        while let Some(change) = untold.next() {
            names.push(change.card.name.as_str().to_owned());
        }
        assert_eq!(names, ["ann", "ben"], "as they are called now");
        assert!(untold.add(change(2, "ben")), "and once more");
    }

    #[tokio::test]
    async fn of_who_comes_those_are_told_who_were_there_before() {
        let (store, _kept) = alone();
        let clock = Arc::new(SystemClock);
        let tasks = Tasks::new();
        let shared: Arc<dyn Store> = Arc::clone(&store) as _;
        let hub = Hub::new(shared, clock, tasks.clone(), 8, Duration::ZERO);
        let mut heard = Vec::new();
        // Nobody is told before all of them are there: the task that tells runs on this thread.
        let mut cards = Vec::new();
        for name in ["anna", "ben", "carla"] {
            let account = store.create_account(new_account(name)).await;
            cards.push(account.expect("an account").card);
        }
        for card in &cards {
            let said = Arc::new(Mutex::new(Vec::new()));
            heard.push(Arc::clone(&said));
            let outlet = Box::new(Tells(move |payload: &RawValue| {
                let event: serde_json::Value = payload.get().parse().expect("JSON");
                let name = event["name"].as_str().expect("a name").to_owned();
                said.lock().expect("no panic").push(name);
            }));
            let credential = Credential::Guest;
            let connection = Connection::new(card.clone(), credential, Dialect::Native, outlet);
            connection.greeted();
            hub.connect(&Arc::new(connection));
        }
        while tasks.count() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let heard: Vec<_> = heard
            .iter()
            .map(|said| said.lock().expect("no panic").join(" "))
            .collect();
        assert_eq!(heard, ["anna ben carla", "ben carla", "carla"]);
        store.close().await;
    }
}

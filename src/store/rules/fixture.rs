//! A store to try rules on, and what most of them begin with.

use std::{any::Any, sync::Arc};

use futures_util::FutureExt;

use super::{allow, later, new_account, new_message, new_room, room_code};
use crate::{
    model::{Account, Change, NewMessage, RoomId, Seq, Standing},
    store::{
        Appended, Missed, Result, Store,
        feed::{Delivery, FeedReceiver},
    },
};

/// An empty store, its feed, and whatever must live as long.
pub(crate) struct Fixture {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) feed: FeedReceiver,
    pub(crate) _keep: Box<dyn Any + Send>,
}

impl Fixture {
    /// Registers somebody.
    pub(crate) async fn person(&self, name: &str) -> Account {
        self.store
            .create_account(new_account(name))
            .await
            .expect("an account")
    }

    /// Makes a public room.
    pub(crate) async fn room(&self, code: &str, owner: &Account) -> Standing {
        self.store
            .create_room(new_room(code, owner.card.id))
            .await
            .expect("a room")
    }

    /// Lets somebody join a room.
    pub(crate) async fn joins(&self, person: &Account, code: &str) -> Standing {
        self.store
            .join(&room_code(code), person.card.id, later(1), allow)
            .await
            .expect("joined")
            .standing
    }

    /// Says something in a room.
    pub(crate) async fn say(&self, author: &Account, code: &str, text: &str) -> Appended {
        self.append(new_message(author, code, text))
            .await
            .expect("stored")
    }

    /// Appends and waits for the commit.
    pub(crate) async fn append(&self, new: NewMessage) -> Result<Appended> {
        self.store.append(new).await?.await
    }

    /// What somebody missed in one room, if they belong to it.
    pub(crate) async fn missed(
        &self,
        person: &Account,
        room: RoomId,
        since: i64,
        limit: u32,
    ) -> Option<Missed> {
        let rooms = vec![(room, Seq(since))];
        let missed = self.store.missed(rooms, person.card.id, limit).await;
        missed.expect("read").pop().expect("of one room")
    }

    /// All changes told so far, without waiting.
    pub(crate) fn told(&mut self) -> Vec<Change> {
        let mut told = Vec::new();
        while let Some(Some(delivery)) = self.feed.recv().now_or_never() {
            match delivery {
                Delivery::Batch(batch) => told.extend(batch),
                Delivery::Flagged(flags) => panic!("the feed overflowed: {flags:?}"),
            }
        }
        told
    }
}

//! The feed: committed changes on their way from the writer to their one consumer.
//!
//! It never makes the writer wait. When the consumer is so far behind that the channel is full, the
//! batch is dropped and its rooms and people are flagged instead; the consumer then reads from the
//! store what they are now. Flags are sets, so their size is bounded by what exists.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Notify, mpsc};

use crate::model::{Change, Revocation, RoomId, UserId};

/// What the consumer takes.
#[derive(Debug)]
pub enum Delivery {
    /// The changes of one commit, in order.
    Batch(Vec<Change>),
    /// Changes were dropped: these rooms and people must be read anew.
    Flagged(Flags),
}

/// What was dropped.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Flags {
    /// Rooms with changes unknown to the consumer.
    pub rooms: BTreeSet<RoomId>,
    /// Rooms whose names, topics, kinds or states may be others.
    pub heads: BTreeSet<RoomId>,
    /// Rooms that some may not belong to any more who listen to them.
    pub left: BTreeSet<RoomId>,
    /// People whose names or photos may be others.
    pub people: BTreeSet<UserId>,
    /// Whether sessions or tokens ended: every live connection's credential must be checked anew.
    pub credentials: bool,
}

impl Flags {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, change: &Change) {
        match change {
            Change::Message(message) | Change::Mentioned { message, .. } => {
                self.rooms.insert(message.room_id);
            }
            Change::Left { room, .. } => {
                self.rooms.insert(room.id);
                self.left.insert(room.id);
            }
            Change::Joined { room, .. }
            | Change::Member { room, .. }
            | Change::Moderated { room, .. }
            | Change::Read { room, .. }
            | Change::Preferences { room, .. }
            | Change::Removed { room, .. } => {
                self.rooms.insert(room.id);
            }
            // A list of saved messages is read anew when somebody opens it, and so is what is left of a room.
            Change::Saved { .. } | Change::Swept { .. } => {}
            Change::Room(room) => {
                self.heads.insert(room.id);
            }
            Change::Profile(card) => {
                self.people.insert(card.id);
            }
            Change::Revoked(
                Revocation::Session(_) | Revocation::Token(_) | Revocation::Everything { .. },
            ) => self.credentials = true,
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    flags: Mutex<Flags>,
    flagged: Notify,
}

/// The writer's end.
#[derive(Debug, Clone)]
pub struct FeedSender {
    batches: mpsc::Sender<Vec<Change>>,
    shared: Arc<Shared>,
}

/// The consumer's end.
#[derive(Debug)]
pub struct FeedReceiver {
    batches: mpsc::Receiver<Vec<Change>>,
    shared: Arc<Shared>,
}

/// A feed that holds up to `batches` commits before it flags.
#[must_use]
pub fn feed(batches: usize) -> (FeedSender, FeedReceiver) {
    let (sender, receiver) = mpsc::channel(batches.max(1));
    let shared = Arc::new(Shared::default());
    (
        FeedSender {
            batches: sender,
            shared: Arc::clone(&shared),
        },
        FeedReceiver {
            batches: receiver,
            shared,
        },
    )
}

impl FeedSender {
    /// Tells of one commit's changes. Never waits.
    pub fn publish(&self, batch: Vec<Change>) {
        if batch.is_empty() {
            return;
        }
        if let Err(mpsc::error::TrySendError::Full(batch)) = self.batches.try_send(batch) {
            let mut flags = self
                .shared
                .flags
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            for change in &batch {
                flags.add(change);
            }
            drop(flags);
            self.shared.flagged.notify_one();
        }
    }
}

impl FeedReceiver {
    /// The next delivery; `None` once the writer is gone and all was delivered. Queued batches come
    /// before flags, so that a flagged room is read after everything older was told.
    pub async fn recv(&mut self) -> Option<Delivery> {
        loop {
            tokio::select! {
                biased;
                batch = self.batches.recv() => match batch {
                    Some(batch) => return Some(Delivery::Batch(batch)),
                    None => return self.take_flags().map(Delivery::Flagged),
                },
                () = self.shared.flagged.notified() => {
                    if let Some(flags) = self.take_flags() {
                        return Some(Delivery::Flagged(flags));
                    }
                }
            }
        }
    }

    fn take_flags(&self) -> Option<Flags> {
        let mut flags = self
            .shared
            .flags
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        (!flags.is_empty()).then(|| std::mem::take(&mut *flags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{UserCard, UserName};

    fn profile(id: i64) -> Vec<Change> {
        vec![Change::Profile(UserCard {
            id: UserId(id),
            name: UserName::stored("anna".to_owned()),
            photo: None,
            bot: false,
            guest: false,
            deleted: false,
        })]
    }

    #[tokio::test]
    async fn what_does_not_fit_is_flagged_and_nothing_waits() {
        let (sender, mut receiver) = feed(1);
        for id in 1..=3 {
            sender.publish(profile(id));
        }
        assert!(matches!(receiver.recv().await, Some(Delivery::Batch(batch)) if batch.len() == 1));
        let Some(Delivery::Flagged(flags)) = receiver.recv().await else {
            panic!("the dropped batches are flagged");
        };
        assert_eq!(flags.people, BTreeSet::from([UserId(2), UserId(3)]));
        drop(sender);
        assert!(receiver.recv().await.is_none());
    }
}

//! What is kept: one trait a subject, used as `Arc<dyn Store>`.
//!
//! Every change goes through one writer, which commits it, tells the [`feed`] of it and only then
//! answers; what a caller was told is therefore on disk. The store knows nothing of who listens.

mod accounts;
mod addresses;
mod administration;
mod bots;
mod closing;
mod devices;
mod exports;
mod factors;
pub mod feed;
mod guests;
mod hooks;
mod identities;
mod imports;
mod invites;
mod lists;
mod logins;
mod members;
mod messages;
mod missed;
mod moderation;
mod notices;
mod outgoing;
mod passkeys;
mod previews;
mod recovery;
mod reports;
mod retention;
mod rooms;
#[cfg(test)]
pub(crate) mod rules;
mod search;
pub mod sqlite;
mod tokens;
mod uploads;
mod views;

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::sync::oneshot;

pub use accounts::{AccountChange, Accounts, Credentials, Password};
pub use addresses::Addresses;
pub use administration::Administration;
pub use bots::Bots;
pub use closing::Closing;
pub use devices::Devices;
pub use exports::Exports;
pub use factors::Factors;
pub use guests::Guests;
pub use hooks::Hooks;
pub use identities::Identities;
pub use imports::Imports;
pub use invites::{Invitation, Invites};
pub use lists::{Listed, Lists, SavedMessage};
pub use logins::Logins;
pub use members::{Members, NewDirect};
pub use messages::{Appended, HistoryPage, Messages, Missed, Page};
pub use missed::MissedMail;
pub use moderation::Moderation;
pub use notices::Notices;
pub use outgoing::OutgoingHooks;
pub use passkeys::{Held, Passkeys};
pub use previews::Previews;
pub use recovery::Recovery;
pub use reports::Reports;
pub use retention::{OldMessages, Retention, SweptMessages};
pub use rooms::{Actor, Joined, Rooms};
pub use search::Searching;
pub use tokens::Tokens;
pub use uploads::Uploads;
pub use views::{Extent, RoomView, Views};

use crate::model::Denied;

/// All that Parlor keeps.
#[async_trait::async_trait]
pub trait Store:
    Accounts
    + Addresses
    + Administration
    + Bots
    + Closing
    + Devices
    + Factors
    + Exports
    + Logins
    + Guests
    + Hooks
    + Identities
    + Imports
    + Invites
    + Lists
    + Members
    + Messages
    + MissedMail
    + Moderation
    + Notices
    + OutgoingHooks
    + Passkeys
    + Previews
    + Recovery
    + Reports
    + Retention
    + Rooms
    + Searching
    + Tokens
    + Uploads
    + Views
    + Send
    + Sync
{
    /// Whether the store can read and write, for `/readyz`.
    async fn ready(&self) -> Result<()>;

    /// What was written since the start, for the metrics.
    fn stats(&self) -> WriterStats;

    /// Finishes what is queued and closes; later writes fail with [`StoreError::Closed`].
    async fn close(&self);
}

/// What the writer has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterStats {
    /// Transactions committed.
    pub commits: u64,
    /// Changes that were asked for and are part of those, also such as changed nothing.
    pub changes: u64,
}

/// A result of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A value that must be unique is there already; the field is named as on the wire.
    #[error("this {0} is taken")]
    Taken(&'static str),
    /// What it refers to is not there.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// There are as many of these as there may be; the field is named as on the wire.
    #[error("no more of {0}")]
    Full(&'static str),
    /// The permit said no.
    #[error("not permitted: {0:?}")]
    Denied(Denied),
    /// Who is to be brought in is banned from the room.
    #[error("a moderator keeps this person out")]
    KeptOut,
    /// A room would be left without an owner.
    #[error("the room would have no owner")]
    LastOwner,
    /// Nobody would be left to run the site.
    #[error("nobody would run the site")]
    LastAdmin,
    /// Only a person can have this done to their account.
    #[error("the account is no person's")]
    Program,
    /// The room is one that stays as it is.
    #[error("the room stays as it is")]
    Fixed,
    /// The first account is not for this caller to make.
    #[error("the first account is not made yet")]
    NoOwner,
    /// The person's uploads would have more bytes together than they may.
    #[error("over the quota")]
    OverQuota,
    /// More is queued than the writer can take; nothing was changed.
    #[error("the writer's queue is full")]
    Busy,
    /// The store is closed; nothing was changed.
    #[error("the store is closed")]
    Closed,
    /// The database failed; nothing was changed.
    #[error("the database failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A change that is queued in order and will be answered once it is committed.
#[derive(Debug)]
pub struct Pending<T>(oneshot::Receiver<Result<T>>);

impl<T> Pending<T> {
    /// An answer to come, and the place to give it.
    #[must_use]
    pub fn new() -> (oneshot::Sender<Result<T>>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self(receiver))
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|answer| answer.unwrap_or(Err(StoreError::Closed)))
    }
}

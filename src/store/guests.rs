//! Guests, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{Account, Permit, Timestamp, UserId, UserName};

/// Guests: people who are there for as long as they are connected.
#[async_trait]
pub trait Guests: Send + Sync {
    /// Makes a guest, who joins the lobby if `permit` lets them. Nobody can log in as one.
    ///
    /// # Errors
    /// `Taken("name")`; `NoOwner` while nobody has an account; what `permit` says.
    async fn create_guest(&self, name: UserName, permit: Permit, now: Timestamp)
    -> Result<Account>;

    /// Closes a guest's account and ends its memberships; what it said stays. Harmless when that was done before, and
    /// to whoever is no guest.
    async fn remove_guest(&self, id: UserId) -> Result<()>;

    /// Removes the guests that a server left behind which did not stop in order; says how many.
    async fn remove_guests(&self) -> Result<usize>;
}

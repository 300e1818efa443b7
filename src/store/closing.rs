//! Deleting an account, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{Operator, SaidBefore, UserId};

/// Deleting accounts.
#[async_trait]
pub trait Closing: Send + Sync {
    /// Deletes an account: from now on nobody can log in to it, its name and address are free, and its sessions and tokens
    /// have ended. Told to the feed as `Revoked` and `Profile`, and it stands in the site's log without the person's name.
    /// What else is theirs goes by [`Closing::sweep_closed`].
    ///
    /// # Errors
    /// `NotFound("account")`; `LastAdmin` where nobody would be left to run the site; `Program` for a bot's; `Denied`
    /// where the operator is another person who does not run the site.
    async fn close_account(&self, by: Operator, user: UserId, said: SaidBefore) -> Result<()>;

    /// Removes some of what deleted accounts left behind: memberships, bots, webhooks, what was saved, and where it was
    /// asked for, messages and reactions. Each is told to the feed as if somebody had done it by hand. A room that loses
    /// its last owner goes to who has been a moderator the longest, else a member; one without people is archived. Says
    /// whether there may be more.
    async fn sweep_closed(&self) -> Result<bool>;
}

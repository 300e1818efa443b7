//! The pages that messages link to, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{KnownPage, LinkPageId, Linked, MessageId, NewLinkPage, Timestamp};

/// Pages that messages link to: what each said when it was asked for, until when it is not asked for again, and which
/// messages show it. A page that no message shows goes once it has run out, and its picture's file is *doomed* with it.
#[async_trait]
pub trait Previews: Send + Sync {
    /// What is known of the page at an address, unless it has run out by `now`.
    async fn link_page(&self, url: &str, now: Timestamp) -> Result<Option<KnownPage>>;

    /// Keeps what a page said.
    async fn add_link_page(&self, new: NewLinkPage) -> Result<LinkPageId>;

    /// Shows pages under a message, in this order and no others, if it still says `text`. Where that changes something,
    /// the room's seq grows and the feed is told; a message that is gone, deleted or edited by now is left as it is.
    async fn show_previews(
        &self,
        message: MessageId,
        text: String,
        links: Vec<Linked>,
    ) -> Result<()>;

    /// Deletes pages that no message shows and that had run out by `now`, some hundred at most; says how many.
    async fn sweep_link_pages(&self, now: Timestamp) -> Result<usize>;
}

//! Looking for what was said, as the store offers it.

use async_trait::async_trait;

use super::Result;
use crate::model::{Search, SearchHit};

/// Searching.
#[async_trait]
pub trait Searching: Send + Sync {
    /// The newest messages that fit, the newest first by when they were sent (to the minute, then by id): only such as are not deleted, in rooms to which who asks belongs.
    /// Words are compared without regard to case and accents. A text changes what is found in the transaction that
    /// changes the text.
    async fn search(&self, search: Search) -> Result<Vec<SearchHit>>;
}

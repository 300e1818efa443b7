//! What is shown of the pages that messages link to.

use super::{LinkPageId, Timestamp};

/// What a page says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPage {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Of which site it is a part.
    pub site: Option<String>,
    /// What it looks like.
    pub image: Option<PageImage>,
}

/// A small picture of a page, kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageImage {
    /// The name of its file: random, in base64url, so that it cannot be guessed.
    pub id: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A page that was asked for, and is about to be kept.
#[derive(Debug, Clone)]
pub struct NewLinkPage {
    /// Its address, without a fragment.
    pub url: String,
    /// What it says; `None` where there is nothing to show.
    pub page: Option<LinkPage>,
    /// Until when it is not asked for again.
    pub expires_at: Timestamp,
}

/// A page that was asked for not long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPage {
    /// Its id.
    pub id: LinkPageId,
    /// Whether there is anything to show of it.
    pub shows: bool,
}

/// A page under a message that links to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its address, as the message has it.
    pub url: String,
    /// What it says.
    pub page: LinkPage,
}

/// One link of a message, once its page was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Its address, as the message has it.
    pub url: String,
    /// What is to be shown; where there is nothing new, what was shown before stays.
    pub page: Option<LinkPageId>,
}

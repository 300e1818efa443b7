//! What the page of one's tokens shows.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// A token.
#[derive(Clone, Debug, Default)]
pub struct OwnTokenRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// "read, write".
    pub may: String,
    /// The day it was made: "3 March 2025".
    pub made: String,
    /// When it was last used: "Today, 14:32 UTC"; `None` where it was not yet.
    pub used: Option<String>,
    /// When it ends by itself: "3 June 2025, 14:32 UTC".
    pub ends: Option<String>,
}

/// Which scopes are ticked.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box to tick")]
pub struct Ticks {
    /// `read`.
    pub read: bool,
    /// `write`.
    pub write: bool,
    /// `join`.
    pub join: bool,
    /// `account`.
    pub account: bool,
}

/// `/settings/tokens`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/tokens.html")]
pub struct TokensPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// My tokens, the last used or made first.
    pub tokens: Vec<OwnTokenRow>,
    /// The token that was just made.
    pub made: Option<String>,
    /// What was typed as the label.
    pub purpose: String,
    /// The scopes that are ticked.
    pub ticks: Ticks,
    /// The time that is chosen, in seconds; empty for no end.
    pub expires_in: String,
    /// Fields: `label`, `scopes`, `expires_in`, `current_password`, and `""`.
    pub errors: Vec<FieldError>,
}

impl TokensPage {
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }

    /// For how long a token can hold: the form's value, and its words.
    fn times() -> [(&'static str, &'static str); 5] {
        [
            ("604800", "A week"),
            ("2592000", "30 days"),
            ("7776000", "90 days"),
            ("31536000", "A year"),
            ("", "Until I end it"),
        ]
    }
}

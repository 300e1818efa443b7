//! What the search page shows.

use askama::Template;

use super::{FieldError, FieldErrors as _, Shell};

/// A message that was found.
#[derive(Clone, Debug, Default)]
pub struct HitRow {
    /// The address at which it stands in its room.
    pub path: String,
    /// The room's name.
    pub room: String,
    /// The author's name.
    pub name: String,
    /// When it was sent, RFC 3339.
    pub time: String,
    /// When it was sent: "Monday, 3 March 2025 at 14:32".
    pub full: String,
    /// A part of its text as safe HTML, with `<mark>`.
    pub excerpt: String,
}

/// `/search`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/search.html")]
pub struct SearchPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// What was typed.
    pub query: String,
    /// Whether something was looked for.
    pub asked: bool,
    /// That what a filter names is not there.
    pub missing: Option<String>,
    /// What was found, the newest first.
    pub hits: Vec<HitRow>,
    /// For the next page, when there may be more.
    pub cursor: Option<i64>,
    /// Fields: `query`, and `""`.
    pub errors: Vec<FieldError>,
}

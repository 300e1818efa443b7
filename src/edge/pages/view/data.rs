//! What the page of one's data shows.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// `/settings/data`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/data.html")]
pub struct DataPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Why there is no export now.
    pub export_error: Option<String>,
    /// Whether there is a password to ask for.
    pub has_password: bool,
    /// Whether removing messages is chosen.
    pub remove: bool,
    /// What was typed as the name.
    pub confirm: String,
    /// Fields: `messages`, `confirm`, `current_password`, and `""`.
    pub errors: Vec<FieldError>,
}

impl DataPage {
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

//! The site's log as pages show it.

use askama::Template;

use super::Shell;

/// One line of the site's log.
#[derive(Clone, Debug, Default)]
pub struct AuditRow {
    /// What was done by whom to whom, as a sentence.
    pub text: String,
    /// From where.
    pub from: String,
    /// When, RFC 3339.
    pub time: String,
    /// The full date: "Monday, 3 March 2025 at 14:32".
    pub full: String,
}

/// `/admin/audit`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/audit.html")]
pub struct AuditPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// What was done, the newest first.
    pub entries: Vec<AuditRow>,
    /// For the link "Earlier": the id of the oldest entry here, when there are older ones.
    pub more_before: Option<i64>,
}

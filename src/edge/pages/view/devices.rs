//! Where one is logged in.

use askama::Template;

use super::Shell;

/// A browser session.
#[derive(Clone, Debug, Default)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// What it is: "Firefox on Linux".
    pub words: String,
    /// The address from which it logged in.
    pub address: String,
    /// The day on which it logged in.
    pub since: String,
    /// When it was last used: "Today, 14:32".
    pub seen: String,
    /// Whether it shows this page.
    pub current: bool,
}

/// `/settings/sessions`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/devices.html")]
pub struct DevicesPage {
    /// The page's surroundings; `me` is always set.
    pub shell: Shell,
    /// The last used first.
    pub devices: Vec<SessionRow>,
}

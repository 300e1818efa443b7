//! What the page of one's passkeys shows.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// A passkey.
#[derive(Clone, Debug, Default)]
pub struct PasskeyRow {
    /// Its id.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The day it was added: "3 March 2025".
    pub added: String,
    /// When it was last used: "Today, 14:32 UTC"; `None` where it was not yet.
    pub used: Option<String>,
    /// Whether it is kept in more places than one device.
    pub backed_up: bool,
    /// The server's name under which alone it is good, where that is not the one of this visit.
    pub elsewhere: Option<String>,
    /// What stands in the field of its name.
    pub typed: String,
    /// What is wrong with that.
    pub problem: Option<String>,
}

/// `/settings/passkeys`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/passkeys.html")]
pub struct PasskeysPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// My passkeys, in the order in which they were added.
    pub passkeys: Vec<PasskeyRow>,
    /// Why none can be added here, if none can.
    pub impossible: Option<String>,
    /// Whether I showed lately who I am.
    pub proved: bool,
    /// Where I show it.
    pub confirm: String,
    /// What was typed as the new one's name.
    pub name: String,
    /// Fields: `name`, and `""`.
    pub errors: Vec<FieldError>,
}

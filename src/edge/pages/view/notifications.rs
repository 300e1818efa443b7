//! What the page of notifications shows.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// A device that is pushed to.
#[derive(Clone, Debug, Default)]
pub struct DeviceRow {
    /// The subscription's id.
    pub id: i64,
    /// What it is called: "Firefox on Windows".
    pub name: String,
    /// The day it was added: "2025-03-03".
    pub since: String,
    /// Whether it is the one that shows the page.
    pub this: bool,
}

/// One of my rooms.
#[derive(Clone, Debug, Default)]
pub struct LevelRow {
    /// The room's code.
    pub code: String,
    /// The room's name, as written.
    pub name: String,
    /// `all`, `mentions` or `none`.
    pub level: String,
}

/// `/settings/notifications`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/notifications.html")]
pub struct NotificationsPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The server's key, for the script that adds this device.
    pub key: String,
    /// My devices that are pushed to.
    pub devices: Vec<DeviceRow>,
    /// My rooms, by name.
    pub rooms: Vec<LevelRow>,
    /// Until when I am not to be disturbed: "Monday, 3 March 2025 at 14:32".
    pub quiet_until: Option<String>,
    /// When quiet hours begin, "22:00", as kept or as typed.
    pub from: String,
    /// When they end.
    pub to: String,
    /// By which clocks.
    pub zone: String,
    /// Whether this server mails at all.
    pub mails: bool,
    /// Whether what I miss is mailed.
    pub mail: bool,
    /// Which section the errors belong to.
    pub section: String,
    /// Fields: `from`, `to`, `zone`, and `""`.
    pub errors: Vec<FieldError>,
}

impl NotificationsPage {
    /// The message about `field`, when `section` is the one that was sent.
    fn error(&self, section: &str, field: &str) -> Option<&str> {
        (self.section == section)
            .then(|| self.errors.of(field))
            .flatten()
    }
}

/// `/mail/off/{token}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/mail_off.html")]
pub struct MailOffPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The token in the address.
    pub token: String,
    /// Whether they are off now.
    pub done: bool,
}

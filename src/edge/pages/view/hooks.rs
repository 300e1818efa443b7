//! What the page of a room's integrations shows.

use askama::Template;

use super::{FieldError, FieldErrors, RoomHead, Shell};

/// A webhook or a bot in a list.
#[derive(Clone, Debug, Default)]
pub struct HookRow {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The day it was made: "3 March 2025".
    pub made: String,
}

/// An outgoing webhook in a list.
#[derive(Clone, Debug, Default)]
pub struct OutgoingRow {
    /// Its id.
    pub id: i64,
    /// Where it posts to.
    pub url: String,
    /// How it does: "since 3 March 2025", "failing since …", "disabled".
    pub state: String,
}

/// `/room/{code}/hooks`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/hooks.html")]
pub struct HooksPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// The incoming webhooks.
    pub incoming: Vec<HookRow>,
    /// The address of the one that was just made.
    pub address: Option<String>,
    /// The outgoing webhooks.
    pub outgoing: Vec<OutgoingRow>,
    /// The secret of the outgoing one that was just made.
    pub secret: Option<String>,
    /// The address that was typed.
    pub url: String,
    /// The name that was typed.
    pub name: String,
    /// Fields: `name` (incoming), `url` (outgoing), and `""`.
    pub errors: Vec<FieldError>,
}

//! What the first page shows: rooms.

use askama::Template;

use super::{FieldError, FieldErrors as _, MemberRow, Shell};

/// One of my rooms, in a list of rooms.
#[allow(
    clippy::struct_excessive_bools,
    reason = "a row shows what holds, each on its own"
)]
#[derive(Clone, Debug, Default)]
pub struct RoomRow {
    /// The room's code.
    pub code: String,
    /// The room's name, as written.
    pub name: String,
    /// The room's newest `seq` when the page was made; the script resumes from it.
    pub seq: i64,
    /// How many messages I have not read.
    pub unread: i64,
    /// Of these, those that mention me.
    pub mentions: i64,
    /// How many people are in it.
    pub members: i64,
    /// The author's name and the start of the last message, as plain text.
    pub excerpt: Option<String>,
    /// When the last message was sent, RFC 3339.
    pub time: Option<String>,
    /// The same, short: "14:32", "Yesterday", "3 Mar".
    pub clock: String,
    /// Whether this is the room on the page.
    pub current: bool,
    /// Whether only members and invited people find it.
    pub private: bool,
    /// Whom I talk with in a direct conversation: the first of them.
    pub with: Option<MemberRow>,
    /// Whether it stands on top.
    pub favourite: bool,
    /// Whether I hear nothing of it for now.
    pub quiet: bool,
    /// Whether nobody writes in it any more.
    pub archived: bool,
}

/// A public room that I am not in.
#[derive(Clone, Debug, Default)]
pub struct PublicRoom {
    /// The room's code.
    pub code: String,
    /// The room's name, as written.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// How many people are in it.
    pub members: i64,
}

/// `/`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/home.html")]
pub struct HomePage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Rooms that I am in.
    pub rooms: Vec<RoomRow>,
    /// Public rooms that I am not in.
    pub public_rooms: Vec<PublicRoom>,
    /// The room name that was typed.
    pub name: String,
    /// The topic that was typed.
    pub topic: String,
    /// The code that was typed.
    pub room: String,
    /// Whether the room that was typed is private.
    pub private: bool,
    /// The names that were typed.
    pub users: String,
    /// Fields: `name`, `topic` (create), `room` (join), `users` (direct), and `""`.
    pub errors: Vec<FieldError>,
}

//! A person's own profile, and what others see of them.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// `/profile`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/profile.html")]
pub struct ProfilePage {
    /// The page's surroundings; `me` is always set.
    pub shell: Shell,
    /// The name, as kept or as typed.
    pub name: String,
    /// The e-mail, as kept or as typed.
    pub email: String,
    /// Whether the account has a password.
    pub has_password: bool,
    /// What single sign-on is called, where there is one.
    pub sign_on: Option<String>,
    /// Which section the errors belong to: `photo`, `name`, `email`, `password`, or empty.
    pub section: String,
    /// Fields: `photo`, `name`, `email`, `current_password`, `password`, and `""`.
    pub errors: Vec<FieldError>,
}

impl ProfilePage {
    /// The message about `field`, when `section` is the one that was sent.
    fn error(&self, section: &str, field: &str) -> Option<&str> {
        (self.section == section)
            .then(|| self.errors.of(field))
            .flatten()
    }
}

/// A room that I share with somebody.
#[derive(Clone, Debug, Default)]
pub struct RoomLink {
    /// The room's code.
    pub code: String,
    /// The room's name, as written.
    pub name: String,
}

/// `/u/{name}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/person.html")]
pub struct PersonPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The account's id.
    pub user_id: i64,
    /// The account's name.
    pub name: String,
    /// Address of the photo.
    pub avatar: Option<String>,
    /// `online`, `away` or `offline`.
    pub status: String,
    /// Whether this is one of the site's admins.
    pub admin: bool,
    /// The day the account was made: "3 March 2025".
    pub joined: String,
    /// Whether it is the viewer's own card.
    pub mine: bool,
    /// Rooms that both of us are in.
    pub rooms: Vec<RoomLink>,
}

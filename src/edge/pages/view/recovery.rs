//! What the pages of a forgotten password show.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// `/recover`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/recover.html")]
pub struct RecoverPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Whether a link is mailed; else a recovery code is asked for.
    pub by_mail: bool,
    /// Whether a link was just asked for.
    pub sent: bool,
    /// The name or address that was typed.
    pub login: String,
    /// Fields: `login`, `recovery_code`, `password`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/recover/{token}`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/recover_token.html")]
pub struct RecoverTokenPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Whose account it is.
    pub account: String,
    /// Fields: `password`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/address/{token}`, and what came of it.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/address.html")]
pub struct AddressPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Whose account it is.
    pub account: String,
    /// The address that it is to have.
    pub email: String,
    /// What was done, instead of the form.
    pub done: Option<&'static str>,
}

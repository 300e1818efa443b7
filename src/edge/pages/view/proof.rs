//! What the pages show on which one proves who one is.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// `/settings/confirm`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/confirm.html")]
pub struct ConfirmPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The path to go on to.
    pub next: String,
    /// Whether a code is asked for, too.
    pub asks_code: bool,
    /// Whether there is a password to ask for.
    pub has_password: bool,
    /// What the button for single sign-on says, where the account is linked with it.
    pub sign_on: Option<String>,
    /// Where it leads.
    pub sign_on_address: String,
    /// Whether the person has a passkey that is good here.
    pub passkeys: bool,
    /// Fields: `current_password`, `code`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/login`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The name or e-mail that was typed.
    pub login: String,
    /// The path to go on to; empty for the home page.
    pub next: String,
    /// Whether a link to the registration is shown.
    pub registration_open: bool,
    /// What the button for single sign-on says, where there is one.
    pub sign_on: Option<String>,
    /// Where it leads.
    pub sign_on_address: String,
    /// Whether passkeys can be had here.
    pub passkeys: bool,
    /// Fields: `login`, `password`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/login/code`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/login_code.html")]
pub struct LoginCodePage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The path to go on to.
    pub next: String,
    /// Whether the person has a passkey that is good here.
    pub passkeys: bool,
    /// Fields: `code`, and `""`.
    pub errors: Vec<FieldError>,
}

/// What an app is given.
#[derive(Clone, Debug, Default)]
pub struct AppSetup {
    /// The QR code, as an SVG of our own making.
    pub picture: Option<String>,
    /// The secret, to be typed.
    pub secret: String,
}

/// `/settings/two-factor`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/two_factor.html")]
pub struct TwoFactorPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Since which day a login asks for a code: "3 March 2025".
    pub since: Option<String>,
    /// What waits for its first code.
    pub setup: Option<AppSetup>,
    /// How many recovery codes are left.
    pub codes_left: i64,
    /// Whether a recovery code gives a new password.
    pub recovers: bool,
    /// Whether the server asks this person for a second factor.
    pub required: bool,
    /// The recovery codes that were just made.
    pub codes: Vec<String>,
    /// Fields: `code`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/settings/oidc`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/sign_on.html")]
pub struct SignOnPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// What the provider is called.
    pub name: String,
    /// Whether the account is linked with it.
    pub linked: bool,
    /// Whether the account has a password.
    pub has_password: bool,
    /// Where it goes on to the provider.
    pub address: Option<String>,
}

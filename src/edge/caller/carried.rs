//! What a visitor's browser carries from one page to the next, and no further.

use tower_cookies::cookie::{SameSite, time::Duration};

use super::{Visitor, cookie};
use crate::{
    secrets::Token,
    service::{ceremonies, logins, sign_on},
};

fn once_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-once" } else { "once" }
}

fn login_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-login" } else { "login" }
}

fn passkey_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-passkey" } else { "passkey" }
}

/// Lax, since another site leads back to it.
fn sign_on_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-oidc" } else { "oidc" }
}

impl Visitor {
    /// Hands a secret to the next page that this visitor opens, which shows it once: the form's answer is a redirect,
    /// and the secret must stand in no address.
    pub fn hand_on(&self, secret: &str) {
        self.carry(once_cookie_name(self.secure), secret, Duration::minutes(1));
    }

    /// The secret that the page before handed on, if it did; it is gone then.
    #[must_use]
    pub fn handed_on(&self) -> Option<String> {
        let name = once_cookie_name(self.secure);
        let secret = self.cookies.get(name)?.value().to_owned();
        self.forget(name);
        Some(secret)
    }

    /// Gives the browser a login that waits for its code.
    pub fn begin_login(&self, token: &Token) {
        let age = Duration::try_from(logins::WAITS).unwrap_or(Duration::ZERO);
        self.carry(login_cookie_name(self.secure), token.reveal(), age);
    }

    /// The login that waits for its code in this browser.
    #[must_use]
    pub fn begun_login(&self) -> Option<Token> {
        let cookie = self.cookies.get(login_cookie_name(self.secure))?;
        Token::sent(cookie.value())
    }

    /// Takes it away.
    pub fn end_login(&self) {
        self.forget(login_cookie_name(self.secure));
    }

    /// Gives the browser a login that is under way at the provider.
    pub fn begin_sign_on(&self, token: &Token) {
        let age = Duration::try_from(sign_on::WAITS).unwrap_or(Duration::ZERO);
        let name = sign_on_cookie_name(self.secure);
        self.cookies
            .add(cookie(name, token.reveal(), self.secure, Some(age)));
    }

    /// The login that is under way at the provider in this browser.
    #[must_use]
    pub fn begun_sign_on(&self) -> Option<Token> {
        let cookie = self.cookies.get(sign_on_cookie_name(self.secure))?;
        Token::sent(cookie.value())
    }

    /// Takes it away.
    pub fn end_sign_on(&self) {
        self.forget(sign_on_cookie_name(self.secure));
    }

    /// Gives the browser a login with a passkey that is under way.
    pub fn begin_passkey(&self, token: &Token) {
        let age = Duration::try_from(ceremonies::WAITS).unwrap_or(Duration::ZERO);
        self.carry(passkey_cookie_name(self.secure), token.reveal(), age);
    }

    /// The login with a passkey that is under way in this browser; it is gone then.
    #[must_use]
    pub fn end_passkey(&self) -> Option<Token> {
        let name = passkey_cookie_name(self.secure);
        let token = Token::sent(self.cookies.get(name)?.value());
        self.forget(name);
        token
    }

    fn carry(&self, name: &'static str, value: &str, age: Duration) {
        let mut carried = cookie(name, value, self.secure, Some(age));
        carried.set_same_site(SameSite::Strict);
        self.cookies.add(carried);
    }
}

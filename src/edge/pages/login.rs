//! Logging in and out.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue},
};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    register,
    view::LoginPage,
    visit::{Anybody, LoggedIn, local_path, shell},
};
use crate::{
    edge::{Shared, Site, api::Params, body::FormBody, caller::Visitor},
    error::Result,
    model::Account,
    service::{accounts::Registering, sessions},
};

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoginForm {
    csrf: String,
    login: String,
    password: String,
    next: String,
}

/// `GET /login`.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    params: Params,
) -> Answered {
    let next = params.text("next");
    if visitor.caller.is_some() {
        return Ok(see(local_path(next).unwrap_or("/")));
    }
    Ok(match register::offer(&site, &visitor).await? {
        Registering::AsOwner => see("/register"),
        Registering::WaitsForOwner => register::waiting(&visitor),
        offered => render(&page(&visitor, offered, next)),
    })
}

fn page(visitor: &Visitor, offered: Registering, next: &str) -> LoginPage {
    LoginPage {
        shell: shell(visitor, "Log in"),
        next: local_path(next).unwrap_or_default().to_owned(),
        registration_open: offered == Registering::Open,
        ..LoginPage::default()
    }
}

/// `POST /login`.
pub(super) async fn send(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    FormBody(form): FormBody<LoginForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    match sessions::log_in(&site.ctx, &visitor.origin, &form.login, &form.password).await {
        Ok(account) => {
            begin(&site, &visitor, &account).await?;
            Ok(see(local_path(&form.next).unwrap_or("/")))
        }
        Err(faults) => {
            let offered = register::offer(&site, &visitor).await?;
            let page = LoginPage {
                login: form.login,
                errors: field_errors(&faults, &["login", "password"]),
                ..page(&visitor, offered, &form.next)
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// Logs this browser in, always under a new id; a session that it had ends (OWASP ASVS 5, section 7.2.4).
pub(super) async fn begin(site: &Site, visitor: &Visitor, account: &Account) -> Result<()> {
    if let Some(caller) = &visitor.caller {
        sessions::end(&site.ctx, caller).await?;
    }
    let token = sessions::open(&site.ctx, &visitor.origin, account).await?;
    visitor.begin_session(site, &token);
    Ok(())
}

/// A form that only confirms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Confirmation {
    /// The CSRF token.
    pub(super) csrf: String,
}

/// `POST /logout`.
pub(super) async fn log_out(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    sessions::end(&site.ctx, &user.caller).await?;
    user.visitor.end_session();
    // What the browser kept of rooms for use without a network goes too (W3C Clear Site Data).
    let storage = HeaderValue::from_static("\"storage\"");
    let mut answer = see("/login");
    answer
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), storage);
    Ok(answer)
}

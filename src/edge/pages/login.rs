//! Logging in and out.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, request::Parts},
    response::Response,
};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login_code, register, single_sign_on,
    view::LoginPage,
    visit::{Anybody, LoggedIn, local_path, shell},
};
use crate::{
    edge::{
        Shared, Site,
        api::Params,
        body::FormBody,
        caller::{Visitor, server_url},
    },
    error::{Error, Result},
    model::{Account, Timestamp},
    service::{
        accounts::Registering,
        logins, passkeys,
        sessions::{self, Known},
        sign_on,
    },
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
    parts: Parts,
) -> Answered {
    let next = params.text("next");
    if visitor.caller.is_some() {
        return Ok(see(local_path(next).unwrap_or("/")));
    }
    Ok(match register::offer(&site, &visitor).await? {
        Registering::AsOwner => see("/register"),
        Registering::WaitsForOwner => register::waiting(&visitor),
        offered => {
            let mut page = page(&site, &visitor, &parts, offered, next);
            page.shell.flash = done(params.text("done")).map(str::to_owned);
            render(&page)
        }
    })
}

/// What was done just before.
fn done(what: &str) -> Option<&'static str> {
    match what {
        "recovered" => Some("Your new password is saved. Log in with it."),
        "deleted" => Some("Your account is deleted."),
        _ => None,
    }
}

fn page(
    site: &Site,
    visitor: &Visitor,
    parts: &Parts,
    offered: Registering,
    next: &str,
) -> LoginPage {
    LoginPage {
        passkeys: passkeys::possible(&site.ctx, &server_url(site, parts)).is_ok(),
        shell: shell(visitor, "Log in"),
        next: local_path(next).unwrap_or_default().to_owned(),
        registration_open: offered == Registering::Open,
        sign_on: sign_on::name(&site.ctx),
        sign_on_address: single_sign_on::address(next),
        ..LoginPage::default()
    }
}

/// `POST /login`.
pub(super) async fn send(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    parts: Parts,
    FormBody(form): FormBody<LoginForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    match sessions::log_in(&site.ctx, &visitor.origin, &form.login, &form.password).await {
        Ok(Known {
            account,
            asks_code: false,
        }) => {
            begin(&site, &visitor, &account).await?;
            Ok(see(local_path(&form.next).unwrap_or("/")))
        }
        Ok(Known { account, .. }) => {
            let waits = logins::begin(&site.ctx, &account).await?;
            visitor.begin_login(&waits);
            Ok(see(&login_code::address(&form.next)))
        }
        Err(faults) => {
            let offered = register::offer(&site, &visitor).await?;
            let page = LoginPage {
                login: form.login,
                errors: field_errors(&faults, &["login", "password"]),
                ..page(&site, &visitor, &parts, offered, &form.next)
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// The page after another way in than name and password failed.
pub(super) async fn again(
    site: &Site,
    visitor: &Visitor,
    parts: &Parts,
    next: &str,
    fault: Error,
) -> Answered {
    let (offered, faults) = (register::offer(site, visitor).await?, [fault]);
    let page = LoginPage {
        errors: field_errors(&faults, &[]),
        ..page(site, visitor, parts, offered, next)
    };
    Ok(refused(&page, &faults))
}

/// Logs this browser in, always under a new id; a session that it had ends (OWASP ASVS 5, section 7.2.4).
pub(super) async fn begin(site: &Site, visitor: &Visitor, account: &Account) -> Result<()> {
    begin_proved(site, visitor, account, site.ctx.now()).await
}

/// [`begin`] for somebody who showed who they are at another time, elsewhere.
pub(super) async fn begin_proved(
    site: &Site,
    visitor: &Visitor,
    account: &Account,
    proved_at: Timestamp,
) -> Result<()> {
    if let Some(caller) = &visitor.caller {
        sessions::end(&site.ctx, caller).await?;
    }
    let token = sessions::open_proved(&site.ctx, &visitor.origin, account, proved_at).await?;
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
    Ok(without_storage(see("/login")))
}

/// What the browser kept of rooms for use without a network goes with this answer (W3C Clear Site Data).
pub(super) fn without_storage(mut answer: Response) -> Response {
    let storage = HeaderValue::from_static("\"storage\"");
    answer
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), storage);
    answer
}

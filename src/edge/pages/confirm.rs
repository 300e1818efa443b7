//! Showing once more who one is, before what decides how one gets in: a page on the way to another.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    single_sign_on,
    view::ConfirmPage,
    visit::{LoggedIn, leading_to, local_path},
};
use crate::{
    edge::{Shared, Site, api::Params, body::FormBody},
    error::Result,
    service::{
        factors, passkeys,
        proof::{self, Act, Proof},
        sign_on,
    },
};

/// The way to the page, where proof is needed for this; it leads back to `path`.
pub(super) fn first(site: &Site, user: &LoggedIn, act: Act, path: &str) -> Option<Response> {
    let recent = proof::is_recent(&site.ctx, &user.caller, act);
    (!recent).then(|| see(&address(path)))
}

/// The page's address, from which it leads back to `path`.
pub(super) fn address(path: &str) -> String {
    leading_to("/settings/confirm", path)
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    csrf: String,
    current_password: String,
    code: String,
    passkey: String,
    next: String,
}

async fn page(site: &Site, user: &LoggedIn, next: &str) -> Result<ConfirmPage> {
    let factors = factors::state(&site.ctx, &user.caller).await?;
    let state = sign_on::state(&site.ctx, &user.caller).await?;
    let name = sign_on::name(&site.ctx).filter(|_| state.identity.is_some());
    Ok(ConfirmPage {
        has_password: state.has_password,
        sign_on: name,
        sign_on_address: single_sign_on::address(next),
        shell: user.shell("Confirm that it is you"),
        next: local_path(next).unwrap_or_default().to_owned(),
        asks_code: factors.totp_since.is_some(),
        passkeys: passkeys::has(&site.ctx, user.caller.id(), &user.server).await?,
        ..ConfirmPage::default()
    })
}

/// `GET /settings/confirm`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    Ok(render(&page(&site, &user, params.text("next")).await?))
}

/// `POST /settings/confirm`.
pub(super) async fn send(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<ConfirmForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let shown = Proof {
        current_password: Some(&form.current_password),
        code: Some(&form.code),
    };
    let proved = if form.passkey.is_empty() {
        proof::show(&site.ctx, &user.caller, shown).await
    } else {
        passkeys::confirm(&site.ctx, &user.caller, &form.passkey).await
    };
    match proved {
        Ok(()) => Ok(see(local_path(&form.next).unwrap_or("/profile"))),
        Err(error) => {
            let faults = [error];
            let page = ConfirmPage {
                errors: field_errors(&faults, &["current_password", "code"]),
                ..page(&site, &user, &form.next).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

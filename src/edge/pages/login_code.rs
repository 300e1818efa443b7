//! The second page of a login, where the account asks for a code.

use axum::{extract::State, http::request::Parts};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login,
    view::LoginCodePage,
    visit::{Anybody, leading_to, local_path, shell},
};
use crate::{
    edge::{
        Shared, Site,
        api::Params,
        body::FormBody,
        caller::{Visitor, server_url},
    },
    error::Result,
    secrets::Token,
    service::{logins, passkeys},
};

/// The page's address, from which it leads on to `next`.
pub(super) fn address(next: &str) -> String {
    leading_to("/login/code", next)
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeForm {
    csrf: String,
    code: String,
    passkey: String,
    next: String,
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    parts: &Parts,
    token: &Token,
    next: &str,
) -> Result<LoginCodePage> {
    let passkeys = match logins::whose(&site.ctx, token).await {
        Ok(account) => passkeys::has(&site.ctx, account.card.id, &server_url(site, parts)).await?,
        Err(_) => false,
    };
    Ok(LoginCodePage {
        shell: shell(visitor, "Your code"),
        next: local_path(next).unwrap_or_default().to_owned(),
        passkeys,
        ..LoginCodePage::default()
    })
}

/// `GET /login/code`. Who has not come by their password begins there.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    params: Params,
    parts: Parts,
) -> Answered {
    let begun = visitor.begun_login();
    let Some(token) = begun.filter(|token| logins::waits(&site.ctx, token)) else {
        return Ok(see("/login"));
    };
    let page = page(&site, &visitor, &parts, &token, params.text("next"));
    Ok(render(&page.await?))
}

/// `POST /login/code`.
pub(super) async fn send(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    parts: Parts,
    FormBody(form): FormBody<CodeForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let Some(token) = visitor.begun_login() else {
        return Ok(see("/login"));
    };
    let (ctx, origin) = (&site.ctx, &visitor.origin);
    let finished = if form.passkey.is_empty() {
        logins::finish(ctx, origin, &token, &form.code).await
    } else {
        passkeys::finish_second(ctx, origin, &token, &form.passkey).await
    };
    match finished {
        Ok(account) => {
            login::begin(&site, &visitor, &account).await?;
            visitor.end_login();
            Ok(see(local_path(&form.next).unwrap_or("/")))
        }
        Err(error) => {
            let faults = [error];
            let page = LoginCodePage {
                errors: field_errors(&faults, &["code"]),
                ..page(&site, &visitor, &parts, &token, &form.next).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

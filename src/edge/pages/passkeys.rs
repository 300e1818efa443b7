//! One's passkeys: added, named and removed; and the form that logs in with one.

use axum::{extract::State, http::request::Parts, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    confirm,
    login::{self, Confirmation},
    times,
    view::{PasskeyRow, PasskeysPage},
    visit::{Anybody, LoggedIn, local_path},
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment, passkey_id},
        body::FormBody,
    },
    error::{Error, Result},
    model::{Passkey, Timestamp},
    service::{
        passkeys,
        proof::{self, Act, Proof},
    },
};

const PATH: &str = "/settings/passkeys";

/// `GET /settings/passkeys`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let mut page = page(&site, &user).await?;
    page.shell.flash = done(params.text("done")).map(str::to_owned);
    Ok(render(&page))
}

/// What was just done.
fn done(what: &str) -> Option<&'static str> {
    match what {
        "added" => Some("The passkey is added. You can log in with it from now on."),
        "renamed" => Some("The new name is saved."),
        "removed" => Some("The passkey is removed. Delete it on your device, too."),
        _ => None,
    }
}

async fn page(site: &Site, user: &LoggedIn) -> Result<PasskeysPage> {
    let possible = passkeys::possible(&site.ctx, &user.server);
    let here = possible.as_ref().map(|party| party.name().to_owned());
    let now = site.ctx.now();
    let own = passkeys::list(&site.ctx, &user.caller).await?;
    Ok(PasskeysPage {
        shell: user.shell("Passkeys"),
        passkeys: own
            .iter()
            .map(|passkey| row(passkey, here.as_deref().ok(), now))
            .collect(),
        impossible: possible.err().map(|error| error.message),
        proved: proof::is_recent(&site.ctx, &user.caller, Act::Account),
        confirm: confirm::address(PATH),
        ..PasskeysPage::default()
    })
}

fn row(passkey: &Passkey, here: Option<&str>, now: Timestamp) -> PasskeyRow {
    let at = |at: Timestamp| format!("{}, {} UTC", times::day(at, now), times::clock(at));
    PasskeyRow {
        id: passkey.id.0,
        name: passkey.name.clone(),
        added: times::day_of_year(passkey.created_at),
        used: passkey.used_at.map(at),
        backed_up: passkey.backed_up,
        typed: passkey.name.clone(),
        problem: None,
        elsewhere: Some(passkey.host.clone()).filter(|host| here != Some(host)),
    }
}

/// The form that adds a passkey, and the one that names it anew.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PasskeyForm {
    csrf: String,
    name: String,
    passkey: String,
}

/// `POST /settings/passkeys`: keeps the passkey that the browser made.
pub(super) async fn add(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<PasskeyForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    match passkeys::add(&site.ctx, &user.caller, &form.name, &form.passkey).await {
        Ok(_) => Ok(see("/settings/passkeys?done=added")),
        Err(error) => {
            let mut page = page(&site, &user).await?;
            page.name = form.name;
            Ok(again(page, error))
        }
    }
}

/// `POST /settings/passkeys/{id}`: names it anew.
pub(super) async fn rename(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<PasskeyForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let id = passkey_id(&id)?;
    match passkeys::rename(&site.ctx, &user.caller, id, &form.name).await {
        Ok(_) => Ok(see("/settings/passkeys?done=renamed")),
        Err(error) if error.field == Some("name") => {
            let mut page = page(&site, &user).await?;
            let row = page.passkeys.iter_mut().find(|row| row.id == id.0);
            let row = row.ok_or_else(|| Error::not_found("passkey"))?;
            row.typed = form.name;
            row.problem = Some(error.message.clone());
            Ok(refused(&page, &[error]))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/passkeys/{id}/remove`.
pub(super) async fn remove(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    if let Some(first) = confirm::first(&site, &user, Act::Account, PATH) {
        return Ok(first);
    }
    passkeys::remove(&site.ctx, &user.caller, passkey_id(&id)?, Proof::default()).await?;
    Ok(see("/settings/passkeys?done=removed"))
}

/// The page after a form failed.
fn again(mut page: PasskeysPage, fault: Error) -> Response {
    let faults = [fault];
    page.errors = field_errors(&faults, &["name"]);
    refused(&page, &faults)
}

/// The form with the answer of a passkey.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerForm {
    csrf: String,
    passkey: String,
    next: String,
}

/// `POST /login/passkey`.
pub(super) async fn log_in(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    parts: Parts,
    FormBody(form): FormBody<AnswerForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let token = visitor.end_passkey();
    let (ctx, origin) = (&site.ctx, &visitor.origin);
    match passkeys::log_in(ctx, origin, token.as_ref(), &form.passkey).await {
        Ok(account) => {
            login::begin(&site, &visitor, &account).await?;
            visitor.end_login();
            Ok(see(local_path(&form.next).unwrap_or("/")))
        }
        Err(error) => login::again(&site, &visitor, &parts, &form.next, error).await,
    }
}

//! One's second factor: an app that shows codes, and recovery codes.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    confirm, qr, times,
    view::{AppSetup, TwoFactorPage},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, Site, api::Params, body::FormBody},
    error::{Error, Result},
    secrets::RecoveryCode,
    service::{
        factors,
        proof::{Act, Proof},
        recovery, required,
    },
};

const PATH: &str = "/settings/two-factor";

/// What who must set up a factor reads.
const MUST: &str =
    "This server asks you for a second factor. Set it up here to go on; nothing else opens before.";

/// What stands between recovery codes on their way to the page that shows them; none has it in it.
const BETWEEN: &str = ".";

/// `GET /settings/two-factor`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let mut page = page(&site, &user).await?;
    let done = done(params.text("done"));
    let must = page.required && page.since.is_none();
    page.shell.flash = done.or(must.then_some(MUST)).map(str::to_owned);
    if let Some(codes) = user.visitor.handed_on() {
        page.codes = codes.split(BETWEEN).map(str::to_owned).collect();
    }
    Ok(render(&page))
}

/// What was just done.
fn done(what: &str) -> Option<&'static str> {
    match what {
        "on" => Some("From now on, a login asks for a code of your app."),
        "off" => Some("From now on, a login asks for your password alone."),
        _ => None,
    }
}

async fn page(site: &Site, user: &LoggedIn) -> Result<TwoFactorPage> {
    let state = factors::state(&site.ctx, &user.caller).await?;
    let waiting = factors::waiting(&site.ctx, &user.caller).await?;
    let setup = waiting.map(|setup| AppSetup {
        picture: qr::svg(&setup.uri),
        secret: setup.secret,
    });
    Ok(TwoFactorPage {
        shell: user.shell("Two-step login"),
        since: state.totp_since.map(times::day_of_year),
        setup,
        codes_left: state.recovery_codes,
        recovers: !recovery::by_mail(&site.ctx),
        required: required::of(&site.ctx, &user.caller.account).await?,
        ..TwoFactorPage::default()
    })
}

/// The forms of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TwoFactorForm {
    csrf: String,
    code: String,
}

/// Checks a form of the page; the way to the page that asks for proof, where that is needed first.
fn check(site: &Site, user: &LoggedIn, form: &TwoFactorForm) -> Result<Option<Response>> {
    user.visitor.check_csrf(&form.csrf)?;
    Ok(confirm::first(site, user, Act::Account, PATH))
}

/// `POST /settings/two-factor`: makes a secret, which the page then shows.
pub(super) async fn begin(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<TwoFactorForm>,
) -> Answered {
    if let Some(first) = check(&site, &user, &form)? {
        return Ok(first);
    }
    match factors::begin(&site.ctx, &user.caller, Proof::default()).await {
        Ok(_) => Ok(see(PATH)),
        Err(error) => Ok(again(&site, &user, &[error]).await?),
    }
}

/// `POST /settings/two-factor/on`.
pub(super) async fn turn_on(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<TwoFactorForm>,
) -> Answered {
    if let Some(first) = check(&site, &user, &form)? {
        return Ok(first);
    }
    match factors::turn_on(&site.ctx, &user.caller, &form.code, Proof::default()).await {
        Ok(codes) => {
            hand_on(&user, &codes);
            Ok(see("/settings/two-factor?done=on"))
        }
        Err(faults) => Ok(again(&site, &user, &faults).await?),
    }
}

/// `POST /settings/two-factor/off`.
pub(super) async fn turn_off(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<TwoFactorForm>,
) -> Answered {
    if let Some(first) = check(&site, &user, &form)? {
        return Ok(first);
    }
    match factors::turn_off(&site.ctx, &user.caller, Proof::default()).await {
        Ok(()) => Ok(see("/settings/two-factor?done=off")),
        Err(error) => Ok(again(&site, &user, &[error]).await?),
    }
}

/// `POST /settings/recovery-codes`.
pub(super) async fn make_recovery_codes(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<TwoFactorForm>,
) -> Answered {
    if let Some(first) = check(&site, &user, &form)? {
        return Ok(first);
    }
    let codes = factors::make_recovery_codes(&site.ctx, &user.caller, Proof::default()).await?;
    hand_on(&user, &codes);
    Ok(see(PATH))
}

fn hand_on(user: &LoggedIn, codes: &[RecoveryCode]) {
    let codes: Vec<_> = codes.iter().map(RecoveryCode::reveal).collect();
    user.visitor.hand_on(&codes.join(BETWEEN));
}

/// The page after a form failed.
async fn again(site: &Site, user: &LoggedIn, faults: &[Error]) -> Result<Response> {
    let mut page = page(site, user).await?;
    let fields: &[&str] = if page.setup.is_some() { &["code"] } else { &[] };
    page.errors = field_errors(faults, fields);
    Ok(refused(&page, faults))
}

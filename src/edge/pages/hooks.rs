//! A room's integrations: its webhooks, for its owner and moderators.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    rows, times,
    view::{HookRow, HooksPage, OutgoingRow},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Pair, Segment},
        body::FormBody,
    },
    error::{Error, Result},
    model::{HookId, OutgoingHook, RoomCode},
    service::{Faults, hooks, outgoing_hooks, permissions::Action, rooms},
};

/// `GET /room/{code}/hooks`.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
) -> Answered {
    let mut page = page(&site, &user, &code).await?;
    match user.visitor.handed_on() {
        Some(secret) if secret.starts_with("whsec_") => page.secret = Some(secret),
        token => page.address = token.map(|token| format!("{}/hooks/{token}", user.server)),
    }
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn, code: &str) -> Result<HooksPage> {
    let standing = rooms::standing(&site.ctx, &user.caller, code, Action::Integrate).await?;
    let incoming = hooks::list(&site.ctx, &user.caller, code).await?;
    let outgoing = outgoing_hooks::list(&site.ctx, &user.caller, code).await?;
    Ok(HooksPage {
        shell: user.shell("Integrations"),
        room: rows::head(&standing.room, standing.room.last_seq.0, &user.server),
        incoming: incoming
            .iter()
            .map(|hook| HookRow {
                id: hook.id.0,
                name: hook.bot.name.as_str().to_owned(),
                made: times::date(hook.created_at),
            })
            .collect(),
        outgoing: outgoing.iter().map(outgoing_row).collect(),
        ..HooksPage::default()
    })
}

fn outgoing_row(hook: &OutgoingHook) -> OutgoingRow {
    let state = match hook.failing_since {
        _ if hook.disabled => "disabled".to_owned(),
        Some(since) => format!("failing since {}", times::date(since)),
        None => format!("since {}", times::date(hook.created_at)),
    };
    OutgoingRow {
        id: hook.id.0,
        url: hook.url.clone(),
        state,
    }
}

/// The form that makes a webhook.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HookForm {
    csrf: String,
    name: String,
    url: String,
}

/// `POST /room/{code}/hooks`: makes an incoming webhook; the next page shows its address once.
pub(super) async fn create(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<HookForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let made = hooks::create(&site.ctx, &user.caller, &code, &form.name).await;
    let made = made.map(|(hook, token)| (hook.room, token.reveal().to_owned()));
    answer(&site, &user, &code, (form, "name"), made).await
}

/// The next page shows once what opens a new webhook. One that was not made has its form shown again, with what is wrong
/// beside its field.
async fn answer(
    site: &Site,
    user: &LoggedIn,
    code: &str,
    (form, field): (HookForm, &'static str),
    made: Result<(RoomCode, String), Faults>,
) -> Answered {
    match made {
        Ok((room, secret)) => {
            user.visitor.hand_on(&secret);
            Ok(see(&format!("/room/{room}/hooks")))
        }
        Err(faults) => {
            let page = HooksPage {
                name: form.name,
                url: form.url,
                errors: field_errors(&faults, &[field]),
                ..page(site, user, code).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// `POST /room/{code}/hooks/{id}/revoke`.
pub(super) async fn revoke(
    State(site): State<Shared>,
    user: LoggedIn,
    Pair(code, id): Pair,
    FormBody(form): FormBody<HookForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let id = id.parse().map_err(|_| Error::not_found("webhook"))?;
    hooks::revoke(&site.ctx, &user.caller, &code, HookId(id)).await?;
    Ok(see(&format!("/room/{code}/hooks")))
}

/// `POST /room/{code}/outgoing-hooks`: makes an outgoing webhook; the next page shows its secret once.
pub(super) async fn create_outgoing(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<HookForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let made = outgoing_hooks::create(&site.ctx, &user.caller, &code, &form.url).await;
    let made = made.map(|(hook, secret)| (hook.room, secret.reveal()));
    answer(&site, &user, &code, (form, "url"), made).await
}

/// `POST /room/{code}/outgoing-hooks/{id}/remove`.
pub(super) async fn remove_outgoing(
    State(site): State<Shared>,
    user: LoggedIn,
    Pair(code, id): Pair,
    FormBody(form): FormBody<HookForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let id = id.parse().map_err(|_| Error::not_found("webhook"))?;
    outgoing_hooks::remove(&site.ctx, &user.caller, &code, HookId(id)).await?;
    Ok(see(&format!("/room/{code}/hooks")))
}

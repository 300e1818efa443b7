//! Telling the site's admin of a message or a person, by form.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    view::ReportPage,
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Pair, Params, Segment},
        body::FormBody,
    },
    error::{Error, Result},
    service::{reading, reports, rooms},
    wire::events::{History, MakeReport, UserRef},
};

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReportForm {
    csrf: String,
    reason: String,
}

/// `GET /room/{code}/m/{id}/report`.
pub(super) async fn show_message(
    State(site): State<Shared>,
    user: LoggedIn,
    Pair(code, id): Pair,
    params: Params,
) -> Answered {
    let (_, mut page) = message(&site, &user, code, &id).await?;
    page.sent = params.text("sent") == "1";
    Ok(render(&page))
}

/// `POST /room/{code}/m/{id}/report`.
pub(super) async fn send_message(
    State(site): State<Shared>,
    user: LoggedIn,
    Pair(code, id): Pair,
    FormBody(form): FormBody<ReportForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let (id, page) = message(&site, &user, code, &id).await?;
    let report = MakeReport {
        id: Some(id),
        user: None,
        reason: form.reason,
    };
    send(&site, &user, report, page).await
}

/// The message's id, and the page about it.
async fn message(
    site: &Site,
    user: &LoggedIn,
    room: String,
    id: &str,
) -> Result<(i64, ReportPage)> {
    let missing = || Error::not_found("message");
    let id: i64 = id.parse().map_err(|_| missing())?;
    let back = format!("/room/{room}");
    let around = History {
        room,
        around: Some(id),
        limit: Some(1),
        ..History::default()
    };
    let page = reading::history(&site.ctx, &user.caller, &around).await?;
    let found = page.messages.into_iter().find(|found| found.id.0 == id);
    let found = found.filter(|found| !found.deleted).ok_or_else(missing)?;
    let page = ReportPage {
        shell: user.shell("Report a message"),
        action: format!("{back}/m/{id}/report"),
        back,
        name: found.author.name.as_str().to_owned(),
        text: Some(found.text),
        ..ReportPage::default()
    };
    Ok((id, page))
}

/// `GET /u/{name}/report`.
pub(super) async fn show_person(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(name): Segment,
    params: Params,
) -> Answered {
    let mut page = person(&site, &user, &name).await?;
    page.sent = params.text("sent") == "1";
    Ok(render(&page))
}

/// `POST /u/{name}/report`.
pub(super) async fn send_person(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(name): Segment,
    FormBody(form): FormBody<ReportForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let page = person(&site, &user, &name).await?;
    let report = MakeReport {
        id: None,
        user: Some(UserRef::Name(name)),
        reason: form.reason,
    };
    send(&site, &user, report, page).await
}

async fn person(site: &Site, user: &LoggedIn, name: &str) -> Result<ReportPage> {
    let person = rooms::person(&site.ctx, &user.caller, name).await?;
    let name = person.account.card.name.as_str();
    Ok(ReportPage {
        shell: user.shell(&format!("Report {name}")),
        action: format!("/u/{name}/report"),
        back: format!("/u/{name}"),
        name: name.to_owned(),
        ..ReportPage::default()
    })
}

async fn send(site: &Site, user: &LoggedIn, report: MakeReport, page: ReportPage) -> Answered {
    match reports::report(&site.ctx, &user.caller, &report).await {
        Ok(()) => Ok(see(&format!("{}?sent=1", page.action))),
        Err(error) => {
            let faults = [error];
            let page = ReportPage {
                reason: report.reason,
                errors: field_errors(&faults, &["reason"]),
                ..page
            };
            Ok(refused(&page, &faults))
        }
    }
}

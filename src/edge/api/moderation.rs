//! Keeping order as JSON: measures and a room's log, reports and what the site's admin does with them.

use axum::{Json, extract::State, http::StatusCode};

use super::{Answered, Params, Segment};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    service::{moderation, reports},
    wire::{
        LogEntry, Report,
        bodies::{LogBody, ReportBody, ReportsBody, TakeMeasure},
        events::{MakeReport, Moderate},
    },
};

/// `POST /rooms/{code}/moderate`.
pub(super) async fn moderate(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(measure): JsonBody<TakeMeasure>,
) -> Result<StatusCode, ApiError> {
    let TakeMeasure {
        action,
        user,
        role,
        seconds,
        reason,
    } = measure;
    let order = Moderate {
        room,
        action,
        user,
        role,
        seconds,
        reason,
    };
    moderation::moderate(&site.ctx, &caller, &order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /rooms/{code}/log`.
pub(super) async fn log(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    params: Params,
) -> Answered<LogBody> {
    let (before, limit) = (params.number("before")?, params.number("limit")?);
    let (entries, more) = moderation::log(&site.ctx, &caller, &room, before, limit).await?;
    Ok(Json(LogBody {
        entries: entries.iter().map(LogEntry::from).collect(),
        more,
    }))
}

/// `POST /reports`.
pub(super) async fn report(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(report): JsonBody<MakeReport>,
) -> Result<StatusCode, ApiError> {
    reports::report(&site.ctx, &caller, &report).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /reports`: for the site's admin; those that are open, or with `resolved=1` those that are not.
pub(super) async fn reports(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<ReportsBody> {
    let resolved = params
        .number("resolved")?
        .is_some_and(|resolved| resolved != 0);
    let (before, limit) = (params.number("before")?, params.number("limit")?);
    let ctx = &site.ctx;
    let (reports, more) = reports::list(ctx, &caller, resolved, before, limit).await?;
    let reports = reports
        .iter()
        .map(|report| Report::of(report, ctx.user(&report.user)));
    Ok(Json(ReportsBody {
        reports: reports.collect(),
        more,
    }))
}

/// `POST /reports/{id}/resolve`: by the site's admin.
pub(super) async fn resolve(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
) -> Answered<ReportBody> {
    // What is no number is the number of no report.
    let id = id.parse().unwrap_or_default();
    let resolved = reports::resolve(&site.ctx, &caller, id).await?;
    let user = site.ctx.user(&resolved.user);
    Ok(Json(ReportBody {
        report: Report::of(&resolved, user),
    }))
}

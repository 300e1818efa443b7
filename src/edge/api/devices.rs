//! One's browser sessions as JSON: `/sessions`.

use axum::{Json, extract::State, http::StatusCode};

use super::{Answered, Segment};
use crate::{
    edge::{Shared, caller::ApiCaller, respond::ApiError},
    service::devices,
    wire::devices::{Session, SessionsBody},
};

/// `GET /sessions`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<SessionsBody> {
    let devices = devices::list(&site.ctx, &caller).await?;
    let sessions = devices.iter().map(Session::of).collect();
    Ok(Json(SessionsBody { sessions }))
}

/// `DELETE /sessions`.
pub(super) async fn end_others(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Result<StatusCode, ApiError> {
    devices::end_others(&site.ctx, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /sessions/{id}`.
pub(super) async fn end(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
) -> Result<StatusCode, ApiError> {
    devices::end(&site.ctx, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

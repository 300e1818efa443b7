//! Outgoing webhooks as JSON.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Pair, Segment};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    error::Error,
    model::HookId,
    service::outgoing_hooks,
    wire::hooks::{NewOutgoingHook, OutgoingHook, OutgoingHookBody, OutgoingHooksBody},
};

/// `GET /rooms/{code}/outgoing-hooks`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
) -> Answered<OutgoingHooksBody> {
    let hooks = outgoing_hooks::list(&site.ctx, &caller, &room).await?;
    let hooks = hooks.iter().map(OutgoingHook::of).collect();
    Ok(Json(OutgoingHooksBody { hooks }))
}

/// `POST /rooms/{code}/outgoing-hooks`.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(new): JsonBody<NewOutgoingHook>,
) -> Result<impl IntoResponse, ApiError> {
    let (hook, secret) = outgoing_hooks::create(&site.ctx, &caller, &room, &new.url).await?;
    let body = OutgoingHookBody {
        hook: OutgoingHook::of(&hook),
        secret: secret.reveal(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /rooms/{code}/outgoing-hooks/{id}`.
pub(super) async fn remove(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Pair(room, id): Pair,
) -> Result<StatusCode, ApiError> {
    let id = id.parse().map_err(|_| Error::not_found("webhook"))?;
    outgoing_hooks::remove(&site.ctx, &caller, &room, HookId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

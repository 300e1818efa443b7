//! Rooms as JSON: `/rooms` and what stands below it, but for messages.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Params, Segment, run};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    model::Standing,
    service::{permissions::Action, rooms},
    wire::{
        Room,
        bodies::{ReadUpTo, RoomBody},
        events::{CreateRoom, ListMembers, ListRooms, MarkRead, MembersAck, ReadAck, RoomsAck},
    },
};

/// `GET /rooms`: the caller's.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<RoomsAck> {
    run(&site, &caller, ListRooms {}).await
}

/// `POST /rooms`.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(new): JsonBody<CreateRoom>,
) -> Result<impl IntoResponse, ApiError> {
    Ok((StatusCode::CREATED, run(&site, &caller, new).await?))
}

/// `GET /rooms/{code}`.
pub(super) async fn show(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
) -> Answered<RoomBody> {
    Ok(body(
        &rooms::standing(&site.ctx, &caller, &code, Action::See).await?,
    ))
}

/// `POST /rooms/{code}/join`.
pub(super) async fn join(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
) -> Answered<RoomBody> {
    Ok(body(&rooms::join(&site.ctx, &caller, &code).await?))
}

fn body(standing: &Standing) -> Json<RoomBody> {
    Json(RoomBody {
        room: Room::of(&standing.room, standing.membership.as_ref()),
    })
}

/// `POST /rooms/{code}/leave`: gives the membership up.
pub(super) async fn leave(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
) -> Result<StatusCode, ApiError> {
    rooms::leave(&site.ctx, &caller, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /rooms/{code}/members`.
pub(super) async fn members(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    params: Params,
) -> Answered<MembersAck> {
    let (after, limit) = (params.number("after")?, params.number("limit")?);
    run(&site, &caller, ListMembers { room, after, limit }).await
}

/// `POST /rooms/{code}/read`.
pub(super) async fn mark_read(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(upto): JsonBody<ReadUpTo>,
) -> Answered<ReadAck> {
    run(&site, &caller, MarkRead { room, id: upto.id }).await
}

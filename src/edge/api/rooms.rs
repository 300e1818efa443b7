//! Rooms as JSON: `/rooms` and what stands below it, but for messages.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Params, Segment, run};
use crate::{
    edge::{
        Shared,
        body::{JsonBody, OptionalJson},
        caller::ApiCaller,
        respond::ApiError,
    },
    model::Standing,
    service::{invites, permissions::Action, room_changes, rooms},
    wire::{
        Room,
        bodies::{ConfirmDelete, JoinBy, PatchRoom, ReadUpTo, RoomBody, SetArchived},
        events::{
            CreateRoom, ListMembers, ListRooms, MarkRead, MembersAck, ReadAck, RoomsAck, UpdateRoom,
        },
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

/// `PATCH /rooms/{code}`.
pub(super) async fn change(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(new): JsonBody<PatchRoom>,
) -> Answered<RoomBody> {
    let update = UpdateRoom {
        room,
        name: new.name,
        topic: new.topic,
        visibility: new.visibility,
        retention_days: new.retention_days,
    };
    Ok(body(
        &room_changes::update(&site.ctx, &caller, &update).await?,
    ))
}

/// `POST /rooms/{code}/archive`.
pub(super) async fn archive(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
    JsonBody(SetArchived { on }): JsonBody<SetArchived>,
) -> Answered<RoomBody> {
    Ok(body(
        &room_changes::archive(&site.ctx, &caller, &code, on).await?,
    ))
}

/// `DELETE /rooms/{code}`.
pub(super) async fn end(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
    JsonBody(typed): JsonBody<ConfirmDelete>,
) -> Result<StatusCode, ApiError> {
    room_changes::delete(&site.ctx, &caller, &code, &typed.confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /rooms/{code}/join`.
pub(super) async fn join(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
    OptionalJson(by): OptionalJson<JoinBy>,
) -> Answered<RoomBody> {
    let standing = match by.and_then(|by| by.invite) {
        Some(invite) => invites::join(&site.ctx, &caller, &code, &invite).await?,
        None => rooms::join(&site.ctx, &caller, &code).await?,
    };
    Ok(body(&standing))
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

//! People as JSON: finding them, talking to them alone, bringing them into rooms by name or by invitation.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Pair, Params, Segment, run};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    error::Error,
    service::{invites, own},
    wire::{
        Room,
        bodies::{AddedUser, NewInvite, PatchPreferences, ReadUpTo, RoomBody},
        events::{
            AddMember, CreateInvite, Direct, InvitesAck, ListInvites, ListPeople, MarkUnread,
            PeopleAck, PreferencesAck, ReadAck, RoomPreferences,
        },
    },
};

/// `GET /people`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<PeopleAck> {
    let query = ListPeople {
        query: params.text("query").to_owned(),
        room: Some(params.text("room").to_owned()).filter(|room| !room.is_empty()),
        limit: params.number("limit")?,
    };
    run(&site, &caller, query).await
}

/// `POST /direct`.
pub(super) async fn direct(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(direct): JsonBody<Direct>,
) -> Answered<RoomBody> {
    let standing = own::direct(&site.ctx, &caller, &direct.users).await?;
    Ok(Json(RoomBody {
        room: Room::of(&standing.room, standing.membership.as_ref()),
    }))
}

/// `POST /rooms/{code}/members`: by name or id.
pub(super) async fn add(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(AddedUser { user }): JsonBody<AddedUser>,
) -> Result<impl IntoResponse, ApiError> {
    let added = run(&site, &caller, AddMember { room, user }).await?;
    Ok((StatusCode::CREATED, added))
}

/// `PATCH /rooms/{code}/preferences`.
pub(super) async fn prefer(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(wanted): JsonBody<PatchPreferences>,
) -> Answered<PreferencesAck> {
    let wanted = RoomPreferences {
        room,
        notify: wanted.notify,
        muted_until: wanted.muted_until,
        favourite: wanted.favourite,
        hidden: wanted.hidden,
    };
    run(&site, &caller, wanted).await
}

/// `POST /rooms/{code}/unread`.
pub(super) async fn mark_unread(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(from): JsonBody<ReadUpTo>,
) -> Answered<ReadAck> {
    run(&site, &caller, MarkUnread { room, id: from.id }).await
}

/// `GET /rooms/{code}/invites`.
pub(super) async fn invites(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
) -> Answered<InvitesAck> {
    run(&site, &caller, ListInvites { room: Some(room) }).await
}

/// `POST /rooms/{code}/invites`.
pub(super) async fn invite(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(new): JsonBody<NewInvite>,
) -> Result<impl IntoResponse, ApiError> {
    let wanted = CreateInvite {
        room: Some(room),
        expires_in: new.expires_in,
        uses: new.uses,
    };
    Ok((StatusCode::CREATED, run(&site, &caller, wanted).await?))
}

/// `DELETE /rooms/{code}/invites/{id}`.
pub(super) async fn revoke(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Pair(room, id): Pair,
) -> Result<StatusCode, ApiError> {
    // The room in the path must be one that the caller may read.
    invites::list(&site.ctx, &caller, &room).await?;
    let id = id.parse().map_err(|_| Error::not_found("invitation"))?;
    invites::revoke(&site.ctx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

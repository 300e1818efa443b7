//! Running the site as JSON.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Params, Segment};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    error::{Error, Result},
    model::UserId,
    service::{administration, confirmed, invites, invites::Terms, reports, site_invites},
    wire::{
        Invite,
        administration::{
            AuditBody, AuditEntry, NewSiteInvite, NewSiteUser, Outcome, SiteRoom, SiteRoomBody,
            SiteRoomsBody, SiteUser, SiteUserBody, SiteUsersBody, TakeRoomDeed, TakeUserDeed,
        },
        events::{InviteAck, InvitesAck},
    },
};

/// `GET /admin/users`.
pub(super) async fn users(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<SiteUsersBody> {
    let (after, limit) = (params.number("after")?, params.number("limit")?);
    let query = params.text("query");
    let found = administration::list_users(&site.ctx, &caller, query, after, limit).await?;
    let (found, more) = found;
    Ok(Json(SiteUsersBody {
        next: found
            .last()
            .filter(|_| more)
            .map(|last| last.account.card.id.0),
        users: found.iter().map(SiteUser::from).collect(),
    }))
}

/// `POST /admin/users`.
pub(super) async fn create_user(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(new): JsonBody<NewSiteUser>,
) -> Result<impl IntoResponse, ApiError> {
    let made = confirmed::create_user(&site.ctx, &caller, &new).await?;
    Ok((StatusCode::CREATED, Json(of_user(made)?)))
}

/// `GET /admin/users/{id}`.
pub(super) async fn user(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
) -> Answered<SiteUserBody> {
    let found = administration::user(&site.ctx, &caller, user_id(&id)).await?;
    Ok(Json(SiteUserBody {
        user: SiteUser::from(&found),
        password: None,
    }))
}

/// `POST /admin/users/{id}`.
pub(super) async fn change_user(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
    JsonBody(deed): JsonBody<TakeUserDeed>,
) -> Answered<SiteUserBody> {
    let user = user_id(&id);
    let done = confirmed::change_user(&site.ctx, &caller, user, &deed).await?;
    Ok(Json(of_user(done)?))
}

/// The account that a path names; what is no number is nobody's.
pub(in crate::edge) fn user_id(text: &str) -> UserId {
    UserId(text.parse().unwrap_or_default())
}

fn of_user(done: Outcome) -> Result<SiteUserBody> {
    let user = done.users.into_iter().next();
    Ok(SiteUserBody {
        user: user.ok_or_else(|| Error::not_found("account"))?,
        password: done.password,
    })
}

/// `GET /admin/rooms`.
pub(super) async fn rooms(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<SiteRoomsBody> {
    let (after, limit) = (params.number("after")?, params.number("limit")?);
    let found = administration::list_rooms(&site.ctx, &caller, after, limit).await?;
    let (found, more) = found;
    Ok(Json(SiteRoomsBody {
        next: found.last().filter(|_| more).map(|last| last.id.0),
        rooms: found.iter().map(SiteRoom::from).collect(),
    }))
}

/// `GET /admin/rooms/{code}`.
pub(super) async fn room(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
) -> Answered<SiteRoomBody> {
    let found = administration::room(&site.ctx, &caller, &code).await?;
    Ok(Json(SiteRoomBody {
        room: SiteRoom::from(&found),
    }))
}

/// `POST /admin/rooms/{code}`.
pub(super) async fn change_room(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(code): Segment,
    JsonBody(deed): JsonBody<TakeRoomDeed>,
) -> Answered<SiteRoomBody> {
    let done = confirmed::change_room(&site.ctx, &caller, &code, &deed).await?;
    let room = done.rooms.into_iter().next();
    Ok(Json(SiteRoomBody {
        room: room.ok_or_else(Error::no_room)?,
    }))
}

/// `GET /admin/audit`: for who runs the site.
pub(super) async fn audit(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<AuditBody> {
    let (before, limit) = (params.number("before")?, params.number("limit")?);
    let (entries, more) = administration::log(&site.ctx, &caller, before, limit).await?;
    Ok(Json(AuditBody {
        entries: entries.iter().map(AuditEntry::from).collect(),
        more,
    }))
}

/// `GET /admin/invites`: those to the site.
pub(super) async fn invites(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<InvitesAck> {
    let found = site_invites::list(&site.ctx, &caller).await?;
    Ok(Json(InvitesAck {
        invites: found.iter().map(Invite::from).collect(),
    }))
}

/// `POST /admin/invites`: to the site.
pub(super) async fn invite(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(new): JsonBody<NewSiteInvite>,
) -> Result<impl IntoResponse, ApiError> {
    let by = reports::operator(&site.ctx, &caller)?;
    let terms = Terms {
        expires_in: new.expires_in,
        uses: new.uses,
    };
    let room = new.room.as_deref();
    let (invite, token) = site_invites::create(&site.ctx, by, room, terms).await?;
    let made = InviteAck {
        invite: Invite::from(&invite),
        url: site_invites::path(&token),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// `DELETE /admin/invites/{id}`: to the site.
pub(super) async fn revoke_invite(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
) -> Result<StatusCode, ApiError> {
    let by = reports::operator(&site.ctx, &caller)?;
    let id = id.parse().map_err(|_| invites::over())?;
    site_invites::revoke(&site.ctx, by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

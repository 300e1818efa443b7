//! Accounts as JSON: `/users`, `/me`.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::IntoResponse,
};

use super::Answered;
use crate::{
    edge::{
        Shared,
        body::JsonBody,
        caller::{ApiCaller, Visitor, is_direct_loopback, origin_of},
        respond::ApiError,
    },
    model::Origin,
    service::{accounts, claims, closing, invites, passwords, profile},
    wire::{
        bodies::{DeleteMe, NewUser, PatchMe, UserBody},
        passwords::{CheckPassword, PasswordStrength},
    },
};

/// Somebody who needs no credential for this call.
pub(super) struct Client {
    pub(super) origin: Origin,
    door: accounts::Door,
}

impl FromRequestParts<Shared> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self {
            origin: origin_of(parts),
            door: accounts::Door::Ordinary {
                direct_loopback: is_direct_loopback(parts),
            },
        })
    }
}

/// `POST /users`.
pub(super) async fn register(
    State(site): State<Shared>,
    client: Client,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<impl IntoResponse, ApiError> {
    let account = match (&new.claim, &new.invite) {
        (Some(claim), _) => claims::take(&site.ctx, &client.origin, claim, &new).await?,
        (None, Some(invite)) => invites::register(&site.ctx, &client.origin, invite, &new).await?,
        (None, None) => accounts::register(&site.ctx, &client.origin, &client.door, &new).await?,
    };
    Ok((
        StatusCode::CREATED,
        Json(UserBody {
            user: site.ctx.me(&account),
        }),
    ))
}

/// `POST /passwords/strength`.
pub(super) async fn estimate(
    State(site): State<Shared>,
    client: Client,
    JsonBody(asked): JsonBody<CheckPassword>,
) -> Answered<PasswordStrength> {
    Ok(Json(
        passwords::estimate(&site.ctx, &client.origin, &asked).await?,
    ))
}

/// `GET /me`.
pub(super) async fn me(State(site): State<Shared>, ApiCaller(caller): ApiCaller) -> Json<UserBody> {
    Json(UserBody {
        user: site.ctx.me(&caller.account),
    })
}

/// `DELETE /me`.
pub(super) async fn delete(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(asked): JsonBody<DeleteMe>,
) -> Result<StatusCode, ApiError> {
    closing::close_own(&site.ctx, &caller, &asked).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PATCH /me`. A browser whose password changed gets its session's new cookie.
pub(super) async fn change(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    mut parts: Parts,
    JsonBody(patch): JsonBody<PatchMe>,
) -> Answered<UserBody> {
    let changed = profile::change(&site.ctx, &caller, &patch).await?;
    if let Some(session) = &changed.session {
        let visitor = Visitor::from_request_parts(&mut parts, &site).await?;
        visitor.begin_session(&site, session);
    }
    Ok(Json(UserBody {
        user: site.ctx.me(&changed.account),
    }))
}

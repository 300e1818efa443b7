//! Passkeys as JSON: `/me/passkeys`, and what a browser is asked for one by.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, request::Parts},
    response::IntoResponse,
};

use super::{Answered, Segment, factors::proof};
use crate::{
    edge::{
        Shared,
        body::{JsonBody, OptionalJson},
        caller::{ApiCaller, Visitor, server_url},
        guard,
        respond::ApiError,
    },
    error::{Error, Result},
    model::PasskeyId,
    service::passkeys,
    wire::{
        factors::ShowWho,
        passkeys::{
            AskPasskey, NewPasskey, PasskeyBody, PasskeyChallenge, PasskeyPurpose, PasskeysBody,
            PatchPasskey,
        },
    },
};

/// `POST /passkeys/challenge`: of anybody's browser, since who logs in is not known yet.
pub(super) async fn ask(
    State(site): State<Shared>,
    visitor: Visitor,
    parts: Parts,
    JsonBody(asked): JsonBody<AskPasskey>,
) -> Answered<PasskeyChallenge> {
    guard::own_origin(&parts, visitor.secure)?;
    let (ctx, url) = (&site.ctx, server_url(&site, &parts));
    let public_key = match asked.purpose {
        PasskeyPurpose::LogIn => {
            let (token, options) = passkeys::begin_login(ctx, &url)?;
            visitor.begin_passkey(&token);
            options
        }
        PasskeyPurpose::SecondFactor => {
            let token = visitor.begun_login().ok_or_else(Error::unauthorized)?;
            passkeys::begin_second(ctx, &token, &url).await?
        }
        PasskeyPurpose::Confirm => {
            passkeys::begin_confirming(ctx, visitor.logged_in()?, &url).await?
        }
    };
    Ok(Json(PasskeyChallenge { public_key }))
}

/// `GET /me/passkeys`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<PasskeysBody> {
    let passkeys = passkeys::list(&site.ctx, &caller).await?;
    Ok(Json(PasskeysBody {
        passkeys: passkeys.iter().map(Into::into).collect(),
    }))
}

/// `POST /me/passkeys/challenge`.
pub(super) async fn begin(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    parts: Parts,
    OptionalJson(shown): OptionalJson<ShowWho>,
) -> Answered<PasskeyChallenge> {
    let url = server_url(&site, &parts);
    let shown = proof(shown.as_ref());
    let public_key = passkeys::begin_adding(&site.ctx, &caller, &url, shown).await?;
    Ok(Json(PasskeyChallenge { public_key }))
}

/// `POST /me/passkeys`.
pub(super) async fn add(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(new): JsonBody<NewPasskey>,
) -> Result<impl IntoResponse, ApiError> {
    let answer = serde_json::Value::Object(new.credential).to_string();
    let passkey = passkeys::add(&site.ctx, &caller, &new.name, &answer).await?;
    let body = PasskeyBody {
        passkey: (&passkey).into(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `PATCH /me/passkeys/{id}`.
pub(super) async fn rename(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
    JsonBody(patch): JsonBody<PatchPasskey>,
) -> Answered<PasskeyBody> {
    let passkey = passkeys::rename(&site.ctx, &caller, passkey_id(&id)?, &patch.name).await?;
    Ok(Json(PasskeyBody {
        passkey: (&passkey).into(),
    }))
}

/// `DELETE /me/passkeys/{id}`.
pub(super) async fn remove(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
    OptionalJson(shown): OptionalJson<ShowWho>,
) -> Result<StatusCode, ApiError> {
    passkeys::remove(&site.ctx, &caller, passkey_id(&id)?, proof(shown.as_ref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which passkey is meant.
pub(in crate::edge) fn passkey_id(text: &str) -> Result<PasskeyId> {
    let id = text.parse().map(PasskeyId);
    id.map_err(|_| Error::not_found("passkey"))
}

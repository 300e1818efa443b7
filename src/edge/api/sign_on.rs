//! One's identity at the OpenID Connect provider as JSON: `/me/oidc`. It takes a browser to link one.

use axum::{Json, extract::State, http::StatusCode};

use super::{Answered, factors::proof};
use crate::{
    edge::{Shared, body::OptionalJson, caller::ApiCaller, respond::ApiError},
    service::sign_on,
    wire::{factors::ShowWho, sign_on::SignOnBody},
};

/// `GET /me/oidc`.
pub(super) async fn show(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<SignOnBody> {
    let name = sign_on::name(&site.ctx).ok_or_else(sign_on::none)?;
    let state = sign_on::state(&site.ctx, &caller).await?;
    Ok(Json(SignOnBody {
        name,
        identity: state.identity.map(Into::into),
        has_password: state.has_password,
    }))
}

/// `DELETE /me/oidc`.
pub(super) async fn unlink(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    OptionalJson(shown): OptionalJson<ShowWho>,
) -> Result<StatusCode, ApiError> {
    sign_on::unlink(&site.ctx, &caller, proof(shown.as_ref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

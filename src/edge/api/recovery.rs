//! Recovery of accounts as JSON: `/recovery`; and new addresses: `/addresses/confirm`.

use axum::{Json, extract::State, http::StatusCode};

use super::{Answered, accounts::Client};
use crate::{
    edge::{Shared, body::JsonBody, respond::ApiError},
    service::{addresses, recovery},
    wire::recovery::{AddressBody, AskRecovery, ConfirmAddress, Recover},
};

/// `POST /recovery`.
pub(super) async fn ask(
    State(site): State<Shared>,
    client: Client,
    JsonBody(asked): JsonBody<AskRecovery>,
) -> Result<StatusCode, ApiError> {
    recovery::ask(&site.ctx, &client.origin, &asked.login)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /recovery`.
pub(super) async fn recover(
    State(site): State<Shared>,
    client: Client,
    JsonBody(sent): JsonBody<Recover>,
) -> Result<StatusCode, ApiError> {
    let (ctx, origin) = (&site.ctx, &client.origin);
    if let Some(token) = &sent.token {
        recovery::by_link(ctx, origin, token, &sent.password).await?;
    } else {
        let login = sent.login.as_deref().unwrap_or_default();
        let code = sent.recovery_code.as_deref().unwrap_or_default();
        recovery::by_code(ctx, origin, login, code, &sent.password).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /addresses/confirm`.
pub(super) async fn confirm_address(
    State(site): State<Shared>,
    JsonBody(sent): JsonBody<ConfirmAddress>,
) -> Answered<AddressBody> {
    let changed = addresses::confirm(&site.ctx, &sent.token).await?;
    Ok(Json(AddressBody { changed }))
}

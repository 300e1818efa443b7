//! One's tokens as JSON: `/tokens`.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Segment, accounts::Client};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    service::{
        sessions,
        tokens::{self, Login, Wanted},
    },
    wire::{
        bodies::{NewToken, TokenBody},
        tokens::{Token, TokensBody, names},
    },
};

/// `GET /tokens`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<TokensBody> {
    let tokens = tokens::list(&site.ctx, &caller).await?;
    let tokens = tokens.iter().map(Token::of).collect();
    Ok(Json(TokensBody { tokens }))
}

/// `POST /tokens`.
pub(super) async fn issue(
    State(site): State<Shared>,
    client: Client,
    JsonBody(new): JsonBody<NewToken>,
) -> Result<impl IntoResponse, ApiError> {
    let scopes = new.scopes.as_deref();
    let scopes: Option<Vec<&str>> = scopes.map(|names| names.iter().map(String::as_str).collect());
    let wanted = Wanted {
        label: new.label.as_deref().unwrap_or_default(),
        scopes: scopes.as_deref(),
        expires_in: new.expires_in,
    };
    let login = Login {
        login: &new.login,
        password: &new.password,
        code: new.code.as_deref(),
    };
    let (issued, account) = tokens::issue(&site.ctx, &client.origin, login, wanted).await?;
    let body = TokenBody {
        token: issued.token.reveal().to_owned(),
        user: site.ctx.me(&account),
        scopes: names(issued.scopes.as_ref()),
        expires_at: issued.expires_at.map(|ends| ends.to_string()),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /tokens/{id}`.
pub(super) async fn end(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
) -> Result<StatusCode, ApiError> {
    tokens::end(&site.ctx, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /tokens/current`: the credential that makes this call ends.
pub(super) async fn end_current(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Result<StatusCode, ApiError> {
    sessions::end(&site.ctx, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Bots as JSON: `/bots`.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Pair, Segment};
use crate::{
    edge::{Shared, Site, body::JsonBody, caller::ApiCaller, respond::ApiError},
    error::Error,
    model::{self, UserId},
    service::{bots, proof::Proof},
    wire::bots::{Bot, BotBody, BotTokenBody, BotsBody, NewBot, NewBotToken},
};

/// Which bot a path names.
pub(in crate::edge) fn bot(id: &str) -> Result<UserId, Error> {
    id.parse().map(UserId).map_err(|_| Error::not_found("bot"))
}

fn shown(site: &Site, bot: &model::Bot) -> Bot {
    Bot::of(bot, site.ctx.live.status(bot.card.id))
}

/// `GET /bots`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<BotsBody> {
    let bots = bots::list(&site.ctx, &caller).await?;
    let bots = bots.iter().map(|bot| shown(&site, bot)).collect();
    Ok(Json(BotsBody { bots }))
}

/// `POST /bots`.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(new): JsonBody<NewBot>,
) -> Result<impl IntoResponse, ApiError> {
    let bot = bots::create(&site.ctx, &caller, &new.name).await?;
    let bot = shown(&site, &bot);
    Ok((StatusCode::CREATED, Json(BotBody { bot })))
}

/// `DELETE /bots/{id}`.
pub(super) async fn delete(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
) -> Result<StatusCode, ApiError> {
    bots::delete(&site.ctx, &caller, bot(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /bots/{id}/tokens`.
pub(super) async fn issue_token(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(id): Segment,
    JsonBody(new): JsonBody<NewBotToken>,
) -> Result<impl IntoResponse, ApiError> {
    let label = new.label.as_deref().unwrap_or_default();
    let scopes: Vec<&str> = new.scopes.iter().map(String::as_str).collect();
    let proof = Proof {
        current_password: new.current_password.as_deref(),
        code: new.code.as_deref(),
    };
    let issued = bots::issue_token(&site.ctx, &caller, bot(&id)?, label, &scopes, proof);
    let (token, scopes) = issued.await?;
    let body = BotTokenBody {
        token: token.reveal().to_owned(),
        scopes: scopes.names().map(str::to_owned).collect(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /bots/{id}/tokens/{token}`.
pub(super) async fn end_token(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Pair(id, token): Pair,
) -> Result<StatusCode, ApiError> {
    bots::end_token(&site.ctx, &caller, bot(&id)?, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

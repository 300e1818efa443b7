//! A room's messages as JSON: `/rooms/{code}/messages`.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::{Answered, Params, Segment, run};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    service::messages,
    wire::{
        Message,
        bodies::MessageBody,
        events::{History, HistoryAck, SendMessage},
    },
};

/// `GET /rooms/{code}/messages`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    params: Params,
) -> Answered<HistoryAck> {
    let history = History {
        room,
        before: params.number("before")?,
        after: params.number("after")?,
        around: params.number("around")?,
        limit: params.number("limit")?,
    };
    run(&site, &caller, history).await
}

/// `POST /rooms/{code}/messages`: 201 once it is on disk; 200 where it was there already.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
    JsonBody(mut message): JsonBody<SendMessage>,
) -> Result<impl IntoResponse, ApiError> {
    message.room = Some(room);
    let appended = messages::say(&site.ctx, &caller, &message).await?;
    let status = if appended.duplicate {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let body = MessageBody {
        message: Message::of(&appended.message, Some(caller.id())),
        duplicate: appended.duplicate,
    };
    Ok((status, Json(body)))
}

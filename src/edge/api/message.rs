//! One message as JSON: `/messages/{id}` and what stands below it; and the lists that messages stand in.

use axum::{Json, extract::State};

use super::{Answered, Pair, Params, Segment, run};
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller},
    service::lists,
    wire::{
        Message,
        bodies::NewText,
        events::{
            ChangedAck, DeleteMessage, EditMessage, ListSaved, MessagesAck, Pin, Pins, React,
            RemovePreviews, Save, Thread,
        },
    },
};

/// A message's id. What is no number is the id of nothing.
fn id(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

/// `GET /messages/{id}`.
pub(super) async fn show(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
) -> Answered<ChangedAck> {
    let (message, _) = lists::message(&site.ctx, &caller, id(&message)).await?;
    Ok(Json(ChangedAck {
        message: Message::of(&message, Some(caller.id())),
    }))
}

/// `PATCH /messages/{id}`.
pub(super) async fn edit(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
    JsonBody(new): JsonBody<NewText>,
) -> Answered<ChangedAck> {
    let (id, data) = (id(&message), new.data);
    run(&site, &caller, EditMessage { id, data }).await
}

/// `DELETE /messages/{id}`.
pub(super) async fn delete(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
) -> Answered<ChangedAck> {
    run(&site, &caller, DeleteMessage { id: id(&message) }).await
}

/// `PUT` and `DELETE /messages/{id}/reactions/{emoji}`.
pub(super) async fn react<const ON: bool>(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Pair(message, emoji): Pair,
) -> Answered<ChangedAck> {
    let (id, on) = (id(&message), ON);
    run(&site, &caller, React { id, emoji, on }).await
}

/// `PUT` and `DELETE /messages/{id}/pin`.
pub(super) async fn pin<const ON: bool>(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
) -> Answered<ChangedAck> {
    let (id, on) = (id(&message), ON);
    run(&site, &caller, Pin { id, on }).await
}

/// `DELETE /messages/{id}/previews`.
pub(super) async fn remove_previews(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
) -> Answered<ChangedAck> {
    run(&site, &caller, RemovePreviews { id: id(&message) }).await
}

/// `PUT` and `DELETE /messages/{id}/saved`.
pub(super) async fn save<const ON: bool>(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
) -> Answered<ChangedAck> {
    let (id, on) = (id(&message), ON);
    run(&site, &caller, Save { id, on }).await
}

/// `GET /messages/{id}/thread`.
pub(super) async fn thread(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(message): Segment,
    params: Params,
) -> Answered<MessagesAck> {
    let thread = Thread {
        id: id(&message),
        after: params.number("after")?,
        limit: params.number("limit")?,
    };
    run(&site, &caller, thread).await
}

/// `GET /rooms/{code}/pins`.
pub(super) async fn pins(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    Segment(room): Segment,
) -> Answered<MessagesAck> {
    run(&site, &caller, Pins { room }).await
}

/// `GET /saved`.
pub(super) async fn saved(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<MessagesAck> {
    let saved = ListSaved {
        before: params.number("before")?,
        limit: params.number("limit")?,
    };
    run(&site, &caller, saved).await
}

//! Web Push as JSON: the server's key, and the devices that are pushed to.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};

use super::Answered;
use crate::{
    edge::{Shared, body::JsonBody, caller::ApiCaller, respond::ApiError},
    model::WhichSubscription,
    service::notifications,
    wire::push::{
        EndedSubscription, NewSubscription, PushKeyBody, Subscription, SubscriptionBody,
        SubscriptionsBody,
    },
};

/// `GET /push/key`.
pub(super) async fn key(State(site): State<Shared>, _: ApiCaller) -> Json<PushKeyBody> {
    Json(PushKeyBody {
        key: site.ctx.vapid.public(),
    })
}

/// `GET /push/subscriptions`.
pub(super) async fn list(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<SubscriptionsBody> {
    let devices = notifications::devices(&site.ctx, &caller).await?;
    let subscriptions = devices.iter().map(Subscription::of).collect();
    Ok(Json(SubscriptionsBody { subscriptions }))
}

/// `POST /push/subscriptions`.
pub(super) async fn subscribe(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(wanted): JsonBody<NewSubscription>,
) -> Result<impl IntoResponse, ApiError> {
    let subscription = notifications::subscribe(&site.ctx, &caller, &wanted).await?;
    let subscription = Subscription::of(&subscription);
    Ok((StatusCode::CREATED, Json(SubscriptionBody { subscription })))
}

/// `DELETE /push/subscriptions`.
pub(super) async fn unsubscribe(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    JsonBody(ended): JsonBody<EndedSubscription>,
) -> Result<StatusCode, ApiError> {
    let which = WhichSubscription::Endpoint(ended.endpoint);
    notifications::unsubscribe(&site.ctx, &caller, which).await?;
    Ok(StatusCode::NO_CONTENT)
}

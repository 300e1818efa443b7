//! Which requests reach Socket.IO at all: from which pages, from how many sockets, and not during a stop.

use std::sync::atomic::Ordering;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tower_http::request_id::RequestId;

use super::{
    Entrance, lean,
    protocol::{MayGoOver, parameter},
};
use crate::{
    edge::{caller, guard},
    realtime::transports::TransportToken,
};

/// Lets a request through to Socket.IO: 403 for a foreign page, 503 during a stop or past the sockets of one address.
/// A poll that waits when the stop cuts what is connected has its connection cut.
pub(super) async fn admit(
    State(entrance): State<Entrance>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let site = &entrance.site;
    let allowed = guard::origin(&parts.headers).is_some_and(|origin| {
        site.ctx
            .settings
            .allowed_origins
            .iter()
            .any(|allowed| allowed == origin)
    });
    let tls = caller::is_secure(site, &parts.headers);
    if !allowed && guard::own_origin(&parts, tls).is_err() {
        return (
            StatusCode::FORBIDDEN,
            "This origin may not connect. Its owner can allow it with --allowed-origin.\n",
        )
            .into_response();
    }
    let session = parameter(&parts.uri, "sid").map(str::to_owned);
    if session
        .as_deref()
        .is_some_and(|session| entrance.transports.is_over(session))
    {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({ "code": 1, "message": "Session ID unknown" })),
        )
            .into_response();
    }
    let full = || {
        entrance
            .addresses
            .held_by(caller::origin_of(&parts).address)
            >= site.ctx.settings.limits.sockets_per_address
    };
    if session.is_none() && (entrance.closing.refuses.load(Ordering::Acquire) || full()) {
        let mut response =
            (StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment.\n").into_response();
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        return response;
    }
    let token = parts.extensions.get::<TransportToken>().cloned();
    if session.is_none() {
        lean::detach(&mut parts);
        parts.extensions.remove::<RequestId>();
    }
    let waits = parts.method == Method::GET;
    let answered = next.run(Request::from_parts(parts, body));
    let response = if waits {
        let Some(response) = entrance.closing.cuts.run_until_cancelled(answered).await else {
            // No answer: to a client that polls, its transport is lost.
            if let Some(TransportToken(token)) = token {
                token.cancel();
            }
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        response
    } else {
        answered.await
    };
    if response.extensions().get::<MayGoOver>().is_some()
        && let (Some(session), Some(token)) = (session, token)
    {
        entrance.transports.upgraded(&session, &token);
    }
    response
}

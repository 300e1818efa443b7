//! Which requests reach Socket.IO at all: from which pages, from how many sockets, and not during a stop.

use std::sync::atomic::Ordering;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Entrance;
use crate::edge::{caller, guard};

/// Lets a request through to Socket.IO: 403 for a foreign page, 503 during a stop or past the sockets of one address.
pub(super) async fn admit(
    State(entrance): State<Entrance>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
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
    let opens = !parts
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .any(|pair| pair.starts_with("sid="));
    let full = || {
        entrance
            .addresses
            .held_by(caller::origin_of(&parts).address)
            >= site.ctx.settings.limits.sockets_per_address
    };
    if opens && (entrance.closing.load(Ordering::Acquire) || full()) {
        let mut response =
            (StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment.\n").into_response();
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        return response;
    }
    next.run(Request::from_parts(parts, body)).await
}

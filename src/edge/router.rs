//! All routes in one router, and what stands around every one of them.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    http::{Extensions, HeaderMap, HeaderName, Request, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_cookies::CookieManagerLayer;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::RequestBodyTimeoutLayer,
    trace::TraceLayer,
};

use super::{Shared, api, body::is_multipart, client_address, guard, host, pages, respond, scope};
use crate::error::Error;

/// How long a page or a JSON call may take altogether. What stands still ends sooner, by the idle limit.
const ANSWER_WITHIN: Duration = Duration::from_mins(2);

/// How long files may take to arrive, on a slow line.
const FILES_WITHIN: Duration = Duration::from_hours(1);

/// The header that carries a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Builds the router. `sockets` are the Socket.IO routes, which no time limit of a page applies to.
pub fn build(site: &Shared, sockets: Router<Shared>) -> Router {
    let settings = &site.ctx.settings;
    // A compressed page that holds both a secret and something an attacker chose would tell the secret by its
    // length (BREACH), so pages and JSON go out as they are.
    // Files are named by a Content-Disposition: most are compressed already, and parts of them are asked for.
    let no_file = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        !headers.contains_key(header::CONTENT_DISPOSITION)
    };
    let compress = DefaultPredicate::new()
        .and(no_file)
        .and(NotForContentType::new("text/html"))
        .and(NotForContentType::new("application/json"));
    let plain = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        // A short address for programs; they come from no page of ours, so nothing that pages ask applies.
        .route(
            "/hooks/{token}",
            post(api::hooks::receive).layer(DefaultBodyLimit::max(settings.limits.form_bytes)),
        )
        .merge(pages::routes(settings, site))
        .merge(api::routes(settings))
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn(in_time))
                .layer(RequestBodyTimeoutLayer::new(
                    settings.limits.body_idle_timeout,
                ))
                .layer(CompressionLayer::new().compress_when(compress))
                .layer(CookieManagerLayer::new()),
        );
    plain
        .merge(sockets)
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                .layer(middleware::from_fn_with_state(
                    Arc::clone(site),
                    guard::security_headers,
                ))
                .layer(middleware::from_fn(host::one_host))
                // The page of a panic is within the scope, so that it shows the request's id.
                .layer(middleware::from_fn_with_state(
                    Arc::clone(site),
                    scope::enter,
                ))
                .layer(middleware::from_fn_with_state(
                    Arc::clone(site),
                    client_address::find,
                ))
                .layer(CatchPanicLayer::custom(panicked)),
        )
        .with_state(Arc::clone(site))
}

/// Ends what takes too long.
async fn in_time(request: Request<Body>, next: Next) -> Response {
    let within = if is_multipart(request.headers()) {
        FILES_WITHIN
    } else {
        ANSWER_WITHIN
    };
    match tokio::time::timeout(within, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// `/readyz`: whether the store answers.
pub(super) async fn ready(State(site): State<Shared>) -> Response {
    match site.ctx.store.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(error = %error, "the store is not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "The store does not answer.\n",
            )
                .into_response()
        }
    }
}

/// A request in the logs: never its query or body, which may hold what is secret.
fn span(request: &Request<Body>) -> tracing::Span {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::debug_span!("request", request.id = id, method = %request.method(), path = loggable(request.uri().path()))
}

/// The path without the tokens that some paths carry.
fn loggable(path: &str) -> &str {
    [
        "/setup/",
        "/invite/",
        "/claim/",
        "/mail/off/",
        "/recover/",
        "/address/",
        "/hooks/",
        "/api/v1/hooks/",
    ]
    .into_iter()
    .find(|prefix| path.starts_with(prefix))
    .unwrap_or(path)
}

#[allow(clippy::needless_pass_by_value, reason = "the layer hands it over so")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    let error = Error::unavailable(format!("a handler panicked: {text}"));
    respond::PageError(error).into_response()
}

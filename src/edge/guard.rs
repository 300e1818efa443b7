//! What is refused or added before and after any handler: foreign origins, and the headers that tell a browser
//! what a page of ours may do.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Shared, caller::is_secure, respond::PageError};
use crate::error::{Code, Error, Result};

/// The name under which the client reached us.
#[must_use]
pub fn host(parts: &Parts) -> Option<&str> {
    parts
        .headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| {
            parts
                .uri
                .authority()
                .map(axum::http::uri::Authority::as_str)
        })
}

/// Whether `origin` is that of our own pages as this client reaches them (RFC 6454, section 5). Without TLS of
/// our own both schemes count, since a proxy may stand in front.
#[must_use]
pub fn is_own(origin: &str, host: &str, tls: bool) -> bool {
    let authority = match origin.split_once("://") {
        Some(("https", authority)) => authority,
        Some(("http", authority)) if !tls => authority,
        _ => return false,
    };
    authority.eq_ignore_ascii_case(host)
}

/// The `Origin` of a request, where there is one.
#[must_use]
pub fn origin(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::ORIGIN)
        .map(|value| value.to_str().unwrap_or("null"))
}

/// Refuses a request that a foreign page made a browser send.
///
/// # Errors
/// `forbidden`.
pub fn own_origin(parts: &Parts, tls: bool) -> Result<()> {
    let own = match origin(&parts.headers) {
        Some(origin) => host(parts).is_some_and(|host| is_own(origin, host, tls)),
        // Browsers that send no Origin with a form still say that it crosses sites (Fetch Metadata).
        None => parts
            .headers
            .get("sec-fetch-site")
            .is_none_or(|site| site != "cross-site"),
    };
    if own {
        Ok(())
    } else {
        Err(Error::new(
            Code::Forbidden,
            "This request came from a page of another site. Open this server's own page and try there.",
        ))
    }
}

/// A layer for pages: every request that changes something must come from our own pages.
pub async fn own_pages_only(State(site): State<Shared>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let tls = is_secure(&site, &parts.headers);
    match own_origin(&parts, tls) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => PageError::from(error).into_response(),
    }
}

/// What a page of ours may do: only what comes from this server, nothing inline (OWASP HTTP Headers Cheat Sheet).
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' blob:; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// A layer that adds the security headers to every answer. What a handler has set itself stays.
pub async fn security_headers(
    State(site): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let secure = is_secure(&site, request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    if secure {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_ours_by_scheme_name_and_port() {
        for (origin, host, tls, own) in [
            ("https://127.0.0.1:5000", "127.0.0.1:5000", true, true),
            ("https://Chat.Example", "chat.example", true, true),
            ("http://127.0.0.1:5000", "127.0.0.1:5000", true, false),
            ("http://127.0.0.1:5000", "127.0.0.1:5000", false, true),
            ("https://chat.example", "chat.example", false, true),
            ("https://evil.example", "chat.example", true, false),
            ("https://chat.example.evil", "chat.example", true, false),
            ("https://127.0.0.1:5001", "127.0.0.1:5000", true, false),
            ("null", "chat.example", true, false),
            ("file://", "", true, false),
        ] {
            assert_eq!(is_own(origin, host, tls), own, "{origin} {host} {tls}");
        }
    }
}

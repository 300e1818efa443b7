//! What a socket keeps of the request that opened it, for as long as it lives.
//!
//! hyper reads a request into a buffer of 16 KiB, and each header's value and the URI are slices of it: one that is
//! kept keeps all of it. So the few that are read later are copied, and the others left out.

use axum::{
    extract::OriginalUri,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};

/// What the handshake reads, and what tells who connects.
const KEPT: [HeaderName; 8] = [
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::AUTHORIZATION,
    header::COOKIE,
    header::USER_AGENT,
    HeaderName::from_static("x-forwarded-proto"),
];

/// Bytes that a WebSocket's reader sets aside. A socket mostly waits; whoever sends more than this at once is read in
/// several turns.
pub(super) const WS_READ_BUFFER: usize = 1024;

/// Takes from the head of a request all that would keep its connection's read buffer.
pub(super) fn detach(parts: &mut Parts) {
    let mut kept = HeaderMap::with_capacity(KEPT.len());
    for name in KEPT {
        for value in parts.headers.get_all(&name) {
            let copy = HeaderValue::from_bytes(value.as_bytes()).expect("it was a header's value");
            kept.append(&name, copy);
        }
    }
    parts.headers = kept;
    parts.uri = parts.uri.to_string().parse().expect("it was a URI");
    parts.extensions.remove::<OriginalUri>();
}

#[cfg(test)]
mod tests {
    use axum::{body::Bytes, http::Request};

    use super::*;

    #[test]
    fn nothing_that_is_kept_keeps_the_buffer() {
        let buffer =
            Bytes::from(b"/socket.io/?EIO=4&transport=websocket a=b a-client zzz".to_vec());
        let at = |text: &str| {
            let all = std::str::from_utf8(&buffer).expect("text");
            let start = all.find(text).expect("it stands there");
            buffer.slice(start..start + text.len())
        };
        let value = |text| HeaderValue::from_maybe_shared(at(text)).expect("a value");
        let uri = "/socket.io/?EIO=4&transport=websocket";
        let uri = axum::http::Uri::from_maybe_shared(at(uri)).expect("a URI");
        let request = Request::get(uri.clone())
            .header(header::COOKIE, value("a=b"))
            .header(header::USER_AGENT, value("a-client"))
            .header("x-other", value("zzz"))
            .extension(OriginalUri(uri.clone()));
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        drop(uri);
        assert!(!buffer.is_unique());
        detach(&mut parts);
        assert!(buffer.is_unique());
        assert_eq!(parts.uri, "/socket.io/?EIO=4&transport=websocket");
        assert_eq!(parts.headers[header::COOKIE], "a=b");
        assert_eq!(parts.headers[header::USER_AGENT], "a-client");
        assert_eq!(parts.headers.len(), 2);
    }
}

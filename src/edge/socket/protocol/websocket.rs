//! What a request must say to become a WebSocket (RFC 6455, section 4.2.1). engineioxide 0.17.9 looks at the key alone, and
//! answers 101 to what is no handshake: a proxy in front that believed it would take the connection for a tunnel.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

const VERSION: HeaderValue = HeaderValue::from_static("13");

/// Why this request for a WebSocket is none, if so: 426 for another version, 400 for the rest.
pub(super) fn refused(request: &Request) -> Option<Response> {
    let headers = request.headers();
    let upgrades = request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && has_token(headers, &header::CONNECTION, "upgrade")
        && has_token(headers, &header::UPGRADE, "websocket");
    if !upgrades {
        return Some(
            (
                StatusCode::BAD_REQUEST,
                "This is no handshake of a WebSocket.\n",
            )
                .into_response(),
        );
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
        let version = [(header::SEC_WEBSOCKET_VERSION, VERSION)];
        return Some(
            (
                StatusCode::UPGRADE_REQUIRED,
                version,
                "WebSockets are spoken in version 13.\n",
            )
                .into_response(),
        );
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let fits = key.is_some_and(|key| {
        BASE64_STANDARD
            .decode(key)
            .is_ok_and(|bytes| bytes.len() == 16)
    });
    (!fits).then(|| {
        (
            StatusCode::BAD_REQUEST,
            "The key of this WebSocket is not 16 bytes in Base64.\n",
        )
            .into_response()
    })
}

/// Whether a header that is a list holds this word, in any letters.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let lines = headers.get_all(name).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|word| word.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http};

    use super::*;

    /// What a handshake is answered with whose header of this name says this, or is missing.
    fn changed(name: &str, value: Option<&str>) -> Option<u16> {
        let own = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "WebSocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let mut request = http::Request::builder();
        for (header, plain) in own {
            let value = if header == name { value } else { Some(plain) };
            if let Some(value) = value {
                request = request.header(header, value);
            }
        }
        let request = request.body(Body::empty()).unwrap();
        refused(&request).map(|response| response.status().as_u16())
    }

    #[test]
    fn a_handshake_says_all_that_it_must() {
        assert_eq!(changed("none", None), None);
        for (name, value, status) in [
            ("connection", None, 400),
            ("connection", Some("close"), 400),
            ("upgrade", None, 400),
            ("upgrade", Some("h2c"), 400),
            ("sec-websocket-version", None, 426),
            ("sec-websocket-version", Some("8"), 426),
            ("sec-websocket-version", Some("0x0d"), 426),
            ("sec-websocket-key", None, 400),
            ("sec-websocket-key", Some("short"), 400),
            ("sec-websocket-key", Some("dGhlIHNhbXBsZQ=="), 400),
        ] {
            assert_eq!(changed(name, value), Some(status), "{name}: {value:?}");
        }
    }
}

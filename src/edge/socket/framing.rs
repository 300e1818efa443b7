//! The framing of Engine.IO 3 polling bodies, checked before engineioxide reads them.
//!
//! Each packet of a text body is `<length>:<packet>`, the length in UTF-16 code units (Engine.IO protocol 3,
//! "Payload"). engineioxide 0.17.9 loops for ever on a length that ends within a surrogate pair; what does not
//! add up is answered 400 here, and ends its session.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::protocol::parameter;

/// The packet by which a client ends its session, as a body.
pub(super) const CLOSE: &str = "1:1";

/// Checks the body of an Engine.IO 3 polling POST, which may have `most` bytes. One that does not fit ends its session,
/// as it does with the reference server. Version and type are read exactly as engineioxide reads them: what it takes
/// for such a body must not get past this.
pub(super) async fn check(State(most): State<usize>, request: Request, next: Next) -> Response {
    let version_3 = parameter(request.uri(), "EIO") == Some("3");
    let kind = request.headers().get(header::CONTENT_TYPE);
    let binary = kind.is_some_and(|kind| kind == "application/octet-stream");
    if request.method() != Method::POST || !version_3 || binary {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let refusal = match to_bytes(body, most).await {
        Ok(bytes) if std::str::from_utf8(&bytes).is_ok_and(adds_up) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            return next.run(request).await;
        }
        Ok(_) => (
            StatusCode::BAD_REQUEST,
            "The lengths in this payload do not fit its packets.\n",
        ),
        Err(_) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "This payload is too large.\n",
        ),
    };
    next.run(Request::from_parts(parts, Body::from(CLOSE)))
        .await;
    refusal.into_response()
}

/// Whether a body is packets whose lengths fit, with nothing left over.
fn adds_up(mut body: &str) -> bool {
    while !body.is_empty() {
        let Some((length, rest)) = body.split_once(':') else {
            return false;
        };
        let digits =
            !length.is_empty() && length.len() <= 9 && length.bytes().all(|b| b.is_ascii_digit());
        let Some(mut units) = length
            .parse::<usize>()
            .ok()
            .filter(|units| digits && *units > 0)
        else {
            return false;
        };
        let mut end = 0;
        for c in rest.chars() {
            if units == 0 {
                break;
            }
            let Some(left) = units.checked_sub(c.len_utf16()) else {
                return false;
            };
            units = left;
            end += c.len_utf8();
        }
        if units > 0 {
            return false;
        }
        body = &rest[end..];
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::adds_up;

    #[test]
    fn only_lengths_that_fit_pass() {
        for body in ["", "1:2", "6:4hello2:40", "3:4😀", "2:4€1:2"] {
            assert!(adds_up(body), "{body}");
        }
        for body in [
            "2:4😀",
            "1:😀",
            "7:4hello",
            "5:4hello",
            ":",
            "1:",
            "x:4",
            "0:",
            "-1:4",
            "+1:4",
            "1",
            "99999999999:4",
            "1:2x",
        ] {
            assert!(!adds_up(body), "{body}");
        }
    }

    proptest! {
        #[test]
        fn what_a_client_encodes_passes(packets in prop::collection::vec("\\PC{1,20}", 0..5)) {
            let encoded: Vec<_> = packets.iter().map(|p| format!("{}:{p}", p.encode_utf16().count())).collect();
            let body = encoded.concat();
            prop_assert!(adds_up(&body));
        }
    }
}

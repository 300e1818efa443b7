//! The framing of Engine.IO 3 polling bodies, checked before engineioxide reads them.
//!
//! Each packet of a text body is `<length>:<packet>`, the length in UTF-16 code units (Engine.IO protocol 3,
//! "Payload"). engineioxide 0.17.9 loops for ever on a length that ends within a surrogate pair; what does not
//! add up is answered 400 here.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Entrance;

/// Checks the body of an Engine.IO 3 polling POST.
pub(super) async fn check(
    State(entrance): State<Entrance>,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let version_3 = query.split('&').any(|pair| pair == "EIO=3");
    let binary = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/octet-stream"));
    if request.method() != Method::POST || !version_3 || binary {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, entrance.site.ctx.settings.limits.packet_bytes).await else {
        return (
            StatusCode::PAYLOAD_TOO_LARGE,
            "This payload is too large.\n",
        )
            .into_response();
    };
    if !std::str::from_utf8(&bytes).is_ok_and(adds_up) {
        return (
            StatusCode::BAD_REQUEST,
            "The lengths in this payload do not fit its packets.\n",
        )
            .into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes)))
        .await
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

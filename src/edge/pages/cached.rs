//! Files that a browser keeps: entity tags, and 304 for what it has already (RFC 9110, section 13).

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A file for ever: its address changes with its content.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The same, for one browser alone: who may see the file is asked each time it is fetched.
pub(super) const IMMUTABLE_PRIVATE: &str = "private, max-age=31536000, immutable";
/// A file that is asked for again each time.
pub(super) const REVALIDATED: &str = "public, no-cache";

/// A file to send.
pub(super) struct File {
    /// A strong entity tag, with its quotes.
    pub(super) etag: String,
    /// Its media type.
    pub(super) content_type: Cow<'static, str>,
    /// How long it is kept, and by whom.
    pub(super) cache_control: &'static str,
    /// Its bytes.
    pub(super) bytes: Cow<'static, [u8]>,
}

impl File {
    /// Sends it, or says that the client has it already.
    pub(super) fn answer(self, request: &HeaderMap) -> Response {
        let fresh = has(request, &self.etag);
        let kept = [
            (header::ETAG, self.etag.as_str()),
            (header::CACHE_CONTROL, self.cache_control),
        ];
        if fresh {
            return (StatusCode::NOT_MODIFIED, kept).into_response();
        }
        let kind = [
            (header::CONTENT_TYPE, self.content_type.as_ref()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (kept, kind, Body::from(self.bytes)).into_response()
    }
}

/// Whether `If-None-Match` names this tag; the comparison is the weak one, since a proxy that compresses
/// weakens tags.
pub(super) fn has(request: &HeaderMap, etag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_not() {
        for (sent, found) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(sent))]);
            assert_eq!(has(&headers, "\"a\""), found, "{sent}");
        }
        assert!(!has(&HeaderMap::new(), "\"a\""));
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let file = || File {
            etag: "\"a\"".to_owned(),
            content_type: "text/css".into(),
            cache_control: IMMUTABLE,
            bytes: Cow::Borrowed(b"x"),
        };
        let sent = file().answer(&HeaderMap::new());
        assert_eq!(
            (sent.status(), &sent.headers()[header::CONTENT_TYPE]),
            (StatusCode::OK, &HeaderValue::from_static("text/css"))
        );
        let headers =
            HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static("\"a\""))]);
        let kept = file().answer(&headers);
        assert_eq!(kept.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(kept.headers()[header::ETAG], "\"a\"");
        assert!(!kept.headers().contains_key(header::CONTENT_TYPE));
    }
}

//! The web client's files, out of the binary: script, style, icons, and the official Socket.IO client.

use std::{borrow::Cow, path::Path, sync::LazyLock};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::Embed;
use sha2::{Digest, Sha256};

use super::{
    answer::error_page,
    cached::{File, IMMUTABLE, REVALIDATED},
};
use crate::{
    edge::{
        Shared,
        api::{Params, Segment},
    },
    service::emoji,
};

/// What `web/build.mjs` made.
#[derive(Embed)]
#[folder = "web/dist"]
struct Built;

/// The Socket.IO client's files, at the addresses at which the Node server has them.
const CLIENT: [&str; 6] = [
    "socket.io/socket.io.js",
    "socket.io/socket.io.js.map",
    "socket.io/socket.io.min.js",
    "socket.io/socket.io.min.js.map",
    "socket.io/socket.io.esm.min.js",
    "socket.io/socket.io.esm.min.js.map",
];

/// How many bytes of a hash name a version of something.
const TAG_BYTES: usize = 16;

pub(super) fn routes() -> Router<Shared> {
    let routes = Router::new()
        .route("/assets/{*path}", get(asset))
        .route("/assets/emoji.json", get(emoji))
        .route(
            "/favicon.ico",
            get(async |headers: HeaderMap| send("favicon.svg", REVALIDATED, &headers)),
        );
    CLIENT.into_iter().fold(routes, |routes, path| {
        routes.route(
            &format!("/{path}"),
            get(async move |headers: HeaderMap| client(path, &headers)),
        )
    })
}

/// Changes with each build of the web client whose files differ.
pub(super) fn asset_version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut paths: Vec<_> = Built::iter().filter(|path| !is_source_map(path)).collect();
        paths.sort_unstable();
        let all = paths
            .iter()
            .filter_map(|path| Built::get(path))
            .fold(Sha256::new(), |all, file| {
                all.chain_update(file.metadata.sha256_hash())
            });
        URL_SAFE_NO_PAD.encode(&all.finalize()[..8])
    });
    &VERSION
}

async fn asset(Segment(path): Segment, version: Params, headers: HeaderMap) -> Response {
    send(&path, kept(&version), &headers)
}

/// For ever under the address that names this version of the client.
fn kept(version: &Params) -> &'static str {
    if version.text("v") == asset_version() {
        IMMUTABLE
    } else {
        REVALIDATED
    }
}

/// The emoji by their names: see [`emoji::list`].
async fn emoji(version: Params, headers: HeaderMap) -> Response {
    let hash = Sha256::digest(emoji::list());
    File {
        etag: format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..TAG_BYTES])),
        content_type: "application/json".into(),
        cache_control: kept(&version),
        bytes: emoji::list().as_bytes().into(),
    }
    .answer(&headers)
}

/// One file of the client, which pages of other sites may load too.
fn client(path: &str, headers: &HeaderMap) -> Response {
    let mut response = send(path, REVALIDATED, headers);
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// The service worker: asked for again each time, and another one with each version of the client, since its
/// first line names it.
pub(super) fn worker(headers: &HeaderMap) -> Response {
    let Some(file) = Built::get("sw.js") else {
        return error_page(StatusCode::NOT_FOUND, "There is no such file.");
    };
    let version = asset_version();
    let mut bytes = format!("self.PARLOR_VERSION=\"{version}\";\n").into_bytes();
    bytes.extend_from_slice(&file.data);
    File {
        etag: format!("\"{version}\""),
        content_type: "text/javascript; charset=utf-8".into(),
        cache_control: REVALIDATED,
        bytes: bytes.into(),
    }
    .answer(headers)
}

fn send(path: &str, cache_control: &'static str, headers: &HeaderMap) -> Response {
    let Some(file) = Built::get(path) else {
        return error_page(StatusCode::NOT_FOUND, "There is no such file.");
    };
    let hash = file.metadata.sha256_hash();
    let content_type = match file.metadata.mimetype() {
        _ if is_source_map(path) => Cow::Borrowed("application/json"),
        kind if kind.starts_with("text/") => Cow::Owned(format!("{kind}; charset=utf-8")),
        kind => Cow::Owned(kind.to_owned()),
    };
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..TAG_BYTES]));
    File {
        etag,
        content_type,
        cache_control,
        bytes: file.data,
    }
    .answer(headers)
}

fn is_source_map(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "map")
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn the_client_is_in_the_binary_with_its_type() {
        for path in CLIENT {
            let response = client(path, &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let kind = if is_source_map(path) {
                "application/json"
            } else {
                "text/javascript; charset=utf-8"
            };
            assert_eq!(response.headers()[header::CONTENT_TYPE], kind, "{path}");
            assert!(response.headers().contains_key(header::ETAG));
        }
        assert_eq!(
            send("../Cargo.toml", IMMUTABLE, &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(asset_version().len(), 11);
    }

    #[tokio::test]
    async fn the_worker_names_the_version_and_is_asked_for_again() {
        let response = worker(&HeaderMap::new());
        let headers = response.headers();
        assert_eq!(
            headers[header::CONTENT_TYPE],
            "text/javascript; charset=utf-8"
        );
        assert_eq!(headers[header::CACHE_CONTROL], REVALIDATED);
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        let text = String::from_utf8(bytes.expect("a body").to_vec()).expect("UTF-8");
        let first = format!("self.PARLOR_VERSION=\"{}\";", asset_version());
        assert_eq!(text.lines().next(), Some(first.as_str()));
    }
}

//! The installable app: its manifest, its service worker, and the page for when there is no network.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    answer::render,
    assets::{self, asset_version},
    cached::REVALIDATED,
    view::{OfflinePage, Shell},
};
use crate::edge::scope;

/// The light ground of `web/styles/tokens.css`, which an installed app starts on.
const GROUND: &str = "#faf8f4";

/// The icons in `web/static/icons`: size in pixels, and whether a system may cut its own shape out of it.
const ICONS: [(u16, &str); 3] = [(192, "any"), (512, "any"), (512, "maskable")];

/// A Web Application Manifest (W3C).
#[derive(Serialize)]
struct Manifest {
    id: &'static str,
    name: String,
    short_name: String,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    background_color: &'static str,
    theme_color: &'static str,
    icons: Vec<Icon>,
}

#[derive(Serialize)]
struct Icon {
    src: String,
    sizes: String,
    r#type: &'static str,
    purpose: &'static str,
}

/// `GET /manifest.webmanifest`.
pub(super) async fn manifest() -> Response {
    let name = scope::current().server_name;
    let version = asset_version();
    let icons = ICONS.map(|(size, purpose)| {
        let shape = if purpose == "maskable" {
            "maskable-"
        } else {
            ""
        };
        Icon {
            src: format!("/assets/icons/icon-{shape}{size}.png?v={version}"),
            sizes: format!("{size}x{size}"),
            r#type: "image/png",
            purpose,
        }
    });
    let manifest = Manifest {
        id: "/",
        short_name: name.clone(),
        name,
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: GROUND,
        theme_color: GROUND,
        icons: icons.into(),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, REVALIDATED),
    ];
    let body = serde_json::to_string(&manifest).expect("plain fields serialize");
    (headers, body).into_response()
}

/// `GET /sw.js`.
pub(super) async fn worker(headers: HeaderMap) -> Response {
    assets::worker(&headers)
}

/// `GET /offline`: the same for everybody, since it is kept in the browser.
pub(super) async fn offline() -> Response {
    render(&OfflinePage {
        shell: Shell {
            title: "Offline".to_owned(),
            server: scope::current().server_name,
            asset_version: asset_version().to_owned(),
            ..Shell::default()
        },
    })
}

//! A site of somebody else's, in this process.

use std::{
    collections::HashMap,
    future::pending,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, sync::Notify};

/// What a page is sent as.
pub(super) type Page = (&'static str, Vec<u8>);

/// A site of somebody else's: its pages by their paths, and what it was asked for. `/slow` is never answered, `/stuck`
/// begins and never ends, `/gate` waits until it is opened, `/to?…` leads elsewhere.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) base: String,
    pages: Arc<HashMap<&'static str, Page>>,
    asked: Arc<Mutex<Vec<String>>>,
    pub(super) gate: Arc<Notify>,
}

impl Site {
    pub(super) async fn open(pages: impl IntoIterator<Item = (&'static str, Page)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            pages: Arc::new(pages.into_iter().collect()),
            asked: Arc::default(),
            gate: Arc::default(),
        };
        let here = site.clone();
        let routes = Router::new().fallback(move |uri: Uri| here.clone().answer(uri));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        site
    }

    async fn answer(self, uri: Uri) -> Response {
        self.asked.lock().unwrap().push(uri.path().to_owned());
        match uri.path() {
            "/slow" => pending().await,
            "/stuck" => {
                let begun = futures_util::stream::once(async { Ok::<_, String>("<title>a") });
                let stuck = futures_util::stream::pending();
                let body = Body::from_stream(futures_util::StreamExt::chain(begun, stuck));
                return ([(header::CONTENT_TYPE, "text/html")], body).into_response();
            }
            "/to" => {
                let to = uri.query().unwrap_or_default().to_owned();
                return (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
            }
            "/gate" => self.gate.notified().await,
            _ => {}
        }
        match self.pages.get(uri.path()) {
            Some((kind, body)) => ([(header::CONTENT_TYPE, *kind)], body.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    /// How often a path was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|found| *found == path).count()
    }
}

pub(super) fn html(text: &str) -> Page {
    ("text/html; charset=utf-8", text.as_bytes().to_vec())
}

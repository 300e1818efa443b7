//! An export of one's data: `/me/export`.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use crate::{
    edge::{Shared, caller::ApiCaller, respond::ApiError},
    service::exports::{self, Export},
};

/// `POST /me/export`: a zip archive, sent while it is made.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Result<Response, ApiError> {
    Ok(answer(&site, exports::begin(&site.ctx, &caller)?))
}

/// Sends an export while it is made, at the pace at which it is taken. One that breaks off ends the connection, so that
/// nobody takes a part for the whole.
pub(in crate::edge) fn answer(site: &Shared, export: Export) -> Response {
    // Names and dates are of letters, digits and the like, but not all letters are ASCII.
    let name: String = export
        .name()
        .chars()
        .map(|c| if c.is_ascii_graphic() { c } else { '_' })
        .collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let bytes = stream::try_unfold((Arc::clone(site), export), async |(site, mut export)| {
        let next = export.next(&site.ctx).await?;
        Ok::<_, crate::error::Error>(next.map(|bytes| (bytes, (site, export))))
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/zip"),
        ),
        (
            header::CONTENT_DISPOSITION,
            disposition.expect("its characters are ASCII that shows"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(bytes)).into_response()
}

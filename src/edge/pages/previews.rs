//! Pictures of pages that messages link to: fetched by the server and handed out here, so that nobody's browser tells
//! another site what its owner reads.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};

use super::{
    Answered,
    cached::{File, IMMUTABLE_PRIVATE},
};
use crate::{
    edge::{Shared, api::Segment, caller::ApiCaller, respond::ApiError},
    error::{Code, Error, Result},
    media::{self, files},
    service::previews,
};

/// What such a picture may do in a browser: show itself.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// `GET /previews/{id}`: with a session or a bearer token. Others learn nothing, not even whether it is there.
pub(super) async fn show(
    State(site): State<Shared>,
    caller: Result<ApiCaller, ApiError>,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Answered {
    caller.map_err(|ApiError(error)| {
        if error.code == Code::Unauthorized {
            Error::not_found("picture")
        } else {
            error
        }
    })?;
    let bytes = previews::picture(&site.ctx, &id).await?;
    let head = &bytes[..bytes.len().min(files::HEAD)];
    let file = File {
        etag: media::etag(&bytes),
        content_type: files::media_type(head, head.len() == bytes.len()).into(),
        cache_control: IMMUTABLE_PRIVATE,
        bytes: bytes.into(),
    };
    let mut response = file.answer(&headers);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}

//! One's photo as JSON calls: `/me/photo`.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Multipart, Request, State},
    http::header,
};

use super::Answered;
use crate::{
    edge::{
        Shared,
        body::{Upload, refused},
        caller::ApiCaller,
        respond::ApiError,
    },
    error::Error,
    service::profile,
    wire::bodies::UserBody,
};

/// The field that holds the picture.
const FIELD: &str = "photo";

/// `PUT /me/photo`: the picture itself as the body, or a multipart form with it in `photo`.
pub(super) async fn set(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    request: Request,
) -> Answered<UserBody> {
    let upload = read(&site, request).await?;
    let account = profile::set_photo(
        &site.ctx,
        &caller,
        upload.bytes,
        upload.name,
        upload.content_type,
    )
    .await?;
    Ok(Json(UserBody {
        user: site.ctx.me(&account),
    }))
}

/// `DELETE /me/photo`.
pub(super) async fn remove(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
) -> Answered<UserBody> {
    let account = profile::remove_photo(&site.ctx, &caller).await?;
    Ok(Json(UserBody {
        user: site.ctx.me(&account),
    }))
}

async fn read(site: &Shared, request: Request) -> Result<Upload, ApiError> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, site)
            .await
            .map_err(|error| of_the_photo(refused(error.status(), error.body_text())))?;
        return Ok(Upload::read(form, FIELD).await?);
    }
    if !kind.starts_with("image/") {
        return Err(ApiError::unsupported_type());
    }
    let bytes = Bytes::from_request(request, site)
        .await
        .map_err(|error| of_the_photo(refused(error.status(), error.body_text())))?;
    Ok(Upload {
        bytes: bytes.into(),
        content_type: Some(kind),
        ..Upload::default()
    })
}

fn of_the_photo(error: Error) -> Error {
    error.field(FIELD)
}

//! Files for messages as a JSON call: `/uploads`.

use axum::{
    Json,
    extract::{FromRequest, Multipart, Request, State},
    http::StatusCode,
    response::IntoResponse,
};

use crate::{
    edge::{
        Shared,
        body::{is_multipart, refused},
        caller::ApiCaller,
        respond::ApiError,
        stream,
    },
    error::{Code, Error},
    wire::bodies::UploadBody,
};

/// The field that holds the file.
const FIELD: &str = "file";

/// `POST /uploads`: a multipart form with a file in `file`; 201 once it is on disk.
pub(super) async fn create(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    if !is_multipart(request.headers()) {
        return Err(ApiError::unsupported_type());
    }
    let unreadable = |error: Error| ApiError(error.field(FIELD));
    let mut form = Multipart::from_request(request, &site)
        .await
        .map_err(|error| unreadable(refused(error.status(), error.body_text())))?;
    while let Some(part) = stream::next_part(&mut form).await.map_err(unreadable)? {
        if part.name() == Some(FIELD) {
            let attachment = stream::receive(&site, &caller, part).await?;
            let body = UploadBody {
                attachment: (&attachment).into(),
            };
            return Ok((StatusCode::CREATED, Json(body)));
        }
    }
    Err(unreadable(Error::new(
        Code::Invalid,
        "There is no file in this form. Send one in the field file.",
    )))
}

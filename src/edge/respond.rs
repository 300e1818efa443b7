//! How an answer looks: an [`Error`] as JSON, as a page, or as an acknowledgement.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::pages::error_page;
use crate::{
    error::{Code, Error},
    service::Faults,
    wire::{WireError, bodies::ErrorBody},
};

/// A failed JSON call.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Faults> for ApiError {
    /// A JSON call is told of the first fault.
    fn from(faults: Faults) -> Self {
        Self(
            faults
                .into_iter()
                .next()
                .expect("a refused call has at least one fault"),
        )
    }
}

impl ApiError {
    /// A body of a type that is not taken here.
    #[must_use]
    pub fn unsupported_type() -> Self {
        Self(Error::invalid(
            CONTENT_TYPE_FIELD,
            "Send this with Content-Type: application/json (a file as multipart/form-data).",
        ))
    }
}

/// The field that is named where a Content-Type is not taken.
const CONTENT_TYPE_FIELD: &str = "content-type";

/// The HTTP status of an error.
#[must_use]
pub fn status(error: &Error) -> StatusCode {
    if error.field == Some(CONTENT_TYPE_FIELD) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    StatusCode::from_u16(error.code.status()).expect("the contract's statuses are valid")
}

/// Adds what goes with an error's status, and tells the operator of a failure of ours.
pub fn finish(response: &mut Response, error: &Error) {
    *response.status_mut() = status(error);
    let headers = response.headers_mut();
    if let Some(wait) = error.retry_after {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    if error.code == Code::Unauthorized {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    log(error);
}

/// A failure that is not the client's is the owner's to know of, and so is what somebody tried who may not.
pub fn log(error: &Error) {
    match error.code {
        Code::Unavailable if error.has_source() => {
            tracing::error!(error = %error.chain(), "a request could not be answered");
        }
        Code::Forbidden => tracing::info!(reason = error.message, "a request was refused"),
        _ => {}
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = Json(ErrorBody {
            error: WireError::from(&self.0),
        })
        .into_response();
        finish(&mut response, &self.0);
        response
    }
}

/// A failed page.
#[derive(Debug)]
pub struct PageError(pub Error);

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<ApiError> for PageError {
    fn from(error: ApiError) -> Self {
        Self(error.0)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = error_page(status(&self.0), &self.0.message);
        finish(&mut response, &self.0);
        response
    }
}

/// An acknowledgement: `{ ok: true, … }`, or `{ ok: false, error }`.
#[must_use]
pub fn acknowledgement<A: Serialize>(result: &Result<A, Error>) -> Value {
    match result {
        Ok(ack) => {
            let mut value = serde_json::to_value(ack).expect("acknowledgements serialise");
            if let Value::Object(fields) = &mut value {
                fields.insert("ok".to_owned(), Value::Bool(true));
            }
            value
        }
        Err(error) => {
            log(error);
            json!({ "ok": false, "error": WireError::from(error) })
        }
    }
}

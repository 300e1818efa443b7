//! Bodies: JSON, forms and one uploaded file, each read under its limit, with errors that say what to do.

use axum::{
    Form,
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;

use super::{
    Shared,
    respond::{ApiError, PageError},
};
use crate::{
    error::{Code, Error},
    wire,
};

/// A JSON object as `T`.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, site: &Shared) -> Result<Self, ApiError> {
        if media_type(request.headers()) != "application/json" {
            return Err(ApiError::unsupported_type());
        }
        let body = Bytes::from_request(request, site)
            .await
            .map_err(|error| refused(error.status(), error.body_text()))?;
        let text = std::str::from_utf8(&body).map_err(|_| not_text())?;
        Ok(Self(wire::parse(text)?))
    }
}

/// A JSON object as `T`, where a body was sent at all.
#[derive(Debug)]
pub struct OptionalJson<T>(pub Option<T>);

impl<T: DeserializeOwned> FromRequest<Shared> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, site: &Shared) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, site)
            .await
            .map_err(|error| refused(error.status(), error.body_text()))?;
        if body.is_empty() {
            return Ok(Self(None));
        }
        let text = std::str::from_utf8(&body).map_err(|_| not_text())?;
        Ok(Self(Some(wire::parse(text)?)))
    }
}

fn not_text() -> Error {
    Error::new(Code::Invalid, "A JSON body is UTF-8 text. Encode it so.")
}

/// An HTML form as `T`, whose fields should all have defaults.
#[derive(Debug)]
pub struct FormBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for FormBody<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, site: &Shared) -> Result<Self, PageError> {
        let Form(form) = Form::from_request(request, site)
            .await
            .map_err(|error| refused(error.status(), error.body_text()))?;
        Ok(Self(form))
    }
}

/// One uploaded file, and the other fields that came with it.
#[derive(Debug, Default)]
pub struct Upload {
    /// The file's bytes; empty when none was chosen.
    pub bytes: Vec<u8>,
    /// What the sender calls it.
    pub name: Option<String>,
    /// What the sender says it is.
    pub content_type: Option<String>,
    /// The plain fields.
    pub fields: std::collections::HashMap<String, String>,
}

impl Upload {
    /// Reads a multipart form whose file is in `field`.
    ///
    /// # Errors
    /// `too_large`; `invalid` where it is no multipart form.
    pub async fn read(multipart: Multipart, field: &'static str) -> Result<Self, Error> {
        Self::parts(multipart, field)
            .await
            .map_err(|error| error.field(field))
    }

    async fn parts(mut multipart: Multipart, field: &str) -> Result<Self, Error> {
        let mut upload = Self::default();
        while let Some(part) = multipart
            .next_field()
            .await
            .map_err(|error| refused(error.status(), error.body_text()))?
        {
            let name = part.name().unwrap_or_default().to_owned();
            if name == field {
                upload.name = part
                    .file_name()
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned);
                upload.content_type = part.content_type().map(str::to_owned);
                upload.bytes = part
                    .bytes()
                    .await
                    .map_err(|error| refused(error.status(), error.body_text()))?
                    .to_vec();
            } else {
                let text = part
                    .text()
                    .await
                    .map_err(|error| refused(error.status(), error.body_text()))?;
                upload.fields.insert(name, text);
            }
        }
        Ok(upload)
    }
}

/// Whether a body is a multipart form.
#[must_use]
pub fn is_multipart(headers: &HeaderMap) -> bool {
    media_type(headers) == "multipart/form-data"
}

/// The type of a body, without its parameters and in small letters; empty where none is named (RFC 9110, section 8.3.1).
#[must_use]
pub fn media_type(headers: &HeaderMap) -> String {
    let named = headers.get(header::CONTENT_TYPE);
    let named = named.and_then(|value| value.to_str().ok());
    let kind = named.and_then(|value| value.split(';').next());
    kind.unwrap_or_default().trim().to_ascii_lowercase()
}

/// What a body's refusal means in the contract's words.
#[must_use]
pub fn refused(status: StatusCode, text: String) -> Error {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(
            Code::TooLarge,
            "This is larger than the server takes. Send less.",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => Error::unavailable(text),
        _ => Error::new(
            Code::Invalid,
            format!("This form could not be read: {text}. Reload the page and send it again."),
        ),
    }
}

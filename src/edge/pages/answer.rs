//! How a page is answered: rendered, shown again with what is wrong, or left for another one.

use std::cell::RefCell;

use askama::Template;
use axum::{
    body::Bytes,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{
    assets::asset_version,
    view::{ErrorPage, FieldError, Shell},
};
use crate::{
    edge::{
        respond::{self, finish},
        scope,
    },
    error::Error,
};

/// So many bytes of a thread's buffer are kept for its next page; a room's page with fifty messages has some 190,000.
const KEPT: usize = 1 << 19;

thread_local! {
    /// Where pages are written. It has the size of the largest one so far, so that no text is moved as it grows.
    static BUFFER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A page.
pub(super) fn render(page: &impl Template) -> Response {
    let html = BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        let written = page.render_into(buffer);
        let html = written.map(|()| Bytes::copy_from_slice(buffer.as_bytes()));
        buffer.shrink_to(KEPT);
        html
    });
    match html {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            respond::log(&Error::unavailable(error));
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The page of a form that failed, under the status of its first fault.
pub(super) fn refused(page: &impl Template, faults: &[Error]) -> Response {
    let mut response = render(page);
    finish(
        &mut response,
        faults
            .first()
            .expect("a refused form has at least one fault"),
    );
    response
}

/// What is wrong, for a form with these fields: what belongs to none of them belongs to the form as a whole.
pub(super) fn field_errors(faults: &[Error], fields: &[&str]) -> Vec<FieldError> {
    faults
        .iter()
        .map(|fault| {
            let field = fault.field.filter(|field| fields.contains(field));
            FieldError::new(field.unwrap_or_default(), fault.message.as_str())
        })
        .collect()
}

/// On to another page with GET (303), so that a reload sends no form again.
pub(super) fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// A page that says what went wrong, for whoever it is.
#[must_use]
pub fn error_page(status: StatusCode, message: &str) -> Response {
    let heading = match status {
        StatusCode::UNAUTHORIZED => "Log in first",
        StatusCode::FORBIDDEN => "This was not let through",
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::METHOD_NOT_ALLOWED => "This is not a page",
        StatusCode::PAYLOAD_TOO_LARGE => "That was too large",
        StatusCode::TOO_MANY_REQUESTS => "That was very fast",
        status if status.is_client_error() => "That did not work",
        _ => "The server could not answer",
    };
    let scope = scope::current();
    let page = ErrorPage {
        shell: Shell {
            title: heading.to_owned(),
            server: scope.server_name,
            asset_version: asset_version().to_owned(),
            ..Shell::default()
        },
        status: status.as_u16(),
        heading: heading.to_owned(),
        text: message.to_owned(),
        request_id: scope.request_id,
    };
    (status, render(&page)).into_response()
}

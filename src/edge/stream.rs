//! Multipart forms with files for messages, read part by part: a file goes to disk as it arrives.

use axum::extract::{Multipart, multipart::Field};
use futures_util::StreamExt;

use super::{Site, body::refused};
use crate::{
    error::Result,
    model::Attachment,
    service::{Caller, uploads},
};

/// The next part of a form.
///
/// # Errors
/// `too_large`; `invalid` where the form breaks off.
pub async fn next_part(form: &mut Multipart) -> Result<Option<Field<'_>>> {
    form.next_field()
        .await
        .map_err(|error| refused(error.status(), error.body_text()))
}

/// Takes in the file that a part holds.
///
/// # Errors
/// As [`uploads::receive`].
pub async fn receive(site: &Site, caller: &Caller, part: Field<'_>) -> Result<Attachment> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let chunks =
        part.map(|chunk| chunk.map_err(|error| refused(error.status(), error.body_text())));
    uploads::receive(&site.ctx, caller, &name, chunks).await
}

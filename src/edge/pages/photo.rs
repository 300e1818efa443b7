//! One's photo: a form with a file.

use axum::extract::{Multipart, State, multipart::MultipartRejection};

use super::{Answered, answer::see, profile::photo_refused, visit::LoggedIn};
use crate::{
    edge::{
        Shared,
        body::{Upload, refused},
    },
    error::Error,
    service::profile,
};

/// `POST /profile/photo`: a new one, or none with `remove`.
pub(super) async fn change(
    State(site): State<Shared>,
    user: LoggedIn,
    form: Result<Multipart, MultipartRejection>,
) -> Answered {
    let upload = match read(form).await {
        Ok(upload) => upload,
        Err(error) => return photo_refused(&site, &user, error).await,
    };
    let field = |name| {
        upload
            .fields
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    };
    user.visitor.check_csrf(field("csrf"))?;
    let (changed, saved) = if field("remove").is_empty() {
        let (bytes, name, kind) = (upload.bytes, upload.name, upload.content_type);
        (
            profile::set_photo(&site.ctx, &user.caller, bytes, name, kind).await,
            "photo",
        )
    } else {
        (
            profile::remove_photo(&site.ctx, &user.caller).await,
            "no-photo",
        )
    };
    match changed {
        Ok(_) => Ok(see(&format!("/profile?saved={saved}"))),
        Err(error) => photo_refused(&site, &user, error).await,
    }
}

async fn read(form: Result<Multipart, MultipartRejection>) -> Result<Upload, Error> {
    let form = form.map_err(|error| refused(error.status(), error.body_text()))?;
    Upload::read(form, "photo").await
}

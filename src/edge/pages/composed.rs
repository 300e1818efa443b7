//! What a room's form brings: words, and the files that were chosen, which go to disk as they arrive.

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::Field},
    http::header,
};
use serde::de::DeserializeOwned;

use super::visit::{LoggedIn, encoded};
use crate::{
    edge::{
        Shared, Site,
        body::{FormBody, is_multipart, refused},
        respond::PageError,
        stream,
    },
    error::{Error, Result},
    model::Attachment,
    service::uploads,
};

/// A form, with its files.
pub(super) struct Composed<T> {
    /// Its plain fields.
    pub(super) form: T,
    /// The files, those included that an earlier try had brought: they wait for the message.
    pub(super) files: Vec<Attachment>,
    /// What is wrong with one of them.
    pub(super) fault: Option<Error>,
}

/// Reads a form, with files or without.
///
/// # Errors
/// `forbidden` for files without the token of a page of ours before them; `too_large`; `invalid` for what is no form.
pub(super) async fn read<T: DeserializeOwned>(
    site: &Shared,
    user: &LoggedIn,
    mut request: Request,
) -> Result<Composed<T>, PageError> {
    if !is_multipart(request.headers()) {
        let FormBody(form) = FormBody::from_request(request, site).await?;
        return Ok(Composed {
            form,
            files: Vec::new(),
            fault: None,
        });
    }
    let limits = &site.ctx.settings.limits;
    let files = limits
        .attachment_bytes
        .saturating_mul(limits.attachments_per_message);
    DefaultBodyLimit::max(files.saturating_add(limits.form_bytes)).apply(&mut request);
    let multipart = Multipart::from_request(request, site)
        .await
        .map_err(|error| refused(error.status(), error.body_text()))?;
    let parts = Parts::read(site, user, multipart).await?;
    let body = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(parts.fields))
        .map_err(Error::unavailable)?;
    let FormBody(form) = FormBody::from_request(body, site).await?;
    Ok(Composed {
        form,
        files: parts.files,
        fault: parts.fault,
    })
}

/// A multipart form on its way.
#[derive(Default)]
struct Parts {
    /// The plain fields, URL-encoded.
    fields: String,
    /// Whether a token of a page of ours was among them.
    trusted: bool,
    files: Vec<Attachment>,
    fault: Option<Error>,
}

impl Parts {
    async fn read(site: &Site, user: &LoggedIn, mut form: Multipart) -> Result<Self> {
        let mut parts = Self::default();
        while let Some(part) = stream::next_part(&mut form).await? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                parts.take_file(site, user, part).await?;
                continue;
            }
            let text = part
                .text()
                .await
                .map_err(|error| refused(error.status(), error.body_text()))?;
            match name.as_str() {
                "attachment" => parts
                    .files
                    .extend(uploads::waiting(&site.ctx, &user.caller, &text).await?),
                "csrf" => parts.trusted = user.visitor.check_csrf(&text).is_ok(),
                _ => {}
            }
            parts.add_field(site, &name, &text)?;
        }
        Ok(parts)
    }

    /// Takes a file in, unless there are too many; a form in which none was chosen sends one without name.
    async fn take_file(&mut self, site: &Site, user: &LoggedIn, part: Field<'_>) -> Result<()> {
        if part.file_name().is_none_or(str::is_empty) {
            return Ok(());
        }
        if !self.trusted {
            user.visitor.check_csrf("")?;
        }
        if self.files.len() >= site.ctx.settings.limits.attachments_per_message {
            self.fault = Some(uploads::too_many(&site.ctx));
            return Ok(());
        }
        match stream::receive(site, &user.caller, part).await {
            Ok(file) => self.files.push(file),
            Err(error) => self.fault = Some(error),
        }
        Ok(())
    }

    fn add_field(&mut self, site: &Site, name: &str, text: &str) -> Result<()> {
        if !self.fields.is_empty() {
            self.fields.push('&');
        }
        self.fields.push_str(&encoded(name));
        self.fields.push('=');
        self.fields.push_str(&encoded(text));
        // Encoding triples a text at most.
        if self.fields.len() / 3 > site.ctx.settings.limits.form_bytes {
            return Err(refused(
                axum::http::StatusCode::PAYLOAD_TOO_LARGE,
                String::new(),
            ));
        }
        Ok(())
    }
}

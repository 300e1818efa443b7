//! Saying something: one function for form, JSON and socket.

use std::{collections::BTreeSet, future::Future};

use super::{Caller, Context, mentions, permissions, rooms::code, uploads};
use crate::{
    error::{Code, Error, Result},
    model::{ClientId, MessageId, MessageText, NewMessage, UploadId},
    store::{Appended, StoreError},
    wire::events::SendMessage,
};

/// Sends a message: returns once it is queued in order; the future that it returns answers once it is on disk.
///
/// # Errors
/// At once: `invalid`, `too_long`, `rate_limited`, `unavailable`. After the wait: `not_found` (also of the fields `reply_to` and
/// `attachments`), `forbidden`, `muted`.
pub async fn send(
    ctx: &Context,
    caller: &Caller,
    message: &SendMessage,
) -> Result<impl Future<Output = Result<Appended>> + Send + use<>> {
    let room = message
        .room
        .as_deref()
        .ok_or_else(|| Error::invalid("room", "Name the room, or join one first."))?;
    let attachments = attachments(ctx, message.attachments.as_deref().unwrap_or_default())?;
    let read = if attachments.is_empty() {
        MessageText::parse
    } else {
        MessageText::beside_files
    };
    let text = read(&message.data, ctx.settings.limits.message_characters)
        .map_err(|invalid| Error::of_field("data", invalid))?;
    let client_id = message
        .client_id
        .as_deref()
        .map(ClientId::parse)
        .transpose()
        .map_err(|invalid| Error::of_field("client_id", invalid))?;
    let reply_to = message.reply_to.map(MessageId);
    let room = code(room)?;
    ctx.throttle.message(caller.id())?;
    let (html, mentioned) = mentions::read(ctx, &room, text.as_str()).await?;
    let pending = ctx
        .store
        .append(NewMessage {
            room,
            author: caller.id(),
            html,
            text: text.as_str().to_owned(),
            client_id,
            reply_to,
            mentioned,
            attachments,
            created_at: ctx.now(),
            permit: permissions::may_write,
        })
        .await?;
    let previews = ctx.previews.clone();
    Ok(async move {
        let appended = pending.await.map_err(|error| match error {
            StoreError::NotFound("message") => Error::not_found("message").field("reply_to"),
            StoreError::NotFound("upload") => Error::new(
                Code::NotFound,
                "A file of this message is not there, or is part of another message. Upload it again.",
            )
            .field("attachments"),
            error => error.into(),
        })?;
        if !appended.duplicate {
            previews.ask(&appended.message);
        }
        Ok(appended)
    })
}

/// [`send`], answered once it is on disk.
///
/// # Errors
/// As [`send`].
pub async fn say(ctx: &Context, caller: &Caller, message: &SendMessage) -> Result<Appended> {
    send(ctx, caller, message).await?.await
}

/// The uploads that a message names: each once, and not too many.
fn attachments(ctx: &Context, ids: &[String]) -> Result<Vec<UploadId>> {
    if ids.len() > ctx.settings.limits.attachments_per_message {
        return Err(uploads::too_many(ctx));
    }
    let unique: BTreeSet<&String> = ids.iter().collect();
    if unique.len() < ids.len() {
        return Err(Error::invalid(
            "attachments",
            "A file is named twice. Name each once.",
        ));
    }
    Ok(ids.iter().cloned().map(UploadId::of).collect())
}

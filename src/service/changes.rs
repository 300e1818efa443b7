//! What is done to a message after it was sent: one function each for form, JSON and socket.

use std::sync::Arc;

use super::{
    Caller, Command, Context, Reply, mentions,
    permissions::{Action, may_change},
};
use crate::{
    error::{Error, Result},
    model::{
        Denied, Emoji, Message, MessageEdit, MessageId, MessagePermit, MessageText, Standing,
        Timestamp, UserId,
    },
    wire::{
        self,
        events::{ChangedAck, DeleteMessage, EditMessage, Pin, React, RemovePreviews},
    },
};

async fn change(
    ctx: &Context,
    caller: &Caller,
    id: i64,
    edit: MessageEdit,
    permit: MessagePermit,
) -> Result<Arc<Message>> {
    let id = MessageId(id);
    Ok(ctx
        .store
        .change_message(id, caller.id(), edit, ctx.now(), permit)
        .await?)
}

/// Has a message of the caller's say something else; what it said before is kept.
///
/// # Errors
/// `invalid`, `too_long`, `rate_limited`; `not_found`, `forbidden`, `muted`.
pub async fn edit(ctx: &Context, caller: &Caller, id: i64, data: &str) -> Result<Arc<Message>> {
    let found = ctx.store.message(MessageId(id)).await?;
    // Whether somebody else's message has files is nobody's business here.
    let files =
        |message: &Message| message.author.id == caller.id() && !message.attachments.is_empty();
    let read = if found.as_ref().is_some_and(files) {
        MessageText::beside_files
    } else {
        MessageText::parse
    };
    let text = read(data, ctx.settings.limits.message_characters)
        .map_err(|invalid| Error::of_field("data", invalid))?;
    ctx.throttle.message(caller.id())?;
    let room = found.ok_or_else(|| Error::not_found("message"))?.room;
    let (html, mentioned) = mentions::read(ctx, &room, text.as_str()).await?;
    let edit = MessageEdit::Text {
        html,
        text: text.as_str().to_owned(),
        mentioned,
        links: ctx.previews.links(text.as_str()),
    };
    let message = change(ctx, caller, id, edit, may_edit).await?;
    ctx.previews.ask(&message);
    Ok(message)
}

/// Leaves only a message's place; harmless when that is all there is.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn delete(ctx: &Context, caller: &Caller, id: i64) -> Result<Arc<Message>> {
    change(ctx, caller, id, MessageEdit::Delete, may_delete).await
}

/// Puts an emoji of the caller's under a message, or takes it away; harmless when it is so already.
///
/// # Errors
/// `invalid` for what is no emoji, and for one more than a message takes; `rate_limited`; `not_found`, `forbidden`, `muted`.
pub async fn react(
    ctx: &Context,
    caller: &Caller,
    id: i64,
    emoji: &str,
    on: bool,
) -> Result<Arc<Message>> {
    let emoji = Emoji::parse(emoji).map_err(|invalid| Error::of_field("emoji", invalid))?;
    ctx.throttle.message(caller.id())?;
    change(ctx, caller, id, MessageEdit::React { emoji, on }, may_react).await
}

/// Takes away what is shown of the pages that a message links to, for good; harmless when nothing is.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn remove_previews(ctx: &Context, caller: &Caller, id: i64) -> Result<Arc<Message>> {
    change(ctx, caller, id, MessageEdit::HidePreviews, may_hide).await
}

/// Keeps a message in view, or no longer; harmless when it is so already.
///
/// # Errors
/// `not_found`, `forbidden`, `muted`.
pub async fn pin(ctx: &Context, caller: &Caller, id: i64, on: bool) -> Result<Arc<Message>> {
    change(ctx, caller, id, MessageEdit::Pin { on }, may_pin).await
}

fn may_edit(at: &Standing, what: &Message, who: UserId, now: Timestamp) -> Result<(), Denied> {
    may_change(Action::EditMessage, at, what, who, now)
}

fn may_delete(at: &Standing, what: &Message, who: UserId, now: Timestamp) -> Result<(), Denied> {
    may_change(Action::DeleteMessage, at, what, who, now)
}

fn may_react(at: &Standing, what: &Message, who: UserId, now: Timestamp) -> Result<(), Denied> {
    may_change(Action::React, at, what, who, now)
}

fn may_pin(at: &Standing, what: &Message, who: UserId, now: Timestamp) -> Result<(), Denied> {
    may_change(Action::Pin, at, what, who, now)
}

fn may_hide(at: &Standing, what: &Message, who: UserId, now: Timestamp) -> Result<(), Denied> {
    may_change(Action::HidePreviews, at, what, who, now)
}

fn answer(caller: &Caller, message: &Message) -> Reply<ChangedAck> {
    ChangedAck {
        message: wire::Message::of(message, Some(caller.id())),
    }
    .into()
}

impl Command for EditMessage {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ChangedAck>> {
        Ok(answer(
            caller,
            &*edit(ctx, caller, self.id, &self.data).await?,
        ))
    }
}

impl Command for DeleteMessage {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ChangedAck>> {
        Ok(answer(caller, &*delete(ctx, caller, self.id).await?))
    }
}

impl Command for React {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ChangedAck>> {
        let message = react(ctx, caller, self.id, &self.emoji, self.on).await?;
        Ok(answer(caller, &message))
    }
}

impl Command for Pin {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ChangedAck>> {
        Ok(answer(caller, &*pin(ctx, caller, self.id, self.on).await?))
    }
}

impl Command for RemovePreviews {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ChangedAck>> {
        Ok(answer(
            caller,
            &*remove_previews(ctx, caller, self.id).await?,
        ))
    }
}

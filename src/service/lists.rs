//! Threads, pins and what somebody saved; and what somebody may do with the messages that they are shown.

use std::collections::HashSet;

use super::{
    Caller, Command, Context, Reply, permissions,
    permissions::{Action, may, may_change},
    rooms::{page_of, page_size, standing},
};
use crate::{
    error::{Error, Result},
    model::{Denied, Message, MessageId, Standing, Timestamp, UserId},
    store::{Listed, SavedMessage},
    wire::{
        self,
        events::{ChangedAck, ListSaved, MessagesAck, Pins, Save, Thread},
    },
};

/// How many pins are shown.
const PINS: u32 = 200;

/// A message that the caller may read, and their place in its room.
///
/// # Errors
/// `not_found`, also in a room that is not theirs to know of; `forbidden`.
pub async fn message(ctx: &Context, caller: &Caller, id: i64) -> Result<(Message, Standing)> {
    let missing = || Error::not_found("message").field("id");
    let found = ctx
        .store
        .message(MessageId(id))
        .await?
        .ok_or_else(missing)?;
    match standing(ctx, caller, found.room.as_str(), Action::Read).await {
        Ok(standing) => Ok((found, standing)),
        Err(error) if error.code == crate::error::Code::NotFound => Err(missing()),
        Err(error) => Err(error),
    }
}

/// Part of a thread: its first message, unless only what came after another one is asked for, and replies in the order
/// of their ids.
///
/// # Errors
/// As [`message`]; `invalid` for a limit out of range.
pub async fn thread(ctx: &Context, caller: &Caller, query: &Thread) -> Result<Listed> {
    let limit = page_size(query.limit)?;
    let (named, _) = message(ctx, caller, query.id).await?;
    let first = match named.thread {
        None => named,
        Some(first) => message(ctx, caller, first.0).await?.0,
    };
    let after = MessageId(query.after.unwrap_or_default());
    let mut listed = ctx.store.replies(first.id, after, limit).await?;
    if query.after.is_none() {
        listed.messages.insert(0, first);
    }
    Ok(listed)
}

/// What is pinned in a room, the newest pin first.
///
/// # Errors
/// As [`standing`] for reading.
pub async fn pins(ctx: &Context, caller: &Caller, room: &str) -> Result<(Listed, Standing)> {
    let standing = standing(ctx, caller, room, Action::Read).await?;
    let listed = ctx.store.pins(standing.room.id, PINS).await?;
    Ok((listed, standing))
}

/// What the caller saved, the newest messages first, and whether there is more.
///
/// # Errors
/// `invalid` for a limit out of range.
pub async fn saved(
    ctx: &Context,
    caller: &Caller,
    query: &ListSaved,
) -> Result<(Vec<SavedMessage>, bool)> {
    let limit = page_size(query.limit)?;
    let before = MessageId(query.before.unwrap_or(i64::MAX));
    let found = ctx.store.saved(caller.id(), before, limit).await?;
    Ok(page_of(found, limit))
}

/// Keeps a message for the caller's later, or no longer; harmless when it is so already.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn save(ctx: &Context, caller: &Caller, id: i64, on: bool) -> Result<Message> {
    let (id, now) = (MessageId(id), ctx.now());
    let saved = ctx
        .store
        .save(id, caller.id(), on, now, permissions::may_read);
    Ok(saved.await?)
}

/// Which of these messages, in whatever order, the caller saved.
///
/// # Errors
/// When the store cannot be asked.
pub async fn saved_among(
    ctx: &Context,
    caller: &Caller,
    messages: &[Message],
) -> Result<HashSet<MessageId>> {
    let ids = messages.iter().map(|message| message.id);
    let Some((first, last)) = ids.clone().min().zip(ids.max()) else {
        return Ok(HashSet::new());
    };
    Ok(ctx.store.saved_among(caller.id(), first, last).await?)
}

/// Whether a person with this standing may do this with this message; who only has to wait for it may.
#[must_use]
pub fn offers(
    action: Action,
    standing: &Standing,
    message: &Message,
    user: UserId,
    now: Timestamp,
) -> bool {
    let answer = match action {
        Action::Write => may(action, standing, now),
        _ => may_change(action, standing, message, user, now),
    };
    !message.deleted && matches!(answer, Ok(()) | Err(Denied::SlowMode(_)))
}

fn ack(caller: &Caller, listed: &Listed) -> Reply<MessagesAck> {
    MessagesAck {
        messages: wire::Message::all_of(&listed.messages, caller.id()),
        more: listed.more,
    }
    .into()
}

impl Command for Thread {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<MessagesAck>> {
        Ok(ack(caller, &thread(ctx, caller, &self).await?))
    }
}

impl Command for Pins {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<MessagesAck>> {
        Ok(ack(caller, &pins(ctx, caller, &self.room).await?.0))
    }
}

impl Command for ListSaved {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<MessagesAck>> {
        let (found, more) = saved(ctx, caller, &self).await?;
        let messages = found.into_iter().map(|saved| saved.message).collect();
        Ok(ack(caller, &Listed { messages, more }))
    }
}

impl Command for Save {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<ChangedAck>> {
        let message = save(ctx, caller, self.id, self.on).await?;
        Ok(ChangedAck {
            message: wire::Message::of(&message, Some(caller.id())),
        }
        .into())
    }
}

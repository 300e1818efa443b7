//! Incoming webhooks: an address a program posts a text to, which a room then hears from a bot of the hook's name.

use super::{
    Caller, Context, Faults, Via, messages, permissions,
    permissions::Action,
    rooms::{code, standing},
    slack,
};
use crate::{
    error::{Error, Result},
    model::{HookId, IncomingHook, NewIncomingHook, Origin, UserName},
    secrets::Token,
    store::{Appended, StoreError},
    wire::{events::SendMessage, hooks::HookMessage},
};

/// Makes an incoming webhook; the token belongs in its address and is told this once.
///
/// # Errors
/// Of the field `name`: `invalid`, `too_long`, `conflict`. Of none: `not_found`, `forbidden`.
pub async fn create(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    name: &str,
) -> Result<(IncomingHook, Token), Faults> {
    let limits = &ctx.settings.limits;
    let name = UserName::parse(name, limits.name_min, limits.name_max)
        .map_err(|invalid| vec![Error::of_field("name", invalid)])?;
    let token = Token::random();
    let new = NewIncomingHook {
        room: code(room).map_err(|error| vec![error])?,
        name,
        hash: token.hash(),
        by: caller.id(),
        created_at: ctx.now(),
        permit: permissions::may_integrate,
    };
    match ctx.store.add_incoming_hook(new).await {
        Ok(hook) => Ok((hook, token)),
        Err(error) => Err(vec![error.into()]),
    }
}

/// A room's incoming webhooks.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn list(ctx: &Context, caller: &Caller, room: &str) -> Result<Vec<IncomingHook>> {
    let standing = standing(ctx, caller, room, Action::Integrate).await?;
    Ok(ctx.store.incoming_hooks(standing.room.id).await?)
}

/// Revokes an incoming webhook; what came by it stays.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn revoke(ctx: &Context, caller: &Caller, room: &str, id: HookId) -> Result<()> {
    let (code, now) = (code(room)?, ctx.now());
    let removed = ctx
        .store
        .remove_incoming_hook(&code, id, caller.id(), now, permissions::may_integrate)
        .await;
    removed.map_err(|error| match error {
        StoreError::NotFound("webhook") => Error::not_found("webhook"),
        error => error.into(),
    })
}

/// Says in the hook's room what came by it. The hook's bot is an author like others: the same rules, the same rate,
/// and a `client_id` makes a resend harmless.
///
/// # Errors
/// `not_found` where no hook has this token, or its bot was removed from the room; else as [`messages::send`].
pub async fn receive(
    ctx: &Context,
    origin: &Origin,
    token: &str,
    message: &HookMessage,
) -> Result<Appended> {
    let missing = || Error::not_found("webhook");
    let token = Token::sent(token).ok_or_else(missing)?;
    let found = ctx.store.incoming_hook(token.hash()).await?;
    let (room, account) = found.ok_or_else(missing)?;
    let bot = Caller {
        account,
        via: Via::Token { hash: token.hash() },
        origin: origin.clone(),
        scopes: None,
    };
    let message = SendMessage {
        room: Some(room.as_str().to_owned()),
        data: text(message)?,
        client_id: message.client_id.clone(),
        reply_to: None,
        attachments: None,
    };
    messages::send(ctx, &bot, &message).await?.await
}

/// The text of what came. A text that comes alone is Markdown in which Slack's brackets are understood; with anything
/// else of Slack's, all of it is Slack's.
fn text(message: &HookMessage) -> Result<String> {
    let plain = message.text.as_deref();
    let text = match plain {
        Some(text)
            if !message.slack && message.attachments.is_empty() && message.blocks.is_empty() =>
        {
            slack::brackets(text, &slack::nobody)
        }
        _ => slack::message(plain, &message.blocks, &message.attachments, &slack::nobody),
    };
    if text.trim().is_empty() {
        return Err(Error::invalid(
            "text",
            "There is no text in this. Send { \"text\": \"…\" }, or what Slack's webhooks take.",
        ));
    }
    Ok(text)
}

//! Reading: history, and how far somebody has read.

use super::{
    Caller, Context,
    permissions::Action,
    rooms::{code, page_size, standing},
};
use crate::{
    error::{Error, Result},
    model::{Membership, MessageId, Timestamp},
    store::{HistoryPage, Page},
    wire::events::History,
};

/// Part of a room's history.
///
/// # Errors
/// `invalid` for a limit out of range or more than one place to read from; as
/// [`standing`] for reading.
pub async fn history(ctx: &Context, caller: &Caller, query: &History) -> Result<HistoryPage> {
    let limit = page_size(query.limit)?;
    let page = place(query.before, query.after, query.around)?;
    let standing = standing(ctx, caller, &query.room, Action::Read).await?;
    Ok(ctx.store.history(standing.room.id, page, limit).await?)
}

/// Which part of a history somebody asks for; the newest where they name no message.
///
/// # Errors
/// `invalid` for more than one place to read from.
pub fn place(before: Option<i64>, after: Option<i64>, around: Option<i64>) -> Result<Page> {
    match (before, after, around) {
        (None, None, None) => Ok(Page::Newest),
        (Some(id), None, None) => Ok(Page::Before(MessageId(id))),
        (None, Some(id), None) => Ok(Page::After(MessageId(id))),
        (None, None, Some(id)) => Ok(Page::Around(MessageId(id))),
        _ => Err(Error::invalid(
            "before",
            "Send one of before, after and around, not several.",
        )),
    }
}

/// Notes that the caller has read up to this message; never goes back.
///
/// # Errors
/// As [`standing`] for reading.
pub async fn mark_read(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    upto: i64,
) -> Result<Membership> {
    standing(ctx, caller, room, Action::Read).await?;
    Ok(ctx
        .store
        .mark_read(&code(room)?, caller.id(), MessageId(upto))
        .await?)
}

/// The first message of a day (`2026-11-24`, in UTC) or after it.
///
/// # Errors
/// `invalid` of the field `date`; as [`standing`] for reading.
pub async fn first_of_day(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    date: &str,
) -> Result<Option<MessageId>> {
    let start = Timestamp::parse(&format!("{date}T00:00:00Z")).map_err(|_| {
        Error::invalid(
            "date",
            "A date is written as 2026-11-24. Send it in that form.",
        )
    })?;
    let room = standing(ctx, caller, room, Action::Read).await?.room;
    Ok(ctx.store.first_since(room.id, start).await?)
}

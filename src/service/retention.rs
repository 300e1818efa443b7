//! What is older than its room or the site keeps is deleted for good, bit by bit, so that nobody's message waits long for the writer.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Context;
use crate::{
    error::{Error, Result as Answer},
    model::{MessageId, Room, RoomId},
    store::Result,
};

/// A day.
const DAY: Duration = Duration::from_hours(24);

/// The most days for which a room keeps messages where the site names none: as many as the site could name.
const MOST_DAYS: u32 = 36_500;

/// For how many days a room keeps messages: as its owner said, and no longer than the site does; 0 is for ever.
#[must_use]
pub fn kept_days(ctx: &Context, room: &Room) -> u32 {
    match (room.retention_days, ctx.settings.limits.retention_days) {
        (0, site) => site,
        (own, 0) => own,
        (own, site) => own.min(site),
    }
}

/// The most days that a room's owner may name.
#[must_use]
pub fn most_days(ctx: &Context) -> u32 {
    match ctx.settings.limits.retention_days {
        0 => MOST_DAYS,
        days => days,
    }
}

/// Reads for how many days a room is to keep its messages; 0: as long as the site.
///
/// # Errors
/// `invalid`, of the field `retention_days`: a negative number, or more than [`most_days`].
pub(super) fn days(ctx: &Context, days: i64) -> Answer<u32> {
    let most = most_days(ctx);
    let days = u32::try_from(days).ok().filter(|days| *days <= most);
    days.ok_or_else(|| {
        Error::invalid(
            "retention_days",
            format!("A room keeps messages for 1 to {most} days; 0 is as long as the site does."),
        )
    })
}

/// Deletes the messages that are older than their room keeps, or than the setting `retention_days` lets any room keep;
/// stops between two steps where `stop` is cancelled. What went stands in the site's log.
pub async fn sweep(ctx: &Context, stop: &CancellationToken) {
    let mut count = 0;
    if let Err(error) = sweep_rooms(ctx, stop, &mut count).await {
        tracing::error!(error = %error, "old messages could not be deleted; this is tried again");
    }
    if count > 0
        && let Err(error) = ctx.store.note_swept(count, ctx.now()).await
    {
        tracing::error!(error = %error, "that old messages were deleted could not be noted");
    }
}

async fn sweep_rooms(ctx: &Context, stop: &CancellationToken, count: &mut i64) -> Result<()> {
    let (days, now) = (ctx.settings.limits.retention_days, ctx.now());
    let time = (days > 0).then(|| now.minus(DAY.saturating_mul(days)));
    let mut room = RoomId(0);
    while let Some(old) = ctx.store.old_messages(room, time, now).await? {
        room = old.room;
        ctx.store.read_old(old).await?;
        let mut next = Some(MessageId(0));
        while let Some(after) = next {
            if stop.is_cancelled() {
                return Ok(());
            }
            let swept = ctx.store.sweep_old(old, after).await?;
            *count += swept.count;
            next = swept.next;
        }
    }
    Ok(())
}

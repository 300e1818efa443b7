//! Keeping order in a room: one function for form, JSON and socket, and what moderators read of it.

use std::time::Duration;

use super::{
    Caller, Command, Context, Reply,
    permissions::{self, Action},
    rooms::{self, code, page_of, page_size},
};
use crate::{
    error::{Error, Result},
    model::{
        Ban, LogEntry, Measure, Membership, NewMeasure, Reason, Role, Standing, Timestamp,
        UserCard, UserId, UserName,
    },
    store::StoreError,
    wire::{
        self, ModerationAction,
        events::{Done, Moderate, UserRef},
    },
};

/// The longest that a ban or a mute lasts unless it lasts until it is taken back: a year.
pub const LONGEST: i64 = 365 * 24 * 60 * 60;
/// The longest pause of slow mode: six hours.
pub const SLOWEST: i64 = 6 * 60 * 60;
/// As far back as a person's messages are deleted: a week.
pub const FARTHEST: i64 = 7 * 24 * 60 * 60;

/// Takes a measure; returns once it is on disk. Harmless where all is so already.
///
/// # Errors
/// `invalid` and `too_long` for its fields; `not_found` for the room or the person; `forbidden`; `conflict` when the
/// room would be left without an owner.
pub async fn moderate(ctx: &Context, caller: &Caller, order: &Moderate) -> Result<()> {
    let now = ctx.now();
    let measure = measure(order, now)?;
    let reason = Reason::parse(order.reason.as_deref().unwrap_or_default())
        .map_err(|why| Error::of_field("reason", why))?;
    // Who may not do it at all is not told whether the person exists.
    rooms::standing(ctx, caller, &order.room, Action::of(&measure)).await?;
    let user = match (&order.user, measure) {
        (_, Measure::SlowMode(_)) => None,
        (Some(user), _) => Some(find(ctx, user).await?),
        (None, _) => return Err(Error::invalid("user", "Say whom, by id or name.")),
    };
    let new = NewMeasure {
        room: code(&order.room)?,
        by: caller.id(),
        user,
        measure,
        reason,
        now,
        permit: permissions::may_take,
    };
    ctx.store.moderate(new).await.map_err(explain)?;
    Ok(())
}

/// What a client is told when the store took no measure.
fn explain(error: StoreError) -> Error {
    match error {
        StoreError::NotFound(what @ ("member" | "person")) => Error::not_found(what).field("user"),
        error @ StoreError::LastOwner => Error::from(error).field("role"),
        error => error.into(),
    }
}

fn measure(order: &Moderate, now: Timestamp) -> Result<Measure> {
    let until = || -> Result<Timestamp> {
        let seconds = order
            .seconds
            .map(|seconds| within(seconds, 1, LONGEST))
            .transpose()?;
        Ok(seconds.map_or(Timestamp::FAR, |seconds| {
            now.plus(Duration::from_secs(u64::from(seconds)))
        }))
    };
    let seconds = |least, most| {
        let seconds = order
            .seconds
            .ok_or_else(|| Error::invalid("seconds", "Say how many seconds."))?;
        within(seconds, least, most)
    };
    Ok(match order.action {
        ModerationAction::Kick => Measure::Kick,
        ModerationAction::Ban => Measure::Ban { until: until()? },
        ModerationAction::Unban => Measure::Unban,
        ModerationAction::Mute => Measure::Mute { until: until()? },
        ModerationAction::Unmute => Measure::Unmute,
        ModerationAction::SetRole => Measure::SetRole(role(order)?),
        ModerationAction::SlowMode => Measure::SlowMode(seconds(0, SLOWEST)?),
        ModerationAction::DeleteMessages => Measure::DeleteMessages(seconds(1, FARTHEST)?),
    })
}

fn within(seconds: i64, least: i64, most: i64) -> Result<u32> {
    let fits = (least..=most).contains(&seconds);
    let seconds = fits.then(|| u32::try_from(seconds).ok()).flatten();
    seconds.ok_or_else(|| {
        Error::invalid(
            "seconds",
            format!("Seconds are a number from {least} to {most}."),
        )
    })
}

fn role(order: &Moderate) -> Result<Role> {
    let role = order
        .role
        .ok_or_else(|| Error::invalid("role", "A role is one of owner, moderator and member."))?;
    Ok(match role {
        wire::Role::Owner => Role::Owner,
        wire::Role::Moderator => Role::Moderator,
        wire::Role::Member => Role::Member,
    })
}

/// The id of somebody who is named by id or by name.
///
/// # Errors
/// `not_found`, of the field `user`.
pub async fn find(ctx: &Context, user: &UserRef) -> Result<UserId> {
    match user {
        UserRef::Id(id) => Ok(UserId(*id)),
        UserRef::Name(name) => {
            let found = ctx.store.account_by_name(&UserName::key_of(name)).await?;
            let account = found.ok_or_else(|| Error::not_found("person").field("user"))?;
            Ok(account.card.id)
        }
    }
}

/// A page of a room's log, the newest first, and whether there are earlier entries.
///
/// # Errors
/// `invalid` for the limit; as [`rooms::standing`] for reading the log.
pub async fn log(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    before: Option<i64>,
    limit: Option<i64>,
) -> Result<(Vec<LogEntry>, bool)> {
    let limit = page_size(limit)?;
    let standing = rooms::standing(ctx, caller, room, Action::ReadLog).await?;
    let entries = ctx
        .store
        .room_log(standing.room.id, before, limit + 1)
        .await?;
    Ok(page_of(entries, limit))
}

/// Somebody, as who keeps order in a room finds them.
#[derive(Debug)]
pub struct Subject {
    /// The place of who asks.
    pub actor: Standing,
    /// Who they are.
    pub card: UserCard,
    /// Their place in the room, if they belong to it.
    pub membership: Option<Membership>,
    /// Until when they are kept out, if they are; it may be over.
    pub banned_until: Option<Timestamp>,
}

/// Finds somebody in or outside of a room in which the caller keeps order.
///
/// # Errors
/// As [`rooms::standing`] for a measure; `not_found` for the person.
pub async fn subject(ctx: &Context, caller: &Caller, room: &str, user: UserId) -> Result<Subject> {
    let actor = rooms::standing(ctx, caller, room, Action::Mute).await?;
    let missing = || Error::not_found("person").field("user");
    let account = ctx.store.account(user).await?.ok_or_else(missing)?;
    let theirs = ctx.store.standing(&actor.room.code, user).await?;
    let theirs = theirs.ok_or_else(Error::no_room)?;
    Ok(Subject {
        actor,
        card: account.card,
        membership: theirs.membership,
        banned_until: theirs.banned_until,
    })
}

/// Whom the room keeps out now, 200 at most.
///
/// # Errors
/// As [`rooms::standing`] for banning.
pub async fn bans(ctx: &Context, caller: &Caller, room: &str) -> Result<Vec<Ban>> {
    let standing = rooms::standing(ctx, caller, room, Action::Unban).await?;
    let bans = ctx
        .store
        .bans(standing.room.id, ctx.now(), None, rooms::OPENING_MEMBERS);
    Ok(bans.await?)
}

impl Command for Moderate {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<Done>> {
        moderate(ctx, caller, &self).await?;
        Ok(Done {}.into())
    }
}

//! What becomes of a room: its name, topic, visibility and how long it keeps messages, its archive, its end.

use super::{
    Caller, Command, Context, Faults, Reply, collect,
    commands::first,
    permissions,
    permissions::Action,
    retention,
    rooms::{code, kind, room_name, standing, topic},
};
use crate::{
    error::{Error, Result},
    model::{Permit, RoomChange, Standing},
    wire::{
        self,
        events::{ArchiveRoom, CreateRoom, DeleteRoom, RoomAck, UpdateRoom},
    },
};

/// Gives a room another name, topic or visibility, or says for how long it keeps messages.
///
/// # Errors
/// One fault a field: `invalid` or `too_long`. Without field: `not_found`, `forbidden`.
pub async fn update(
    ctx: &Context,
    caller: &Caller,
    update: &UpdateRoom,
) -> Result<Standing, Faults> {
    let alone = |error: Error| vec![error];
    let mut faults = Faults::new();
    let name = update.name.as_deref().map(|text| room_name(ctx, text));
    let topic = update.topic.as_deref().map(|text| topic(ctx, text));
    let days = update.retention_days.map(|days| retention::days(ctx, days));
    let change = RoomChange {
        name: name.and_then(|name| collect(&mut faults, name)),
        topic: topic.and_then(|topic| collect(&mut faults, topic)),
        kind: update.visibility.map(kind),
        archived: None,
        retention_days: days.and_then(|days| collect(&mut faults, days)),
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    let permit: Permit = match (change.kind, change.retention_days) {
        (Some(_), None) => permissions::may_publish,
        (None, None) => permissions::may_update,
        // Whoever may say how long messages are kept may give the room another name, too.
        (None, Some(_)) => permissions::may_retain,
        (Some(_), Some(_)) => |room, now| {
            permissions::may_publish(room, now)?;
            permissions::may_retain(room, now)
        },
    };
    let room = code(&update.room).map_err(alone)?;
    let by = ctx.actor(caller, permit);
    let changed = ctx.store.change_room(&room, by, change).await;
    changed.map_err(|error| alone(error.into()))
}

/// Closes a room for writing, or opens it again.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn archive(ctx: &Context, caller: &Caller, room: &str, on: bool) -> Result<Standing> {
    let change = RoomChange {
        archived: Some(on),
        ..RoomChange::default()
    };
    let by = ctx.actor(caller, permissions::may_archive);
    Ok(ctx.store.change_room(&code(room)?, by, change).await?)
}

/// Ends a room, with all that was said in it. `confirm` is its name, typed by whoever does it.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid` of the field `confirm` for another name.
pub async fn delete(ctx: &Context, caller: &Caller, room: &str, confirm: &str) -> Result<Standing> {
    let now = standing(ctx, caller, room, Action::Delete).await?;
    if now.room.name.as_str() != confirm.trim() {
        return Err(Error::invalid(
            "confirm",
            "Type the room's name as it stands to delete the room.",
        ));
    }
    let by = ctx.actor(caller, permissions::may_delete);
    Ok(ctx.store.delete_room(&now.room.code, by).await?)
}

fn ack(standing: &Standing) -> Reply<RoomAck> {
    RoomAck {
        room: wire::Room::of(&standing.room, standing.membership.as_ref()),
    }
    .into()
}

impl Command for CreateRoom {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<RoomAck>> {
        let made = super::rooms::create(ctx, caller, &self).await;
        Ok(ack(&made.map_err(first)?))
    }
}

impl Command for UpdateRoom {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<RoomAck>> {
        Ok(ack(&update(ctx, caller, &self).await.map_err(first)?))
    }
}

impl Command for ArchiveRoom {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<RoomAck>> {
        Ok(ack(&archive(ctx, caller, &self.room, self.on).await?))
    }
}

impl Command for DeleteRoom {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<RoomAck>> {
        Ok(ack(&delete(ctx, caller, &self.room, &self.confirm).await?))
    }
}

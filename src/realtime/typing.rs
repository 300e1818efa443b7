//! Who writes just now: told to a room's other listeners, never kept, and ended by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{
    connection::encode,
    dialect::{self, Dialect},
    hub::Hub,
};
use crate::{
    model::{Room, UserId},
    wire::events::{Event, Typing},
};

/// After this time without another word of it, somebody has stopped (contract, section 2).
const FORGOTTEN: Duration = Duration::from_secs(6);

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Notes that `user` writes in `room`, or stopped, and tells the others of a change.
pub(super) fn set(hub: &Arc<Hub>, room: &Room, user: UserId, on: bool) {
    let Some(channel) = hub.channel(room.id) else {
        return;
    };
    let turn = NEXT.fetch_add(1, Ordering::Relaxed);
    let was_on = {
        let mut state = channel.lock();
        if on {
            state.typing.insert(user, turn).is_some()
        } else {
            state.typing.remove(&user).is_some()
        }
    };
    if on {
        let (later, room) = (Arc::clone(hub), room.clone());
        hub.tasks
            .after(FORGOTTEN, move || forget(&later, &room, user, turn));
    }
    if was_on != on {
        tell(hub, room, user, on);
    }
}

fn forget(hub: &Arc<Hub>, room: &Room, user: UserId, turn: u64) {
    let Some(channel) = hub.channel(room.id) else {
        return;
    };
    let forgotten = {
        let mut state = channel.lock();
        let same = state.typing.get(&user) == Some(&turn);
        same && state.typing.remove(&user).is_some()
    };
    if forgotten {
        tell(hub, room, user, false);
    }
}

fn tell(hub: &Arc<Hub>, room: &Room, user: UserId, on: bool) {
    let (Some(channel), Some(writer)) = (
        hub.channel(room.id),
        hub.connections_of(user).into_iter().next(),
    ) else {
        return;
    };
    let card = writer.card();
    dialect::typing(&channel, &card, on);
    let payload = encode(&Typing {
        room: room.code.as_str().to_owned(),
        user_id: user.0,
        name: card.name.as_str().to_owned(),
        on,
    });
    for connection in channel.connections(Dialect::Native) {
        if connection.user() != user {
            connection.outlet().send_volatile(Typing::EVENT, &payload);
        }
    }
}

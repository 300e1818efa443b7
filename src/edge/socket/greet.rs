//! What a client hears first: `ready`, then what it missed in the rooms that it names.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    auth::Auth,
    dialects,
    door::{drain, problem},
    peer::Peer,
};
use crate::{
    base::Tasks,
    error::{Code, Error},
    model::{Room, RoomState, Seq},
    service::{permissions::Action, rooms},
    wire::{
        self,
        events::{Ready, ServerInfo, ServerLimits},
    },
};

/// Greets a client that has just been connected, then works off what it has sent meanwhile.
pub(super) async fn run(peer: Arc<Peer>, auth: Auth, tasks: Tasks) {
    let connection = peer.connection();
    let hub = &peer.site.hub;
    // The credential may have been revoked between its check and the moment from which revocations find it.
    let held = rooms::held(&peer.site.ctx, connection.credential(), connection.user());
    let mine = match held.await {
        Ok(Some(mine)) => mine,
        Ok(None) => {
            connection.outlet().disconnect();
            return hub.disconnect(connection);
        }
        Err(error) => {
            problem(&peer, &tasks, "connect", &error).await;
            connection.outlet().cut();
            return hub.disconnect(connection);
        }
    };
    if connection.emit(&ready(&peer, &mine)).is_err() {
        return hub.disconnect(connection);
    }
    connection.greeted();
    if let Err(error) = dialects::begin(&peer, auth.server_offset).await {
        problem(&peer, &tasks, "connect", &error).await;
    }
    if let Some(rooms) = auth.rooms {
        let mine = mine.into_iter().map(|state| state.room).collect();
        tasks.spawn(resume_all(Arc::clone(&peer), mine, rooms, tasks.clone()));
    }
    drain(peer, tasks).await;
}

fn ready(peer: &Peer, mine: &[RoomState]) -> Ready {
    let ctx = &peer.site.ctx;
    let limits = &ctx.settings.limits;
    let small = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
    Ready {
        me: ctx.me(&peer.caller.account),
        server: ServerInfo {
            name: ctx.settings.server_name.clone(),
            version: env!("CARGO_PKG_VERSION"),
            limits: ServerLimits {
                message_characters: small(limits.message_characters),
                name_characters: small(limits.name_max),
                room_name_characters: small(limits.room_name_characters),
                topic_characters: small(limits.topic_characters),
                photo_bytes: u64::try_from(limits.photo_bytes).unwrap_or(u64::MAX),
                attachment_bytes: u64::try_from(limits.attachment_bytes).unwrap_or(u64::MAX),
                attachments_per_message: small(limits.attachments_per_message),
            },
            features: Vec::new(),
        },
        rooms: mine
            .iter()
            .map(|state| wire::RoomState::of(state, peer.caller.id()))
            .collect(),
    }
}

/// Brings a client that came back up to date in these rooms; one that is not its person's is told by `problem`, and the
/// connection goes on. `mine` are the person's rooms, as they were just read.
async fn resume_all(peer: Arc<Peer>, mine: Vec<Room>, resume: BTreeMap<String, i64>, tasks: Tasks) {
    let mut mine: HashMap<_, _> = mine
        .into_iter()
        .map(|room| (room.code.as_str().to_owned(), room))
        .collect();
    let mut resumed = Vec::with_capacity(resume.len());
    for (code, seq) in resume {
        let found = match mine.remove(&code) {
            Some(room) => Ok(room),
            None => rooms::standing(&peer.site.ctx, &peer.caller, &code, Action::Read)
                .await
                .map(|standing| standing.room),
        };
        let error = match found {
            Ok(room) => {
                let since = Seq(seq.max(0)).min(room.last_seq);
                resumed.push((room, since));
                continue;
            }
            Err(error) if error.code == Code::Unavailable => error,
            Err(_) => Error::no_room(),
        };
        problem(&peer, &tasks, "resume", &error).await;
    }
    peer.site.hub.resume(peer.connection(), resumed).await;
}

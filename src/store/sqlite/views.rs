//! What is shown together, in SQLite: many queries in one read transaction.

use async_trait::async_trait;
use rusqlite::Connection;

use super::{SqliteStore, lists, members, messages, own, rooms, sessions};
use crate::{
    model::{Credential, RoomCode, RoomKind, RoomState, Timestamp, UserId},
    store::{Actor, Extent, HistoryPage, Result, RoomView, Views},
};

#[async_trait]
impl Views for SqliteStore {
    async fn room_view(
        &self,
        room: &RoomCode,
        by: Actor,
        extent: Extent,
    ) -> Result<Option<RoomView>> {
        let room = room.clone();
        self.read(move |connection| room_view(connection, &room, by, extent))
            .await
    }

    async fn rooms_by(
        &self,
        credential: Credential,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<RoomState>>> {
        self.read(move |connection| {
            let holds = sessions::holds(connection, credential, user, now)?;
            holds.then(|| rooms::rooms_of(connection, user)).transpose()
        })
        .await
    }
}

fn room_view(
    connection: &Connection,
    room: &RoomCode,
    by: Actor,
    extent: Extent,
) -> Result<Option<RoomView>> {
    let Some(joined) = rooms::joined(connection, room, by.user, by.now, by.permit)? else {
        return Ok(None);
    };
    let standing = joined.standing;
    let id = standing.room.id;
    let page = match extent.page {
        Some(page) => messages::history(connection, id, page, extent.messages)?,
        None => HistoryPage {
            seq: standing.room.last_seq.0,
            ..HistoryPage::default()
        },
    };
    let mut view = RoomView {
        members: members::page(connection, id, None, extent.members)?,
        standing,
        page,
        saved: [].into(),
        marks: Vec::new(),
        mine: Vec::new(),
    };
    if extent.surroundings {
        let messages = &view.page.messages;
        if let (Some(first), Some(last)) = (messages.first(), messages.last()) {
            view.saved = lists::saved_among(connection, by.user, first.id, last.id)?;
        }
        if view.standing.room.kind == RoomKind::Direct {
            view.marks = own::read_marks(connection, id)?;
        }
        view.mine = rooms::rooms_of(connection, by.user)?;
    }
    Ok(Some(view))
}

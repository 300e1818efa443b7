//! From the records of services to the rows that templates show.

use super::{
    times,
    view::{MemberRow, MessageView, PublicRoom, RoomHead, RoomRow},
};
use crate::{
    model::{Excerpt, Message, Room, RoomState, Timestamp, UserId},
    wire::{self, Status},
};

/// One of my rooms.
pub(super) fn room(state: &RoomState, now: Timestamp) -> RoomRow {
    let last = state.last_message.as_ref();
    RoomRow {
        code: state.room.code.as_str().to_owned(),
        name: state.room.name.as_str().to_owned(),
        seq: state.room.last_seq.0,
        unread: state.membership.unread,
        mentions: state.membership.mentions,
        members: state.room.members,
        excerpt: last.map(|message| {
            format!(
                "{}: {}",
                message.author.name.as_str(),
                Excerpt::of(&message.text).0
            )
        }),
        time: last.map(|message| message.created_at.to_string()),
        clock: last
            .map(|message| times::short(message.created_at, now))
            .unwrap_or_default(),
        current: false,
    }
}

/// A room that I may join.
pub(super) fn public_room(room: &Room) -> PublicRoom {
    PublicRoom {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
        topic: room.topic.as_str().to_owned(),
        members: room.members,
    }
}

/// The room that a page is about, read at `seq`, on a server that is reached as `server`.
pub(super) fn head(room: &Room, seq: i64, server: &str) -> RoomHead {
    RoomHead {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
        topic: room.topic.as_str().to_owned(),
        members: room.members,
        seq,
        link: format!("{server}/room/{}", room.code),
    }
}

/// A member.
pub(super) fn member(member: &wire::Member) -> MemberRow {
    MemberRow {
        user_id: member.user.id,
        name: member.user.name.clone(),
        avatar: member.user.avatar.clone(),
        role: member.role.as_str().to_owned(),
        status: status(member.user.status).to_owned(),
    }
}

/// Whether somebody can be reached, in a word.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Online => "online",
        Status::Away => "away",
        Status::Offline => "offline",
    }
}

/// A message, as `reader` sees it now.
pub(super) fn message(message: &Message, reader: UserId, now: Timestamp) -> MessageView {
    let at = message.created_at;
    MessageView {
        id: message.id.0,
        seq: message.seq.0,
        user_id: message.author.id.0,
        name: message.author.name.as_str().to_owned(),
        avatar: wire::avatar(&message.author),
        html: message.html.clone(),
        time: at.to_string(),
        at_ms: at.0,
        clock: times::clock(at),
        full: times::full(at),
        date: times::date(at),
        day: times::day(at, now),
        continued: false,
        mine: message.author.id == reader,
        emoji_only: MessageView::is_emoji_only(&message.text),
    }
}

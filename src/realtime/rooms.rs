//! What becomes of rooms and their members, told to those whom it concerns: to a room's listeners who comes and
//! goes, to every socket of its members what the room is called now, and that it is theirs or not any more.

use std::sync::Arc;

use super::{Live, hub::Hub};
use crate::{
    model::{
        LeaveReason, Member, Membership, MessageId, RemovalReason, Role, Room, RoomKind, UserCard,
        UserId,
    },
    wire::{
        self,
        events::{MemberJoined, MemberLeft, MemberUpdated, Read, RoomRemoved, RoomUpdated, Unread},
    },
};

impl Hub {
    pub(super) fn tell_joined(self: &Arc<Self>, room: &Room, member: &Member) {
        let event = MemberJoined {
            room: room.code.as_str().to_owned(),
            member: wire::Member::of(member, self.status(member.user.id)),
        };
        self.tell_room(room.id, &event);
        self.tell_own(room.clone(), member.user.id, member.role, None);
    }

    pub(super) fn tell_left(self: &Arc<Self>, room: &Room, user: &UserCard, reason: LeaveReason) {
        for connection in self.connections_of(user.id) {
            self.unlisten(&connection, room.id);
        }
        let event = MemberLeft {
            room: room.code.as_str().to_owned(),
            user_id: user.id.0,
            name: user.name.as_str().to_owned(),
            reason: reason.into(),
        };
        self.tell_room(room.id, &event);
        self.tell_outside(room.id, user.id, &event);
        self.tell_outside(room.id, user.id, &removed(room, reason.into()));
    }

    pub(super) fn tell_member(self: &Arc<Self>, room: Room, member: &Member) {
        let event = MemberUpdated {
            room: room.code.as_str().to_owned(),
            member: wire::Member::of(member, self.status(member.user.id)),
        };
        self.tell_room(room.id, &event);
        self.tell_own(room, member.user.id, member.role, None);
    }

    /// Tells all sockets of one member what the room is to them.
    fn tell_own(
        self: &Arc<Self>,
        room: Room,
        user: UserId,
        role: Role,
        kept_from: Option<MessageId>,
    ) {
        let room = wire::Room::with(&room.seen_by(user), Some(role));
        let kept_from = kept_from.map(|id| id.0);
        self.tell_person(user, &RoomUpdated { room, kept_from });
    }

    /// Tells all sockets of all members what a room is now, and from where on its messages are left, where old ones went.
    pub(super) async fn tell_head(self: &Arc<Self>, room: &Room, kept_from: Option<MessageId>) {
        match self.store.roles(room.id).await {
            Ok(members) => {
                for (user, role) in self.connected(&members) {
                    self.tell_own(room.clone(), user, role, kept_from);
                }
            }
            Err(error) => {
                tracing::error!(room.id = room.id.0, error = %error, "a room's members could not be told");
            }
        }
    }

    pub(super) fn tell_removed(
        self: &Arc<Self>,
        room: &Room,
        members: &[UserId],
        reason: RemovalReason,
    ) {
        let event = removed(room, reason);
        for user in members {
            for connection in self.connections_of(*user) {
                self.unlisten(&connection, room.id);
            }
        }
        self.tell_people(members.iter().copied(), &event);
    }

    /// Tells a person's sockets what is left to read, and those who talk with them alone how far they have read.
    pub(super) fn tell_read(
        self: &Arc<Self>,
        user_id: UserId,
        room: &Room,
        membership: &Membership,
        back: bool,
    ) {
        let code = || room.code.as_str().to_owned();
        let unread = Unread {
            room: code(),
            unread: membership.unread,
            mentions: membership.mentions,
        };
        self.tell_person(user_id, &unread);
        if room.kind == RoomKind::Direct && !back {
            let read = Read {
                room: code(),
                user_id: user_id.0,
                id: membership.read_id.0,
            };
            self.tell_room(room.id, &read);
        }
    }
}

fn removed(room: &Room, reason: RemovalReason) -> RoomRemoved {
    RoomRemoved {
        room: room.code.as_str().to_owned(),
        reason: reason.into(),
    }
}

//! Rooms, who belongs to them, and how each of them wants to hear of them.

use super::{
    Message, MessageId, RoomCode, RoomId, RoomName, Seq, Timestamp, Topic, UserCard, UserId,
};

/// What kind of room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomKind {
    /// Everybody sees it in the list and may join.
    Public,
    /// Only members know of it.
    Private,
    /// A conversation between named people.
    Direct,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its id in the store.
    pub id: RoomId,
    /// Its name for clients.
    pub code: RoomCode,
    /// Its name for people. A direct conversation is called by its people: see [`Room::seen_by`].
    pub name: RoomName,
    /// What it is about.
    pub topic: Topic,
    /// Who may see it.
    pub kind: RoomKind,
    /// Whether it is closed for writing.
    pub archived: bool,
    /// How many belong to it.
    pub members: i64,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// The number of the last change in it.
    pub last_seq: Seq,
    /// Seconds that a member waits between two messages.
    pub slow_mode_s: i64,
    /// For how many days its messages are kept; 0: as long as the site keeps any.
    pub retention_days: u32,
    /// Who talks in a direct conversation, in the order of their ids; empty for other rooms.
    pub people: Vec<UserCard>,
}

impl Room {
    /// The room as this person sees it: a direct conversation goes by the names of the others, and by one's own
    /// where one talks to oneself.
    #[must_use]
    pub fn seen_by(mut self, reader: UserId) -> Self {
        if self.kind == RoomKind::Direct {
            let others = self.people.iter().filter(|card| card.id != reader);
            let mut names: Vec<_> = others.map(|card| card.name.as_str()).collect();
            if names.is_empty() {
                names = self.people.iter().map(|card| card.name.as_str()).collect();
            }
            self.name = RoomName::stored(names.join(", "));
        }
        self
    }
}

/// A room about to be made.
#[derive(Debug, Clone)]
pub struct NewRoom {
    /// Its random code.
    pub code: RoomCode,
    /// Its name.
    pub name: RoomName,
    /// Its topic.
    pub topic: Topic,
    /// Its kind.
    pub kind: RoomKind,
    /// Who makes it, and so owns it.
    pub owner: UserId,
    /// Now.
    pub created_at: Timestamp,
}

/// What changes of a room; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoomChange {
    /// The new name.
    pub name: Option<RoomName>,
    /// The new topic.
    pub topic: Option<Topic>,
    /// Public or private from now on.
    pub kind: Option<RoomKind>,
    /// Whether it is closed for writing.
    pub archived: Option<bool>,
    /// For how many days its messages are kept; 0: as long as the site keeps any.
    pub retention_days: Option<u32>,
}

/// What a member may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Keeps order.
    Moderator,
    /// Everything.
    Owner,
}

/// Of which messages in a room a person wants to be told. In a direct conversation that is all of them at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Notify {
    /// All of them.
    All,
    /// Those that mention them.
    #[default]
    Mentions,
    /// None.
    None,
}

/// How a person wants to hear of one room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Of which messages.
    pub notify: Notify,
    /// Until when of none.
    pub muted_until: Option<Timestamp>,
    /// Whether it stands on top of the list.
    pub favourite: bool,
    /// Whether it is left out of the list.
    pub hidden: bool,
}

/// What changes of a person's preferences for a room; what is `None` stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PreferencesChange {
    /// Of which messages.
    pub notify: Option<Notify>,
    /// Until when of none; `Some(None)` ends that.
    pub muted_until: Option<Option<Timestamp>>,
    /// Whether it stands on top of the list.
    pub favourite: Option<bool>,
    /// Whether it is left out of the list.
    pub hidden: Option<bool>,
}

/// One person's place in one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when they may not write.
    pub muted_until: Option<Timestamp>,
    /// The last message that they have read.
    pub read_id: MessageId,
    /// Messages by others since.
    pub unread: i64,
    /// Messages since that mention them.
    pub mentions: i64,
    /// When they last said something, or came into a slow room: what slow mode counts from.
    pub sent_at: Option<Timestamp>,
    /// How they want to hear of it.
    pub preferences: Preferences,
}

/// A room with one person's place in it: all that a permission is decided from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The room.
    pub room: Room,
    /// The person's place, if they belong to it.
    pub membership: Option<Membership>,
    /// Until when they are kept out, if they do not belong to it and somebody banned them; it may be over.
    pub banned_until: Option<Timestamp>,
}

/// A person as a member of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserCard,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when they may not write.
    pub muted_until: Option<Timestamp>,
}

/// One of a person's rooms, as the room list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomState {
    /// The room.
    pub room: Room,
    /// The person's place in it.
    pub membership: Membership,
    /// The newest message.
    pub last_message: Option<Message>,
}

/// How somebody left a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveReason {
    /// On their own.
    Left,
    /// Somebody put them out.
    Kicked,
    /// Somebody put them out for a time.
    Banned,
}

/// Why a room is none of a person's any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalReason {
    /// They left it.
    Left,
    /// Somebody put them out.
    Kicked,
    /// Somebody put them out for a time.
    Banned,
    /// It is no more.
    Deleted,
}

impl From<LeaveReason> for RemovalReason {
    fn from(reason: LeaveReason) -> Self {
        match reason {
            LeaveReason::Left => Self::Left,
            LeaveReason::Kicked => Self::Kicked,
            LeaveReason::Banned => Self::Banned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserName;

    #[test]
    fn a_direct_conversation_goes_by_the_names_of_the_others() {
        let person = |id, name: &str| UserCard {
            id: UserId(id),
            name: UserName::stored(name.to_owned()),
            photo: None,
            bot: false,
            deleted: false,
            guest: false,
        };
        let room = |kind, people| Room {
            id: RoomId(1),
            code: RoomCode::lobby(),
            name: RoomName::stored("Tea".to_owned()),
            topic: Topic::default(),
            kind,
            archived: false,
            members: 2,
            created_at: Timestamp(0),
            last_seq: Seq(0),
            slow_mode_s: 0,
            retention_days: 0,
            people,
        };
        let three = || vec![person(1, "anna"), person(2, "ben"), person(3, "carla")];
        for (kind, people, reader, name) in [
            (RoomKind::Direct, three(), 2, "anna, carla"),
            (RoomKind::Direct, vec![person(1, "anna")], 1, "anna"),
            (RoomKind::Private, Vec::new(), 1, "Tea"),
        ] {
            let seen = room(kind, people).seen_by(UserId(reader));
            assert_eq!(seen.name.as_str(), name);
        }
    }
}

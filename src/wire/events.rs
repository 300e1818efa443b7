//! Socket.IO events: what clients emit with what they are answered, and what the server emits.
//!
//! [`crate::for_each_request!`] and [`crate::for_each_event!`] are the one list of each; dispatch, schemas and the
//! coverage test are made from them.

mod emitted;
mod lists;
mod messages;
mod moderation;
mod requests;
mod rooms;
mod search;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

pub use emitted::{
    MemberJoined, MemberLeft, MessageUpdated, Presence, Problem, ProfileUpdated, Ready, Resumed,
    ServerClosing, ServerInfo, ServerLimits, Typing, Unread,
};
pub use lists::{ListSaved, MessagesAck, Pins, Save, Saved, Thread};
pub use messages::{ChangedAck, DeleteMessage, EditMessage, Mention, Pin, React, RemovePreviews};
pub use moderation::{MakeReport, Moderate, Moderated};
pub use requests::{
    Auth, Done, History, HistoryAck, Join, JoinAck, Leave, ListRooms, MarkRead, MessageAck,
    ReadAck, RoomsAck, SendMessage, SetTyping,
};
pub(super) use rooms::given;
pub use rooms::{
    AddMember, ArchiveRoom, CreateInvite, CreateRoom, DeleteRoom, Direct, InviteAck, InvitesAck,
    ListInvites, ListMembers, ListPeople, MarkUnread, MemberAck, MemberUpdated, MembersAck,
    PeopleAck, PreferencesAck, PreferencesUpdated, Read, RevokeInvite, RoomAck, RoomPreferences,
    RoomRemoved, RoomUpdated, SetActive, UpdateRoom, UserRef, Visibility,
};
pub use search::{Hit, SearchAck, SearchMessages};

/// An event that a client emits.
pub trait Request: DeserializeOwned + JsonSchema + Send + 'static {
    /// The event's name.
    const EVENT: &'static str;
    /// What its acknowledgement adds to `ok: true`.
    type Ack: Serialize + JsonSchema + Send + 'static;
}

/// An event that the server emits.
pub trait Event: Serialize + JsonSchema {
    /// The event's name.
    const EVENT: &'static str;
}

/// Calls `$with!` with the list of all requests.
#[macro_export]
macro_rules! for_each_request {
    ($with:ident) => {
        $with! {
            SendMessage => MessageAck: "message",
            Join => JoinAck: "join",
            Leave => Done: "leave",
            History => HistoryAck: "history",
            SetTyping => Done: "typing",
            MarkRead => ReadAck: "read",
            ListRooms => RoomsAck: "rooms",
            CreateRoom => RoomAck: "create_room",
            UpdateRoom => RoomAck: "update_room",
            ArchiveRoom => RoomAck: "archive_room",
            DeleteRoom => RoomAck: "delete_room",
            Direct => RoomAck: "direct",
            ListMembers => MembersAck: "members",
            EditMessage => ChangedAck: "edit_message",
            DeleteMessage => ChangedAck: "delete_message",
            React => ChangedAck: "react",
            Pin => ChangedAck: "pin",
            RemovePreviews => ChangedAck: "remove_previews",
            Save => ChangedAck: "save",
            Thread => MessagesAck: "thread",
            Pins => MessagesAck: "pins",
            ListSaved => MessagesAck: "saved",
            ListPeople => PeopleAck: "people",
            AddMember => MemberAck: "add_member",
            CreateInvite => InviteAck: "create_invite",
            ListInvites => InvitesAck: "invites",
            RevokeInvite => Done: "revoke_invite",
            RoomPreferences => PreferencesAck: "room_preferences",
            MarkUnread => ReadAck: "mark_unread",
            SetActive => Done: "active",
            SearchMessages => SearchAck: "search",
            Moderate => Done: "moderate",
            MakeReport => Done: "report",
        }
    };
}

/// Calls `$with!` with the list of all events that the server emits, but for `message`, whose
/// payload is the record [`Message`](super::Message) itself.
#[macro_export]
macro_rules! for_each_event {
    ($with:ident) => {
        $with! {
            Ready: "ready",
            MessageUpdated: "message_updated",
            Mention: "mention",
            Resumed: "resumed",
            Typing: "typing",
            Presence: "presence",
            MemberJoined: "member_joined",
            MemberUpdated: "member_updated",
            MemberLeft: "member_left",
            RoomUpdated: "room_updated",
            RoomRemoved: "room_removed",
            Read: "read",
            Moderated: "moderated",
            Unread: "unread",
            Saved: "saved",
            PreferencesUpdated: "preferences_updated",
            ProfileUpdated: "profile_updated",
            Problem: "problem",
            ServerClosing: "server_closing",
        }
    };
}

macro_rules! requests {
    ($($request:ident => $ack:ident: $event:literal,)+) => {
        $(impl Request for $request {
            const EVENT: &'static str = $event;
            type Ack = $ack;
        })+
    };
}
for_each_request!(requests);

macro_rules! events {
    ($($name:ident: $event:literal,)+) => {
        $(impl Event for $name {
            const EVENT: &'static str = $event;
        })+
    };
}
for_each_event!(events);

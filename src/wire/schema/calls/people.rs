//! The calls about people and how they come into rooms.

use super::{Call, LIMIT, Parameter};
use crate::{
    error::Code,
    wire::{
        bodies::{AddedUser, NewInvite, PatchPreferences, ReadUpTo, RoomBody},
        events::{Direct, InviteAck, InvitesAck, MemberAck, PeopleAck, PreferencesAck, ReadAck},
        schema::types::Types,
    },
};

const QUERY: Parameter = Parameter {
    name: "query",
    words: "How the name begins.",
};
const ROOM: Parameter = Parameter {
    name: "room",
    words: "Only those who belong to this room.",
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    let (get, post, patch, delete) = ("get", "post", "patch", "delete");
    let calls = [
        Call::new(get, "/people", "people", "Lists people who share a room with the one who asks, by the beginning of their names.")
            .texts(&[QUERY, ROOM]).query(&[LIMIT]).answers(200, Types::given::<PeopleAck>).refused(&[Code::NotFound]),
        Call::new(post, "/direct", "direct", "Opens the direct conversation with these people, or finds it.")
            .body(Types::taken::<Direct>).answers(200, Types::given::<RoomBody>).refused(&[Code::NotFound]),
        Call::new(post, "/rooms/{code}/members", "addMember", "Brings somebody into a room.")
            .body(Types::taken::<AddedUser>).answers(201, Types::given::<MemberAck>).refused(&[Code::Muted]),
        Call::new(patch, "/rooms/{code}/preferences", "roomPreferences", "Says how one wants to hear of a room; what is left out stays.")
            .body(Types::taken::<PatchPreferences>).answers(200, Types::given::<PreferencesAck>),
        Call::new(post, "/rooms/{code}/unread", "markUnread", "Counts a message and what came after it as not read.")
            .body(Types::taken::<ReadUpTo>).answers(200, Types::given::<ReadAck>),
        Call::new(get, "/rooms/{code}/invites", "invites", "Lists the invitations to a room that hold; who may not revoke them all sees their own.")
            .answers(200, Types::given::<InvitesAck>),
        Call::new(post, "/rooms/{code}/invites", "createInvite", "Makes a link by which others may come into a room; it is shown this once.")
            .body(Types::taken::<NewInvite>).answers(201, Types::given::<InviteAck>).refused(&[Code::Muted]),
        Call::new(delete, "/rooms/{code}/invites/{id}", "revokeInvite", "Ends an invitation.").no_content(),
    ];
    calls.map(|call| call.about("rooms")).into()
}

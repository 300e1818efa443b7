//! Calls about running the site, for its admins.

use super::{AFTER_USER, Call, LIMIT, Parameter, Types, moderation::LOG};
use crate::{
    error::Code,
    wire::{
        administration::{
            AuditBody, NewSiteInvite, NewSiteUser, SiteRoomBody, SiteRoomsBody, SiteUserBody,
            SiteUsersBody, TakeRoomDeed, TakeUserDeed,
        },
        events::{InviteAck, InvitesAck},
    },
};

const QUERY: [Parameter; 1] = [Parameter {
    name: "query",
    words: "Only those with this in their name or address; all where it is left out.",
}];
const ROOMS: [Parameter; 2] = [
    Parameter {
        name: "after",
        words: "What the answer before called `next`.",
    },
    LIMIT,
];

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    [
        Call::new("get", "/admin/audit", "auditLog", "Reads what was done to run the site, the newest first; for the site's admin.")
            .query(&LOG).answers(200, Types::given::<AuditBody>),
        Call::new("get", "/admin/users", "siteUsers", "Lists accounts in the order of their ids; for the site's admin.")
            .query(&[AFTER_USER, LIMIT]).texts(&QUERY).answers(200, Types::given::<SiteUsersBody>),
        Call::new("post", "/admin/users", "createSiteUser", "Makes an account with a password that nobody chose, which the answer tells this once; for the site's admin.")
            .body(Types::taken::<NewSiteUser>).answers(201, Types::given::<SiteUserBody>).refused(&[Code::TooLong, Code::Conflict]),
        Call::new("get", "/admin/users/{id}", "siteUser", "Reads one account; for the site's admin.").answers(200, Types::given::<SiteUserBody>),
        Call::new("post", "/admin/users/{id}", "changeSiteUser", "Disables or enables an account, gives it a new password, or says whether its person runs the site; for the site's admin.")
            .body(Types::taken::<TakeUserDeed>).answers(200, Types::given::<SiteUserBody>).refused(&[Code::Conflict]),
        Call::new("get", "/admin/rooms", "siteRooms", "Lists all rooms, and nothing of what is said in them; for the site's admin.")
            .query(&ROOMS).answers(200, Types::given::<SiteRoomsBody>),
        Call::new("get", "/admin/rooms/{code}", "siteRoom", "Reads what a room is; for the site's admin.").answers(200, Types::given::<SiteRoomBody>),
        Call::new("post", "/admin/rooms/{code}", "changeSiteRoom", "Archives, restores or deletes a room; for the site's admin.")
            .body(Types::taken::<TakeRoomDeed>).answers(200, Types::given::<SiteRoomBody>).refused(&[Code::Conflict]),
        Call::new("get", "/admin/invites", "siteInvites", "Lists the invitations to the site that hold; for admins.")
            .answers(200, Types::given::<InvitesAck>),
        Call::new("post", "/admin/invites", "createSiteInvite", "Makes a link by which others may make an account and land in a room; it is shown this once; for admins.")
            .body(Types::taken::<NewSiteInvite>).answers(201, Types::given::<InviteAck>).refused(&[Code::NotFound]),
        Call::new("delete", "/admin/invites/{id}", "revokeSiteInvite", "Ends an invitation to the site; for admins.").no_content(),
    ].map(|call| call.about("administration")).into()
}

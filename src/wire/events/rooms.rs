//! Rooms: what clients ask of them, and what they are answered.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::{Invite, Member, Notify, Preferences, Room, Time, User};

/// Who may find a room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Members, and who is invited.
    Private,
}

/// A person, by id or by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a person's id or name")]
pub enum UserRef {
    /// Their id.
    Id(i64),
    /// Their present name.
    Name(String),
}

/// `create_room`: open a room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct CreateRoom {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// Who may find it.
    #[serde(default)]
    pub visibility: Visibility,
    /// What it is about, 250 characters at most.
    pub topic: Option<String>,
}

/// `update_room`: give a room another name, topic or visibility, or have it keep its messages for another time; what is
/// left out stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct UpdateRoom {
    /// Which room.
    pub room: String,
    /// Its new name, 1 to 64 characters.
    pub name: Option<String>,
    /// What it is about from now on, 250 characters at most.
    pub topic: Option<String>,
    /// Who may find it from now on.
    pub visibility: Option<Visibility>,
    /// For how many days its messages are kept, for its owner to say: no more than the site keeps them. 0: as long as the
    /// site.
    pub retention_days: Option<i64>,
}

/// `archive_room`: close a room for writing, or open it again.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ArchiveRoom {
    /// Which room.
    pub room: String,
    /// Whether it is closed.
    pub on: bool,
}

/// `delete_room`: end a room, with all that was said in it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct DeleteRoom {
    /// Which room.
    pub room: String,
    /// The room's name, as it stands, so that nobody does it by mistake.
    pub confirm: String,
}

/// The answer to whatever makes, finds or changes a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoomAck {
    /// The room.
    pub room: Room,
}

/// `direct`: open the direct conversation with these people, or find it. Without others it is one with oneself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Direct {
    /// The others, 20 at most.
    pub users: Vec<UserRef>,
}

/// `members`: who belongs to a room.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ListMembers {
    /// Which room.
    pub room: String,
    /// Those after this user id.
    pub after: Option<i64>,
    /// 1 to 200; 50 where it is left out.
    pub limit: Option<i64>,
}

/// The answer to `members`, in the order of the ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MembersAck {
    /// The members.
    pub members: Vec<Member>,
    /// Whether there are more.
    pub more: bool,
}

/// `people`: whose names begin so, among those who share a room with the one who asks.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ListPeople {
    /// How the name begins; may be empty.
    #[serde(default)]
    pub query: String,
    /// Only those who belong to this room.
    pub room: Option<String>,
    /// 1 to 200; 50 where it is left out.
    pub limit: Option<i64>,
}

/// The answer to `people`, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PeopleAck {
    /// Who.
    pub people: Vec<User>,
}

/// `add_member`: bring somebody into a room by name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct AddMember {
    /// Into which room.
    pub room: String,
    /// Whom.
    pub user: UserRef,
}

/// The answer to `add_member`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberAck {
    /// The new member.
    pub member: Member,
}

/// `create_invite`: make a link by which others may come in.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct CreateInvite {
    /// Into which room; to the site where it is left out, which takes an admin.
    pub room: Option<String>,
    /// Seconds for which it holds, from a minute to a year; without end where it is left out.
    pub expires_in: Option<i64>,
    /// How many people may come by it, 1 to 10,000; any number where it is left out.
    pub uses: Option<i64>,
}

/// The answer to `create_invite`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InviteAck {
    /// The invitation.
    pub invite: Invite,
    /// The link's path on this server, with its token, which is shown this once.
    pub url: String,
}

/// `invites`: the invitations that hold.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ListInvites {
    /// Into which room; those to the site where it is left out, which takes an admin.
    pub room: Option<String>,
}

/// The answer to `invites`, the newest first. Who may not revoke them all sees their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvitesAck {
    /// The invitations, 200 at most.
    pub invites: Vec<Invite>,
}

/// `revoke_invite`: end an invitation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct RevokeInvite {
    /// Its id.
    pub invite: i64,
}

/// `room_preferences`: how the person wants to hear of a room; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct RoomPreferences {
    /// Which room.
    pub room: String,
    /// Of which messages.
    pub notify: Option<Notify>,
    /// Until when of none; `null` ends that.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Time>")]
    pub muted_until: Option<Option<String>>,
    /// Whether it stands on top of the list.
    pub favourite: Option<bool>,
    /// Whether it is left out of the list, as long as nothing in it is unread.
    pub hidden: Option<bool>,
}

/// Tells a key that was left out from one that is `null`.
#[allow(
    clippy::option_option,
    reason = "left out, null and a value are three things on the wire"
)]
pub(crate) fn given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// The answer to `room_preferences`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreferencesAck {
    /// How the person hears of the room from now on.
    pub preferences: Preferences,
}

/// `mark_unread`: this message and what came after it counts as not read.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct MarkUnread {
    /// Where.
    pub room: String,
    /// The first message that counts as not read.
    pub id: i64,
}

/// `active`: whether the person is at this device. One who is at none of theirs is away.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SetActive {
    /// Whether.
    pub on: bool,
    /// The room that the person has before them, if any: nothing is pushed of what is said there.
    pub room: Option<String>,
}

/// `room_updated`: a room in its new state, or one that the person belongs to from now on; to all their sockets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoomUpdated {
    /// The room.
    pub room: Room,
    /// Where old messages were deleted for good: from which id on they are kept. Of those before it, tombstones that a
    /// younger message refers to are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_from: Option<i64>,
}

/// `room_removed`: a room is none of the person's any more; to all their sockets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoomRemoved {
    /// Its code.
    pub room: String,
    /// Why.
    pub reason: crate::wire::RemovalReason,
}

/// `member_updated`: a member's role, or until when they may not write, is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberUpdated {
    /// Which room.
    pub room: String,
    /// The member as they are now.
    pub member: Member,
}

/// `read`: somebody has read up to this message; in direct conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReadMark")]
pub struct Read {
    /// Which room.
    pub room: String,
    /// Who.
    pub user_id: i64,
    /// The last message that they have read.
    pub id: i64,
}

/// `preferences_updated`: the person wants to hear of a room in another way; to all their sockets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreferencesUpdated {
    /// Which room.
    pub room: String,
    /// How, from now on.
    pub preferences: Preferences,
}

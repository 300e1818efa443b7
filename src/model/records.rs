//! Plain records: what the store keeps and gives back, and the changes that it tells of.

use std::{net::IpAddr, sync::Arc};

use super::{
    ClientId, Email, Mentioned, MessageChange, MessageId, Quote, Reaction, RoomCode, RoomId,
    RoomName, Seq, Timestamp, Topic, UserId, UserName,
};

/// What everybody may see of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCard {
    /// Who.
    pub id: UserId,
    /// The present name.
    pub name: UserName,
    /// The id of the present photo among the uploads.
    pub photo: Option<String>,
    /// Whether a program speaks here.
    pub bot: bool,
    /// Whether this is somebody without an account, or was.
    pub guest: bool,
    /// Whether the account was closed.
    pub deleted: bool,
}

/// A person's whole account, for its owner and for services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The public part.
    pub card: UserCard,
    /// Where letters go.
    pub email: Email,
    /// Whether this person runs the site.
    pub admin: bool,
    /// Since when the account exists.
    pub created_at: Timestamp,
}

/// An account about to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name, free or not: the store decides.
    pub name: UserName,
    /// The address, free or not: the store decides.
    pub email: Email,
    /// The password's hash, a PHC string.
    pub password_hash: String,
    /// Whether this may be the first account, which becomes the site's admin.
    pub may_be_first: bool,
    /// Now.
    pub created_at: Timestamp,
}

/// Where a request came from, for the session list and the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The client's address.
    pub address: IpAddr,
    /// What the client calls itself, cut to 200 characters.
    pub user_agent: String,
}

/// A browser session about to be made; only the SHA-256 of its token is known here.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the cookie's value.
    pub hash: [u8; 32],
    /// Whose.
    pub user_id: UserId,
    /// From where.
    pub origin: Origin,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

/// A live browser session.
#[derive(Debug, Clone)]
pub struct Session {
    /// SHA-256 of the cookie's value.
    pub hash: [u8; 32],
    /// Whose.
    pub account: Account,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// The room that it last entered by page or form (the Flask dialect speaks there).
    pub entered: Option<RoomCode>,
}

/// A bearer token about to be made; only its SHA-256 is known here.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whose.
    pub user_id: UserId,
    /// What its owner calls it.
    pub label: String,
    /// Now.
    pub created_at: Timestamp,
}

/// What a live connection was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A browser session, by the SHA-256 of its cookie's value.
    Session([u8; 32]),
    /// A bearer token, by its SHA-256.
    Token([u8; 32]),
    /// None: a guest's.
    Guest,
}

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
    /// Its name for people.
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

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The room's seq at its last change.
    pub seq: Seq,
    /// The room's seq at its creation.
    pub created_seq: Seq,
    /// Its room in the store.
    pub room_id: RoomId,
    /// Its room for clients.
    pub room: RoomCode,
    /// Who wrote it, under their present name.
    pub author: UserCard,
    /// What they wrote.
    pub text: String,
    /// The same, ready to be shown: escaped, links made links.
    pub html: String,
    /// The author's own name for it.
    pub client_id: Option<ClientId>,
    /// What it replies to.
    pub reply_to: Option<Quote>,
    /// The first message of its thread, where it is not that itself.
    pub thread: Option<MessageId>,
    /// How many replies its thread has, where it is the first one there.
    pub reply_count: i64,
    /// Who is mentioned in it.
    pub mentioned: Mentioned,
    /// What people answered it with.
    pub reactions: Vec<Reaction>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// What changed of it last.
    pub change: Option<MessageChange>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Whether only its place is left.
    pub deleted: bool,
}

/// Why somebody may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// There is no such room, or none that this person may know of.
    NotFound,
    /// The room is there, the right is not.
    Forbidden,
    /// They may not write until then.
    Muted(Timestamp),
    /// They are kept out until then.
    Banned(Timestamp),
    /// They have just written; they may again after so many milliseconds.
    SlowMode(u64),
}

/// The rule that the store asks inside the transaction, when the facts cannot change any more.
pub type Permit = fn(&Standing, Timestamp) -> Result<(), Denied>;

/// A message about to be kept.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Where.
    pub room: RoomCode,
    /// Who.
    pub author: UserId,
    /// What.
    pub text: String,
    /// The same, ready to be shown.
    pub html: String,
    /// The author's own name for it.
    pub client_id: Option<ClientId>,
    /// What it replies to.
    pub reply_to: Option<MessageId>,
    /// Whom it mentions.
    pub mentioned: Mentioned,
    /// Now.
    pub created_at: Timestamp,
    /// Whether they may.
    pub permit: Permit,
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

/// Which live connections end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// Those of this session.
    Session([u8; 32]),
    /// Those of this token.
    Token([u8; 32]),
    /// All of the person's, but of the one session that goes on under a new id, where one is given.
    Everything {
        /// Whose.
        user_id: UserId,
        /// The session that goes on: its hash until now, and from now on.
        except: Option<([u8; 32], [u8; 32])>,
    },
}

/// Something that was committed, in the order in which it was.
#[derive(Debug, Clone)]
pub enum Change {
    /// A message that is new, or in a new state.
    Message(Arc<Message>),
    /// People are mentioned in a message, who were not before.
    Mentioned {
        /// In which.
        message: Arc<Message>,
        /// Who.
        people: Vec<UserId>,
    },
    /// A new member.
    Joined {
        /// The room, with the new count.
        room: Room,
        /// Who.
        member: Member,
    },
    /// A member less.
    Left {
        /// The room, with the new count.
        room: Room,
        /// Who.
        user: UserCard,
        /// How.
        reason: LeaveReason,
    },
    /// A person saved a message, or takes it out again.
    Saved {
        /// Who.
        user_id: UserId,
        /// Which message.
        id: MessageId,
        /// Whether it is saved.
        on: bool,
    },
    /// A person's name or photo is another one.
    Profile(UserCard),
    /// A person read on.
    Read {
        /// Who.
        user_id: UserId,
        /// Where.
        room: Room,
        /// How much is left.
        membership: Membership,
    },
    /// Connections that must end.
    Revoked(Revocation),
}

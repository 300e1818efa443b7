//! Plain records: what the store keeps and gives back, and the changes that it tells of.

use std::{net::IpAddr, sync::Arc};

use super::{
    Attachment, ClientId, Email, LeaveReason, LogEntry, Measure, Member, Membership, Mentioned,
    MessageChange, MessageId, Preferences, Preview, Quote, Reaction, RemovalReason, Room, RoomCode,
    RoomId, Scopes, Seq, Standing, Timestamp, UploadId, UserId, UserName,
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
    /// Whether a login asks for a second factor.
    pub two_factor: bool,
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
    /// When its owner last showed who they are.
    pub proved_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

/// Who somebody is at an OpenID Connect provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcIdentity {
    /// The provider.
    pub issuer: String,
    /// The provider's id of the person.
    pub subject: String,
}

/// A live browser session.
#[derive(Debug, Clone)]
pub struct Session {
    /// SHA-256 of the cookie's value.
    pub hash: [u8; 32],
    /// Whose.
    pub account: Account,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// When its owner last showed who they are; logging in counts.
    pub proved_at: Timestamp,
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
    /// What it may do; `None` is all that the account may.
    pub scopes: Option<Scopes>,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends by itself, if it does.
    pub expires_at: Option<Timestamp>,
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
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// The pages that it links to.
    pub previews: Vec<Preview>,
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
    /// Uploads of the author's that wait for a message.
    pub attachments: Vec<UploadId>,
    /// Now.
    pub created_at: Timestamp,
    /// Whether they may.
    pub permit: Permit,
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
    /// A room's name, topic, kind or state is another one.
    Room(Room),
    /// A room is no more.
    Removed {
        /// What it was.
        room: Room,
        /// Who belonged to it.
        members: Vec<UserId>,
        /// Why.
        reason: RemovalReason,
    },
    /// A member's role, or until when they may not write, is another one.
    Member {
        /// The room.
        room: Room,
        /// Who, as they are now.
        member: Member,
    },
    /// Something was done to keep order in a room.
    Moderated {
        /// The room.
        room: Room,
        /// What.
        measure: Measure,
        /// The same, as the room's log has it.
        entry: Box<LogEntry>,
    },
    /// What was said in a room before a message is gone for good; tombstones that younger messages refer to are left.
    Swept {
        /// The room.
        room: Room,
        /// The first message that is kept, whether it is there yet or not.
        before: MessageId,
    },
    /// A person's name or photo is another one.
    Profile(UserCard),
    /// A person read on, or marked something as unread.
    Read {
        /// Who.
        user_id: UserId,
        /// Where.
        room: Room,
        /// How much is left.
        membership: Membership,
        /// Whether they marked as unread what they had read.
        back: bool,
    },
    /// A person wants to hear of a room in another way.
    Preferences {
        /// Who.
        user_id: UserId,
        /// Of which room.
        room: Room,
        /// How.
        preferences: Preferences,
    },
    /// Connections that must end.
    Revoked(Revocation),
}

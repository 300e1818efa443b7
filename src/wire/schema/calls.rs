//! Every JSON call under `/api/v1`: the one list of which the OpenAPI document is made. A test holds it to the
//! router's routes.

mod administration;
mod bots;
mod devices;
mod factors;
mod hooks;
mod moderation;
mod passkeys;
mod people;
mod push;
mod recovery;
mod search;
mod sign_on;
mod tokens;

use serde_json::Value;

use super::types::Types;
use crate::{
    error::Code,
    wire::{
        bodies::{
            ConfirmDelete, DeleteMe, JoinBy, MessageBody, NewText, NewUser, PatchMe, PatchRoom,
            ReadUpTo, RoomBody, SetArchived, UploadBody, UserBody,
        },
        events::{
            ChangedAck, CreateRoom, HistoryAck, MembersAck, MessagesAck, ReadAck, RoomAck,
            RoomsAck, SendMessage,
        },
        passwords::{CheckPassword, PasswordStrength},
    },
};

/// A schema, once there is something to collect it in.
type Schema = fn(&mut Types) -> Value;

/// What a call takes as its body.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// Nothing.
    None,
    /// A JSON object.
    Json(Schema),
    /// A JSON object, or nothing.
    Optional(Schema),
    /// A JSON object, such an object in the field `payload` of a form, or a plain text.
    Hook(Schema),
    /// A picture, as it is or in the field `photo` of a multipart form.
    Photo,
    /// A file of any kind, in the field `file` of a multipart form.
    File,
}

/// A parameter in the query.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
}

/// One call.
pub(super) struct Call {
    pub(super) method: &'static str,
    /// Below `/api/v1`.
    pub(super) path: &'static str,
    /// The name of the operation.
    pub(super) id: &'static str,
    /// What it is about.
    pub(super) tag: &'static str,
    pub(super) words: &'static str,
    /// Whether it needs a credential.
    pub(super) credential: bool,
    /// Those that are whole numbers.
    pub(super) query: &'static [Parameter],
    /// Parameters in the query that are texts.
    pub(super) texts: &'static [Parameter],
    pub(super) body: Body,
    /// The statuses of success, each with what is answered.
    pub(super) answers: Vec<(u16, Option<Schema>)>,
    /// Whether success is answered with a zip archive.
    pub(super) archive: bool,
    /// Why it may be refused, beside the reasons that come with its path, body and credential.
    pub(super) refusals: &'static [Code],
}

impl Call {
    fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        words: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            id,
            tag: "accounts",
            words,
            credential: true,
            query: &[],
            texts: &[],
            body: Body::None,
            answers: Vec::new(),
            archive: false,
            refusals: &[],
        }
    }

    fn about(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    fn open(mut self) -> Self {
        self.credential = false;
        self
    }

    fn query(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    fn body(mut self, schema: Schema) -> Self {
        self.body = Body::Json(schema);
        self
    }

    fn optional_body(mut self, schema: Schema) -> Self {
        self.body = Body::Optional(schema);
        self
    }

    fn texts(mut self, texts: &'static [Parameter]) -> Self {
        self.texts = texts;
        self
    }

    fn photo(mut self) -> Self {
        self.body = Body::Photo;
        self
    }

    fn file(mut self) -> Self {
        self.body = Body::File;
        self
    }

    fn answers(mut self, status: u16, schema: Schema) -> Self {
        self.answers.push((status, Some(schema)));
        self
    }

    fn archive(mut self) -> Self {
        self.archive = true;
        self.answers.push((200, None));
        self
    }

    fn no_content(mut self) -> Self {
        self.answers.push((204, None));
        self
    }

    fn refused(mut self, codes: &'static [Code]) -> Self {
        self.refusals = codes;
        self
    }

    /// The names of the path's parameters.
    pub(super) fn in_path(&self) -> impl Iterator<Item = &'static str> {
        let parts = self.path.split('/');
        parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether the body or the absence of one is told by a Content-Type that is looked at.
    pub(super) fn has_type(&self) -> bool {
        !matches!(self.body, Body::None)
            || (self.credential && matches!(self.method, "post" | "put"))
    }

    /// All codes by which it may be refused, in the contract's order.
    pub(super) fn codes(&self) -> Vec<Code> {
        let common = |code: Code| match code {
            Code::Unavailable => true,
            Code::Unauthorized | Code::Forbidden => self.credential,
            Code::NotFound => self.in_path().next().is_some(),
            Code::Banned => self.in_path().any(|name| name == "code"),
            Code::Invalid => self.has_type() || !self.query.is_empty(),
            Code::TooLarge => !matches!(self.body, Body::None),
            _ => false,
        };
        let wanted = |code: &Code| common(*code) || self.refusals.contains(code);
        Code::ALL.into_iter().filter(wanted).collect()
    }

    /// Collects the types of its bodies.
    pub(super) fn schemas(&self, types: &mut Types) {
        if let Body::Json(schema) | Body::Optional(schema) | Body::Hook(schema) = self.body {
            schema(types);
        }
        for schema in self.answers.iter().filter_map(|(_, schema)| *schema) {
            schema(types);
        }
    }
}

const AFTER_USER: Parameter = Parameter {
    name: "after",
    words: "Those after this user id.",
};
const LIMIT: Parameter = Parameter {
    name: "limit",
    words: "1 to 200; 50 where it is left out.",
};
const THREAD: [Parameter; 2] = [
    Parameter {
        name: "after",
        words: "Only replies after this message id.",
    },
    LIMIT,
];
const SAVED: [Parameter; 2] = [
    Parameter {
        name: "before",
        words: "Those before this message id.",
    },
    LIMIT,
];
const HISTORY: [Parameter; 4] = [
    Parameter {
        name: "before",
        words: "Those before this message id.",
    },
    Parameter {
        name: "after",
        words: "Those after this message id.",
    },
    Parameter {
        name: "around",
        words: "Those around this message id.",
    },
    LIMIT,
];

/// The list.
#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    let (get, post, put, patch, delete) = ("get", "post", "put", "patch", "delete");
    let mut calls = vec![
        Call::new(post, "/users", "register", "Makes an account.").open()
            .body(Types::taken::<NewUser>).answers(201, Types::given::<UserBody>)
            .refused(&[Code::TooLong, Code::Conflict, Code::RateLimited, Code::RegistrationClosed]),
        Call::new(post, "/passwords/strength", "passwordStrength", "Says how strong a password would be, and whether it would be refused; it is not kept.").open()
            .body(Types::taken::<CheckPassword>).answers(200, Types::given::<PasswordStrength>).refused(&[Code::RateLimited]),
        Call::new(get, "/me", "me", "Reads one's account.").answers(200, Types::given::<UserBody>),
        Call::new(patch, "/me", "changeMe", "Changes one's account; a new password ends every other session and all tokens.")
            .body(Types::taken::<PatchMe>).answers(200, Types::given::<UserBody>)
            .refused(&[Code::TooLong, Code::Conflict, Code::RateLimited]),
        Call::new(delete, "/me", "deleteMe", "Deletes one's account: name and address are free at once; what one said stays or goes, as asked.")
            .body(Types::taken::<DeleteMe>).no_content().refused(&[Code::Conflict, Code::RateLimited]),
        Call::new(post, "/me/export", "exportMe", "Makes an export of one's data: a zip archive of JSON files, one's photo and files, sent while it is made.")
            .archive().refused(&[Code::Conflict, Code::RateLimited]),
        Call::new(put, "/me/photo", "setPhoto", "Sets one's photo: png, jpg, jpeg or gif.").photo()
            .answers(200, Types::given::<UserBody>),
        Call::new(delete, "/me/photo", "removePhoto", "Takes one's photo away.").answers(200, Types::given::<UserBody>),
    ];
    calls.extend([
        Call::new(get, "/rooms", "rooms", "Lists one's rooms, with what is unread in them.").answers(200, Types::given::<RoomsAck>),
        Call::new(post, "/rooms", "createRoom", "Opens a room.")
            .body(Types::taken::<CreateRoom>).answers(201, Types::given::<RoomAck>).refused(&[Code::TooLong]),
        Call::new(get, "/rooms/{code}", "room", "Reads a room's head.").answers(200, Types::given::<RoomBody>),
        Call::new(patch, "/rooms/{code}", "changeRoom", "Gives a room another name, topic or visibility, or says for how long it keeps messages.")
            .body(Types::taken::<PatchRoom>).answers(200, Types::given::<RoomBody>).refused(&[Code::TooLong]),
        Call::new(delete, "/rooms/{code}", "deleteRoom", "Ends a room, with all that was said in it.")
            .body(Types::taken::<ConfirmDelete>).no_content(),
        Call::new(post, "/rooms/{code}/archive", "archiveRoom", "Closes a room for writing, or opens it again.")
            .body(Types::taken::<SetArchived>).answers(200, Types::given::<RoomBody>),
        Call::new(post, "/rooms/{code}/join", "joinRoom", "Becomes a member of a public room, or of one to which one is invited.")
            .optional_body(Types::taken::<JoinBy>).answers(200, Types::given::<RoomBody>),
        Call::new(post, "/rooms/{code}/leave", "leaveRoom", "Gives membership up.").no_content(),
        Call::new(get, "/rooms/{code}/members", "members", "Lists members in the order of their ids.")
            .query(&[AFTER_USER, LIMIT]).answers(200, Types::given::<MembersAck>),
        Call::new(post, "/rooms/{code}/read", "markRead", "Notes up to which message one has read.")
            .body(Types::taken::<ReadUpTo>).answers(200, Types::given::<ReadAck>),
    ].map(|call| call.about("rooms")));
    calls.extend([
        Call::new(get, "/rooms/{code}/messages", "history", "Reads messages in the order of their ids: the newest, or around one of them.")
            .query(&HISTORY).answers(200, Types::given::<HistoryAck>),
        Call::new(post, "/rooms/{code}/messages", "sendMessage", "Says something. 201: it is on disk. 200: it was there already, under the same `client_id`.")
            .body(Types::taken::<SendMessage>).answers(201, Types::given::<MessageBody>).answers(200, Types::given::<MessageBody>)
            .refused(&[Code::TooLong, Code::RateLimited, Code::Muted, Code::SlowMode]),
        Call::new(post, "/uploads", "upload", "Uploads a file, which then waits for the message that names it in `attachments`.").file()
            .answers(201, Types::given::<UploadBody>).refused(&[Code::RateLimited]),
    ].map(|call| call.about("messages")));
    calls.extend(people::calls());
    calls.extend(hooks::calls());
    calls.extend(search::calls());
    calls.extend(about_messages());
    calls.extend(bots::calls());
    calls.extend(devices::calls());
    calls.extend(tokens::calls());
    calls.extend(factors::calls());
    calls.extend(sign_on::calls());
    calls.extend(passkeys::calls());
    calls.extend(recovery::calls());
    calls.extend(moderation::calls());
    calls.extend(administration::calls());
    calls.extend(push::calls());
    calls
}

/// What is done to messages, and the lists that they stand in.
#[rustfmt::skip]
fn about_messages() -> Vec<Call> {
    let (get, put, patch, delete) = ("get", "put", "patch", "delete");
    let changed = |call: Call| call.answers(200, Types::given::<ChangedAck>);
    let list = |call: Call| call.answers(200, Types::given::<MessagesAck>);
    vec![
        changed(Call::new(get, "/messages/{id}", "message", "Reads one message.")),
        changed(Call::new(patch, "/messages/{id}", "editMessage", "Has a message of one's own say something else; what it said is kept."))
            .body(Types::taken::<NewText>).refused(&[Code::TooLong, Code::RateLimited, Code::Muted]),
        changed(Call::new(delete, "/messages/{id}", "deleteMessage", "Leaves only a message's place: one's own, or any as a moderator.")),
        changed(Call::new(put, "/messages/{id}/reactions/{emoji}", "react", "Answers a message with an emoji; it takes 20 different ones."))
            .refused(&[Code::Invalid, Code::RateLimited, Code::Muted]),
        changed(Call::new(delete, "/messages/{id}/reactions/{emoji}", "unreact", "Takes one's emoji back."))
            .refused(&[Code::Invalid, Code::RateLimited, Code::Muted]),
        changed(Call::new(put, "/messages/{id}/pin", "pin", "Pins a message: moderators, and in direct conversations everybody.")).refused(&[Code::Muted]),
        changed(Call::new(delete, "/messages/{id}/pin", "unpin", "Pins a message no longer.")).refused(&[Code::Muted]),
        changed(Call::new(delete, "/messages/{id}/previews", "removePreviews", "Shows nothing any more of the pages that a message links to: one's own, or any as a moderator.")),
        changed(Call::new(put, "/messages/{id}/saved", "save", "Keeps a message for oneself, for later.")),
        changed(Call::new(delete, "/messages/{id}/saved", "unsave", "Takes a message out of what one saved.")),
        list(Call::new(get, "/messages/{id}/thread", "thread", "Reads the thread of a message: its first message and the replies in the order of their ids."))
            .query(&THREAD),
        list(Call::new(get, "/rooms/{code}/pins", "pins", "Lists what is pinned, the newest pin first.")),
        list(Call::new(get, "/saved", "saved", "Lists what one saved, the newest messages first.")).query(&SAVED),
    ].into_iter().map(|call| call.about("messages")).collect()
}

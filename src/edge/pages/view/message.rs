//! What a message shows beside its text, and the pages about single messages and lists of them.

use askama::Template;

use super::{FieldError, FieldErrors, FileView, MessageView, RoomHead, Shell};

/// What somebody may do with a message.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "one answer for each action")]
pub struct Allowed {
    /// Answer it with another message.
    pub reply: bool,
    /// Answer it with an emoji.
    pub react: bool,
    /// Have it say something else.
    pub edit: bool,
    /// Leave only its place.
    pub delete: bool,
    /// Keep it in view.
    pub pin: bool,
    /// Take away what is shown of the pages that it links to.
    pub remove_previews: bool,
}

/// How a page offers a message's menu.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Menu {
    /// By a link to the message's own page, where it is open. The script makes one of the page's pattern.
    #[default]
    Link,
    /// It is there, and closed.
    Closed,
    /// It is there, and open.
    Open,
}

/// The message that another one replies to.
#[derive(Clone, Debug, Default)]
pub struct QuoteView {
    /// Its id.
    pub id: i64,
    /// Who wrote it.
    pub name: String,
    /// How it begins.
    pub excerpt: String,
    /// Whether only its place is left.
    pub deleted: bool,
}

/// One emoji under a message.
#[derive(Clone, Debug, Default)]
pub struct ReactionView {
    /// Which.
    pub emoji: String,
    /// How many people chose it.
    pub count: usize,
    /// Whether I did.
    pub me: bool,
}

impl MessageView {
    /// The emoji that a message's menu offers.
    pub(super) const QUICK: [&'static str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

    /// The message's own page; for the template.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/room/{}/m/{}", self.room, self.id)
    }

    /// Whether there is a line of notes under the text; for the template.
    pub(super) fn has_notes(&self) -> bool {
        self.edited.is_some() || self.pinned || self.saved || self.reply_count > 0
    }

    /// A message with all that one can have, from which the script makes others.
    #[must_use]
    pub fn pattern(room: &str) -> Self {
        Self {
            room: room.to_owned(),
            quote: Some(QuoteView::default()),
            reactions: vec![ReactionView::default()],
            edited: Some(String::new()),
            pinned: true,
            saved: true,
            reply_count: 2,
            may: Allowed {
                reply: true,
                react: true,
                edit: true,
                delete: true,
                pin: true,
                remove_previews: true,
            },
            ..Self::default()
        }
    }
}

/// `/room/{code}/m/{id}/edit`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/message_edit.html")]
pub struct EditMessagePage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// The message's id.
    pub id: i64,
    /// The message's own page.
    pub path: String,
    /// The text, as kept or as typed.
    pub data: String,
    /// Whether it may be empty, since files say enough.
    pub may_be_empty: bool,
    /// Fields: `data`, and `""`.
    pub errors: Vec<FieldError>,
}

/// `/room/{code}/m/{id}/delete`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/message_delete.html")]
pub struct DeleteMessagePage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// The message.
    pub message: MessageView,
}

/// `/room/{code}/m/{id}/thread`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/thread.html")]
pub struct ThreadPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// The room.
    pub room: RoomHead,
    /// The id of the thread's first message.
    pub id: i64,
    /// The first message, where the page begins with it, and the replies.
    pub messages: Vec<MessageView>,
    /// The last reply here, when there are later ones.
    pub more_after: Option<i64>,
    /// Whether I may reply.
    pub may_reply: bool,
    /// The form's `client_id`.
    pub client_id: String,
    /// The text that was typed and not accepted.
    pub data: String,
    /// The files that came with it, and wait.
    pub files: Vec<FileView>,
    /// Fields: `data`, and `""`.
    pub errors: Vec<FieldError>,
}

/// A message in a list of messages that do not follow each other.
#[derive(Clone, Debug, Default)]
pub struct ListedMessage {
    /// The name of its room.
    pub room_name: String,
    /// The message.
    pub message: MessageView,
}

/// `/room/{code}/pins` and `/saved`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/messages.html")]
pub struct MessagesPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// Which list: `pins` or `saved`.
    pub list: String,
    /// What stands on top.
    pub heading: String,
    /// What is said when there is none.
    pub nothing: String,
    /// Where one came from.
    pub back: String,
    /// What that is called.
    pub back_name: String,
    /// Whether the messages are of several rooms.
    pub names_rooms: bool,
    /// The messages.
    pub messages: Vec<ListedMessage>,
    /// The next page, when there is one.
    pub more: Option<String>,
}

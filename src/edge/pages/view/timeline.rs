//! A room's messages in the order in which a page shows them, with the dividers between them.
//!
//! Says which message continues the one above it, where a day begins and where the unread ones
//! start. The script in `web/src` draws the same lines again in the reader's own time zone.

use super::{Allowed, FileView, Menu, PictureView, PreviewView, QuoteView, ReactionView};

/// How long after the one above a message of the same author still continues it, in milliseconds.
const CONTINUES_WITHIN_MS: i64 = 5 * 60 * 1000;

/// How many emoji a message may have to be shown large.
const LARGE_EMOJI: usize = 6;

/// One message.
#[derive(Clone, Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a template asks for each of them"
)]
pub struct MessageView {
    /// The message's id.
    pub id: i64,
    /// The code of its room.
    pub room: String,
    /// The `seq` of its last change.
    pub seq: i64,
    /// The author's id.
    pub user_id: i64,
    /// The author's name.
    pub name: String,
    /// Whether the author's account is gone, so that the name leads nowhere.
    pub gone: bool,
    /// Address of the author's photo.
    pub avatar: Option<String>,
    /// The text as safe HTML: escaped, its links made links.
    pub html: String,
    /// The pictures that came with it.
    pub pictures: Vec<PictureView>,
    /// The other files.
    pub files: Vec<FileView>,
    /// The pages that it links to.
    pub previews: Vec<PreviewView>,
    /// When it was sent, RFC 3339.
    pub time: String,
    /// When it was sent, in milliseconds since 1970.
    pub at_ms: i64,
    /// "14:32".
    pub clock: String,
    /// The full date: "Monday, 3 March 2025 at 14:32".
    pub full: String,
    /// The day it was sent, to tell days apart: "2025-03-03".
    pub date: String,
    /// The same day in words: "Today", "Monday, 3 March".
    pub day: String,
    /// Whether it goes on from the one above; [`timeline`] sets it.
    pub continued: bool,
    /// Whether I wrote it.
    pub mine: bool,
    /// Whether it is nothing but a few emoji: see [`MessageView::is_emoji_only`].
    pub emoji_only: bool,
    /// What it replies to.
    pub quote: Option<QuoteView>,
    /// The emoji under it.
    pub reactions: Vec<ReactionView>,
    /// When it was last edited, in words.
    pub edited: Option<String>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether I saved it.
    pub saved: bool,
    /// Whether only its place is left.
    pub deleted: bool,
    /// How many replies its thread has.
    pub reply_count: i64,
    /// Whether the page was opened around it.
    pub targeted: bool,
    /// What I may do with it.
    pub may: Allowed,
    /// How that is offered.
    pub menu: Menu,
}

impl MessageView {
    /// Whether a text is one to six emoji and nothing else, and so is shown large.
    #[must_use]
    pub fn is_emoji_only(text: &str) -> bool {
        let mut emoji = 0;
        let mut joined = false;
        for symbol in text.chars().filter(|symbol| !symbol.is_whitespace()) {
            match symbol {
                '\u{200d}' => joined = true,
                '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' if emoji > 0 => {
                }
                '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{1f000}'..='\u{1faff}' => {
                    emoji += usize::from(!joined);
                    joined = false;
                }
                _ => return false,
            }
        }
        (1..=LARGE_EMOJI).contains(&emoji)
    }

    /// Whether this one goes on from `above` without naming the author again.
    fn continues(&self, above: &Self) -> bool {
        self.user_id == above.user_id
            && self.date == above.date
            && (0..CONTINUES_WITHIN_MS).contains(&(self.at_ms - above.at_ms))
    }
}

/// What stands in a room's conversation.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A day begins: its date ("2025-03-03") and its words ("Monday, 3 March").
    Day {
        /// The date, for `<time datetime>`.
        date: String,
        /// The words on the divider.
        label: String,
    },
    /// From here on I have not read.
    New,
    /// A message.
    Message(Box<MessageView>),
}

impl Entry {
    /// The message, if this is one.
    fn message(&self) -> Option<&MessageView> {
        match self {
            Self::Message(message) => Some(message),
            Self::Day { .. } | Self::New => None,
        }
    }
}

/// Puts the dividers between `messages` (oldest first) and marks those that continue the one above.
///
/// `last_read` is the newest message that I have read; the *new* divider stands before the first
/// later one of somebody else's. `None` (I have just come in) shows no such divider.
#[must_use]
pub fn timeline(messages: Vec<MessageView>, last_read: Option<i64>) -> Vec<Entry> {
    let mut unread_after = last_read;
    let mut entries: Vec<Entry> = Vec::with_capacity(messages.len() + 4);
    for mut message in messages {
        let above = entries.iter().rev().find_map(Entry::message);
        let first_unread = !message.mine && unread_after.is_some_and(|read| message.id > read);
        message.continued = !first_unread && above.is_some_and(|above| message.continues(above));
        if above.is_none_or(|above| above.date != message.date) {
            entries.push(Entry::Day {
                date: message.date.clone(),
                label: message.day.clone(),
            });
        }
        if first_unread {
            entries.push(Entry::New);
            unread_after = None;
        }
        entries.push(Entry::Message(Box::new(message)));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: i64, user_id: i64, minute: i64, date: &str) -> MessageView {
        MessageView {
            id,
            user_id,
            at_ms: minute * 60_000,
            date: date.to_owned(),
            day: date.to_owned(),
            mine: user_id == 1,
            ..MessageView::default()
        }
    }

    fn drawn(entries: &[Entry]) -> String {
        let draw = |entry: &Entry| match entry {
            Entry::Day { label, .. } => format!("[{label}]"),
            Entry::New => "[new]".to_owned(),
            Entry::Message(message) if message.continued => format!("+{}", message.id),
            Entry::Message(message) => format!(" {}", message.id),
        };
        entries.iter().map(draw).collect::<Vec<_>>().concat()
    }

    #[test]
    fn the_same_author_within_five_minutes_continues() {
        let messages = vec![
            message(1, 1, 0, "mon"),
            message(2, 1, 4, "mon"),
            message(3, 1, 9, "mon"),
            message(4, 2, 10, "mon"),
        ];
        assert_eq!(drawn(&timeline(messages, None)), "[mon] 1+2 3 4");
    }

    #[test]
    fn a_new_day_starts_under_its_divider() {
        let messages = vec![message(1, 2, 0, "mon"), message(2, 2, 1, "tue")];
        assert_eq!(drawn(&timeline(messages, None)), "[mon] 1[tue] 2");
    }

    #[test]
    fn the_new_divider_stands_once_before_the_first_unread_of_another() {
        let messages = vec![
            message(1, 2, 0, "mon"),
            message(2, 1, 1, "mon"),
            message(3, 2, 2, "mon"),
            message(4, 2, 3, "mon"),
        ];
        assert_eq!(drawn(&timeline(messages, Some(1))), "[mon] 1 2[new] 3+4");
    }

    #[test]
    fn a_few_emoji_alone_are_large() {
        for text in ["👋", "👍🏽 🎉", "❤️", "👨‍👩‍👧"] {
            assert!(MessageView::is_emoji_only(text), "{text}");
        }
        for text in ["", "hi 👋", "1", "👋👋👋👋👋👋👋"] {
            assert!(!MessageView::is_emoji_only(text), "{text}");
        }
    }
}

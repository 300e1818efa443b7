//! What a message has beside its text, and what can be done to it after it was sent.

use super::{
    Denied, Excerpt, Invalid, Message, MessageId, Seq, Standing, Timestamp, UserCard, UserId,
};

impl Message {
    /// Where it stands among what is told to somebody who has been told everything up to `since`: a new message at the
    /// seq of its creation, so that new ones come in the order of their ids; one that they know at that of its change.
    #[must_use]
    pub fn place(&self, since: Seq) -> Seq {
        if self.created_seq > since {
            self.created_seq
        } else {
            self.seq
        }
    }
}

/// What changed of a message last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageChange {
    /// Its text.
    Edited,
    /// Only its place is left.
    Deleted,
    /// What people answered it with.
    Reactions,
    /// Whether it is pinned.
    Pinned,
    /// What is shown of the pages that it links to.
    Preview,
}

/// The message that another one replies to, as far as it is shown there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub author: UserCard,
    /// How it begins; empty once it is deleted.
    pub excerpt: Excerpt,
    /// Whether only its place is left.
    pub deleted: bool,
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// Who chose it, in the order in which they did.
    pub users: Vec<UserId>,
}

/// Whom a message mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// People, members of the room or not: the store keeps those that are.
    pub people: Vec<UserId>,
    /// Whether everybody in the room is meant.
    pub room: bool,
}

/// One emoji that people can answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji(&'static str);

impl Emoji {
    /// How many different ones a message may have.
    pub const KINDS: usize = 20;

    /// Reads an emoji; one that is written with or without a variation selector is the same.
    ///
    /// # Errors
    /// When Unicode knows no such emoji.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        emojis::get(text)
            .map(|emoji| Self(emoji.as_str()))
            .ok_or_else(|| Invalid::new("Choose one emoji, such as 👍."))
    }

    /// The emoji itself, fully qualified.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

/// What is done to a message.
#[derive(Debug, Clone)]
pub enum MessageEdit {
    /// It says something else.
    Text {
        /// What.
        text: String,
        /// The same, ready to be shown.
        html: String,
        /// Whom it mentions now.
        mentioned: Mentioned,
        /// The addresses that it links to: of others nothing is shown any more.
        links: Vec<String>,
    },
    /// Only its place is left.
    Delete,
    /// An emoji of the person's is put under it, or taken away.
    React {
        /// Which.
        emoji: Emoji,
        /// Whether it is put there.
        on: bool,
    },
    /// What is shown of the pages that it links to goes, and does not come back.
    HidePreviews,
    /// It is pinned, or no longer.
    Pin {
        /// Whether it is.
        on: bool,
    },
}

/// The rule that the store asks inside the transaction that changes a message.
pub type MessagePermit = fn(&Standing, &Message, UserId, Timestamp) -> Result<(), Denied>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_one_however_it_is_written() {
        assert_eq!(Emoji::parse("❤").unwrap(), Emoji::parse("❤️").unwrap());
        for text in ["👍", "👍🏽", "🏳️‍🌈", "👨‍👩‍👧", "🇩🇪", "1️⃣"]
        {
            assert_eq!(Emoji::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "a", ":+1:", "👍👍", "👍 ", "<b>"] {
            assert!(Emoji::parse(text).is_err(), "{text}");
        }
    }
}

//! Texts that people write: messages, room names, topics, addresses.

use super::{Invalid, words};

macro_rules! text {
    ($($name:ident),+) => {$(
        impl $name {
            /// Takes a text that the store holds; it was parsed when it was written.
            #[must_use]
            pub fn stored(text: String) -> Self {
                Self(text)
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

/// What a person says: not blank, without NUL, at most so many Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText(String);

/// A room's name, shown as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomName(String);

/// What a room is about; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topic(String);

/// An e-mail address: kept as written, compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// The sender's own name for a message, by which a resend is recognised (contract, promise 2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

text!(MessageText, RoomName, Topic, Email, ClientId);
pub(super) use text;

impl MessageText {
    /// Reads a message's text; line ends become `\n`, blanks at the end go.
    ///
    /// # Errors
    /// When it is blank, holds a NUL, or is longer than `max` characters.
    pub fn parse(text: &str, max: usize) -> Result<Self, Invalid> {
        if text.contains('\0') {
            return Err(Invalid::new(
                "A message cannot hold a NUL character. Remove it.",
            ));
        }
        let text = text.replace("\r\n", "\n");
        let text = text.trim_end();
        if text.chars().all(blank) {
            return Err(Invalid::new(
                "Write something first; this message is empty.",
            ));
        }
        if text.chars().count() > max {
            return Err(Invalid::too_long("A message", max));
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads the text of a message with files, which say enough: it may be blank, and then is empty.
    ///
    /// # Errors
    /// As [`MessageText::parse`], but for a blank one.
    pub fn beside_files(text: &str, max: usize) -> Result<Self, Invalid> {
        if text.chars().all(blank) {
            return Ok(Self(String::new()));
        }
        Self::parse(text, max)
    }
}

impl RoomName {
    /// Reads a room's name.
    ///
    /// # Errors
    /// When it is blank, has control characters, or is longer than `max` characters.
    pub fn parse(text: &str, max: usize) -> Result<Self, Invalid> {
        let text = one_line(text, "A room's name", max)?;
        if text.chars().all(blank) {
            return Err(Invalid::new("Give the room a name."));
        }
        Ok(Self(text))
    }
}

impl Topic {
    /// Reads a topic; an empty one is a room without topic.
    ///
    /// # Errors
    /// When it has control characters or is longer than `max` characters.
    pub fn parse(text: &str, max: usize) -> Result<Self, Invalid> {
        one_line(text, "A topic", max).map(Self)
    }
}

impl Email {
    /// The longest address that SMTP carries (RFC 5321, section 4.5.3.1.3, less the two brackets).
    pub const MAX: usize = 254;

    /// Reads an address. Only what every mail address has is asked for: one `@` with something before
    /// it and a host after it (whether it reaches anybody, only a letter can tell).
    ///
    /// # Errors
    /// When that is missing, or there are blanks or control characters in it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.chars().count() > Self::MAX {
            return Err(Invalid::too_long("An e-mail address", Self::MAX));
        }
        let wrong = || Invalid::new("Write an e-mail address like anna@example.org.");
        let (local, host) = text.rsplit_once('@').ok_or_else(wrong)?;
        let host_fits = !host.is_empty()
            && host.split('.').all(|label| {
                !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        let local_fits = !local.is_empty()
            && !local.chars().any(|c| {
                blank(c) || c.is_control() || matches!(c, '@' | '<' | '>' | '"' | ',' | ';')
            });
        if host_fits && local_fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(wrong())
        }
    }

    /// The form in which addresses are compared.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.0)
    }

    /// The form in which an address typed by somebody is looked up.
    #[must_use]
    pub fn key_of(text: &str) -> String {
        text.trim().to_lowercase()
    }
}

impl ClientId {
    /// The most characters of a client id.
    pub const MAX: usize = 64;

    /// Reads a client id: any string of 1 to 64 characters.
    ///
    /// # Errors
    /// When it is empty, longer, or holds a NUL.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || text.contains('\0') {
            return Err(Invalid::new(
                "A client_id has 1 to 64 characters and no NUL. Leave it out, or send a fresh random one a message.",
            ));
        }
        if text.chars().count() > Self::MAX {
            return Err(Invalid::too_long("A client_id", Self::MAX));
        }
        Ok(Self(text.to_owned()))
    }
}

/// The beginning of a message in one line, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt(pub String);

impl Excerpt {
    /// The most characters of an excerpt.
    pub const MAX: usize = 120;

    /// The first line's worth of `text`, blanks folded, with `…` where something was cut.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.chars().count() <= Self::MAX {
            return Self(folded);
        }
        let mut cut: String = folded.chars().take(Self::MAX - 1).collect();
        cut.push('…');
        Self(cut)
    }

    /// How a message begins, by its words; one whose HTML shows none, by its text.
    #[must_use]
    pub fn of_message(text: &str, html: &str) -> Self {
        // Blanks are folded, so some more is read than is kept.
        let words = Self::of(&words(html, 8 * Self::MAX));
        if words.0.is_empty() {
            Self::of(text)
        } else {
            words
        }
    }
}

pub(super) fn one_line(text: &str, what: &str, max: usize) -> Result<String, Invalid> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(Invalid::too_long(what, max));
    }
    if text.chars().any(|c| c.is_control() || deceptive(c)) {
        return Err(Invalid::new(format!(
            "{what} is one line without control or direction characters. Type it again."
        )));
    }
    Ok(text.to_owned())
}

/// Bidirectional controls, with which a text can show something other than it says (UTS #55).
fn deceptive(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// White space, and characters that show nothing.
fn blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200B}'
                ..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{3164}' | '\u{2800}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_something() {
        for text in ["", " ", "\n\t", "\u{200B}\u{2060}", "a\0b"] {
            assert!(!MessageText::parse(text, 10).expect_err(text).too_long);
        }
        assert!(
            MessageText::parse("12345678901", 10)
                .expect_err("long")
                .too_long
        );
        assert_eq!(
            MessageText::parse("  a\r\nb \n", 10)
                .expect("fits")
                .as_str(),
            "  a\nb"
        );
        assert!(
            MessageText::parse("😀😀😀😀😀😀😀😀😀😀", 10).is_ok(),
            "scalar values count"
        );
    }

    #[test]
    fn files_say_enough() {
        assert_eq!(
            MessageText::beside_files(" \n", 10).expect("fits").as_str(),
            ""
        );
        assert_eq!(
            MessageText::beside_files("look ", 10)
                .expect("fits")
                .as_str(),
            "look"
        );
        MessageText::beside_files("a\0", 10).expect_err("a NUL");
        MessageText::beside_files("12345678901", 10).expect_err("long");
    }

    #[test]
    fn addresses_have_two_sides() {
        for text in [
            "", "anna", "@b.c", "a@", "a b@c.d", "a@b..c", "a@b c", "a\n@b.c",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
        for text in [
            "a@b",
            "Anna.B+x@example.org",
            "o'neil@x.co",
            "ü@bücher.example",
        ] {
            assert!(Email::parse(text).is_ok(), "{text:?}");
        }
        assert_eq!(Email::parse("A@B.c").expect("fits").key(), "a@b.c");
    }

    #[test]
    fn a_room_name_is_one_line_that_can_be_seen() {
        for text in ["", "  ", "a\nb", "\u{202E}abc"] {
            assert!(RoomName::parse(text, 64).is_err(), "{text:?}");
        }
        assert_eq!(
            RoomName::parse(" Käse & Wein ", 64).expect("fits").as_str(),
            "Käse & Wein"
        );
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(Excerpt::of(" a\n\n b ").0, "a b");
        assert_eq!(
            Excerpt::of(&"ä".repeat(300)).0.chars().count(),
            Excerpt::MAX
        );
    }
}

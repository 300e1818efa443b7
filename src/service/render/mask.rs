//! What Markdown must not see, put away before it reads a text and put back after.
//!
//! Addresses and names keep their `_` and `*`; `<` and `&` are never HTML. Each is replaced by characters of the
//! Private Use Area, which mean nothing to Markdown; where a person typed one of those, it shows as U+FFFD.

use std::fmt::Write;

use super::{Named, inline, plain};
use crate::model::{UserId, UserName};

/// Stands before the number of something put away.
const OPEN: char = '\u{E000}';
/// Stands after it.
const CLOSE: char = '\u{E001}';
/// Stands for `<`.
const LESS: char = '\u{E002}';
/// Stands for `&`.
const AND: char = '\u{E003}';

/// Whom a text mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Keys of names (`UserName::key_of`) whose accounts were not given, each once. A name at a sentence's end stands
    /// here with and without the signs that may belong to it; at most one of those is meant.
    pub names: Vec<String>,
    /// The accounts that were given and are mentioned, each once.
    pub people: Vec<UserId>,
    /// Whether it mentions everybody in the room.
    pub room: bool,
}

/// Whom one `@name` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// Everybody in the room.
    Room,
    /// One account.
    Person(UserId),
    /// Somebody, who is not known here.
    Unknown,
}

/// Something put away.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// An address of the web, as it was typed, which may be in angle brackets.
    Link(&'a str),
    /// `@name`.
    Mention(&'a str, Whom),
}

/// A part of a text in which masks stand.
#[derive(Debug)]
pub(super) enum Part<'m, 'a> {
    /// Characters that mean themselves.
    Text(&'m str),
    /// A `<` or `&`.
    Sign(&'static str),
    /// Something that was put away.
    Piece(&'m Piece<'a>),
}

/// A text without what Markdown must not see.
#[derive(Debug)]
pub(super) struct Masked<'a> {
    /// For Markdown.
    pub(super) text: String,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Masked<'a> {
    pub(super) fn of(text: &'a str, named: &Named) -> Self {
        let mut masked = Self {
            text: String::with_capacity(text.len() + 32),
            pieces: Vec::new(),
        };
        let finder = plain::links();
        let mut from = 0;
        for link in finder
            .links(text)
            .filter(|link| plain::is_web(link.as_str()))
        {
            // Signs that are far more often markup around an address than its end.
            let address = link.as_str().trim_end_matches(['*', '_', '~']);
            let (mut start, mut end) = (link.start(), link.start() + address.len());
            if text[from..start].ends_with('<') && text[end..].starts_with('>') {
                (start, end) = (start - 1, end + 1);
            }
            masked.words(text, from..start, named);
            masked.put_away(Piece::Link(&text[start..end]));
            from = end;
        }
        masked.words(text, from..text.len(), named);
        masked
    }

    /// Takes over a part of `text` that holds no address.
    fn words(&mut self, text: &'a str, range: std::ops::Range<usize>, named: &Named) {
        let mut from = range.start;
        while let Some(at) = text[from..range.end].find('@').map(|at| from + at) {
            self.signs(&text[from..at]);
            from = at + 1;
            let found = inline::name_at(&text[..range.end], at);
            if let Some((name, whom)) = found.map(|name| meant(name, named)) {
                from += name.len();
                self.put_away(Piece::Mention(&text[at..from], whom));
            } else {
                self.text.push('@');
            }
        }
        self.signs(&text[from..range.end]);
    }

    fn signs(&mut self, text: &str) {
        self.text.extend(text.chars().map(|c| match c {
            '<' => LESS,
            '&' => AND,
            OPEN..=AND => '\u{FFFD}',
            c => c,
        }));
    }

    fn put_away(&mut self, piece: Piece<'a>) {
        write!(self.text, "{OPEN}{}{CLOSE}", self.pieces.len())
            .expect("writing to a string cannot fail");
        self.pieces.push(piece);
    }

    /// The parts of something that Markdown has read.
    pub(super) fn parts<'m>(&'m self, text: &'m str) -> Vec<Part<'m, 'a>> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find([OPEN, LESS, AND]) {
            if at > 0 {
                parts.push(Part::Text(&rest[..at]));
            }
            let mask = &rest[at..];
            let after = &mask[OPEN.len_utf8()..];
            let (part, after) = match mask.chars().next() {
                Some(LESS) => (Some(Part::Sign("<")), after),
                Some(AND) => (Some(Part::Sign("&")), after),
                _ => self.piece(after),
            };
            parts.extend(part);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest));
        }
        parts
    }

    /// Reads the number after an [`OPEN`]; Markdown never cuts one apart, since it means nothing to it.
    fn piece<'m>(&'m self, after: &'m str) -> (Option<Part<'m, 'a>>, &'m str) {
        let Some((number, rest)) = after.split_once(CLOSE) else {
            return (None, after);
        };
        let at: Option<usize> = number.parse().ok();
        let piece = at.and_then(|at| self.pieces.get(at));
        (piece.map(Part::Piece), rest)
    }

    /// As it was typed.
    pub(super) fn typed(&self, text: &str) -> String {
        let parts = self.parts(text).into_iter();
        parts
            .map(|part| match part {
                Part::Text(text) => text,
                Part::Sign(sign) => sign,
                Part::Piece(Piece::Link(typed) | Piece::Mention(typed, _)) => typed,
            })
            .collect()
    }
}

/// Which reading of a name is meant, and whom it means.
fn meant<'a>(name: &'a str, named: &Named) -> (&'a str, Whom) {
    let known = inline::readings(name).find_map(|reading| {
        let key = UserName::key_of(reading);
        if key == "room" {
            return Some((reading, Whom::Room));
        }
        let (_, id) = named.iter().find(|(name, _)| *name == key)?;
        Some((reading, Whom::Person(*id)))
    });
    known.unwrap_or((name, Whom::Unknown))
}

impl Mentions {
    /// Adds what one `@name` may mean.
    pub(super) fn add(&mut self, typed: &str, whom: Whom) {
        match whom {
            Whom::Room => self.room = true,
            Whom::Person(id) if self.people.contains(&id) => {}
            Whom::Person(id) => self.people.push(id),
            Whom::Unknown => {
                let name = typed.strip_prefix('@').unwrap_or(typed);
                for key in inline::readings(name).map(UserName::key_of) {
                    if !self.names.contains(&key) {
                        self.names.push(key);
                    }
                }
            }
        }
    }
}

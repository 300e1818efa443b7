//! Where in a text the words stand that were looked for, as the index compares them: without regard to case and accents.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::model::Phrase;

/// A word of a text, in bytes: where it stands there, and where among the keys.
struct Word {
    at: Range<usize>,
    key: Range<usize>,
}

/// The words of a text.
#[derive(Default)]
struct Words {
    words: Vec<Word>,
    /// What the words are compared by, one after the other.
    keys: String,
}

/// The parts of `text`, in bytes and in their order, that say one of the phrases; none overlaps another.
pub(super) fn of(text: &str, phrases: &[Phrase]) -> Vec<Range<usize>> {
    let words = Words::of(text);
    let spans = phrases.iter().flat_map(|phrase| {
        let wanted = Words::of(&phrase.text);
        words.spans(&wanted, phrase.prefix)
    });
    let mut found: Vec<_> = spans.collect();
    found.sort_by_key(|span| span.start);
    let mut marks: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for span in found {
        match marks.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => marks.push(span),
        }
    }
    marks
}

impl Words {
    /// Runs of letters and digits, as FTS5's tokenizer `unicode61` takes them (<https://sqlite.org/fts5.html>, section 4.3.1).
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        let mut within = false;
        for (start, c) in text.char_indices() {
            let part = c.is_alphanumeric() || within && is_combining_mark(c);
            if part && !within {
                let key = found.keys.len();
                found.words.push(Word {
                    at: start..start,
                    key: key..key,
                });
            }
            if let Some(word) = found.words.last_mut().filter(|_| part) {
                fold(c, &mut found.keys);
                word.at.end = start + c.len_utf8();
                word.key.end = found.keys.len();
            }
            within = part;
        }
        found
    }

    fn key(&self, word: &Word) -> &str {
        &self.keys[word.key.clone()]
    }

    /// Where `wanted` stands in one piece; its last word may go on if it is a prefix.
    fn spans(&self, wanted: &Self, prefix: bool) -> Vec<Range<usize>> {
        let Some((last, first)) = wanted.words.split_last() else {
            return Vec::new();
        };
        let last = wanted.key(last);
        let says = |window: &&[Word]| {
            let (end, begin) = window.split_last().expect("as many words as are wanted");
            let end = self.key(end);
            let ends = end == last || prefix && end.starts_with(last);
            let mut pairs = begin.iter().zip(first);
            ends && pairs.all(|(word, wanted_word)| self.key(word) == wanted.key(wanted_word))
        };
        let windows = self.words.windows(wanted.words.len()).filter(says);
        windows
            .map(|window| window[0].at.start..window[window.len() - 1].at.end)
            .collect()
    }
}

/// Adds what a character is compared by: its letter, small, without its accents.
fn fold(c: char, key: &mut String) {
    if c.is_ascii() {
        key.push(c.to_ascii_lowercase());
    } else {
        let letters = c.nfd().filter(|c| !is_combining_mark(*c));
        key.extend(letters.flat_map(char::to_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str, phrases: &[&str]) -> String {
        let phrases: Vec<_> = phrases
            .iter()
            .map(|phrase| Phrase {
                text: phrase.trim_end_matches('*').to_owned(),
                prefix: phrase.ends_with('*'),
            })
            .collect();
        let mut out = text.to_owned();
        for mark in of(text, &phrases).into_iter().rev() {
            out.insert(mark.end, ']');
            out.insert(mark.start, '[');
        }
        out
    }

    #[test]
    fn words_are_marked_whatever_their_case_and_accents() {
        for (text, phrases, expected) in [
            ("Ein Café am Platz", &["cafe"][..], "Ein [Café] am Platz"),
            (
                "Cafe\u{301}, cafeteria",
                &["CAFÉ"],
                "[Cafe\u{301}], cafeteria",
            ),
            ("cafeteria, decaf", &["cafet*"], "[cafeteria], decaf"),
            ("plum-cake and plum", &["plum cake"], "[plum-cake] and plum"),
            ("a b a b a", &["a b a"], "[a b a b a]"),
            ("tea and tea", &["tea", "and tea"], "[tea] [and tea]"),
            ("Ответ: ЙОГУРТ", &["йогурт"], "Ответ: [ЙОГУРТ]"),
            ("nothing", &["*", "...", "thin"], "nothing"),
            ("", &["a"], ""),
        ] {
            assert_eq!(marked(text, phrases), expected, "{phrases:?}");
        }
    }

    proptest! {
        #[test]
        fn marks_are_in_order_and_lie_between_characters(text in "\\PC{0,40}", word in "\\PC{1,3}") {
            let phrase = Phrase { text: word, prefix: true };
            let mut end = 0;
            for mark in of(&text, &[phrase]) {
                prop_assert!(mark.start >= end && text.get(mark.clone()).is_some_and(|part| !part.is_empty()));
                end = mark.end;
            }
        }
    }
}

//! The part of a message around what was looked for, without Markdown, as safe HTML in one line.

use std::ops::Range;

use super::{marks, render};
use crate::model::{Message, Phrase};

/// How much stands before the first word that was looked for, in characters.
const BEFORE: usize = 60;

/// The most characters of an excerpt.
const LENGTH: usize = 240;

/// The excerpt of a message that was found by these phrases.
pub(super) fn of(message: &Message, phrases: &[Phrase]) -> String {
    let mut text = render::words(&message.text);
    if text.trim().is_empty() {
        text = message.excerpt().0;
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let marks = marks::of(&text, phrases);
    let shown = around(&text, marks.first().map_or(0, |mark| mark.start));
    let before = if shown.start > 0 { "…" } else { "" };
    let after = if shown.end < text.len() { "…" } else { "" };
    let mut html = before.to_owned();
    let mut from = shown.start;
    for mark in marks {
        let mark = mark.start.max(from)..mark.end.min(shown.end);
        if mark.is_empty() {
            continue;
        }
        html += &render::line(&text[from..mark.start]);
        html += "<mark>";
        html += &render::line(&text[mark.clone()]);
        html += "</mark>";
        from = mark.end;
    }
    html += &render::line(&text[from..shown.end]);
    html += after;
    html
}

/// What stands around `first`, all in bytes, cut between words where there are any.
fn around(text: &str, first: usize) -> Range<usize> {
    let start = match text[..first].char_indices().nth_back(BEFORE - 1) {
        None | Some((0, _)) => 0,
        Some((start, _)) => text[start..first]
            .find(' ')
            .map_or(start, |blank| start + blank + 1),
    };
    let Some((end, _)) = text[start..].char_indices().nth(LENGTH) else {
        return start..text.len();
    };
    let (end, least) = (start + end, first.min(start + end));
    let cut = text[least..end].rfind(' ').filter(|blank| *blank > 0);
    start..cut.map_or(end, |blank| least + blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_begins_and_ends_between_words() {
        let words = "plum ".repeat(100);
        let text = format!("{words}cake {}", words.trim_end());
        let shown = &text[around(&text, words.len())];
        assert!(
            shown.starts_with("plum ") && shown.ends_with(" plum"),
            "{shown}"
        );
        assert!(shown.contains("cake") && shown.chars().count() <= LENGTH);
        assert_eq!(around("short text", 6), 0..10);
        let long = "é".repeat(500);
        assert_eq!(around(&long, 0), 0..2 * LENGTH);
        assert_eq!(
            around(&long, 600),
            600 - 2 * BEFORE..600 + 2 * (LENGTH - BEFORE)
        );
    }
}

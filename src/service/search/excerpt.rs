//! The part of a message around what was looked for, without Markdown, as safe HTML in one line.

use super::render;
use crate::model::{MARKS, SearchHit};

/// How much stands before the first word that was looked for, in characters.
const BEFORE: usize = 60;

/// The most characters of an excerpt.
const LENGTH: usize = 240;

/// The excerpt of a message that was found.
pub(super) fn of(hit: &SearchHit) -> String {
    let mut text = render::words(&hit.text);
    if text.trim().is_empty() {
        text = hit.message.excerpt().0;
    }
    let mut html = String::new();
    for (marked, text) in pieces(&around(&text)) {
        let text = render::line(text);
        if marked {
            html.push_str("<mark>");
            html.push_str(&text);
            html.push_str("</mark>");
        } else {
            html.push_str(&text);
        }
    }
    html
}

/// What stands around the first mark, cut between words where there are any.
fn around(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = folded.chars().collect();
    let blank = |at: &usize| chars.get(*at) == Some(&' ');
    let first = chars.iter().position(|c| *c == MARKS[0]).unwrap_or(0);
    let mut start = first.saturating_sub(BEFORE);
    if start > 0 {
        start = (start..first).find(blank).map_or(start, |at| at + 1);
    }
    let mut end = chars.len().min(start + LENGTH);
    if end < chars.len() {
        end = (first + 1..end).rfind(blank).unwrap_or(end);
    }
    let before = if start > 0 { "…" } else { "" };
    let after = if end < chars.len() { "…" } else { "" };
    let kept: String = chars[start..end].iter().collect();
    format!("{before}{kept}{after}")
}

/// A text cut at its marks, without them. Who wrote such a character has it shown as the end or beginning of one: it is
/// only colour.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut marked = false;
    let mut rest = text;
    while let Some(at) = rest.find(MARKS) {
        let after = &rest[at..];
        pieces.push((marked, &rest[..at]));
        marked = after.starts_with(MARKS[0]);
        rest = &after[MARKS[0].len_utf8()..];
    }
    pieces.push((marked, rest));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        text.replace('[', "\u{E010}").replace(']', "\u{E011}")
    }

    #[test]
    fn marks_are_told_from_text() {
        assert_eq!(
            pieces(&marked("a [b] c[d]")),
            [(false, "a "), (true, "b"), (false, " c"), (true, "d")]
        );
        assert_eq!(pieces(&marked("]a[[")), [(false, "a")]);
    }

    #[test]
    fn an_excerpt_begins_and_ends_between_words() {
        let words = "plum ".repeat(100);
        let found = around(&marked(&format!("{words}[cake] {words}")));
        assert!(
            found.starts_with("…plum ") && found.ends_with(" plum…"),
            "{found}"
        );
        assert!(found.contains(&marked("[cake]")) && found.chars().count() <= LENGTH + 2);
        assert_eq!(around("short  \n text"), "short text");
        let long = "x".repeat(500);
        assert_eq!(around(&long).chars().count(), LENGTH + 1);
    }
}

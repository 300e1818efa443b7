//! What people wrote elsewhere, as Parlor keeps it.

/// The most characters of a message, which are Slack's own; a longer text is cut.
const LONGEST: usize = 40_000;

/// The last millisecond of the year 9999.
pub(super) const LATEST: i64 = 253_402_300_799_999;

/// One line of at most `most` characters, without what shows nothing or turns the line around.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = folded.chars().filter(|c| {
        !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    });
    kept.take(most).collect::<String>().trim().to_owned()
}

/// What could be a person's name here, from how they are called there: the signs that names may not have become dots or go.
pub(super) fn name(text: &str) -> String {
    let mut name = String::new();
    for c in text.trim().chars() {
        if c.is_whitespace() {
            name.push('.');
        } else if c.is_alphanumeric() || matches!(c, '_' | '.' | '-') {
            name.push(c);
        }
    }
    name
}

/// A text without what is kept nowhere, and with plain ends of lines.
pub(super) fn plain(text: &str) -> String {
    let text = text.replace('\0', "").replace("\r\n", "\n");
    text.trim_end().to_owned()
}

/// Cuts a text that is too long; says whether it was.
pub(super) fn cut(text: &mut String) -> bool {
    let end = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    if let Some(end) = end {
        text.truncate(end);
        text.push('…');
    }
    end.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_names_may_not_have() {
        for (there, here) in [
            ("Anna Schmidt", "Anna.Schmidt"),
            ("o'neil (he)", "oneil.he"),
            ("🙂", ""),
        ] {
            assert_eq!(name(there), here);
        }
        assert_eq!(one_line(" a\n\tb\u{202E}c ", 4), "a bc");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let mut text = "é".repeat(LONGEST);
        assert!(!cut(&mut text));
        text.push('é');
        assert!(cut(&mut text));
        assert!(text.ends_with("é…") && text.chars().count() == LONGEST + 1);
        assert_eq!(plain("a\r\nb\0 \n"), "a\nb");
    }
}

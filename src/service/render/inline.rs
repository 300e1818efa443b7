//! What stands within a line besides Markdown: emoji by their names, and names of people.

use unicode_normalization::char::is_combining_mark;

/// The most characters of a name, as far as looking for one goes.
const LONGEST_NAME: usize = 64;

/// The emoji whose `:name:` begins at byte `at`, and the length of that in bytes.
///
/// Neither side may touch a letter or digit, so that times and code like `a:b:c` stay what they are.
pub(super) fn emoji_at(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let inner = text.get(at..)?.strip_prefix(':')?;
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')))?;
    let after = inner[end..].strip_prefix(':')?;
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if end == 0 || touches(text[..at].chars().next_back()) || touches(after.chars().next()) {
        return None;
    }
    let emoji = emojis::get_by_shortcode(&inner[..end])?;
    Some((emoji.as_str(), end + 2))
}

/// The longest text after the `@` at byte `at` that could be a name; `None` where an address goes on.
pub(super) fn name_at(text: &str, at: usize) -> Option<&str> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '/' | '.' | '-')) {
        return None;
    }
    let name = text[at..].strip_prefix('@')?;
    let end = name
        .char_indices()
        .take(LONGEST_NAME)
        .take_while(|(_, c)| is_name(*c))
        .last()
        .map(|(last, c)| last + c.len_utf8())?;
    Some(&name[..end])
}

/// What `name` may mean, the longest first: without the signs at its end, which may belong to the sentence.
pub(super) fn readings(name: &str) -> impl Iterator<Item = &str> {
    let least = name.trim_end_matches(['.', '-', '_']).len().max(1);
    (least..=name.len()).rev().filter_map(|end| name.get(..end))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-') || is_combining_mark(c)
}

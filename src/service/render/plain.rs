//! Texts without markup, which most are: escaped, line ends kept, links made links.

use std::fmt::Write;

use linkify::{LinkFinder, LinkKind};

use super::inline;

/// How links are told from text.
pub(super) fn links() -> LinkFinder {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    finder
}

/// Whether a link's address is of the web.
pub(super) fn is_web(address: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(scheme))
    })
}

/// Whether nothing in `text` means anything in Markdown, so that it can be shown as it is.
pub(super) fn is_plain(text: &str) -> bool {
    let inner = text.bytes().enumerate().any(|(at, byte)| match byte {
        b'*' | b'_' | b'`' | b'~' | b'[' | b'\\' | b'|' | b'@' => true,
        b':' => inline::emoji_at(text, at).is_some(),
        _ => false,
    });
    !inner && !text.split('\n').any(begins_block)
}

/// Whether a line's first characters may begin a heading, quote, list, rule or code block.
fn begins_block(line: &str) -> bool {
    let rest = line.trim_start_matches([' ', '\t']);
    let indent = &line[..line.len() - rest.len()];
    match rest.bytes().next() {
        None => false,
        _ if indent.len() > 3 || indent.contains('\t') => true,
        Some(b'#' | b'>' | b'-' | b'+' | b'=') => true,
        Some(b'0'..=b'9') => rest
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(['.', ')']),
        Some(_) => false,
    }
}

/// The HTML of a text in which nothing but links means anything.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    // Every address has this; looking for it costs far less than looking for addresses.
    if !text.contains("://") {
        escape(&mut out, text);
        return out;
    }
    for span in links().spans(text) {
        if span.kind().is_some() && is_web(span.as_str()) {
            link(&mut out, span.as_str());
        } else {
            escape(&mut out, span.as_str());
        }
    }
    out
}

/// An address as a link to itself.
pub(super) fn link(out: &mut String, address: &str) {
    open_link(out, address);
    escape(out, address);
    out.push_str("</a>");
}

/// The beginning of a link.
pub(super) fn open_link(out: &mut String, address: &str) {
    out.push_str("<a href=\"");
    escape(out, address);
    out.push_str("\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">");
}

/// Text as HTML; line ends become breaks.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_control() || "&<>\"'".contains(c)) {
        let (before, from) = rest.split_at(at);
        let special = from.chars().next().expect("found a character");
        out.push_str(before);
        match special {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>"),
            '\t' => out.push('\t'),
            // Other control characters have no meaning in HTML; U+FFFD shows that there was one.
            _ => out
                .write_char('\u{FFFD}')
                .expect("writing to a string cannot fail"),
        }
        rest = &from[special.len_utf8()..];
    }
    out.push_str(rest);
}

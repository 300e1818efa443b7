//! From what a person wrote to HTML that is safe to insert: everything escaped, line ends kept, links made links.

use std::fmt::Write;

use linkify::{LinkFinder, LinkKind};

/// The HTML of a message's text. Only `<a>` (http and https) and `<br>` come out of it.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    for span in finder.spans(text) {
        let part = span.as_str();
        let web = part.get(..8).or(part.get(..7)).is_some_and(|scheme| {
            let scheme = scheme.to_ascii_lowercase();
            scheme.starts_with("https://") || scheme.starts_with("http://")
        });
        if span.kind().is_some() && web {
            out.push_str("<a href=\"");
            escape(&mut out, part);
            out.push_str("\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">");
            escape(&mut out, part);
            out.push_str("</a>");
        } else {
            escape(&mut out, part);
        }
    }
    out
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>"),
            c if c.is_control() => {
                // Other control characters have no meaning in HTML; U+FFFD shows that there was one.
                out.write_char('\u{FFFD}')
                    .expect("writing to a string cannot fail");
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_become_links_and_nothing_else_does() {
        assert_eq!(
            html("see https://example.org/a?b=1&c=2, ok"),
            "see <a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\" \
             target=\"_blank\">https://example.org/a?b=1&amp;c=2</a>, ok"
        );
        for text in [
            "javascript://%0aalert(1)",
            "data://text",
            "ftp://example.org",
            "anna@example.org",
            "example.org",
        ] {
            assert!(!html(text).contains("<a"), "{text}");
        }
    }

    #[test]
    fn markup_is_shown_not_run() {
        assert_eq!(
            html("<img src=x onerror='a'>\n&"),
            "&lt;img src=x onerror=&#39;a&#39;&gt;<br>&amp;"
        );
        let trick = html("https://x.org/\"onmouseover=\"alert(1)");
        assert!(!trick.contains("\"onmouseover"), "{trick}");
    }

    proptest! {
        #[test]
        fn no_text_makes_other_tags(text in ".{0,200}") {
            let rendered = html(&text);
            let mut rest = rendered.as_str();
            while let Some(at) = rest.find('<') {
                rest = &rest[at..];
                prop_assert!(
                    ["<a href=\"http", "</a>", "<br>"].iter().any(|tag| rest.to_ascii_lowercase().starts_with(tag)),
                    "{rendered}"
                );
                rest = &rest[1..];
            }
        }
    }
}

//! From the HTML of a message to its words alone.

/// What stands for a character in HTML, as far as this server writes it.
const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&nbsp;", '\u{A0}'),
];

/// Elements within a line; others stand apart from the words around them.
const INLINE: [&str; 6] = ["a", "code", "del", "em", "span", "strong"];

/// The first `most` characters of what a reader sees of a message's HTML, which this server made: links as their text,
/// code as it is, blocks apart by a blank.
#[must_use]
pub fn words(html: &str, most: usize) -> String {
    let mut out = String::new();
    let mut left = most;
    let mut rest = html;
    while let Some(next) = rest.chars().next().filter(|_| left > 0) {
        let seen = match next {
            '<' => {
                let (tag, after) = tag(rest);
                rest = after;
                if INLINE.contains(&tag) {
                    continue;
                }
                ' '
            }
            '&' => {
                let known = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
                let (entity, seen) = known.copied().unwrap_or(("&", '&'));
                rest = &rest[entity.len()..];
                seen
            }
            seen => {
                rest = &rest[seen.len_utf8()..];
                seen
            }
        };
        out.push(seen);
        left -= 1;
    }
    out
}

/// The name of the tag with which `html` begins, and what comes after it. A `>` within quotes does not end it.
fn tag(html: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = html.find(|c: char| {
        quoted ^= c == '"';
        c == '>' && !quoted
    });
    let (inner, after) = match end {
        Some(end) => (&html[1..end], &html[end + 1..]),
        None => (&html[1..], ""),
    };
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name = inner.find(|c: char| !c.is_ascii_alphanumeric());
    (&inner[..name.unwrap_or(inner.len())], after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_left() {
        for (html, expected) in [
            ("plain", "plain"),
            ("a <strong>b</strong><em>c</em>", "a bc"),
            ("<p>a</p><ul><li>b</li></ul>", " a   b  "),
            ("a<br>b", "a b"),
            (
                r#"<a href="https://x.example/?a>b" rel="x">link</a>!"#,
                "link!",
            ),
            (
                "1 &lt; 2 &amp;&amp; &quot;x&#39;&nbsp;&amp;lt;",
                "1 < 2 && \"x'\u{A0}&lt;",
            ),
            ("&unknown; <cut", "&unknown;  "),
            ("", ""),
        ] {
            assert_eq!(words(html, 99), expected, "{html}");
        }
        assert_eq!(words("ä<b>öü</b>", 2), "ä ");
    }
}

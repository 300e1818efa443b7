//! Slack's way of writing, read as Markdown: links and mentions in angle brackets, three escaped characters, and its
//! own emphasis (Slack's "Formatting text for app surfaces"). Webhooks and the import read it by the same functions.

use serde_json::Value;

/// What a name or id in angle brackets stands for: `U…` a person, `C…` a channel. `None` leaves what Slack shows.
pub type Names<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Nobody is known.
#[must_use]
pub fn nobody(_: &str) -> Option<String> {
    None
}

/// Slack's links, mentions and escapes in a text that is Markdown otherwise.
#[must_use]
pub fn brackets(text: &str, names: Names<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        unescape(&mut out, before);
        let closed = after.split_once('>');
        let meaning = closed.and_then(|(inside, rest)| Some((bracket(inside, names)?, rest)));
        if let Some((meaning, after)) = meaning {
            out.push_str(&meaning);
            rest = after;
        } else {
            out.push('<');
            rest = after;
        }
    }
    unescape(&mut out, rest);
    out
}

/// A whole text of Slack's, as Markdown.
#[must_use]
pub fn markdown(text: &str, names: Names<'_>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (number, part) in text.split("```").enumerate() {
        if number > 0 {
            out.push_str("```");
        }
        if number % 2 == 1 {
            block(&mut out, part, names);
            continue;
        }
        for (number, part) in part.split('`').enumerate() {
            if number > 0 {
                out.push('`');
            }
            if number % 2 == 1 {
                out.push_str(&brackets(part, names));
            } else {
                out.push_str(&brackets(&emphasis(part), names));
            }
        }
    }
    out
}

/// Code between fences: Markdown's stand on lines of their own.
fn block(out: &mut String, code: &str, names: Names<'_>) {
    if !code.starts_with('\n') {
        out.push('\n');
    }
    out.push_str(&brackets(code, names));
    if !code.ends_with('\n') {
        out.push('\n');
    }
}

/// `*bold*` and `~struck~` become `**bold**` and `~~struck~~`; `_italic_` means the same in both. A mark counts at
/// the edge of a word only, and on one line.
fn emphasis(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut open: Option<(char, usize)> = None;
    let mut in_link = false;
    for (at, letter) in letters.iter().copied().enumerate() {
        in_link = (in_link && letter != '>') || letter == '<';
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1).copied();
        match open {
            Some((mark, _)) if letter == mark && ends(before, after) => {
                out.extend([mark, mark]);
                open = None;
            }
            None if !in_link
                && matches!(letter, '*' | '~')
                && begins(before, after)
                && closes(&letters[at + 1..], letter) =>
            {
                open = Some((letter, at));
                out.extend([letter, letter]);
            }
            _ => out.push(letter),
        }
    }
    out
}

fn begins(before: Option<char>, after: Option<char>) -> bool {
    before.is_none_or(|c| !c.is_alphanumeric())
        && after.is_some_and(|c| !c.is_whitespace() && !"*~".contains(c))
}

fn ends(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !c.is_alphanumeric())
}

/// Whether a mark ends again before the line does.
fn closes(rest: &[char], mark: char) -> bool {
    let line = rest.iter().take_while(|c| **c != '\n').count();
    (1..line).any(|at| rest[at] == mark && ends(Some(rest[at - 1]), rest.get(at + 1).copied()))
}

/// What stands in angle brackets, if it is something of Slack's.
fn bracket(inside: &str, names: Names<'_>) -> Option<String> {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    let mut plain = String::new();
    let shown = label.map(|label| {
        let mut text = String::new();
        unescape(&mut text, label);
        text
    });
    match target.chars().next()? {
        '@' => {
            let name =
                names(&target[1..]).or(shown.map(|name| name.trim_start_matches('@').to_owned()));
            Some(format!(
                "@{}",
                name.unwrap_or_else(|| target[1..].to_owned())
            ))
        }
        '#' => Some(format!(
            "#{}",
            names(&target[1..])
                .or(shown)
                .unwrap_or_else(|| target[1..].to_owned())
        )),
        '!' => Some(match target[1..].split('^').next() {
            Some("here" | "channel" | "everyone") => "@room".to_owned(),
            _ => shown.unwrap_or_else(|| target[1..].to_owned()),
        }),
        _ if ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| target.starts_with(scheme)) =>
        {
            unescape(&mut plain, target);
            Some(match shown {
                Some(shown) if shown != plain && !plain.starts_with("mailto:") => {
                    format!("[{}]({plain})", shown.replace(['[', ']'], ""))
                }
                Some(shown) => shown,
                None => plain.trim_start_matches("mailto:").to_owned(),
            })
        }
        _ => None,
    }
}

/// The three characters that Slack escapes.
fn unescape(out: &mut String, text: &str) {
    if text.contains('&') {
        out.push_str(
            &text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&"),
        );
    } else {
        out.push_str(text);
    }
}

/// What a Slack-shaped message says, as Markdown: its text, or its blocks where there is none, then its attachments.
#[must_use]
pub fn message(
    text: Option<&str>,
    blocks: &[Value],
    attachments: &[Value],
    names: Names<'_>,
) -> String {
    let mut parts = Vec::new();
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => parts.push(markdown(text, names)),
        None => parts.extend(blocks.iter().filter_map(|block| of_block(block, names))),
    }
    parts.extend(
        attachments
            .iter()
            .filter_map(|attachment| of_attachment(attachment, names)),
    );
    parts.join("\n")
}

fn text_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value[key].as_str().filter(|text| !text.trim().is_empty())
}

/// A text object, `{ type: "mrkdwn" / "plain_text", text }`.
fn text_object(value: &Value, names: Names<'_>) -> Option<String> {
    let text = text_of(value, "text")?;
    Some(if value["type"] == "plain_text" {
        text.to_owned()
    } else {
        markdown(text, names)
    })
}

fn of_block(block: &Value, names: Names<'_>) -> Option<String> {
    match block["type"].as_str()? {
        "header" => text_object(&block["text"], names).map(|text| format!("**{text}**")),
        "divider" => Some("---".to_owned()),
        "image" => {
            let (title, url) = (text_of(block, "alt_text"), text_of(block, "image_url")?);
            Some(format!(
                "[{}]({url})",
                title.unwrap_or("image").replace(['[', ']'], "")
            ))
        }
        _ => {
            let several = ["fields", "elements"]
                .iter()
                .filter_map(|key| block[*key].as_array())
                .flatten();
            let mut parts: Vec<String> = text_object(&block["text"], names).into_iter().collect();
            parts.extend(several.filter_map(|part| rich(part, names)));
            Some(parts.join("\n")).filter(|text| !text.is_empty())
        }
    }
}

/// A field, an element of a context, or a part of a rich text, whose parts stand in one line.
fn rich(part: &Value, names: Names<'_>) -> Option<String> {
    let label = || text_of(part, "text").map(str::to_owned);
    match part["type"].as_str()? {
        "text" => part["text"].as_str().map(str::to_owned),
        "link" => {
            let url = text_of(part, "url")?;
            Some(label().map_or_else(|| url.to_owned(), |text| format!("[{text}]({url})")))
        }
        "user" => bracket(&format!("@{}", text_of(part, "user_id")?), names),
        "channel" => bracket(&format!("#{}", text_of(part, "channel_id")?), names),
        "emoji" => text_of(part, "name").map(|name| format!(":{name}:")),
        "broadcast" => Some("@room".to_owned()),
        "mrkdwn" | "plain_text" => text_object(part, names),
        _ => {
            let parts = part["elements"].as_array()?.iter();
            let text: String = parts.filter_map(|part| rich(part, names)).collect();
            Some(text).filter(|text| !text.is_empty())
        }
    }
}

/// An attachment of Slack's: its parts, or its fallback where it has none of them.
fn of_attachment(attachment: &Value, names: Names<'_>) -> Option<String> {
    let words = |key| text_of(attachment, key).map(|text| markdown(text, names));
    let title = words("title").map(|title| match text_of(attachment, "title_link") {
        Some(url) => format!("[{}]({url})", title.replace(['[', ']'], "")),
        None => format!("**{title}**"),
    });
    let fields = attachment["fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|field| {
            let value = markdown(text_of(field, "value")?, names);
            Some(
                text_of(field, "title")
                    .map_or(value.clone(), |title| format!("**{title}** {value}")),
            )
        });
    let mut parts: Vec<String> = [words("pretext"), title, words("text")]
        .into_iter()
        .flatten()
        .collect();
    parts.extend(fields);
    let blocks = attachment["blocks"].as_array().into_iter().flatten();
    parts.extend(blocks.filter_map(|block| of_block(block, names)));
    if parts.is_empty() {
        parts.extend(words("fallback"));
    }
    Some(parts.join("\n")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known(id: &str) -> Option<String> {
        match id {
            "U1" => Some("anna".to_owned()),
            "C1" => Some("general".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn brackets_and_escapes_are_read() {
        for (slack, read) in [
            (
                "see <https://example.org/a?b=1&amp;c=2|the page>",
                "see [the page](https://example.org/a?b=1&c=2)",
            ),
            ("<https://example.org>", "https://example.org"),
            ("<mailto:a@b.de|a@b.de>", "a@b.de"),
            (
                "1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;",
                "1 < 2 && 3 > 2 &lt;",
            ),
            (
                "<@U1> in <#C1|old>, <@U9|zoe>, <@U8>",
                "@anna in #general, @zoe, @U8",
            ),
            (
                "<!here> <!subteam^S1|@team> <!date^1^{date}|Monday>",
                "@room @team Monday",
            ),
            ("a < b > c <b>x</b> <", "a < b > c <b>x</b> <"),
        ] {
            assert_eq!(brackets(slack, &known), read, "{slack}");
        }
    }

    #[test]
    fn emphasis_becomes_markdown_and_code_stays() {
        for (slack, read) in [
            ("*bold* _it_ ~gone~", "**bold** _it_ ~~gone~~"),
            ("*two words*, 2*3*4, * no *", "**two words**, 2*3*4, * no *"),
            ("*open\nline*", "*open\nline*"),
            ("`*x* &lt;` *y*", "`*x* <` **y**"),
            ("```a *b*```", "```\na *b*\n```"),
            ("<https://x.org/*a*|*b*>", "[*b*](https://x.org/*a*)"),
        ] {
            assert_eq!(markdown(slack, &known), read, "{slack}");
        }
    }

    #[test]
    fn a_message_is_its_text_then_its_attachments() {
        let attachments = [
            json!({ "fallback": "unused", "title": "Build", "title_link": "https://ci.example", "text": "*ok*",
                "fields": [{ "title": "Branch", "value": "main" }] }),
            json!({ "fallback": "only this" }),
        ];
        assert_eq!(
            message(Some("Done"), &[], &attachments, &nobody),
            "Done\n[Build](https://ci.example)\n**ok**\n**Branch** main\nonly this"
        );
        let blocks = [
            json!({ "type": "header", "text": { "type": "plain_text", "text": "News" } }),
            json!({ "type": "section", "text": { "type": "mrkdwn", "text": "*a*" } }),
            json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [
                { "type": "text", "text": "hello " }, { "type": "user", "user_id": "U1" },
                { "type": "link", "url": "https://x.org" } ] }] }),
        ];
        assert_eq!(
            message(None, &blocks, &[], &known),
            "**News**\n**a**\nhello @annahttps://x.org"
        );
        assert_eq!(message(Some("kept"), &blocks, &[], &known), "kept");
    }
}

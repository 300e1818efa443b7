//! Markdown (CommonMark with tables, task lists and strikethrough) to HTML, without any HTML of the writer's.
//!
//! Written for conversations: a line end is a line end, a heading is a bold line, a picture is a link to it. How deep
//! markup nests is bounded; what is deeper is shown without it.

use std::fmt::Write;

use pulldown_cmark::{
    Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream,
};

use super::{
    highlight, inline,
    mask::{Masked, Mentions, Part, Piece, Whom},
    plain,
};

/// How deep markup nests.
const DEEPEST: usize = 12;

/// How many columns a table may have.
const COLUMNS: usize = 12;

/// The HTML of a text; `None` when nothing of it would be seen.
pub(super) fn html(masked: &Masked<'_>) -> Option<String> {
    read(masked, true)
}

/// As [`html`], with code as it is, for whoever wants the words alone.
pub(super) fn uncoloured(masked: &Masked<'_>) -> Option<String> {
    read(masked, false)
}

fn read(masked: &Masked<'_>, coloured: bool) -> Option<String> {
    let all = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    write(masked, all, coloured).or_else(|| write(masked, all - Options::ENABLE_TABLES, coloured))
}

/// Whom a text mentions: what stands in code or is a part of an address does not count.
pub(super) fn mentions(masked: &Masked<'_>) -> Mentions {
    let mut found = Mentions::default();
    let mut code = false;
    for event in Parser::new_ext(&masked.text, Options::empty()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(text) if !code => {
                for part in masked.parts(&text) {
                    if let Part::Piece(Piece::Mention(typed, whom)) = part {
                        found.add(typed, *whom);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// As [`html`]; `None` also for a table that is wider than any reader's window.
fn write(masked: &Masked<'_>, options: Options, coloured: bool) -> Option<String> {
    let mut writer = Writer {
        masked,
        out: String::with_capacity(masked.text.len() * 2),
        open: Vec::new(),
        columns: Vec::new(),
        column: 0,
        links: 0,
        blocks: 0,
        shows: false,
        coloured,
        code: None,
    };
    for event in TextMergeStream::new(Parser::new_ext(&masked.text, options)) {
        if let Event::Start(Tag::Table(columns)) = &event
            && columns.len() > COLUMNS
        {
            return None;
        }
        writer.event(event);
    }
    writer.shows.then(|| writer.finish())
}

struct Writer<'m> {
    masked: &'m Masked<'m>,
    out: String,
    /// What ends the tags that are open; nothing for those that were left out.
    open: Vec<&'static str>,
    columns: Vec<Alignment>,
    column: usize,
    /// How many of the open tags are links.
    links: usize,
    /// How many blocks stand at the top.
    blocks: usize,
    /// Whether there is anything to see.
    shows: bool,
    /// Whether code has colours.
    coloured: bool,
    /// The code block that is being read: its language, its lines.
    code: Option<(String, String)>,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        self.shows |= matches!(event, Event::Text(_) | Event::Code(_) | Event::Rule);
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(code) => {
                self.out.push_str("<code>");
                plain::escape(&mut self.out, &self.masked.typed(&code));
                self.out.push_str("</code>");
            }
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => {
                self.blocks += usize::from(self.open.is_empty());
                self.out.push_str("<hr>");
            }
            Event::TaskListMarker(done) => {
                self.out.push_str(if done { "☑ " } else { "☐ " });
            }
            // None of these is asked for; they would be shown as they were typed.
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        self.blocks += usize::from(self.open.is_empty());
        if let Tag::CodeBlock(kind) = &tag {
            let language = match kind {
                CodeBlockKind::Fenced(info) => self.masked.typed(info),
                CodeBlockKind::Indented => String::new(),
            };
            self.code = Some((language, String::new()));
        }
        // Tables are as deep as they are: a row without its cells would be no table.
        let deep = self.open.len() >= DEEPEST
            && !matches!(tag, Tag::TableHead | Tag::TableRow | Tag::TableCell);
        let end = if deep { "" } else { self.begin(tag) };
        self.open.push(end);
    }

    /// Writes how a tag begins; returns how it ends.
    fn begin(&mut self, tag: Tag<'_>) -> &'static str {
        let (begin, end) = match tag {
            Tag::Heading { .. } => ("<p class=\"heading\">", "</p>"),
            Tag::BlockQuote(_) => ("<blockquote>", "</blockquote>"),
            Tag::List(None) => ("<ul>", "</ul>"),
            Tag::List(Some(first)) => {
                self.out.push_str("<ol");
                if first != 1 {
                    self.add(format_args!(" start=\"{first}\""));
                }
                (">", "</ol>")
            }
            Tag::Item => ("<li>", "</li>"),
            Tag::Table(columns) => {
                self.columns = columns;
                (
                    "<div class=\"table\" tabindex=\"0\"><table>",
                    "</tbody></table></div>",
                )
            }
            Tag::TableHead => {
                self.column = 0;
                ("<thead><tr>", "</tr></thead><tbody>")
            }
            Tag::TableRow => {
                self.column = 0;
                ("<tr>", "</tr>")
            }
            Tag::TableCell => return self.cell(),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => ("<del>", "</del>"),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                let address = self.masked.typed(&dest_url);
                let address = address.trim_start_matches('<').trim_end_matches('>');
                if self.links > 0 || !plain::is_web(address) {
                    return "";
                }
                self.links += 1;
                plain::open_link(&mut self.out, address);
                ("", "</a>")
            }
            Tag::Paragraph | Tag::HtmlBlock => ("<p>", "</p>"),
            _ => ("", ""),
        };
        self.out.push_str(begin);
        end
    }

    fn cell(&mut self) -> &'static str {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        let head = self.out.ends_with("<thead><tr>") || self.out.ends_with("</th>");
        self.column += 1;
        let (tag, end) = if head {
            ("th", "</th>")
        } else {
            ("td", "</td>")
        };
        self.add(format_args!("<{tag}{class}>"));
        end
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::CodeBlock)
            && let Some((language, code)) = self.code.take()
        {
            self.out.push_str("<pre><code>");
            let code = self.masked.typed(code.strip_suffix('\n').unwrap_or(&code));
            if self.coloured {
                highlight::code(&mut self.out, &language, &code);
            } else {
                plain::escape(&mut self.out, &code);
            }
            self.out.push_str("</code></pre>");
        }
        let end = self.open.pop().unwrap_or_default();
        self.links -= usize::from(end == "</a>");
        self.out.push_str(end);
    }

    fn text(&mut self, text: &str) {
        for part in self.masked.parts(text) {
            match part {
                Part::Text(text) => self.words(text),
                Part::Sign(sign) => plain::escape(&mut self.out, sign),
                Part::Piece(Piece::Mention(typed, whom)) => self.mention(typed, *whom),
                Part::Piece(Piece::Link(typed)) => {
                    let address = typed.trim_start_matches('<').trim_end_matches('>');
                    if self.links > 0 {
                        plain::escape(&mut self.out, address);
                    } else {
                        plain::link(&mut self.out, address);
                    }
                }
            }
        }
    }

    /// Text with its emoji.
    fn words(&mut self, text: &str) {
        let mut from = 0;
        let mut at = 0;
        while let Some(colon) = text[at..].find(':').map(|found| at + found) {
            at = colon + 1;
            if let Some((emoji, length)) = inline::emoji_at(text, colon) {
                plain::escape(&mut self.out, &text[from..colon]);
                self.out.push_str(emoji);
                (from, at) = (colon + length, colon + length);
            }
        }
        plain::escape(&mut self.out, &text[from..]);
    }

    fn mention(&mut self, typed: &str, whom: Whom) {
        match whom {
            Whom::Unknown => return plain::escape(&mut self.out, typed),
            Whom::Room => self.out.push_str("<span class=\"mention\">"),
            Whom::Person(id) => self.add(format_args!(
                "<span class=\"mention\" data-user-id=\"{}\">",
                id.0
            )),
        }
        plain::escape(&mut self.out, typed);
        self.out.push_str("</span>");
    }

    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        self.out
            .write_fmt(text)
            .expect("writing to a string cannot fail");
    }

    /// One paragraph alone needs no tag around it.
    fn finish(self) -> String {
        let alone = (self.blocks == 1)
            .then(|| self.out.strip_prefix("<p>")?.strip_suffix("</p>"))
            .flatten();
        match alone {
            Some(inner) => inner.to_owned(),
            None => self.out,
        }
    }
}

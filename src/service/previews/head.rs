//! What a page says of itself in its head: `OpenGraph` first, then Twitter's cards, then HTML's own words.

use std::cell::RefCell;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};

/// How much of a page's beginning is looked at for its encoding, in bytes (HTML, "prescan a byte stream").
const PRESCAN: usize = 1024;

/// What a page says; each as it stands there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) site: Option<String>,
    /// An address, perhaps without the page's own beginning.
    pub(super) image: Option<String>,
}

/// Reads the beginning of a page that came with this media type.
pub(super) fn read(body: &[u8], media_type: &str) -> Head {
    let found = scan(&decode(body, media_type));
    let first = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| found.meta(name));
        values.find(|value| !value.trim().is_empty())
    };
    let title = first(&["og:title", "twitter:title"]);
    Head {
        title: title.or_else(|| Some(found.title.clone()).filter(|title| !title.is_empty())),
        description: first(&["og:description", "twitter:description", "description"]),
        site: first(&["og:site_name", "application-name"]),
        image: first(&[
            "og:image:secure_url",
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
        ]),
    }
}

/// The page as text: by its byte order mark, by what it came with, by its own words; else as UTF-8 where it is that, and
/// as what browsers take for Western European.
fn decode(body: &[u8], media_type: &str) -> String {
    let marked = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    let encoding = marked
        .or_else(|| charset(media_type))
        .or_else(|| declared(body))
        .unwrap_or_else(|| if is_utf8(body) { UTF_8 } else { WINDOWS_1252 });
    encoding.decode(body).0.into_owned()
}

/// The encoding that a media type names.
fn charset(media_type: &str) -> Option<&'static Encoding> {
    let lower = media_type.to_ascii_lowercase();
    let (_, label) = lower.split_once("charset=")?;
    let label = label.split([';', ' ', ',']).next()?;
    Encoding::for_label(label.trim_matches(['"', '\'']).as_bytes())
}

/// The encoding that a page names in its own head. One of two-byte letters cannot have been read so far, and is UTF-8.
fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let (text, ..) = WINDOWS_1252.decode(&body[..body.len().min(PRESCAN)]);
    let found = scan(&text);
    let label = found.charset.as_ref()?;
    let encoding =
        Encoding::for_label(label.as_bytes()).or_else(|| charset(&format!("charset={label}")))?;
    Some(encoding.output_encoding())
}

/// Whether this is UTF-8; its last letter may be cut.
fn is_utf8(body: &[u8]) -> bool {
    std::str::from_utf8(body).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// What stands in the tags of a page.
#[derive(Debug, Default)]
struct Found {
    title: String,
    /// Names and values of `<meta>`.
    metas: Vec<(String, String)>,
    charset: Option<String>,
}

impl Found {
    fn meta(&self, name: &str) -> Option<String> {
        let mut metas = self.metas.iter();
        metas
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.clone())
    }
}

fn scan(text: &str) -> Found {
    let reader = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    // It never stops at a script: the sink asks for none to be run.
    while !input.is_empty() {
        let _ = reader.feed(&input);
    }
    reader.end();
    reader.sink.found.into_inner()
}

/// Takes notes while a page is read.
#[derive(Default)]
struct Reader {
    found: RefCell<Found>,
    state: RefCell<State>,
}

#[derive(Default, PartialEq, Eq)]
enum State {
    #[default]
    Before,
    InTitle,
    After,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                if &*tag.name == "title" && *state == State::Before {
                    *state = State::InTitle;
                }
                return self.begins(&tag);
            }
            Token::TagToken(tag) if *state == State::InTitle && &*tag.name == "title" => {
                *state = State::After;
            }
            Token::CharacterTokens(text) if *state == State::InTitle => {
                self.found.borrow_mut().title.push_str(&text);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    /// Notes what stands in a tag; says how what comes after it is read, as a tree's builder would.
    fn begins(&self, tag: &Tag) -> TokenSinkResult<()> {
        match &*tag.name {
            "meta" => self.meta(tag),
            "title" | "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
            "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn meta(&self, tag: &Tag) {
        let value = |name: &str| {
            let mut attributes = tag.attrs.iter();
            let found = attributes.find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.to_string())
        };
        let mut found = self.found.borrow_mut();
        let content = value("content").unwrap_or_default();
        let is_type = value("http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("content-type"));
        let inner = || {
            let lower = content.to_ascii_lowercase();
            let (_, label) = lower.split_once("charset=")?;
            Some(label.trim_matches([' ', '"', '\'']).to_owned())
        };
        if let Some(label) = value("charset").or_else(|| is_type.then(inner).flatten()) {
            found.charset.get_or_insert(label);
        }
        for name in ["property", "name"].into_iter().filter_map(value) {
            found
                .metas
                .push((name.trim().to_ascii_lowercase(), content.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(body: &[u8], media_type: &str) -> String {
        read(body, media_type).title.expect("a title")
    }

    #[test]
    fn the_words_for_previews_come_first() {
        let page = br#"<!doctype html><html><head><title>Plain &amp; simple</title>
            <meta name="description" content="html"><meta name=twitter:title content="twitter">
            <META PROPERTY="OG:Title" CONTENT="graph &lt;b&gt;"><meta property="og:site_name" content="Site">
            <meta property="og:image" content="/a.png"></head>"#;
        let head = read(page, "text/html");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(head.title, some("graph <b>"));
        assert_eq!(head.description, some("html"));
        assert_eq!((head.site, head.image), (some("Site"), some("/a.png")));
        assert_eq!(
            title(b"<title>Plain &amp; simple</title>", ""),
            "Plain & simple"
        );
        assert_eq!(read(b"<p>no head", "text/html"), Head::default());
    }

    #[test]
    fn a_title_is_text_and_scripts_are_skipped() {
        let page =
            b"<script>'<title>no</title>'</script><title>a <b>c</b></title><svg><title>d</title>";
        assert_eq!(title(page, "text/html"), "a <b>c</b>");
        let hidden = b"<script><meta property='og:title' content='no'></script><title>yes</title>";
        assert_eq!(title(hidden, "text/html"), "yes");
        assert_eq!(title(b"<title>cut of", "text/html"), "cut of");
    }

    #[test]
    fn letters_are_read_in_the_encoding_that_they_were_written_in() {
        let latin = b"<title>caf\xe9</title>";
        assert_eq!(title(latin, "text/html; charset=ISO-8859-1"), "café");
        assert_eq!(title(latin, "text/html"), "café");
        let named = b"<meta charset='windows-1251'><title>\xcc\xe8\xf0</title>";
        assert_eq!(title(named, "text/html"), "Мир");
        let old = b"<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'><title>\x93\xfa</title>";
        assert_eq!(title(old, "text/html"), "日");
        let page = "<title>Ünï</title>";
        assert_eq!(title(page.as_bytes(), "text/html"), "Ünï");
        assert_eq!(
            title(page.as_bytes(), "text/html; charset=\"utf-8\""),
            "Ünï"
        );
        let wide: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            title(&[&[0xFF, 0xFE], &wide[..]].concat(), "text/html"),
            "Ünï"
        );
        let cut = "<title>ä</title>ä".as_bytes();
        assert_eq!(title(&cut[..cut.len() - 1], "text/html"), "ä");
    }
}

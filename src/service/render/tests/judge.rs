//! What a browser's tokenizer finds wrong with a message's HTML.

use std::cell::RefCell;

use html5ever::{
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

use super::{clean, highlight};

/// Collects the faults.
#[derive(Default)]
struct Judge {
    faults: RefCell<Vec<String>>,
}

impl TokenSink for Judge {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut faults = self.faults.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                if !clean::TAGS.contains(&&*tag.name) {
                    faults.push(format!("<{}>", tag.name));
                }
                for attribute in &tag.attrs {
                    let (name, value) = (&*attribute.name.local, &*attribute.value);
                    if !allowed(&tag.name, name, value) {
                        faults.push(format!("<{} {name}={value:?}>", tag.name));
                    }
                }
                if tag.kind == TagKind::EndTag && !tag.attrs.is_empty() {
                    faults.push("an end with attributes".to_owned());
                }
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) | Token::NullCharacterToken => {
                faults.push("a comment, doctype or NUL".to_owned());
            }
            Token::CharacterTokens(_) | Token::ParseError(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

fn allowed(tag: &str, name: &str, value: &str) -> bool {
    match (tag, name) {
        ("a", "href") => value.starts_with("http://") || value.starts_with("https://"),
        ("a", "rel") => value == "noopener noreferrer nofollow",
        ("a", "target") => value == "_blank",
        ("ol", "start") => value.parse::<u64>().is_ok(),
        ("div", "tabindex") => value == "0",
        ("div", "class") => value == "table",
        ("p", "class") => value == "heading",
        ("td" | "th", "class") => ["center", "right"].contains(&value),
        ("span", "class") => value == "mention" || highlight::CLASSES.contains(&value),
        ("span", "data-user-id") => value == "7",
        _ => false,
    }
}

/// The faults of this HTML.
pub(super) fn faults(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Judge::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.faults.take()
}

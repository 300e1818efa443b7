//! From what a person wrote to HTML that is safe to insert.
//!
//! Most messages hold no markup: they are escaped, their links made links, and that is all. The others are read as
//! Markdown (`mask` → `markdown`), their code is coloured (`highlight`), and what comes out passes `clean`, which lets
//! nothing through that is not on its list. Nothing a person types is ever HTML.

mod clean;
mod highlight;
mod inline;
mod links;
mod markdown;
mod mask;
mod plain;
#[cfg(test)]
mod tests;

pub use mask::Mentions;

use super::Context;
use crate::model::{self, UserId};

/// An output longer than this, and than [`GROWTH`] times its text, is given up for the plain text: no message makes a
/// page of markup out of a few characters.
const LONG: usize = 64 * 1024;

/// How many times longer than its text a message's HTML may become.
const GROWTH: usize = 16;

/// The accounts that a text names: the key of each name (`UserName::key_of`), and whose it is.
pub type Named = [(String, UserId)];

/// The HTML of a message's text; what stands in `named` becomes a mention, and so does `@room`.
#[must_use]
pub fn html(text: &str, named: &Named) -> String {
    if plain::is_plain(text) {
        return plain::html(text);
    }
    let masked = mask::Masked::of(text, named);
    let most = LONG.max(GROWTH * text.len());
    match markdown::html(&masked).map(|dirty| clean::html(&dirty)) {
        Some(html) if html.len() <= most && !html.is_empty() => html,
        _ => plain::html(text),
    }
}

/// Whom a text mentions outside of its code: asked once without any accounts, for the names to look up, and once more
/// with what was found.
#[must_use]
pub fn mentions(text: &str, named: &Named) -> Mentions {
    if text.contains('@') {
        markdown::mentions(&mask::Masked::of(text, named))
    } else {
        Mentions::default()
    }
}

/// What a reader sees of a text: its words without Markdown, and code without colours.
#[must_use]
pub fn words(text: &str) -> String {
    if plain::is_plain(text) {
        return text.to_owned();
    }
    let masked = mask::Masked::of(text, &[]);
    markdown::uncoloured(&masked)
        .map_or_else(|| text.to_owned(), |html| model::words(&html, usize::MAX))
}

/// The addresses of the web that a text links to outside of its code, in their order.
#[must_use]
pub fn links(text: &str) -> Vec<String> {
    links::of(text)
}

/// Text as HTML in one line.
#[must_use]
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    plain::escape(&mut out, &text.replace('\n', " "));
    out
}

/// As [`html`], off the async threads where there is code to colour.
pub async fn message(ctx: &Context, text: &str, named: Vec<(String, UserId)>) -> String {
    if highlight::may_apply(text) {
        let text = text.to_owned();
        ctx.colouring.run(move || html(&text, &named)).await
    } else {
        html(text, &named)
    }
}

//! The addresses that a text links to.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{
    mask::{Masked, Part, Piece},
    plain,
};

/// The addresses of the web in a text, in their order: those that [`super::html`] makes links of, but not what stands in
/// code.
pub(super) fn of(text: &str) -> Vec<String> {
    if !text.contains("://") {
        return Vec::new();
    }
    if plain::is_plain(text) {
        let links = plain::links()
            .links(text)
            .map(|link| link.as_str().to_owned());
        return links.filter(|address| plain::is_web(address)).collect();
    }
    let masked = Masked::of(text, &[]);
    let mut found = Vec::new();
    let mut code = false;
    for event in Parser::new_ext(&masked.text, Options::empty()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                found.push(masked.typed(&dest_url));
            }
            Event::Text(text) if !code => {
                for part in masked.parts(&text) {
                    if let Part::Piece(Piece::Link(typed)) = part {
                        found.push((*typed).to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    let bare = |address: String| {
        let inner = address.trim_start_matches('<').trim_end_matches('>');
        inner.to_owned()
    };
    let found = found.into_iter().map(bare);
    found.filter(|address| plain::is_web(address)).collect()
}

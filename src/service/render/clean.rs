//! The last gate: whatever made the HTML, only what is listed here gets out.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

use super::highlight;

/// The elements of a message.
pub(super) const TAGS: [&str; 21] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// The attributes that have a value of the writer's: which element, which attribute.
pub(super) const ATTRIBUTES: [(&str, &str); 3] =
    [("a", "href"), ("ol", "start"), ("span", "data-user-id")];

/// The schemes of links.
pub(super) const SCHEMES: [&str; 2] = ["http", "https"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (tag, attribute) in ATTRIBUTES {
        attributes.entry(tag).or_default().insert(attribute);
    }
    let one = |attribute, value| HashMap::from([(attribute, HashSet::from([value]))]);
    let classes = |of: &[&'static str]| of.iter().copied().collect::<HashSet<_>>();
    builder
        .tags(TAGS.into())
        .tag_attributes(attributes)
        .tag_attribute_values(HashMap::from([
            ("a", one("target", "_blank")),
            ("div", one("tabindex", "0")),
        ]))
        .allowed_classes(HashMap::from([
            ("p", classes(&["heading"])),
            ("div", classes(&["table"])),
            ("th", classes(&["center", "right"])),
            ("td", classes(&["center", "right"])),
            ("span", classes(&highlight::CLASSES)),
        ]))
        .add_allowed_classes("span", ["mention"])
        .url_schemes(SCHEMES.into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// The HTML without anything that is not listed.
pub(super) fn html(dirty: &str) -> String {
    CLEANER.clean(dirty).to_string()
}

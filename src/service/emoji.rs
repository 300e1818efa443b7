//! The emoji that clients offer: the same list by whose short names a text may name one.

use std::sync::LazyLock;

/// All emoji in Unicode's order, as JSON: `[[symbol, name, [short name, …]], …]`. Made once; skin tones are left out,
/// and so is what has no short name.
#[must_use]
pub fn list() -> &'static str {
    static LIST: LazyLock<String> = LazyLock::new(|| {
        let all: Vec<_> = emojis::iter()
            .map(|emoji| {
                let short: Vec<_> = emoji.shortcodes().collect();
                (emoji.as_str(), emoji.name(), short)
            })
            .filter(|(_, _, short)| !short.is_empty())
            .collect();
        serde_json::to_string(&all).expect("texts serialize")
    });
    &LIST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_and_a_short_one() {
        let all: Vec<(String, String, Vec<String>)> =
            serde_json::from_str(list()).expect("the list is JSON");
        assert!(all.len() > 1500, "{}", all.len());
        let thumb = all.iter().find(|(symbol, _, _)| symbol == "👍");
        let (_, name, short) = thumb.expect("there is a thumb");
        assert_eq!(name, "thumbs up");
        assert!(short.contains(&"+1".to_owned()));
        assert!(
            all.iter()
                .all(|(_, name, short)| !name.is_empty() && !short.is_empty())
        );
    }
}

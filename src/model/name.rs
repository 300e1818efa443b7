//! The name under which a person is known, and the rule by which two names count as the same.

use std::fmt;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript};

use super::Invalid;

/// A person's name: 2 to 32 letters, digits, `_`, `.` or `-`, in one script.
///
/// Two names are the same when their keys are: NFKC, then Unicode's default case folding, then NFKC
/// again (UAX #15 and Unicode 3.13, definition D146), so that `Anna`, `ANNA` and `Ａｎｎａ` are one.
/// One script only (UTS #39, section 5.1), so that no Cyrillic `А` passes for a Latin `A`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName {
    shown: String,
    key: String,
}

impl UserName {
    /// Reads a name of `min` to `max` characters; outer blanks are dropped, the rest is kept as written (in NFC).
    ///
    /// # Errors
    /// When the name is too short or too long, has a character that names may not have, or mixes scripts.
    pub fn parse(text: &str, min: usize, max: usize) -> Result<Self, Invalid> {
        let shown: String = text.trim().nfc().collect();
        let characters = shown.chars().count();
        if characters > max {
            return Err(Invalid::too_long("A name", max));
        }
        if characters < min {
            return Err(Invalid::new(format!(
                "A name has at least {min} characters."
            )));
        }
        if let Some(bad) = shown.chars().find(|c| !allowed(*c)) {
            return Err(Invalid::new(match bad {
                ' ' => "A name has no spaces. Use _ or . between its parts.".to_owned(),
                bad if bad.is_control() || !bad.identifier_allowed() && !bad.is_ascii() => {
                    "A name has only letters, digits, _, . and -. Remove the special or invisible character."
                        .to_owned()
                }
                bad => format!("A name has only letters, digits, _, . and -. Remove “{bad}”."),
            }));
        }
        if !shown.chars().any(char::is_alphanumeric) {
            return Err(Invalid::new("A name has at least one letter or digit."));
        }
        if !shown.is_single_script() {
            return Err(Invalid::new(
                "A name uses one alphabet. Some of its letters look alike but come from another one; type it again.",
            ));
        }
        let key = Self::key_of(&shown);
        Ok(Self { shown, key })
    }

    /// Takes a name that the store holds; it was parsed when it was written.
    #[must_use]
    pub fn stored(shown: String) -> Self {
        let key = Self::key_of(&shown);
        Self { shown, key }
    }

    /// The form in which names are compared; two texts with one key are one name.
    #[must_use]
    pub fn key_of(text: &str) -> String {
        text.trim().nfkc().default_case_fold().nfkc().collect()
    }

    /// The name as its owner wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form in which this name is compared with others.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Letters, digits and marks that UTS #39 allows in identifiers, and three joining signs.
fn allowed(c: char) -> bool {
    matches!(c, '_' | '.' | '-')
        || (c.is_alphanumeric() || is_mark(c)) && (c.is_ascii() || c.identifier_allowed())
        || compatible(c)
}

/// Full-width Latin letters and digits, which some keyboards type; the key makes plain ones of them.
fn compatible(c: char) -> bool {
    matches!(c, '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<UserName, Invalid> {
        UserName::parse(text, 2, 32)
    }

    #[test]
    fn one_name_in_many_guises_has_one_key() {
        let key = parse("Anna").expect("a plain name").key().to_owned();
        for guise in ["anna", "ANNA", " Anna ", "Ａｎｎａ"] {
            assert_eq!(parse(guise).expect(guise).key(), key);
        }
        assert_eq!(
            parse("Straße").expect("sharp s").key(),
            parse("STRASSE").expect("capitals").key()
        );
    }

    #[test]
    fn people_of_every_script_have_names() {
        for name in [
            "anna",
            "Zoë",
            "Ольга",
            "さくら",
            "陈伟",
            "अनिता",
            "محمد",
            "j.r.r_t-99",
        ] {
            assert!(parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_deceive_are_refused_with_a_reason() {
        for (name, part) in [
            ("Аnna", "alphabet"),
            ("an\u{200B}na", "invisible"),
            ("an\u{202E}na", "invisible"),
            ("an\0na", "invisible"),
            ("an na", "spaces"),
            ("a@b.c", "“@”"),
            ("a", "at least 2"),
            ("", "at least 2"),
            ("...", "letter or digit"),
            ("<b>", "“<”"),
        ] {
            let error = parse(name).expect_err(name);
            assert!(error.message.contains(part), "{name:?}: {}", error.message);
        }
        assert!(parse(&"a".repeat(33)).expect_err("long").too_long);
    }

    proptest! {
        #[test]
        fn a_key_is_stable_and_a_name_survives_storage(text in "\\PC{0,40}") {
            if let Ok(name) = parse(&text) {
                prop_assert_eq!(UserName::key_of(name.key()), name.key());
                prop_assert_eq!(UserName::stored(name.as_str().to_owned()), name);
            }
        }
    }
}

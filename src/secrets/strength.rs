//! How well a password stands up to guessing. Only what is easily guessed is refused (NIST SP 800-63B-4, section
//! 3.1.1.2: a list of common and expected passwords, and no rules of composition); the rest is shown to who chooses.
//!
//! The list is the one inside the `zxcvbn` crate (MIT): 30,000 passwords from leaks, common words and names, read without
//! regard to case, usual substitutions and direction; beside it its patterns: keyboard rows, sequences, repeats, dates.

use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Match, Score, matching::patterns::MatchPattern, zxcvbn};

/// How many of a password's characters are looked at. The work grows with the square of it and with each character that
/// may stand for a letter, and longer ones are not weak for what follows.
const LOOKED_AT: usize = 32;

/// Words of the place itself, which nobody should have as a password here.
const PLACE: &str = "parlor";

/// What judging a password showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    /// From 0, among the first thousand guesses, to 4, out of reach (zxcvbn's score).
    pub score: u8,
    /// Why it is refused, if it is.
    pub weakness: Option<Weakness>,
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// It is one that many people have, or a single common word or name.
    Common,
    /// It is little more than the person's own name or address.
    Own,
    /// It is one row of keys, one sequence, one repeat or one date, or else among the first thousand guesses.
    Pattern,
}

/// Judges a password; `own` are the words that somebody would try first because they know whose it is: name and address.
pub(super) fn judge(password: &str, own: &[String]) -> Strength {
    let whole = password.to_lowercase();
    let password: String = password.nfkc().take(LOOKED_AT).collect();
    let own: Vec<String> = own
        .iter()
        .flat_map(|text| [text.as_str(), text.split('@').next().unwrap_or_default()])
        .map(str::to_lowercase)
        .collect();
    if own.contains(&whole) {
        return Strength {
            score: 0,
            weakness: Some(Weakness::Own),
        };
    }
    let words: Vec<&str> = own.iter().map(String::as_str).chain([PLACE]).collect();
    let found = zxcvbn(&password, &words);
    Strength {
        score: found.score().into(),
        weakness: weakness(found.score(), found.sequence(), &own),
    }
}

/// What is wrong with a password that consists of these parts.
fn weakness(score: Score, parts: &[Match], own: &[String]) -> Option<Weakness> {
    let is_own = |part: &Match| match &part.pattern {
        MatchPattern::Dictionary(word) => own.contains(&word.matched_word),
        _ => false,
    };
    if score <= Score::One && parts.iter().any(is_own) {
        return Some(Weakness::Own);
    }
    match parts {
        [one] if score <= Score::Two => match one.pattern {
            MatchPattern::Dictionary(_) => Some(Weakness::Common),
            MatchPattern::BruteForce => None,
            _ => Some(Weakness::Pattern),
        },
        _ => (score == Score::Zero).then_some(Weakness::Pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weakness_of(password: &str) -> Option<Weakness> {
        let own = ["Annabell", "anna.bell@example.org"].map(str::to_owned);
        judge(password, &own).weakness
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        use Weakness::{Common, Own, Pattern};
        for (password, weakness) in [
            ("password", Common),
            ("P@ssw0rd", Common),
            ("iloveyou", Common),
            ("drowssap", Common),
            ("baseball", Common),
            ("parlor", Common),
            ("Annabell", Own),
            ("annabell1", Own),
            ("llebanna", Own),
            ("ANNA.BELL", Own),
            ("anna.bell@example.org", Own),
            ("aaaaaaaa", Pattern),
            ("abcdefgh", Pattern),
            ("abcabcabcabc", Pattern),
            ("24.12.1987", Pattern),
        ] {
            assert_eq!(weakness_of(password), Some(weakness), "{password}");
        }
        for listed in [
            "12345678",
            "qwertyuiop",
            "password1",
            "letmein1",
            "11111111",
        ] {
            assert!(weakness_of(listed).is_some(), "{listed}");
        }
    }

    #[test]
    fn what_takes_long_to_guess_is_fine_whatever_it_is_made_of() {
        for password in [
            "correct horse battery staple",
            "quiet armchairs 7",
            "ann keeps a secret",
            "péché mignon 7",
            "рыба любит воду",
            "猫が好きな人は多い",
            "🦀🦀🦆🦆🦀🦆🦀🦀",
            "xq7vk2ms",
            "Annabell sat by the window again",
        ] {
            assert_eq!(weakness_of(password), None, "{password}");
        }
        assert_eq!(judge("correct horse battery staple", &[]).score, 4);
        assert!(judge("xq7vk2ms", &[]).score < 4);
    }

    #[test]
    fn judging_ends_for_every_length() {
        for text in ["a", "aA@4", "1qaz2wsx", "é", "p4$$w0rd"] {
            let long: String = text.chars().cycle().take(128).collect();
            assert!(judge(&long, &[text.to_owned()]).score <= 4, "{text}");
        }
        assert_eq!(judge("", &[]).score, 0);
    }
}

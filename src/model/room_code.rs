//! Room codes: short, random and unguessable, the only name of a room that clients see.

use std::fmt;

use super::Invalid;

/// A room's code: 1 to 32 lower-case letters, digits or `-`; made codes have 12 characters (60 bits).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomCode(String);

impl RoomCode {
    /// The alphabet of made codes: Crockford's base 32, without letters that read like digits.
    pub const ALPHABET: &'static [u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    /// Characters in a made code.
    pub const LENGTH: usize = 12;

    /// The room that exists from the first start.
    #[must_use]
    pub fn lobby() -> Self {
        Self("lobby".to_owned())
    }

    /// Makes a code from random bytes, five bits a character.
    #[must_use]
    pub fn from_random(bytes: [u8; Self::LENGTH]) -> Self {
        Self(
            bytes
                .iter()
                .map(|byte| char::from(Self::ALPHABET[usize::from(byte & 31)]))
                .collect(),
        )
    }

    /// Reads a code as somebody typed or pasted it: outer blanks and letter case do not count.
    ///
    /// # Errors
    /// When the text cannot be the code of any room.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let code = text.trim().to_ascii_lowercase();
        let fits = (1..=32).contains(&code.len())
            && code
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(code))
        } else {
            Err(Invalid::new(
                "A room's code has 1 to 32 letters, digits or hyphens. Copy it from the room's page.",
            ))
        }
    }

    /// Whether it is the room that exists from the first start.
    #[must_use]
    pub fn is_lobby(&self) -> bool {
        self.0 == "lobby"
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_code_can_be_read_back() {
        let code = RoomCode::from_random([0, 31, 32, 255, 7, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(
            RoomCode::parse(&format!(" {} ", code.as_str().to_uppercase())),
            Ok(code)
        );
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "   ", "a/b", "ü", &"a".repeat(33), "a b", ".."] {
            assert!(RoomCode::parse(text).is_err(), "{text:?}");
        }
    }
}

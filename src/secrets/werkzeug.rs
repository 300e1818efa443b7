//! Password hashes that werkzeug made (`generate_password_hash`), as imported people bring them: read, bounded, compared
//! once or a few times, and replaced by a hash of ours at the first login.
//!
//! A login may not take longer or shorter because of the hash that it is compared with: as long as such hashes are there,
//! every login does the work of the dearest of each kind ([`Kinds`]), whoever it is for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use pbkdf2::pbkdf2_hmac;
use scrypt::{Params, scrypt};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::same;

/// What stands before such a hash in the store.
pub const MARK: &str = "$werkzeug$";

/// The most memory that comparing takes, in bytes: as much as at the cost that OWASP asks of scrypt.
const MEMORY: u64 = 128 << 20;

/// The most work of scrypt: N × r × p at the same cost.
const WORK: u64 = 1 << 20;

/// The most rounds of PBKDF2, four times werkzeug's own.
const ROUNDS: u32 = 4_000_000;

/// The most bytes of a salt; werkzeug's own have 8 to 22.
const SALT: usize = 128;

/// The most costs of scrypt that are kept at once, as every login does the work of all.
const SCRYPT_KINDS: usize = 3;

/// The bytes of scrypt's output, as Python's `hashlib` has it.
const SCRYPT_OUTPUT: usize = 64;

/// The methods of werkzeug before 3.0 that are one fast hash.
const FAST: [&str; 8] = [
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "hmac", "crypt",
];

/// Why a stored password cannot be kept. None of it shows what is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing is stored.
    #[error("no password is stored")]
    Missing,
    /// The password itself.
    #[error("the password seems to be stored as it was typed, which is not safe to keep")]
    Plain,
    /// One fast hash.
    #[error("the password is stored as one fast hash ({0}), which is too easy to guess to be kept")]
    Fast(&'static str),
    /// Another library's hash.
    #[error("the password's hash was made by {0}, which cannot be compared here")]
    Other(&'static str),
    /// A method that werkzeug may know, and this does not.
    #[error("the password's hash has a method that is not known here")]
    Method,
    /// Right method, wrong form.
    #[error("the password's hash is damaged")]
    Damaged,
    /// More than comparing may cost.
    #[error("the password's hash costs more to compare than a server can bear")]
    Costly,
    /// One cost too many.
    #[error("the password's hash has a cost of its own, and {SCRYPT_KINDS} others are kept")]
    TooManyKinds,
}

/// What PBKDF2 is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Digest {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }
}

/// How a hash was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Method {
    /// N as a power of two, r and p.
    Scrypt(u8, u32, u32),
    /// So many rounds.
    Pbkdf2(Digest, u32),
}

impl Method {
    /// Reads `scrypt:N:r:p` or `pbkdf2:digest:rounds`.
    fn parse(text: &str) -> Result<Self, Unfit> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            ["scrypt", n, r, p] => {
                let (n, r, p) = (number(n)?, number(r)?, number(p)?);
                if !n.is_power_of_two() || n < 2 || r == 0 || p == 0 {
                    return Err(Unfit::Damaged);
                }
                let (wide_n, wide_r) = (u64::from(n), u64::from(r));
                let memory = wide_n.saturating_mul(wide_r).saturating_mul(128);
                let work = wide_n.saturating_mul(wide_r).saturating_mul(u64::from(p));
                if memory > MEMORY || work > WORK {
                    return Err(Unfit::Costly);
                }
                let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| Unfit::Costly)?;
                Ok(Self::Scrypt(log_n, r, p))
            }
            ["pbkdf2", digest, rounds] => {
                let rounds = number(rounds)?;
                let digest = Digest::named(digest).ok_or(match digest {
                    "md5" => Unfit::Fast("md5"),
                    _ => Unfit::Method,
                })?;
                match rounds {
                    0 => Err(Unfit::Damaged),
                    rounds if rounds > ROUNDS => Err(Unfit::Costly),
                    rounds => Ok(Self::Pbkdf2(digest, rounds)),
                }
            }
            ["scrypt" | "pbkdf2", ..] => Err(Unfit::Damaged),
            [name, ..] => Err(match FAST.iter().find(|fast| **fast == name) {
                Some(fast) => Unfit::Fast(fast),
                None if name == "plain" => Unfit::Plain,
                None => Unfit::Method,
            }),
            [] => Err(Unfit::Missing),
        }
    }

    /// The bytes of its output: all of a digest's.
    const fn output(self) -> usize {
        match self {
            Self::Scrypt(..) => SCRYPT_OUTPUT,
            Self::Pbkdf2(digest, _) => match digest {
                Digest::Sha1 => 20,
                Digest::Sha224 => 28,
                Digest::Sha256 => 32,
                Digest::Sha384 => 48,
                Digest::Sha512 => 64,
            },
        }
    }

    /// Derives `output` from a password: the dear part.
    fn derive(self, password: &[u8], salt: &[u8], output: &mut [u8]) {
        match self {
            Self::Scrypt(log_n, r, p) => {
                let params = Params::new(log_n, r, p).expect("parsed within bounds");
                scrypt(password, salt, &params, output).expect("the output's length is fixed");
            }
            Self::Pbkdf2(digest, rounds) => match digest {
                Digest::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, rounds, output),
                Digest::Sha224 => pbkdf2_hmac::<Sha224>(password, salt, rounds, output),
                Digest::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, rounds, output),
                Digest::Sha384 => pbkdf2_hmac::<Sha384>(password, salt, rounds, output),
                Digest::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, rounds, output),
            },
        }
    }
}

/// A number, which Python may write with a sign or blanks: those are damage here.
fn number(text: &str) -> Result<u32, Unfit> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unfit::Damaged);
    }
    text.parse().map_err(|_| Unfit::Costly)
}

/// A hash of werkzeug's that can be kept until its person logs in.
#[derive(Clone, PartialEq, Eq)]
pub struct WerkzeugHash {
    text: String,
    pub(super) method: Method,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl fmt::Debug for WerkzeugHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WerkzeugHash(…)")
    }
}

impl WerkzeugHash {
    /// Reads what werkzeug's `generate_password_hash` made: `method$salt$hex`.
    ///
    /// # Errors
    /// Why it cannot be kept.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        if text.is_empty() {
            return Err(Unfit::Missing);
        }
        for (start, library) in [
            ("$2", "bcrypt"),
            ("$argon2", "Argon2"),
            ("$pbkdf2", "passlib"),
            ("$", "another library"),
        ] {
            if text.starts_with(start) {
                return Err(Unfit::Other(library));
            }
        }
        let parts: Vec<&str> = text.splitn(3, '$').collect();
        let [method, salt, output] = parts[..] else {
            return Err(Unfit::Plain);
        };
        let method = Method::parse(method)?;
        let output = bytes(output).filter(|output| output.len() == method.output());
        let output = output.ok_or(Unfit::Damaged)?;
        if salt.is_empty() || salt.len() > SALT {
            return Err(Unfit::Damaged);
        }
        Ok(Self {
            text: text.to_owned(),
            method,
            salt: salt.as_bytes().to_owned(),
            output,
        })
    }

    /// Reads what [`Self::stored`] made, if it did.
    pub(super) fn of_store(stored: &str) -> Option<Result<Self, Unfit>> {
        stored.strip_prefix(MARK).map(Self::parse)
    }

    /// How the store keeps it.
    #[must_use]
    pub fn stored(&self) -> String {
        format!("{MARK}{}", self.text)
    }

    /// How it was made, in werkzeug's words: `scrypt:32768:8:1`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.text.split('$').next().unwrap_or_default()
    }
}

/// Lower-case hexadecimal digits, as Python writes them.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// Which hashes of werkzeug's are kept: what every login has to cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kinds {
    scrypt: BTreeSet<Method>,
    /// The most rounds by digest.
    pbkdf2: BTreeMap<Digest, u32>,
}

impl Kinds {
    /// Those of these methods, as [`WerkzeugHash::method`] words them.
    #[must_use]
    pub fn of<'a>(methods: impl IntoIterator<Item = &'a str>) -> Self {
        let mut kinds = Self::default();
        for method in methods {
            if let Ok(method) = Method::parse(method) {
                kinds.add(method);
            }
        }
        kinds
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scrypt.is_empty() && self.pbkdf2.is_empty()
    }

    /// Takes a hash among those that are kept.
    ///
    /// # Errors
    /// [`Unfit::TooManyKinds`].
    pub fn admit(&mut self, hash: &WerkzeugHash) -> Result<(), Unfit> {
        let more = matches!(hash.method, Method::Scrypt(..)) && !self.scrypt.contains(&hash.method);
        if more && self.scrypt.len() >= SCRYPT_KINDS {
            return Err(Unfit::TooManyKinds);
        }
        self.add(hash.method);
        Ok(())
    }

    fn add(&mut self, method: Method) {
        match method {
            Method::Scrypt(..) => {
                self.scrypt.insert(method);
            }
            Method::Pbkdf2(digest, rounds) => {
                let most = self.pbkdf2.entry(digest).or_default();
                *most = rounds.max(*most);
            }
        }
    }

    /// Whether `password` is the one that `hash` was made of; the same work whether there is one, and which.
    pub(super) fn compare(&self, password: &[u8], hash: Option<&WerkzeugHash>) -> bool {
        let mut fits = false;
        let mut unused = [0; SCRYPT_OUTPUT];
        for (method, own) in self.steps(hash.map(|hash| hash.method)) {
            match hash.filter(|_| own) {
                Some(hash) => {
                    let mut output = vec![0; hash.output.len()];
                    method.derive(password, &hash.salt, &mut output);
                    fits = same(&output, &hash.output);
                }
                None => method.derive(password, b"nobody", &mut unused[..method.output()]),
            }
        }
        fits
    }

    /// What a comparison derives, and which of it is the hash's own: each cost of scrypt once, and of each digest as many
    /// rounds as its dearest hash has.
    fn steps(&self, own: Option<Method>) -> Vec<(Method, bool)> {
        let mut kinds = self.clone();
        if let Some(own) = own {
            kinds.add(own);
        }
        let scrypt = kinds
            .scrypt
            .iter()
            .map(|method| (*method, own == Some(*method)));
        let mut steps: Vec<_> = scrypt.collect();
        for (digest, most) in kinds.pbkdf2 {
            let rounds = match own {
                Some(Method::Pbkdf2(own, rounds)) if own == digest => rounds,
                _ => 0,
            };
            let both = [(rounds, true), (most - rounds, false)];
            let both = both.into_iter().filter(|(rounds, _)| *rounds > 0);
            steps.extend(both.map(|(rounds, own)| (Method::Pbkdf2(digest, rounds), own)));
        }
        steps
    }
}

#[cfg(test)]
mod tests;

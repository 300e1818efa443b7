//! Secrets: password hashes, tokens, CSRF tokens, and comparing without telling by time.
//!
//! A password or a token is never logged and never stored; what is stored is a scrypt hash or, for
//! random tokens of 256 bits, a SHA-256 (nothing can be guessed there that a slow hash would save).

mod codes;
pub mod push;
mod strength;
mod werkzeug;

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use password_hash::{
    CustomizedPasswordHasher, PasswordVerifier,
    phc::{Output, PasswordHash, Salt},
};
use rand::{TryRng, rngs::SysRng};
use scrypt::{Params, Scrypt};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

pub use codes::{RecoveryCode, TotpSecret};
pub use strength::{Strength, Weakness};
pub use werkzeug::{Kinds, MARK, Unfit, WerkzeugHash};

use crate::base::Blocking;

/// Bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .expect("the operating system's random generator answers");
    bytes
}

/// A random secret that is handed out once: a session cookie's value, a bearer token, a set-up link.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// 256 random bits, in base64url.
    #[must_use]
    pub fn random() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::<32>()))
    }

    /// What a client sent as its token. Anything that cannot be one of ours is `None`.
    #[must_use]
    pub fn sent(text: &str) -> Option<Self> {
        let is_token = URL_SAFE_NO_PAD
            .decode(text)
            .is_ok_and(|bytes| bytes.len() == 32);
        is_token.then(|| Self(text.to_owned()))
    }

    /// What the store keeps of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The token itself, to be handed to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The CSRF token for forms of whoever holds this session (or pre-session) token: an HMAC under it, so it
    /// dies with the session and needs no store (OWASP CSRF Prevention Cheat Sheet, signed double submit).
    #[must_use]
    pub fn csrf(&self) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes())
            .expect("HMAC takes keys of every length");
        mac.update(b"parlor csrf 1");
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Whether `sent` is this token's CSRF token.
    #[must_use]
    pub fn csrf_fits(&self, sent: &str) -> bool {
        same(self.csrf().as_bytes(), sent.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What an outgoing webhook's posts are signed with (Standard Webhooks 1.0): 256 random bits.
pub struct WebhookSecret(pub [u8; 32]);

impl WebhookSecret {
    /// The secret as it is handed to whoever checks signatures.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The signature of a post with this id, this time in seconds since 1970, and this body.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of every length");
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

fn mac_of(key: &[u8; 32], user: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(format!("parlor mail {user}").as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// What stands in the mails to the person with this id, to end them: it never runs out, and is good for nothing else.
#[must_use]
pub fn unsubscribe_token(key: &[u8; 32], user: i64) -> String {
    format!("{user}.{}", mac_of(key, user))
}

/// To whom a mail was sent that holds this.
#[must_use]
pub fn unsubscribed(key: &[u8; 32], token: &str) -> Option<i64> {
    let (user, mac) = token.split_once('.')?;
    let user = user.parse().ok()?;
    same(mac_of(key, user).as_bytes(), mac.as_bytes()).then_some(user)
}

/// Compares in a time that depends on the lengths only.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// The fewest and the most characters of a password (contract, section 5).
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// A failure inside password hashing: a bug or a damaged database, never a wrong password.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed or compared: {0}")]
pub struct HashError(String);

/// Hashes and checks passwords with scrypt, a bounded number at once: each takes 128 MiB at the default cost.
#[derive(Debug, Clone)]
pub struct Passwords {
    params: Params,
    turns: Blocking,
    nobody: Arc<str>,
    compared: Arc<AtomicU64>,
    /// Which hashes that werkzeug made are kept.
    brought: Arc<RwLock<Kinds>>,
}

/// What comparing a password with a stored hash showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the password.
    pub fits: bool,
    /// Whether it is, and its hash is not as [`Passwords::hash`] makes them now: cheaper, or another program's.
    pub outdated: bool,
}

impl Passwords {
    /// scrypt with N = 2^`log_n`, r = 8, p = 1 (OWASP Password Storage Cheat Sheet: 17), at most `at_once` at a time.
    ///
    /// # Errors
    /// When scrypt does not take this cost.
    pub fn new(log_n: u8, at_once: usize) -> Result<Self, HashError> {
        let params = Params::new(log_n, 8, 1).map_err(|error| HashError(error.to_string()))?;
        let nobody = nobody(params)?;
        Ok(Self {
            params,
            turns: Blocking::new(at_once),
            nobody: nobody.into(),
            compared: Arc::default(),
            brought: Arc::default(),
        })
    }

    /// Judges a password before it is taken; `own` are its person's name and address.
    pub async fn judge(&self, password: &str, own: Vec<String>) -> Strength {
        let password = password.to_owned();
        self.turns
            .run(move || strength::judge(&password, &own))
            .await
    }

    /// Hashes a password into a PHC string.
    ///
    /// # Errors
    /// When hashing itself fails.
    pub async fn hash(&self, password: &str) -> Result<String, HashError> {
        let (password, params) = (normal(password), self.params);
        self.turns
            .run(move || hash(password.as_bytes(), params))
            .await
    }

    /// Has every login cost as much as the dearest of these hashes of werkzeug's, from now on.
    pub fn expect(&self, kinds: Kinds) {
        *self.brought.write().unwrap_or_else(PoisonError::into_inner) = kinds;
    }

    /// Whether `password` is the one that `stored` is the hash of, one of ours or of werkzeug's. Without a hash (no such
    /// account) it works just as long and says no, so that an answer's duration does not tell who has an account.
    ///
    /// # Errors
    /// When the stored hash is damaged.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict, HashError> {
        let known = stored.is_some();
        let brought = stored.and_then(WerkzeugHash::of_store).transpose();
        let brought = brought.map_err(failed)?;
        let own = stored.filter(|_| brought.is_none());
        let own = own.map_or_else(|| Arc::clone(&self.nobody), Arc::from);
        let kinds = self.kinds();
        let (password, params) = (password.to_owned(), self.params);
        let compared = Arc::clone(&self.compared);
        self.turns
            .run(move || {
                let (fits_own, outdated) = fits(&password, &own, params)?;
                let fits_brought = kinds.compare(password.as_bytes(), brought.as_ref());
                compared.fetch_add(1, Ordering::Relaxed);
                let fits = known
                    && if brought.is_some() {
                        fits_brought
                    } else {
                        fits_own
                    };
                Ok(Verdict {
                    fits,
                    outdated: fits && (brought.is_some() || outdated),
                })
            })
            .await
    }

    /// Which hashes of werkzeug's every login costs as much as.
    #[must_use]
    pub fn kinds(&self) -> Kinds {
        let kinds = self.brought.read();
        kinds.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often a password was compared with a hash since the start, the one of nobody included.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }
}

/// A password as it is hashed, so that it does not matter by which keyboard it is typed (NIST SP 800-63B-4, 3.1.1.2).
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Whether a password fits this PHC string, and whether that was made of the password as it was typed, or costs less than
/// `params` do.
fn fits(password: &str, stored: &str, params: Params) -> Result<(bool, bool), HashError> {
    let normal = normal(password);
    let (fits, cheaper) = matches(normal.as_bytes(), stored, params)?;
    if fits || normal == password {
        return Ok((fits, cheaper));
    }
    let (fits, _) = matches(password.as_bytes(), stored, params)?;
    Ok((fits, true))
}

fn matches(password: &[u8], stored: &str, params: Params) -> Result<(bool, bool), HashError> {
    let parsed = PasswordHash::new(stored).map_err(failed)?;
    if parsed.hash.is_none() {
        return Err(HashError("the stored hash is incomplete".to_owned()));
    }
    let cheaper = Params::try_from(&parsed).is_ok_and(|own| own.log_n() < params.log_n());
    match Scrypt::default().verify_password(password, &parsed) {
        Ok(()) => Ok((true, cheaper)),
        Err(password_hash::Error::PasswordInvalid) => Ok((false, cheaper)),
        Err(error) => Err(failed(error)),
    }
}

/// What nobody's password is compared with: a random output of the right form, so that checking against it takes as
/// long as against a real one, and that making it takes no time at the start.
fn nobody(params: Params) -> Result<String, HashError> {
    let salt = Salt::new(&random::<16>()).map_err(failed)?;
    let output = Output::new(&random::<32>()).map_err(failed)?;
    let hash = PasswordHash {
        algorithm: scrypt::phc::ALG_ID,
        version: None,
        params: params.try_into().map_err(failed::<password_hash::Error>)?,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

fn failed<E: std::fmt::Display>(error: E) -> HashError {
    HashError(error.to_string())
}

fn hash(password: &[u8], params: Params) -> Result<String, HashError> {
    Scrypt::default()
        .hash_password_with_params(password, &random::<16>(), params)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| HashError(error.to_string()))
}

#[cfg(test)]
mod tests;

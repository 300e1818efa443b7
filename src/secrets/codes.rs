//! Codes that show who somebody is: those of an authenticator app, and recovery codes.

use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::random;

/// What an authenticator app and the server share (RFC 6238): 160 random bits (RFC 4226, section 4), SHA-1, six digits,
/// half a minute a step, as all such apps understand it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TotpSecret(pub [u8; 20]);

impl TotpSecret {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }

    /// As it is typed into an app.
    #[must_use]
    pub fn base32(&self) -> String {
        Secret::from(self.0).to_base32()
    }

    /// As an app reads it from a QR code, for the account of this name on the server of that name.
    #[must_use]
    pub fn uri(&self, server: &str, account: &str) -> String {
        // A colon stands between the two, so neither may have one.
        let [server, account] = [server, account].map(|name| name.replace(':', " "));
        let totp = self.totp(
            Builder::new()
                .with_issuer(Some(server))
                .with_account_name(account),
        );
        totp.to_url()
            .expect("an account has a name, and it has no colon")
    }

    /// The step whose code this is at a time, in seconds since 1970: the present one, the one before it or the one after
    /// it, as clocks differ (RFC 6238, section 5.2).
    #[must_use]
    pub fn step_of(&self, code: &str, seconds: i64) -> Option<i64> {
        let seconds = u64::try_from(seconds).ok()?;
        let step = self
            .totp(Builder::new().with_skew(1))
            .check(code, seconds)?;
        i64::try_from(step).ok()
    }

    fn totp(&self, builder: Builder) -> Totp {
        let built = builder.with_secret(self.0).build();
        built.expect("a secret of 160 bits and six digits are what the standard asks for")
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// How many letters and digits a recovery code has.
const LENGTH: usize = 24;

/// A recovery code: 120 random bits in base32, more than the 112 from which on a plain hash of it may be kept (NIST SP
/// 800-63B-4, section 3.1.2.2; OWASP ASVS 5, section 6.5.2).
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        let text = Secret::from(random::<15>()).to_base32();
        Self(text.to_ascii_lowercase())
    }

    /// What somebody typed, in whatever case and with whatever between the groups; `None` where it can be none of ours.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let letters = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-');
        let code: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        let fits = |letter: char| letter.is_ascii_lowercase() || ('2'..='7').contains(&letter);
        (code.len() == LENGTH && code.chars().all(fits)).then_some(Self(code))
    }

    /// What the store keeps of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The code in groups of four, to be handed to its owner.
    #[must_use]
    pub fn reveal(&self) -> String {
        let groups: Vec<&str> = (0..LENGTH)
            .step_by(4)
            .filter_map(|at| self.0.get(at..at + 4))
            .collect();
        groups.join("-")
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, whose codes of eight digits end with those of six.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = TotpSecret(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds / 30;
            for (now, found) in [
                (seconds, Some(step)),
                (seconds + 30, Some(step)),
                (seconds - 30, Some(step)),
                (seconds + 60, None),
                (seconds - 60, None),
            ] {
                assert_eq!(secret.step_of(code, now), found, "{code} at {now}");
            }
        }
        for code in ["", "28708", "2870820", "28708x", "２８７０８２", "-287082"] {
            assert_eq!(secret.step_of(code, 59), None, "{code}");
        }
        assert_eq!(secret.step_of("287082", -59), None);
    }

    #[test]
    fn an_app_reads_server_account_and_secret() {
        let secret = TotpSecret(*b"12345678901234567890");
        let uri = secret.uri("Tea: the room", "anna");
        assert!(
            uri.starts_with("otpauth://totp/Tea%20%20the%20room:anna?"),
            "{uri}"
        );
        assert!(
            uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            "{uri}"
        );
        assert!(uri.contains("issuer=Tea%20%20the%20room"), "{uri}");
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::random();
        let shown = code.reveal();
        assert_eq!(shown.len(), LENGTH + 5, "{shown}");
        for typed in [
            shown.clone(),
            shown.to_uppercase(),
            shown.replace('-', " "),
            format!(" {} ", shown.replace('-', "")),
        ] {
            assert_eq!(RecoveryCode::typed(&typed), Some(code.clone()), "{typed}");
        }
        for typed in [
            "",
            "123456",
            &shown[1..],
            &format!("{shown}a"),
            &shown.replace('-', "_"),
        ] {
            assert_eq!(RecoveryCode::typed(typed), None, "{typed}");
        }
        assert_ne!(RecoveryCode::random(), code);
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    }
}

//! New passwords: long enough, and not among those that are guessed first. Nothing else is asked of one (NIST SP 800-63B-4,
//! section 3.1.1.2).

use super::Context;
use crate::{
    error::{Code, Error, Result},
    model::Origin,
    secrets::{PASSWORD_LENGTH, Strength, Weakness},
    wire::passwords::{CheckPassword, PasswordStrength},
};

/// The field in which a new password stands, in every form and body.
const FIELD: &str = "password";

/// Takes a new password, or says what to do; `own` are its person's name and address. Says how strong it is.
///
/// # Errors
/// `invalid` or `too_long`, of the field `password`.
pub async fn check(ctx: &Context, password: &str, own: [&str; 2]) -> Result<Strength> {
    length(password)?;
    let strength = ctx
        .passwords
        .judge(password, own.map(str::to_owned).to_vec())
        .await;
    match strength.weakness {
        Some(weakness) => Err(Error::invalid(FIELD, refusal(weakness))),
        None => Ok(strength),
    }
}

/// What a password that somebody thinks of would be worth; it is not kept.
///
/// # Errors
/// `rate_limited`.
pub async fn estimate(
    ctx: &Context,
    origin: &Origin,
    asked: &CheckPassword,
) -> Result<PasswordStrength> {
    ctx.throttle.estimate(origin.address)?;
    let own = [&asked.name, &asked.email].map(|text| text.as_deref().unwrap_or_default());
    Ok(match check(ctx, &asked.password, own).await {
        Ok(strength) => PasswordStrength {
            score: strength.score,
            problem: None,
            words: words(strength.score).to_owned(),
        },
        Err(error) => PasswordStrength {
            score: 0,
            words: error.message.clone(),
            problem: Some(error.message),
        },
    })
}

/// Both bounds count characters, not bytes.
fn length(password: &str) -> Result<()> {
    let (least, most) = (PASSWORD_LENGTH.start(), PASSWORD_LENGTH.end());
    match password.chars().count() {
        count if count < *least => Err(Error::invalid(
            FIELD,
            format!("A password has at least {least} characters. A few words make a good one."),
        )),
        count if count > *most => Err(Error::new(
            Code::TooLong,
            format!("A password may have at most {most} characters."),
        )
        .field(FIELD)),
        _ => Ok(()),
    }
}

fn refusal(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::Common => {
            "Many people have this password, so it is tried first. Take a few words that do not belong together."
        }
        Weakness::Own => {
            "This is too close to your name or address. Take a few words that do not belong together."
        }
        Weakness::Pattern => {
            "This is a pattern that is tried first. Take a few words that do not belong together."
        }
    }
}

/// How strong a password of this score is, as a sentence.
#[must_use]
pub const fn words(score: u8) -> &'static str {
    match score {
        0 | 1 => "Weak: it can be guessed. Another word makes it stronger.",
        2 => "Fair. Another word makes it stronger.",
        3 => "Good.",
        _ => "Strong.",
    }
}

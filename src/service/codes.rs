//! Taking codes of second factors: those of an app, each once, and recovery codes.

use super::{Context, letters};
use crate::{
    error::{Code, Error, Result},
    model::{Account, Origin},
    secrets::{RecoveryCode, TotpSecret},
};

/// Whether a login to this account asks for a code.
///
/// # Errors
/// When the store cannot be asked.
pub async fn asked(ctx: &Context, account: &Account) -> Result<bool> {
    let factors = ctx.store.factors(account.card.id).await?;
    Ok(factors.totp_since.is_some())
}

/// Takes a code of the account's app, or one of its recovery codes. Failures count as failed logins do, and those of one
/// account from all addresses together as well: who gets here knows the password, so nobody else is locked out.
///
/// # Errors
/// Of the field `code`: `invalid` where it is missing, `unauthorized` where it is wrong or was taken before,
/// `rate_limited`.
pub async fn take(ctx: &Context, origin: &Origin, account: &Account, code: &str) -> Result<()> {
    let (code, user) = (code.trim(), account.card.id);
    if code.is_empty() {
        return Err(Error::invalid(
            "code",
            "Write the code that your app shows, or one of your recovery codes.",
        ));
    }
    let attempt = ctx
        .throttle
        .code(user, origin.address, ctx.now())
        .map_err(|error| error.field("code"))?;
    let taken = match RecoveryCode::typed(code) {
        Some(code) => recovery_code(ctx, account, &code).await?,
        None => of_app(ctx, account, code).await?,
    };
    if !taken {
        tracing::warn!(user.id = user.0, client.address = %origin.address, "a code was wrong");
        return Err(Error::new(
            Code::Unauthorized,
            "This code is wrong, or was used already. Take the one that your app shows next.",
        )
        .field("code"));
    }
    attempt.succeeded();
    Ok(())
}

async fn of_app(ctx: &Context, account: &Account, code: &str) -> Result<bool> {
    let user = account.card.id;
    let Some(secret) = ctx.store.totp_secret(user, true).await? else {
        return Ok(false);
    };
    match step_of(ctx, TotpSecret(secret), code) {
        Some(step) => Ok(ctx.store.take_step(user, step).await?),
        None => Ok(false),
    }
}

/// The step whose code this is now; apps show it in two groups, so it may be typed so.
pub(super) fn step_of(ctx: &Context, secret: TotpSecret, code: &str) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    secret.step_of(&digits, ctx.now().0.div_euclid(1000))
}

async fn recovery_code(ctx: &Context, account: &Account, code: &RecoveryCode) -> Result<bool> {
    let user = account.card.id;
    let left = ctx.store.take_recovery_code(user, code.hash()).await?;
    if let Some(left) = left {
        let text = format!(
            "A recovery code was used to get into your account. {left} are left; you can make new ones under your profile."
        );
        letters::send(ctx, account, "A recovery code was used", &text);
    }
    Ok(left.is_some())
}

//! Who must have a second factor and has none (OWASP ASVS 5, section 6.3.3): until they have set one up, they may do nothing
//! else. It is the account that waits, whatever it speaks by: a token that the password alone made would be a way around.

use super::{Caller, Context};
use crate::{
    config::SecondFactor,
    error::{Code, Error, Result},
    model::Account,
};

/// The calls that such an account may make: those that set one up, and what a client needs to notice.
const OPEN: [&str; 5] = [
    "GET /me",
    "GET /me/two-factor",
    "POST /me/two-factor",
    "PUT /me/two-factor",
    "DELETE /tokens/current",
];

/// Whether this account must have a second factor. Who has no password comes by the provider, and it asks for what it holds
/// necessary.
///
/// # Errors
/// When the store cannot be asked.
pub async fn of(ctx: &Context, account: &Account) -> Result<bool> {
    let named = match ctx.settings.require_second_factor {
        SecondFactor::None => false,
        SecondFactor::Admins => account.admin,
        SecondFactor::Everybody => true,
    };
    let card = &account.card;
    if !named || card.bot || card.guest {
        return Ok(false);
    }
    let hash = ctx.store.password_hash(card.id).await?;
    Ok(hash.is_some_and(|hash| !hash.is_empty()))
}

/// Whether this account must have a second factor, and has none.
///
/// # Errors
/// When the store cannot be asked.
pub async fn lacks(ctx: &Context, account: &Account) -> Result<bool> {
    Ok(!account.two_factor && of(ctx, account).await?)
}

/// Lets a call (`GET /rooms`) or a connection through, unless the caller must have a second factor and has none.
///
/// # Errors
/// `forbidden` of the field `two_factor`.
pub async fn check(ctx: &Context, caller: &Caller, what: &str) -> Result<()> {
    if OPEN.contains(&what) || !lacks(ctx, &caller.account).await? {
        return Ok(());
    }
    let text = "This server asks for a second factor, and your account has none. Set one up on the page /settings/two-factor or with POST /api/v1/me/two-factor; nothing else works before.";
    Err(Error::new(Code::Forbidden, text).field("two_factor"))
}

/// Refuses to take away the only second factor of an account that must have one.
///
/// # Errors
/// `conflict`.
pub async fn check_removal(ctx: &Context, caller: &Caller) -> Result<()> {
    if of(ctx, &caller.account).await? {
        let text = "This server asks you for a second factor, so the only one cannot be switched off. Set up another app instead.";
        return Err(Error::new(Code::Conflict, text));
    }
    Ok(())
}

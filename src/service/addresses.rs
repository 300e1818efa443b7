//! A new address of an account, where mail is set up: it holds once a link that was mailed to it was used, and one that was
//! mailed to the address until then.

use std::time::Duration;

use super::{Context, letters};
use crate::{
    error::{Code, Error, Result},
    model::{Account, Email},
    secrets::Token,
    store::StoreError,
};

/// How long the links hold.
const HOLDS: Duration = Duration::from_hours(24);

/// Has an address wait for its links, and mails them.
///
/// # Errors
/// `conflict` of the field `email`.
pub(super) async fn begin(ctx: &Context, account: &Account, email: Email) -> Result<()> {
    let mut new = account.clone();
    new.email = email.clone();
    let told = if account.email.as_str().is_empty() {
        vec![new]
    } else {
        vec![new, account.clone()]
    };
    let tokens: Vec<_> = told.iter().map(|_| Token::random()).collect();
    let (links, now) = (tokens.iter().map(Token::hash).collect(), ctx.now());
    let begun =
        ctx.store
            .begin_address(account.card.id, email.clone(), links, now, now.plus(HOLDS));
    begun.await?;
    let base = ctx.settings.public_url.as_deref().unwrap_or_default();
    for (account, token) in told.iter().zip(&tokens) {
        let text = format!(
            "Your account is to have the address {}. Confirm that within a day, from each address that got this mail: {base}/address/{}",
            email.as_str(),
            token.reveal()
        );
        let advice = "If you do not want that, do nothing: the address stays as it is. If you did not ask for it either, change your password.";
        letters::send_with(ctx, account, "A new address", &text, advice);
    }
    Ok(())
}

fn over() -> Error {
    let text = "This link does not hold any more. Save the new address in your profile once more.";
    Error::new(Code::NotFound, text).field("token")
}

/// Whose account a link is of, and which address waits for it.
///
/// # Errors
/// `not_found` of the field `token`.
pub async fn look(ctx: &Context, token: &str) -> Result<(Token, Account, String)> {
    let token = Token::sent(token).ok_or_else(over)?;
    let found = ctx.store.new_address(token.hash(), ctx.now()).await?;
    let (account, email) = found.ok_or_else(over)?;
    Ok((token, account, email))
}

/// Uses a link; says whether the account has the address now.
///
/// # Errors
/// `not_found` of the field `token`; `conflict` of the field `email`.
pub async fn confirm(ctx: &Context, token: &str) -> Result<bool> {
    let (token, ..) = look(ctx, token).await?;
    match ctx.store.confirm_address(token.hash(), ctx.now()).await {
        Ok((before, Some(after))) => {
            changed(ctx, &before, &after);
            Ok(true)
        }
        Ok((_, None)) => Ok(false),
        Err(StoreError::NotFound("link")) => Err(over()),
        Err(error) => Err(error.into()),
    }
}

/// Tells the address that an account had until now.
fn changed(ctx: &Context, before: &Account, after: &Account) {
    let text = format!(
        "Your account has the address {} from now on. Mails about it go there.",
        after.email.as_str()
    );
    letters::send(ctx, before, "Your address was changed", &text);
}

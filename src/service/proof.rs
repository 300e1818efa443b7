//! Proof of who somebody is, asked for again before what decides how they get in (OWASP ASVS 5, section 7.5.1). A session
//! remembers when it was last given; a token proves nothing but that it was made.

use super::{Caller, Context, Via, codes};
use crate::error::{Code, Error, Result};

/// What somebody wants to do that is not for whoever finds their browser open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Making tokens of a bot. A token of the person's with the scope `account` may do so: that scope was given to it
    /// under the password, for things like this.
    BotTokens,
    /// Changing how the person gets in, or closing the account.
    Account,
}

/// What somebody shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proof<'p> {
    /// The present password.
    pub current_password: Option<&'p str>,
    /// A code, where logins to the account ask for one.
    pub code: Option<&'p str>,
}

/// Whether the caller may do it without showing once more who they are.
#[must_use]
pub fn is_recent(ctx: &Context, caller: &Caller, act: Act) -> bool {
    match caller.via {
        Via::Session { proved_at, .. } => {
            ctx.now().since(proved_at) < ctx.settings.limits.proof_lifetime
        }
        Via::Token { .. } => act == Act::BotTokens,
        Via::Guest => false,
    }
}

/// Lets the caller do it: at once where they showed lately who they are, else by what a login asks for. All that asks for
/// such proof asks here, or always takes the password.
///
/// # Errors
/// `unauthorized` of the field `current_password` where that is missing; as [`show`].
pub async fn require(ctx: &Context, caller: &Caller, act: Act, proof: Proof<'_>) -> Result<()> {
    if is_recent(ctx, caller, act) {
        return Ok(());
    }
    if proof.current_password.is_none() {
        return Err(Error::new(
            Code::Unauthorized,
            "It is a while since you showed who you are. Send your present password to do this.",
        )
        .field("current_password"));
    }
    show(ctx, caller, proof).await
}

/// Takes what a login asks for: the present password, and where the account has a second factor, a code. The caller's
/// session remembers it.
///
/// # Errors
/// As [`password`], and as [`codes::take`].
pub async fn show(ctx: &Context, caller: &Caller, proof: Proof<'_>) -> Result<()> {
    let stored = stored(ctx, caller).await?.ok_or_else(without_password)?;
    let password = proof.current_password.unwrap_or_default();
    check(ctx, caller, &stored, password).await?;
    if codes::asked(ctx, &caller.account).await? {
        let code = proof.code.unwrap_or_default();
        codes::take(ctx, &caller.origin, &caller.account, code).await?;
    }
    remember(ctx, caller).await
}

/// Whether the caller has a password: who came by a provider may have none.
///
/// # Errors
/// When the store cannot be asked.
pub async fn has_password(ctx: &Context, caller: &Caller) -> Result<bool> {
    Ok(stored(ctx, caller).await?.is_some())
}

/// The hash of the caller's password, if they have one.
async fn stored(ctx: &Context, caller: &Caller) -> Result<Option<String>> {
    let hash = ctx.store.password_hash(caller.id()).await?;
    Ok(hash.filter(|hash| !hash.is_empty()))
}

/// Takes the present password alone; of who has none, that they showed lately who they are. The caller's session remembers it, where the account has no second factor.
///
/// # Errors
/// Of the field `current_password`: `invalid`, `unauthorized`, `rate_limited`.
pub async fn password(ctx: &Context, caller: &Caller, password: &str) -> Result<()> {
    let Some(stored) = stored(ctx, caller).await? else {
        return if is_recent(ctx, caller, Act::Account) {
            Ok(())
        } else {
            Err(without_password())
        };
    };
    check(ctx, caller, &stored, password).await?;
    if codes::asked(ctx, &caller.account).await? {
        return Ok(());
    }
    remember(ctx, caller).await
}

/// Whether [`fully`] asks for a code as well: the account has a second factor, and it was not shown lately.
///
/// # Errors
/// When the store cannot be asked.
pub async fn asks_code(ctx: &Context, caller: &Caller) -> Result<bool> {
    Ok(!is_recent(ctx, caller, Act::Account) && codes::asked(ctx, &caller.account).await?)
}

/// Takes the present password, however lately it was shown, and a code where [`asks_code`]: for what cannot be undone.
///
/// # Errors
/// As [`password`], and as [`codes::take`].
pub async fn fully(ctx: &Context, caller: &Caller, proof: Proof<'_>) -> Result<()> {
    password(ctx, caller, proof.current_password.unwrap_or_default()).await?;
    if !asks_code(ctx, caller).await? {
        return Ok(());
    }
    let code = proof.code.unwrap_or_default();
    codes::take(ctx, &caller.origin, &caller.account, code).await?;
    remember(ctx, caller).await
}

fn without_password() -> Error {
    let text = "Your account has no password. Log in again by single sign-on to confirm this.";
    Error::new(Code::Unauthorized, text).field("current_password")
}

/// The caller's session remembers that they showed just now all that a login asks for.
pub(super) async fn remember(ctx: &Context, caller: &Caller) -> Result<()> {
    if let Via::Session { hash, .. } = caller.via {
        ctx.store.prove_session(hash, ctx.now()).await?;
    }
    Ok(())
}

/// Compares the present password with the hash that is stored, under the same counter as logins.
async fn check(ctx: &Context, caller: &Caller, stored: &str, password: &str) -> Result<()> {
    if password.is_empty() {
        return Err(Error::invalid(
            "current_password",
            "Write your present password to confirm this.",
        ));
    }
    let attempt = ctx
        .throttle
        .login(
            &format!("#{}", caller.id()),
            caller.origin.address,
            ctx.now(),
        )
        .map_err(|error| error.field("current_password"))?;
    let verdict = ctx
        .passwords
        .verify(password, Some(stored))
        .await
        .map_err(Error::unavailable)?;
    if !verdict.fits {
        tracing::warn!(user.id = caller.id().0, client.address = %caller.origin.address, "a present password was wrong");
        return Err(Error::new(
            Code::Unauthorized,
            "That is not your present password. Try again.",
        )
        .field("current_password"));
    }
    attempt.succeeded();
    Ok(())
}

//! Getting back into an account whose password is forgotten: by a link that is mailed to its address, or where no mail is
//! set up, by a recovery code. A second factor stays asked for at the next login (OWASP ASVS 5, section 6.4.3).

use std::time::Duration;

use super::{Context, Faults, collect, letters, passwords};
use crate::{
    error::{Code, Error, Result},
    model::{Account, Email, Origin, UserId, UserName},
    secrets::{RecoveryCode, Token},
    store::StoreError,
};

/// How long a link holds.
const HOLDS: Duration = Duration::from_mins(30);

/// Whether links can be mailed here.
#[must_use]
pub fn by_mail(ctx: &Context) -> bool {
    ctx.mailer.is_some() && ctx.settings.public_url.is_some()
}

/// Has a link mailed to whom this name or address belongs, if it belongs to anybody. What is asked for is only noted here
/// and looked up beside this request, so neither the answer nor how long it takes tells who has an account.
///
/// # Errors
/// Of the field `login`: `invalid` where it is missing or no mail is set up. `rate_limited`; `unavailable` when too much
/// waits.
pub fn ask(ctx: &Context, origin: &Origin, login: &str) -> Result<()> {
    if login.trim().is_empty() {
        let text = "Write your name or e-mail address.";
        return Err(Error::invalid("login", text));
    }
    if !by_mail(ctx) {
        let text = "This server sends no mail. Use a recovery code, or ask who runs it.";
        return Err(Error::invalid("login", text));
    }
    ctx.throttle.recovery(origin.address)?;
    letters::recover(ctx, login.trim())
}

/// Mails the link; says nothing where there is no such account.
///
/// # Errors
/// When the store fails.
pub(super) async fn offer(ctx: &Context, login: &str) -> Result<()> {
    let found = ctx.store.credentials(login).await?;
    let Some(found) = found.filter(|found| !found.disabled) else {
        return Ok(());
    };
    let (account, now) = (found.account, ctx.now());
    let user = account.card.id;
    if account.email.as_str().is_empty() || ctx.throttle.recovery_of(user).is_err() {
        tracing::warn!(
            user.id = user.0,
            "no link to recover an account is mailed: no address, or too many"
        );
        return Ok(());
    }
    let token = Token::random();
    let kept = ctx
        .store
        .add_recovery(user, token.hash(), now, now.plus(HOLDS));
    kept.await?;
    let base = ctx.settings.public_url.as_deref().unwrap_or_default();
    let text = format!(
        "Somebody asked for a new password for your account. Choose one within half an hour: {base}/recover/{}",
        token.reveal()
    );
    letters::send_with(
        ctx,
        &account,
        "A new password",
        &text,
        "If that was not you, do nothing: your password stays.",
    );
    Ok(())
}

/// That a link does not hold: not any more, or not at all.
#[must_use]
pub fn over() -> Error {
    let text =
        "This link does not hold any more. Ask for a new one under \"Forgotten your password?\".";
    Error::new(Code::NotFound, text).field("token")
}

/// Whose account this link's token recovers.
///
/// # Errors
/// `not_found`.
pub async fn look(ctx: &Context, token: &str) -> Result<(Token, Account)> {
    let token = Token::sent(token).ok_or_else(over)?;
    let found = ctx.store.recovery(token.hash(), ctx.now()).await?;
    Ok((token, found.ok_or_else(over)?))
}

/// Gives the link's account a new password; every session and token of it ends.
///
/// # Errors
/// `not_found` of the field `token`; as [`passwords::check`].
pub async fn by_link(ctx: &Context, origin: &Origin, token: &str, password: &str) -> Result<()> {
    let (token, account) = look(ctx, token).await?;
    let own = [account.card.name.as_str(), account.email.as_str()];
    passwords::check(ctx, password, own).await?;
    let hash = ctx.passwords.hash(password).await;
    let hash = hash.map_err(Error::unavailable)?;
    let recovered = ctx.store.recover_by_link(token.hash(), hash, ctx.now());
    match recovered.await {
        Ok(account) => {
            tell(ctx, origin, &account);
            Ok(())
        }
        Err(StoreError::NotFound("link")) => Err(over()),
        Err(error) => Err(error.into()),
    }
}

/// Gives an account a new password for one of its recovery codes, where no mail is set up. Each try counts as a login; one
/// answer, in one time, for an account that is not there and a code that is wrong.
///
/// # Errors
/// Of the fields `login`, `recovery_code` and `password`: `invalid`, `too_long`, `unauthorized`; `rate_limited`.
pub async fn by_code(
    ctx: &Context,
    origin: &Origin,
    login: &str,
    code: &str,
    password: &str,
) -> Result<(), Faults> {
    let mut faults = Faults::new();
    if login.trim().is_empty() {
        faults.push(Error::invalid(
            "login",
            "Write your name or e-mail address.",
        ));
    }
    if code.trim().is_empty() {
        let text = "Write one of your recovery codes.";
        faults.push(Error::invalid("recovery_code", text));
    }
    let checked = passwords::check(ctx, password, [login, ""]).await;
    collect(&mut faults, checked);
    if by_mail(ctx) {
        let text = "Recovery is by mail here. Ask for a link to your address.";
        faults.push(Error::new(Code::Forbidden, text));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let recovered = recover(ctx, origin, login.trim(), code, password).await;
    recovered.map_err(|error| vec![error])
}

async fn recover(
    ctx: &Context,
    origin: &Origin,
    login: &str,
    code: &str,
    password: &str,
) -> Result<()> {
    let found = ctx.store.credentials(login).await?;
    let key = match &found {
        Some(found) => format!("#{}", found.account.card.id),
        None if login.contains('@') => Email::key_of(login),
        None => UserName::key_of(login),
    };
    let attempt = ctx.throttle.login(&key, origin.address, ctx.now())?;
    let hash = ctx.passwords.hash(password).await;
    let hash = hash.map_err(Error::unavailable)?;
    // Nobody has the id 0, and nobody the code of 32 zero bytes.
    let user = found.map_or(UserId(0), |found| found.account.card.id);
    let code = RecoveryCode::typed(code).map_or([0; 32], |code| code.hash());
    match ctx.store.recover_by_code(user, code, hash).await {
        Ok(account) => {
            attempt.succeeded();
            tell(ctx, origin, &account);
            Ok(())
        }
        Err(StoreError::NotFound("code")) => {
            tracing::warn!(client.address = %origin.address, "a recovery failed");
            let text =
                "This name and recovery code do not belong together, or the code was used already.";
            Err(Error::new(Code::Unauthorized, text).field("recovery_code"))
        }
        Err(error) => Err(error.into()),
    }
}

fn tell(ctx: &Context, origin: &Origin, account: &Account) {
    tracing::info!(user.id = account.card.id.0, client.address = %origin.address, "an account was recovered");
    let text = "Your account has a new password, chosen by who had a link from a mail to this address. Every device and every token was logged out.";
    letters::send(ctx, account, "Your password was changed", text);
}

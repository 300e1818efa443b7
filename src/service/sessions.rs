//! Who is there: logging in, browser sessions, bearer tokens.

use std::time::Duration;

use super::{Caller, Context, Faults, Via, accounts, codes};
use crate::{
    error::{Code, Error, Result},
    model::{Account, Email, NewSession, Origin, Timestamp, UserName},
    secrets::Token,
};

/// A session's end is put off, and a session's or token's last use noted, at most this often, so that reading a page is not a write.
const EXTEND_EVERY: Duration = Duration::from_mins(5);

/// Somebody whose name and password were right.
#[derive(Debug)]
pub struct Known {
    /// Who.
    pub account: Account,
    /// Whether a login asks for a code as well.
    pub asks_code: bool,
}

/// Checks a name or address and a password.
///
/// # Errors
/// `unauthorized`, the same words after the same time for an unknown account and a wrong password;
/// `rate_limited` after too many failures; `invalid` for what is missing.
pub async fn log_in(
    ctx: &Context,
    origin: &Origin,
    login: &str,
    password: &str,
) -> Result<Known, Faults> {
    let mut faults = Faults::new();
    if login.trim().is_empty() {
        faults.push(Error::invalid(
            "login",
            "Write your name or e-mail address.",
        ));
    }
    if password.is_empty() {
        faults.push(Error::invalid("password", "Write your password."));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let known = async {
        let account = check(ctx, origin, login, password).await?;
        let asks_code = codes::asked(ctx, &account).await?;
        Ok(Known { account, asks_code })
    };
    known.await.map_err(|error| vec![error])
}

async fn check(ctx: &Context, origin: &Origin, login: &str, password: &str) -> Result<Account> {
    let found = ctx.store.credentials(login).await?;
    // Name and address of one account share a counter; what belongs to nobody has one of its own.
    let key = match &found {
        Some(found) => format!("#{}", found.account.card.id),
        None if login.contains('@') => Email::key_of(login),
        None => UserName::key_of(login),
    };
    // Never what was typed as a name: it may be a password.
    let user = found.as_ref().map(|found| found.account.card.id.0);
    let attempt = ctx
        .throttle
        .login(&key, origin.address, ctx.now())
        .inspect_err(|_| {
            tracing::warn!(user.id = user, client.address = %origin.address, "a login was refused: too many have failed");
        })?;
    // Who came by a provider may have no password; nothing is right for them.
    let stored = found.as_ref().map(|found| found.password_hash.as_str());
    let stored = stored.filter(|hash| !hash.is_empty());
    let verdict = ctx
        .passwords
        .verify(password, stored)
        .await
        .map_err(Error::unavailable)?;
    match found {
        Some(found) if verdict.fits => {
            attempt.succeeded();
            if found.disabled {
                tracing::warn!(user.id = user, client.address = %origin.address, "a login was refused: the account is disabled");
                return Err(disabled());
            }
            tracing::info!(user.id = user, client.address = %origin.address, "a name and a password were right");
            if verdict.outdated {
                accounts::renew_hash(ctx, &found, password).await;
            }
            Ok(found.account)
        }
        _ => {
            tracing::warn!(user.id = user, client.address = %origin.address, "a login failed");
            Err(Error::new(
                Code::Unauthorized,
                "This name and password do not belong together. Check both and try again.",
            )
            .field("password"))
        }
    }
}

/// That nobody may log in to an account. Only who could log in otherwise learns of it.
pub(super) fn disabled() -> Error {
    Error::new(
        Code::Forbidden,
        "This account is disabled. Ask who runs the server.",
    )
}

/// Opens a browser session; the token belongs in its cookie.
///
/// # Errors
/// When it cannot be kept.
pub async fn open(ctx: &Context, origin: &Origin, account: &Account) -> Result<Token> {
    open_proved(ctx, origin, account, ctx.now()).await
}

/// [`open`] for somebody who showed who they are at another time, elsewhere.
///
/// # Errors
/// When it cannot be kept.
pub async fn open_proved(
    ctx: &Context,
    origin: &Origin,
    account: &Account,
    proved_at: Timestamp,
) -> Result<Token> {
    let token = Token::random();
    let now = ctx.now();
    ctx.store
        .open_session(NewSession {
            hash: token.hash(),
            user_id: account.card.id,
            origin: origin.clone(),
            created_at: now,
            proved_at,
            expires_at: ends(ctx, now, now),
        })
        .await?;
    Ok(token)
}

/// When a session of this age ends unless it is used again: some days from now, and at most some more from its beginning
/// (OWASP ASVS 7.3.1, 7.3.2).
fn ends(ctx: &Context, created_at: Timestamp, now: Timestamp) -> Timestamp {
    let idle = now.plus(ctx.session_lifetime());
    idle.min(created_at.plus(ctx.session_end()))
}

/// Whose a session cookie is.
#[derive(Debug)]
pub struct Holder {
    /// Who.
    pub caller: Caller,
    /// Whether the session's end was just put off, so that the cookie's should be, too.
    pub extended: bool,
}

/// Who holds this session cookie; using it puts its end off.
///
/// # Errors
/// When the store cannot be asked.
pub async fn by_cookie(ctx: &Context, token: &Token, origin: &Origin) -> Result<Option<Holder>> {
    let now = ctx.now();
    let Some(session) = ctx.store.session(token.hash(), now).await? else {
        return Ok(None);
    };
    let expires_at = ends(ctx, session.created_at, now);
    // The setting may have been made smaller since the session was opened.
    if expires_at <= now {
        return Ok(None);
    }
    let extended = expires_at.since(session.expires_at) >= EXTEND_EVERY;
    if extended {
        ctx.store
            .extend_session(session.hash, now, expires_at)
            .await?;
    }
    let caller = Caller {
        account: session.account,
        via: Via::Session {
            hash: session.hash,
            proved_at: session.proved_at,
            entered: session.entered,
        },
        origin: origin.clone(),
        scopes: None,
    };
    Ok(Some(Holder { caller, extended }))
}

/// Who holds this bearer token, if it has not run out; its use is noted.
///
/// # Errors
/// When the store cannot be asked.
pub async fn by_token(ctx: &Context, token: &Token, origin: &Origin) -> Result<Option<Caller>> {
    let (hash, now) = (token.hash(), ctx.now());
    let Some(bearer) = ctx.store.token(hash, now).await? else {
        return Ok(None);
    };
    let noted = bearer
        .used_at
        .is_some_and(|used| now.since(used) < EXTEND_EVERY);
    if !noted {
        ctx.store.note_token_use(hash, now).await?;
    }
    Ok(Some(Caller {
        account: bearer.account,
        via: Via::Token { hash },
        origin: origin.clone(),
        scopes: bearer.scopes,
    }))
}

/// Logs out: the session or token that the caller speaks by ends, with its sockets.
///
/// # Errors
/// When the store cannot do it.
pub async fn end(ctx: &Context, caller: &Caller) -> Result<()> {
    match caller.via {
        Via::Session { hash, .. } => ctx.store.end_session(hash).await?,
        Via::Token { hash } => drop(ctx.store.end_token(hash).await?),
        Via::Guest => {}
    }
    Ok(())
}

//! Tokens by which programs speak for a person: made under the password, listed, ended by hand or by time.

use std::{ops::RangeInclusive, time::Duration};

use super::{
    Caller, Context, Faults, Via, codes, collect, proof,
    sessions::{self, Known},
};
use crate::{
    error::{Code, Error, Result},
    model::{Account, NewToken, Origin, OwnToken, Scopes, Timestamp, UserId},
    secrets::Token,
};

/// The most characters of a token's label.
const LABEL: usize = 64;

/// For how many seconds a token may hold: up to ten years.
const HOLDS: RangeInclusive<i64> = 1..=10 * 365 * 24 * 60 * 60;

/// How often tokens that have run out are looked for. Calls by one are refused at once; its sockets end so much later.
pub const SWEEP: Duration = Duration::from_secs(5);

/// What a token is to be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// What it is for.
    pub label: &'a str,
    /// The names of its scopes; `None` is all that the account may.
    pub scopes: Option<&'a [&'a str]>,
    /// For how many seconds it holds; `None` is until somebody ends it.
    pub expires_in: Option<i64>,
}

/// A token that was just made.
#[derive(Debug)]
pub struct Issued {
    /// The token; it is told this once.
    pub token: Token,
    /// What it may do.
    pub scopes: Option<Scopes>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// What was wanted, once it is found to be in order.
struct Terms {
    label: String,
    scopes: Option<Scopes>,
    lasts: Option<Duration>,
}

/// What a script logs in with.
#[derive(Debug, Clone, Copy)]
pub struct Login<'l> {
    /// Name or address.
    pub login: &'l str,
    /// The password.
    pub password: &'l str,
    /// A code, where the account asks for one.
    pub code: Option<&'l str>,
}

/// Makes a token for whoever knows this login and password, and the code where one is asked for.
///
/// # Errors
/// As [`sessions::log_in`], and as [`codes::take`]; `too_long` for the label, `invalid` for the scopes and the time.
pub async fn issue(
    ctx: &Context,
    origin: &Origin,
    login: Login<'_>,
    wanted: Wanted<'_>,
) -> Result<(Issued, Account), Faults> {
    let mut faults = Faults::new();
    let terms = terms(&mut faults, wanted);
    match sessions::log_in(ctx, origin, login.login, login.password).await {
        Ok(Known { account, asks_code }) => {
            // A code is good for once, so it is not used up where nothing comes of it.
            if asks_code && faults.is_empty() {
                let taken = second(ctx, origin, &account, login.code).await;
                collect(&mut faults, taken);
            }
            let issued = keep(ctx, account.card.id, terms, faults).await?;
            Ok((issued, account))
        }
        Err(more) => Err(faults.into_iter().chain(more).collect()),
    }
}

async fn second(
    ctx: &Context,
    origin: &Origin,
    account: &Account,
    code: Option<&str>,
) -> Result<()> {
    let Some(code) = code else {
        let text = "This account has a second factor. Send the code that your app shows now, or a recovery code, as `code`.";
        return Err(Error::new(Code::Unauthorized, text).field("code"));
    };
    codes::take(ctx, origin, account, code).await
}

/// Makes a token of the caller, who shows the present password once more.
///
/// # Errors
/// As [`issue`], the password's as `current_password`.
pub async fn issue_own(
    ctx: &Context,
    caller: &Caller,
    current_password: &str,
    wanted: Wanted<'_>,
) -> Result<Issued, Faults> {
    let mut faults = Faults::new();
    let terms = terms(&mut faults, wanted);
    let confirmed = proof::password(ctx, caller, current_password).await;
    collect(&mut faults, confirmed);
    keep(ctx, caller.id(), terms, faults).await
}

fn terms(faults: &mut Faults, wanted: Wanted<'_>) -> Terms {
    let label = collect(faults, label(wanted.label)).unwrap_or_default();
    let scopes = wanted.scopes.map(|names| {
        Scopes::parse(names.iter().copied()).map_err(|invalid| Error::of_field("scopes", invalid))
    });
    let scopes = scopes.and_then(|scopes| collect(faults, scopes));
    let lasts = wanted.expires_in.and_then(|s| collect(faults, lasts(s)));
    Terms {
        label,
        scopes,
        lasts,
    }
}

/// Reads a token's label.
///
/// # Errors
/// `too_long` of the field `label`.
pub(super) fn label(text: &str) -> Result<String> {
    let label = text.trim();
    if label.chars().count() > LABEL {
        let long = format!("A label may have at most {LABEL} characters.");
        return Err(Error::new(Code::TooLong, long).field("label"));
    }
    Ok(label.to_owned())
}

fn lasts(seconds: i64) -> Result<Duration> {
    let held = u64::try_from(seconds).ok().map(Duration::from_secs);
    held.filter(|_| HOLDS.contains(&seconds)).ok_or_else(|| {
        let text = "A token holds for up to ten years. Send a number of seconds, or leave it out.";
        Error::invalid("expires_in", text)
    })
}

async fn keep(ctx: &Context, user: UserId, terms: Terms, faults: Faults) -> Result<Issued, Faults> {
    if !faults.is_empty() {
        return Err(faults);
    }
    let (token, now) = (Token::random(), ctx.now());
    let expires_at = terms.lasts.map(|lasts| now.plus(lasts));
    let new = NewToken {
        hash: token.hash(),
        user_id: user,
        label: terms.label,
        scopes: terms.scopes.clone(),
        created_at: now,
        expires_at,
    };
    let kept = ctx.store.add_token(new).await;
    kept.map_err(|error| vec![error.into()])?;
    Ok(Issued {
        token,
        scopes: terms.scopes,
        expires_at,
    })
}

/// The caller's tokens, the last used or made first.
///
/// # Errors
/// When the store cannot be asked.
pub async fn list(ctx: &Context, caller: &Caller) -> Result<Vec<OwnToken>> {
    let asks = match caller.via {
        Via::Token { hash } => Some(hash),
        Via::Session { .. } | Via::Guest => None,
    };
    Ok(ctx.store.tokens_of(caller.id(), asks, ctx.now()).await?)
}

/// Ends one of the caller's tokens, with its sockets.
///
/// # Errors
/// `not_found`.
pub async fn end(ctx: &Context, caller: &Caller, id: &str) -> Result<()> {
    Ok(ctx.store.end_token_of(caller.id(), id).await?)
}

/// Ends tokens that have run out, with their sockets.
pub async fn sweep(ctx: &Context) {
    match ctx.store.end_expired_tokens(ctx.now()).await {
        Ok(0) => {}
        Ok(count) => tracing::debug!(count, "tokens that had run out were deleted"),
        Err(error) => tracing::error!(error = %error, "old tokens could not be deleted"),
    }
}

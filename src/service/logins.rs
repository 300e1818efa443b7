//! Logins that wait for their code: the password was right, and the account asks for more. In memory, bounded, a few
//! minutes; after a restart one begins again.

use std::time::Duration;

use moka::sync::Cache;

use super::{Context, codes};
use crate::{
    error::{Code, Error, Result},
    model::{Account, Origin, Timestamp, UserId},
    secrets::Token,
};

/// How long a login may wait for its code.
pub const WAITS: Duration = Duration::from_mins(10);

/// How many may wait; of more, the least used begin again.
const MOST: u64 = 10_000;

/// The logins that wait, by the SHA-256 of their tokens.
pub struct Waiting(Cache<[u8; 32], Half>);

/// A login whose password was right.
#[derive(Clone)]
struct Half {
    user: UserId,
    /// The password's hash at that time: another password ends what began under this one.
    password_hash: Option<String>,
    ends: Timestamp,
}

impl Default for Waiting {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

/// Has a login wait for its code; the token is its browser's.
///
/// # Errors
/// When the store cannot be asked.
pub async fn begin(ctx: &Context, account: &Account) -> Result<Token> {
    let (token, user) = (Token::random(), account.card.id);
    let half = Half {
        user,
        password_hash: ctx.store.password_hash(user).await?,
        ends: ctx.now().plus(WAITS),
    };
    ctx.logins.0.insert(token.hash(), half);
    Ok(token)
}

/// Whether the login of this token still waits.
#[must_use]
pub fn waits(ctx: &Context, token: &Token) -> bool {
    find(ctx, token).is_some()
}

fn find(ctx: &Context, token: &Token) -> Option<Half> {
    let half = ctx.logins.0.get(&token.hash());
    half.filter(|half| ctx.now() < half.ends)
}

/// Whose login waits under this token.
///
/// # Errors
/// `unauthorized` without field where it waits no more.
pub async fn whose(ctx: &Context, token: &Token) -> Result<Account> {
    let half = find(ctx, token).ok_or_else(too_late)?;
    let account = ctx.store.account(half.user).await?.ok_or_else(too_late)?;
    if ctx.store.password_hash(half.user).await? != half.password_hash {
        ctx.logins.0.invalidate(&token.hash());
        return Err(too_late());
    }
    Ok(account)
}

/// Ends a login with its code; says who is logged in.
///
/// # Errors
/// As [`whose`], and as [`codes::take`].
pub async fn finish(ctx: &Context, origin: &Origin, token: &Token, code: &str) -> Result<Account> {
    let account = whose(ctx, token).await?;
    codes::take(ctx, origin, &account, code).await?;
    shown(ctx, origin, token, &account);
    Ok(account)
}

/// Ends the login of this token, whose second factor was right.
pub(super) fn shown(ctx: &Context, origin: &Origin, token: &Token, account: &Account) {
    ctx.logins.0.invalidate(&token.hash());
    tracing::info!(user.id = account.card.id.0, client.address = %origin.address, "logged in with a second factor");
}

fn too_late() -> Error {
    Error::new(
        Code::Unauthorized,
        "This login took too long, or the account has changed. Begin again with your password.",
    )
}

//! Accounts that wait for the people for whom they were made. An address proves nothing here, so who runs the server hands
//! each person a link: whoever opens it chooses a name, an address and a password, and everything that was made in the
//! account's name is theirs.

use std::time::Duration;

use super::{Context, Faults, accounts};
use crate::{
    error::{Code, Error, Result},
    model::{Account, Merged, NewAccount, Origin, Unclaimed, UserName},
    secrets::Token,
    store::StoreError,
    wire::bodies::NewUser,
};

/// For how long a link holds.
const HOLDS: Duration = Duration::from_hours(30 * 24);

/// That a link does not hold: not any more, or not at all.
#[must_use]
pub fn over() -> Error {
    let text = "This link does not hold any more. Ask who runs the server for a new one.";
    Error::new(Code::NotFound, text).field("claim")
}

/// Makes a link for each account that waits and has one of these names, or for all of people who were there still when
/// they were imported; a link that was made before no longer holds.
///
/// # Errors
/// `not_found` of the first name that nobody who waits has.
pub async fn offer(ctx: &Context, names: &[String]) -> Result<Vec<(Unclaimed, Token)>> {
    let waiting = ctx.store.unclaimed().await?;
    for name in names {
        let key = UserName::key_of(name);
        if !waiting.iter().any(|person| person.card.name.key() == key) {
            let text = format!("No account called {name} waits to be claimed.");
            return Err(Error::new(Code::NotFound, text));
        }
    }
    let keys: Vec<_> = names.iter().map(|name| UserName::key_of(name)).collect();
    let until = ctx.now().plus(HOLDS);
    let mut offered = Vec::new();
    for person in waiting {
        let asked_for = keys.iter().any(|key| key == person.card.name.key());
        if asked_for || (keys.is_empty() && person.active) {
            let token = Token::random();
            ctx.store
                .offer_claim(person.card.id, token.hash(), until)
                .await?;
            offered.push((person, token));
        }
    }
    Ok(offered)
}

/// Makes the account that waits and is called `from` a part of the one that somebody has here as `into`.
///
/// # Errors
/// `not_found` where nobody who waits is called so, or nobody who has an account here.
pub async fn merge(ctx: &Context, from: &str, into: &str) -> Result<Merged> {
    let key = UserName::key_of(from);
    let waiting = ctx.store.unclaimed().await?.into_iter();
    let mut waiting = waiting.filter(|person| person.card.name.key() == key);
    let waiting = waiting.next().ok_or_else(|| {
        let text = format!("No account called {from} waits to be claimed. Nothing was changed.");
        Error::new(Code::NotFound, text)
    })?;
    let nobody = || {
        let text = format!("Nobody has an account called {into} here. Nothing was changed.");
        Error::new(Code::NotFound, text)
    };
    let here = ctx.store.account_by_name(&UserName::key_of(into)).await?;
    let here = here.ok_or_else(nobody)?.card.id;
    let merged = ctx.store.merge_account(waiting.card.id, here, ctx.now());
    merged.await.map_err(|error| match error {
        StoreError::NotFound("person") => nobody(),
        error => error.into(),
    })
}

/// What a link leads to.
///
/// # Errors
/// `not_found` when it does not hold.
pub async fn look(ctx: &Context, link: &str) -> Result<Unclaimed> {
    let token = Token::sent(link).ok_or_else(over)?;
    let found = ctx.store.claim(token.hash(), ctx.now()).await?;
    found.ok_or_else(over)
}

/// Takes an account over by its link, also where registration is closed.
///
/// # Errors
/// One fault a field, as of a new account; `not_found` of the field `claim`.
pub async fn take(
    ctx: &Context,
    origin: &Origin,
    link: &str,
    new: &NewUser,
) -> Result<Account, Faults> {
    let waiting = look(ctx, link).await.map_err(|error| vec![error])?;
    let hash = Token::sent(link).ok_or_else(|| vec![over()])?.hash();
    let keep = |account: NewAccount| ctx.store.claim_account(hash, account);
    let made = accounts::make(ctx, origin, new, false, keep).await;
    // The account's own name is not taken by somebody else, whatever else is wrong.
    let own = waiting.card.name.key() == UserName::key_of(&new.name);
    made.map_err(|mut faults| {
        faults
            .retain(|fault| !(own && fault.field == Some("name") && fault.code == Code::Conflict));
        faults
    })
}

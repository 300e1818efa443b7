//! Bots: who owns a room, or runs the site, makes accounts for programs, and tokens that may do some things only.

use super::{
    Caller, Context, Faults, collect,
    proof::{self, Act, Proof},
    tokens,
};
use crate::{
    error::{Code, Error, Result},
    model::{Bot, NewBot, NewToken, Scope, Scopes, UserId, UserName},
    secrets::Token,
    store::StoreError,
};

/// Makes a bot for which the caller answers. It comes into a public room by itself, and into others like anybody.
///
/// # Errors
/// Of the field `name`: `invalid`, `too_long`, `conflict`. `forbidden` where the caller owns no room.
pub async fn create(ctx: &Context, caller: &Caller, name: &str) -> Result<Bot, Faults> {
    let limits = &ctx.settings.limits;
    let name = UserName::parse(name, limits.name_min, limits.name_max)
        .map_err(|invalid| vec![Error::of_field("name", invalid)])?;
    let new = NewBot {
        name,
        owner: caller.id(),
        created_at: ctx.now(),
    };
    ctx.store.add_bot(new).await.map_err(|error| {
        vec![match error {
            StoreError::Denied(_) => Error::new(
                Code::Forbidden,
                "Bots are made by people who own a room. Open one first.",
            ),
            error => error.into(),
        }]
    })
}

/// The caller's bots.
///
/// # Errors
/// When the store cannot be asked.
pub async fn list(ctx: &Context, caller: &Caller) -> Result<Vec<Bot>> {
    Ok(ctx.store.bots_of(caller.id()).await?)
}

/// Deletes a bot with its tokens; what it said stays.
///
/// # Errors
/// `not_found`, also for somebody else's.
pub async fn delete(ctx: &Context, caller: &Caller, bot: UserId) -> Result<()> {
    Ok(ctx.store.remove_bot(caller.id(), bot).await?)
}

/// Makes a token of a bot; it is told this once.
///
/// # Errors
/// `too_long` of the field `label`, `invalid` of the field `scopes`; as [`proof::require`]; `not_found`.
pub async fn issue_token(
    ctx: &Context,
    caller: &Caller,
    bot: UserId,
    label: &str,
    scopes: &[&str],
    proof: Proof<'_>,
) -> Result<(Token, Scopes), Faults> {
    let mut faults = Faults::new();
    let proved = proof::require(ctx, caller, Act::BotTokens, proof);
    collect(&mut faults, proved.await);
    let label = collect(&mut faults, tokens::label(label));
    let scopes = collect(&mut faults, of_bot(scopes));
    let (Some(label), Some(scopes), true) = (label, scopes, faults.is_empty()) else {
        return Err(faults);
    };
    let token = Token::random();
    let new = NewToken {
        hash: token.hash(),
        user_id: bot,
        label,
        scopes: Some(scopes.clone()),
        created_at: ctx.now(),
        expires_at: None,
    };
    match ctx.store.add_bot_token(caller.id(), new).await {
        Ok(()) => Ok((token, scopes)),
        Err(error) => Err(vec![error.into()]),
    }
}

/// The scopes of a bot's token: an account is a person's.
fn of_bot(names: &[&str]) -> Result<Scopes> {
    let scopes = Scopes::parse(names.iter().copied());
    let scopes = scopes.ok().filter(|scopes| !scopes.has(Scope::Account));
    scopes.ok_or_else(|| {
        let text = "Choose one or more of the scopes read, write and join.";
        Error::invalid("scopes", text)
    })
}

/// Ends a token of a bot, and its sockets.
///
/// # Errors
/// `not_found`.
pub async fn end_token(ctx: &Context, caller: &Caller, bot: UserId, token: &str) -> Result<()> {
    Ok(ctx.store.end_bot_token(caller.id(), bot, token).await?)
}

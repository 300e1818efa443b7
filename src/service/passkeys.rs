//! A person's passkeys: added, named, removed, and used to get in, instead of the password or after it.

use super::{
    Caller, Context, Via,
    ceremonies::{self, Claim, Purpose},
    letters, logins,
    proof::{self, Act, Proof},
    sessions,
};
use crate::{
    error::{Code, Error, Result},
    model::{Account, MOST_PASSKEYS, NewPasskey, Origin, Passkey, PasskeyId, UserId},
    secrets::{Token, random},
    store::{Held, StoreError},
    webauthn::{Options, Party, Unfit},
};

/// The most characters of a passkey's name.
const NAME: usize = 64;

/// Whether this server can have passkeys where it is reached at `url` (`https://chat.example`).
///
/// # Errors
/// `invalid` where it cannot.
pub fn possible(ctx: &Context, url: &str) -> Result<Party> {
    Party::new(&ctx.settings.server_name, url).map_err(|unfit| {
        Error::new(
            Code::Invalid,
            match unfit {
                Unfit::Number => {
                    "Passkeys need a name: open this server by its name, not by a number."
                }
                Unfit::Plain => {
                    "Passkeys need HTTPS: browsers have them on pages that come by it only."
                }
            },
        )
    })
}

/// The caller's passkeys, in the order in which they were added.
///
/// # Errors
/// When the store cannot be asked.
pub async fn list(ctx: &Context, caller: &Caller) -> Result<Vec<Passkey>> {
    Ok(ctx.store.passkeys(caller.id()).await?)
}

/// Whether the caller has a passkey that is good where this server is reached at `url`.
///
/// # Errors
/// When the store cannot be asked.
pub async fn has(ctx: &Context, user: UserId, url: &str) -> Result<bool> {
    let Ok(party) = possible(ctx, url) else {
        return Ok(false);
    };
    Ok(!known(ctx, user, &party).await?.is_empty())
}

/// The ids of a person's passkeys that belong to this server's name.
async fn known(ctx: &Context, user: UserId, party: &Party) -> Result<Vec<Vec<u8>>> {
    let passkeys = ctx.store.passkeys(user).await?.into_iter();
    let here = passkeys.filter(|passkey| passkey.host == party.name());
    Ok(here.map(|passkey| passkey.credential_id).collect())
}

/// Begins to add a passkey, at a server that is reached at `url`: what the browser is to make.
///
/// # Errors
/// As [`proof::require`], and as [`possible`]; `conflict` where the person has as many as there may be.
pub async fn begin_adding(
    ctx: &Context,
    caller: &Caller,
    url: &str,
    proof: Proof<'_>,
) -> Result<Options> {
    proof::require(ctx, caller, Act::Account, proof).await?;
    let party = possible(ctx, url)?;
    let passkeys = ctx.store.passkeys(caller.id()).await?;
    if passkeys.len() >= MOST_PASSKEYS {
        return Err(full());
    }
    let handle = passkeys
        .first()
        .map_or_else(random, |passkey| passkey.handle);
    let known = passkeys.into_iter().map(|passkey| passkey.credential_id);
    let person = caller.account.card.name.as_str();
    ceremonies::make(ctx, key(caller)?, party, handle, person, known.collect())
}

/// Adds the passkey that the browser made.
///
/// # Errors
/// Of the field `name`: `invalid`, `too_long`. `unauthorized` where it took too long or does not hold; `conflict` where it
/// is there already, or the person has as many as there may be.
pub async fn add(ctx: &Context, caller: &Caller, name: &str, answer: &str) -> Result<Passkey> {
    let name = named(name)?;
    let new = ceremonies::made(ctx, key(caller)?, answer)?;
    let new = NewPasskey {
        host: new.host,
        name,
        credential_id: new.made.credential_id,
        handle: new.handle,
        credential: new.made.credential,
        sign_count: new.made.sign_count,
        backed_up: new.made.backed_up,
    };
    let kept = ctx
        .store
        .add_passkey(ctx.operator(caller), caller.id(), new);
    let passkey = kept.await.map_err(|error| match error {
        StoreError::Full(_) => full(),
        StoreError::Taken(_) => Error::new(Code::Conflict, "This passkey is there already."),
        error => error.into(),
    })?;
    tracing::info!(user.id = caller.id().0, client.address = %caller.origin.address, "a passkey was added");
    let text = format!(
        "A passkey called \u{201c}{}\u{201d} was added to your account. Whoever has it can log in without your password.",
        passkey.name
    );
    tell(ctx, &caller.account, "A passkey was added", &text);
    Ok(passkey)
}

/// Gives one of the caller's passkeys another name.
///
/// # Errors
/// `not_found`; of the field `name`: `invalid`, `too_long`.
pub async fn rename(ctx: &Context, caller: &Caller, id: PasskeyId, name: &str) -> Result<Passkey> {
    let name = named(name)?;
    Ok(ctx.store.rename_passkey(caller.id(), id, &name).await?)
}

/// Takes one of the caller's passkeys away. What is logged in by it stays so.
///
/// # Errors
/// As [`proof::require`]; `not_found`.
pub async fn remove(ctx: &Context, caller: &Caller, id: PasskeyId, proof: Proof<'_>) -> Result<()> {
    proof::require(ctx, caller, Act::Account, proof).await?;
    let by = ctx.operator(caller);
    let name = ctx.store.remove_passkey(by, caller.id(), id).await?;
    tracing::info!(user.id = caller.id().0, client.address = %caller.origin.address, "a passkey was removed");
    let text = format!("The passkey called \u{201c}{name}\u{201d} was removed from your account.");
    tell(ctx, &caller.account, "A passkey was removed", &text);
    Ok(())
}

/// Begins a login with a passkey alone; the token belongs in the browser's cookie.
///
/// # Errors
/// As [`possible`].
pub fn begin_login(ctx: &Context, url: &str) -> Result<(Token, Options)> {
    let token = Token::random();
    let party = possible(ctx, url)?;
    let options = ceremonies::ask(ctx, Purpose::LogIn, token.hash(), party, &[])?;
    Ok((token, options))
}

/// Ends a login with a passkey alone; says who is logged in. It counts as password and code at once, as the device asked
/// for a fingerprint, a face or a PIN.
///
/// # Errors
/// `unauthorized` where it took too long, is not known or does not hold; `rate_limited` under the counter of logins;
/// `forbidden` where the account is disabled.
pub async fn log_in(
    ctx: &Context,
    origin: &Origin,
    token: Option<&Token>,
    answer: &str,
) -> Result<Account> {
    let token = token.ok_or_else(ceremonies::too_late)?;
    let claim = ceremonies::claim(ctx, Purpose::LogIn, token.hash(), answer)?;
    let held = ceremonies::whose(ctx, &claim).await?;
    let counter = match &held {
        Some(held) => format!("#{}", held.account.card.id),
        None => "a passkey".to_owned(),
    };
    let attempt = ctx.throttle.login(&counter, origin.address, ctx.now())?;
    let Some(held) = held else {
        tracing::warn!(client.address = %origin.address, "a login failed: no account has this passkey");
        return Err(ceremonies::unknown());
    };
    let account = shown(ctx, origin, claim, held).await?;
    attempt.succeeded();
    tracing::info!(user.id = account.card.id.0, client.address = %origin.address, "logged in with a passkey");
    Ok(account)
}

/// Asks for a passkey in the place of a code, where the login of this token waits for one.
///
/// # Errors
/// As [`logins::whose`], and as [`possible`]; `not_found` where the account has no passkey here.
pub async fn begin_second(ctx: &Context, token: &Token, url: &str) -> Result<Options> {
    let account = logins::whose(ctx, token).await?;
    ask_of(
        ctx,
        Purpose::SecondFactor,
        token.hash(),
        account.card.id,
        url,
    )
    .await
}

/// Ends a login that waits for its code with a passkey; says who is logged in.
///
/// # Errors
/// As [`logins::whose`]; `unauthorized` where it took too long, is not known, is somebody else's or does not hold;
/// `rate_limited` under the counter of codes; `forbidden` where the account is disabled.
pub async fn finish_second(
    ctx: &Context,
    origin: &Origin,
    token: &Token,
    answer: &str,
) -> Result<Account> {
    let account = logins::whose(ctx, token).await?;
    take_of(
        ctx,
        origin,
        Purpose::SecondFactor,
        token.hash(),
        &account,
        answer,
    )
    .await?;
    logins::shown(ctx, origin, token, &account);
    Ok(account)
}

/// Asks for a passkey of the caller, to show once more who they are.
///
/// # Errors
/// As [`possible`]; `not_found` where they have none here.
pub async fn begin_confirming(ctx: &Context, caller: &Caller, url: &str) -> Result<Options> {
    ask_of(ctx, Purpose::Confirm, key(caller)?, caller.id(), url).await
}

/// Takes a passkey in the place of all that a login asks for. The caller's session remembers it.
///
/// # Errors
/// As [`finish_second`].
pub async fn confirm(ctx: &Context, caller: &Caller, answer: &str) -> Result<()> {
    let (origin, account) = (&caller.origin, &caller.account);
    take_of(ctx, origin, Purpose::Confirm, key(caller)?, account, answer).await?;
    proof::remember(ctx, caller).await
}

async fn ask_of(
    ctx: &Context,
    purpose: Purpose,
    key: [u8; 32],
    user: UserId,
    url: &str,
) -> Result<Options> {
    let party = possible(ctx, url)?;
    let known = known(ctx, user, &party).await?;
    if known.is_empty() {
        return Err(Error::not_found("passkey"));
    }
    ceremonies::ask(ctx, purpose, key, party, &known)
}

/// Takes an answer that has to be of a passkey of this account.
async fn take_of(
    ctx: &Context,
    origin: &Origin,
    purpose: Purpose,
    key: [u8; 32],
    account: &Account,
    answer: &str,
) -> Result<()> {
    let user = account.card.id;
    let claim = ceremonies::claim(ctx, purpose, key, answer)?;
    let attempt = ctx.throttle.code(user, origin.address, ctx.now())?;
    let held = ceremonies::whose(ctx, &claim).await?;
    let own = held.filter(|held| held.account.card.id == user);
    let own = own.ok_or_else(ceremonies::unknown)?;
    shown(ctx, origin, claim, own).await?;
    attempt.succeeded();
    Ok(())
}

/// Whose passkey was shown, unless nobody may log in to the account.
async fn shown(ctx: &Context, origin: &Origin, claim: Claim, held: Held) -> Result<Account> {
    ceremonies::verify(ctx, claim, &held).await?;
    if held.disabled {
        tracing::warn!(user.id = held.account.card.id.0, client.address = %origin.address, "a login was refused: the account is disabled");
        return Err(sessions::disabled());
    }
    Ok(held.account)
}

/// To what credential of the caller's something that is under way belongs.
fn key(caller: &Caller) -> Result<[u8; 32]> {
    match caller.via {
        Via::Session { hash, .. } | Via::Token { hash } => Ok(hash),
        Via::Guest => Err(Error::unauthorized()),
    }
}

fn named(text: &str) -> Result<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        let text = "Give the passkey a name by which you know it again, such as the device's.";
        return Err(Error::invalid("name", text));
    }
    if name.chars().count() > NAME {
        let long = format!("A passkey's name may have at most {NAME} characters.");
        return Err(Error::new(Code::TooLong, long).field("name"));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            "Write the name without control characters.",
        ));
    }
    Ok(name)
}

fn full() -> Error {
    let text =
        format!("You have {MOST_PASSKEYS} passkeys, and more are not kept. Remove one first.");
    Error::new(Code::Conflict, text)
}

fn tell(ctx: &Context, account: &Account, subject: &str, text: &str) {
    let Some(base) = &ctx.settings.public_url else {
        return;
    };
    let advice = format!(
        "If that was not you, look at your passkeys at {base}/settings/passkeys, change your password at {base}/profile, end what \
         you do not know at {base}/settings/sessions, and tell who runs {}.",
        ctx.settings.server_name
    );
    letters::send_with(ctx, account, subject, text, &advice);
}

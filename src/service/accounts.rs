//! Making accounts.

use std::future::Future;

use super::{Context, Faults, collect, guests, passwords};
use crate::{
    config::Registration,
    error::{Code, Error, Result},
    model::{Account, Email, NewAccount, Origin, UserName},
    secrets::{Kinds, same},
    store::{Credentials, StoreError},
    wire::bodies::NewUser,
};

/// By which door somebody comes to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// The ordinary one. Whether the connection is a direct one from this machine decides whether the first
    /// account may be made by it.
    Ordinary {
        /// Straight from a loopback address, through no proxy.
        direct_loopback: bool,
    },
    /// The one-time link that the first start prints.
    Setup(String),
}

/// What a visitor who wants to register finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registering {
    /// The first account is theirs to make.
    AsOwner,
    /// An account is theirs to make.
    Open,
    /// Nobody has an account yet, and the first is not theirs to make.
    WaitsForOwner,
    /// This server takes no new accounts, or none without an invitation.
    Closed,
}

/// What somebody who comes by this door finds.
///
/// # Errors
/// `not_found` for a set-up link that is wrong or used up; or when the store cannot be asked.
pub async fn registering(ctx: &Context, door: &Door) -> Result<Registering> {
    let has_owner = ctx.store.has_owner().await?;
    match door {
        Door::Setup(token) => {
            let fits = crate::secrets::Token::sent(token)
                .zip(ctx.setup)
                .is_some_and(|(token, setup)| same(&token.hash(), &setup));
            if has_owner || !fits {
                Err(Error::not_found("set-up link"))
            } else {
                Ok(Registering::AsOwner)
            }
        }
        Door::Ordinary {
            direct_loopback: true,
        } if !has_owner => Ok(Registering::AsOwner),
        Door::Ordinary { .. } if !has_owner => Ok(Registering::WaitsForOwner),
        Door::Ordinary { .. } => Ok(match ctx.settings.registration {
            Registration::Open => Registering::Open,
            Registration::Invite | Registration::Closed => Registering::Closed,
        }),
    }
}

/// That this server takes no new accounts.
#[must_use]
pub fn closed() -> Error {
    Error::new(
        Code::RegistrationClosed,
        "This server takes no new accounts. Ask its owner for an invitation.",
    )
}

/// Makes an account. The first one becomes the site's admin.
///
/// # Errors
/// One fault a field: `invalid`, `too_long`, `conflict`. Without field: `registration_closed`, `unavailable` while
/// the server waits for its owner, `rate_limited`.
pub async fn register(
    ctx: &Context,
    origin: &Origin,
    door: &Door,
    new: &NewUser,
) -> Result<Account, Faults> {
    let alone = |error: Error| vec![error];
    let may_be_first = match registering(ctx, door).await.map_err(alone)? {
        Registering::AsOwner => true,
        Registering::Open => false,
        Registering::WaitsForOwner => return Err(alone(StoreError::NoOwner.into())),
        Registering::Closed => return Err(alone(closed())),
    };
    let keep = |account| ctx.store.create_account(account);
    make(ctx, origin, new, may_be_first, keep).await
}

/// Checks what a new account is to be, and has `keep` keep it.
///
/// # Errors
/// As [`register`], but for the door; what `keep` refuses.
pub(super) async fn make<F: Future<Output = Result<Account, StoreError>>>(
    ctx: &Context,
    origin: &Origin,
    new: &NewUser,
    may_be_first: bool,
    keep: impl FnOnce(NewAccount) -> F,
) -> Result<Account, Faults> {
    let alone = |error: Error| vec![error];
    let mut faults = Faults::new();
    let name = collect(&mut faults, name(ctx, &new.name));
    let email = collect(&mut faults, email(&new.email));
    let own = [new.name.as_str(), new.email.as_str()];
    collect(&mut faults, passwords::check(ctx, &new.password, own).await);
    let (Some(name), Some(email), true) = (name, email, faults.is_empty()) else {
        return Err(faults);
    };
    ctx.throttle.registration(origin.address).map_err(alone)?;
    let password_hash = ctx
        .passwords
        .hash(&new.password)
        .await
        .map_err(|error| alone(Error::unavailable(error)))?;
    let account = NewAccount {
        name: name.clone(),
        email: email.clone(),
        password_hash,
        may_be_first,
        created_at: ctx.now(),
    };
    match keep(account).await {
        Ok(account) => {
            tracing::info!(user.id = account.card.id.0, client.address = %origin.address, "an account was made");
            Ok(account)
        }
        Err(StoreError::Taken(field)) => Err(taken(ctx, &name, &email, field).await),
        Err(error) => Err(alone(error.into())),
    }
}

/// Names both fields where both are taken: the store stops at the first.
async fn taken(ctx: &Context, name: &UserName, email: &Email, first: &'static str) -> Faults {
    let other = match first {
        "name" => ctx
            .store
            .credentials(email.as_str())
            .await
            .map(|found| found.map(|_| "email")),
        _ => ctx
            .store
            .account_by_name(name.key())
            .await
            .map(|found| found.map(|_| "name")),
    };
    let second = other.ok().flatten();
    [Some(first), second]
        .into_iter()
        .flatten()
        .map(|field| StoreError::Taken(field).into())
        .collect()
}

/// Has logins cost what the dearest hash does that was imported and that nobody has logged in with yet.
///
/// # Errors
/// When the store cannot be asked.
pub async fn expect_brought_hashes(ctx: &Context) -> Result<(), StoreError> {
    let methods = ctx.store.brought_hashes().await?;
    ctx.passwords
        .expect(Kinds::of(methods.iter().map(String::as_str)));
    Ok(())
}

/// Hashes a password that was just right anew, as hashes are made now. Where that fails, the old one goes on: the person
/// is logged in all the same.
pub(super) async fn renew_hash(ctx: &Context, found: &Credentials, password: &str) {
    let renew = async {
        let hash = ctx.passwords.hash(password).await;
        let hash = hash.map_err(Error::unavailable)?;
        let id = found.account.card.id;
        ctx.store
            .renew_hash(id, &found.password_hash, &hash)
            .await?;
        expect_brought_hashes(ctx).await?;
        Ok::<_, Error>(())
    };
    if let Err(error) = renew.await {
        let user = found.account.card.id.0;
        tracing::error!(user.id = user, error = %error, "an outdated password hash could not be renewed");
    }
}

/// Reads a person's name under the limits in force.
///
/// # Errors
/// `invalid` or `too_long`, of the field `name`.
pub fn name(ctx: &Context, text: &str) -> Result<UserName> {
    let limits = &ctx.settings.limits;
    let name = UserName::parse(text, limits.name_min, limits.name_max)
        .map_err(|invalid| Error::of_field("name", invalid))?;
    if name.key().starts_with(guests::PREFIX) {
        return Err(Error::invalid(
            "name",
            format!("Names that begin with {} are for guests.", guests::PREFIX),
        ));
    }
    Ok(name)
}

/// Reads an address.
///
/// # Errors
/// `invalid` or `too_long`, of the field `email`.
pub fn email(text: &str) -> Result<Email> {
    Email::parse(text).map_err(|invalid| Error::of_field("email", invalid))
}

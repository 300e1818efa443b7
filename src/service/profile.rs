//! A person's own account: name, address, password, photo.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Caller, Context, Faults, Via, accounts, addresses, collect, letters, passwords, proof, recovery,
};
use crate::{
    error::{Code, Error, Result},
    media::photo::{self, PhotoError, PhotoLimits},
    model::{Account, UserCard, UserId},
    secrets::{Strength, Token, random},
    store::{AccountChange, Password},
    wire::bodies::PatchMe,
};

/// An account after a change.
#[derive(Debug)]
pub struct Changed {
    /// As it is now.
    pub account: Account,
    /// The new value of the caller's session cookie, when the password changed.
    pub session: Option<Token>,
    /// Whether a new address waits to be confirmed.
    pub address_waits: bool,
    /// How strong the new password is, when it changed.
    pub strength: Option<Strength>,
}

/// Changes what `patch` names, all of it or nothing; where mail is set up, a new address waits until it is confirmed. An address or a password asks for the present password;
/// a new password ends every other session and all tokens, and the caller's session goes on under a new id.
///
/// # Errors
/// One fault a field: `invalid`, `too_long`, `conflict`; `unauthorized` for a wrong `current_password`;
/// `rate_limited` after too many of these.
pub async fn change(ctx: &Context, caller: &Caller, patch: &PatchMe) -> Result<Changed, Faults> {
    let mut faults = Faults::new();
    let name = patch
        .name
        .as_deref()
        .and_then(|text| collect(&mut faults, accounts::name(ctx, text)));
    let mut email = patch
        .email
        .as_deref()
        .and_then(|text| collect(&mut faults, accounts::email(text)));
    let strength = match &patch.password {
        Some(text) => {
            let (name, email) = (
                caller.account.card.name.as_str(),
                caller.account.email.as_str(),
            );
            let own = [
                patch.name.as_deref().unwrap_or(name),
                patch.email.as_deref().unwrap_or(email),
            ];
            collect(&mut faults, passwords::check(ctx, text, own).await)
        }
        None => None,
    };
    if patch.email.is_some() || patch.password.is_some() {
        let current = patch.current_password.as_deref().unwrap_or_default();
        collect(&mut faults, proof::password(ctx, caller, current).await);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (password, session) = match &patch.password {
        Some(text) => {
            let hash = ctx
                .passwords
                .hash(text)
                .await
                .map_err(|error| vec![Error::unavailable(error)])?;
            let session = Token::random();
            let keep = match caller.via {
                Via::Session { hash, .. } => Some((hash, session.hash())),
                Via::Token { .. } | Via::Guest => None,
            };
            (Some(Password { hash, keep }), keep.map(|_| session))
        }
        None => (None, None),
    };
    let waits =
        email.take_if(|email| recovery::by_mail(ctx) && email.key() != caller.account.email.key());
    let address_waits = waits.is_some();
    if let Some(email) = waits {
        let begun = addresses::begin(ctx, &caller.account, email).await;
        begun.map_err(|error| vec![error])?;
    }
    let change = AccountChange {
        name,
        email,
        password,
        photo: None,
    };
    match ctx.store.change_account(caller.id(), change).await {
        Ok(account) => {
            if patch.password.is_some() {
                let text = "Your account has a new password. Every other device and every token was logged out.";
                letters::send(ctx, &account, "Your password was changed", text);
            }
            Ok(Changed {
                account,
                session,
                address_waits,
                strength,
            })
        }
        Err(error) => Err(vec![error.into()]),
    }
}

/// Gives the caller a new photo, in place of the one they have.
///
/// # Errors
/// `too_large`, or `invalid` with what is wrong with the picture, of the field `photo`.
pub async fn set_photo(
    ctx: &Context,
    caller: &Caller,
    bytes: Vec<u8>,
    file_name: Option<String>,
    content_type: Option<String>,
) -> Result<Account> {
    let id = keep_photo(ctx, bytes, (file_name, content_type)).await?;
    replace_photo(ctx, &caller.account.card, Some(id)).await
}

/// Gives somebody a photo that was imported for them.
///
/// # Errors
/// As [`set_photo`]; `not_found` for an account that is not there.
pub(super) async fn bring_photo(
    ctx: &Context,
    user: UserId,
    bytes: Vec<u8>,
    file_name: String,
) -> Result<()> {
    let account = ctx.store.account(user).await?;
    let account = account.ok_or_else(|| Error::not_found("account"))?;
    let id = keep_photo(ctx, bytes, (Some(file_name), None)).await?;
    replace_photo(ctx, &account.card, Some(id)).await.map(drop)
}

/// Whether this could be a photo.
///
/// # Errors
/// As [`set_photo`].
pub(super) async fn check_photo(ctx: &Context, bytes: Vec<u8>, file_name: String) -> Result<()> {
    let limits = photo_limits(ctx);
    let prepare = move || photo::prepare(&bytes, Some(&file_name), None, &limits).map(drop);
    let checked = ctx.pictures.run(prepare).await;
    checked.map_err(|error| photo_error(&error))
}

fn photo_limits(ctx: &Context) -> PhotoLimits {
    PhotoLimits {
        bytes: u64::try_from(ctx.settings.limits.photo_bytes).unwrap_or(u64::MAX),
        pixels: ctx.settings.limits.photo_pixels,
    }
}

/// Keeps a photo's sizes; answers the id under which they are.
async fn keep_photo(
    ctx: &Context,
    bytes: Vec<u8>,
    (file_name, content_type): (Option<String>, Option<String>),
) -> Result<String> {
    let limits = photo_limits(ctx);
    let id = URL_SAFE_NO_PAD.encode(random::<24>());
    let blobs = std::sync::Arc::clone(&ctx.blobs);
    let blob = id.clone();
    ctx.pictures
        .run(move || {
            let (name, kind) = (file_name.as_deref(), content_type.as_deref());
            let photo =
                photo::prepare(&bytes, name, kind, &limits).map_err(|error| photo_error(&error))?;
            for thumbnail in &photo.thumbnails {
                blobs
                    .put(&blob, thumbnail.variant, &thumbnail.bytes)
                    .map_err(Error::unavailable)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(id)
}

/// Takes the caller's photo away.
///
/// # Errors
/// When the store cannot do it.
pub async fn remove_photo(ctx: &Context, caller: &Caller) -> Result<Account> {
    replace_photo(ctx, &caller.account.card, None).await
}

async fn replace_photo(ctx: &Context, person: &UserCard, photo: Option<String>) -> Result<Account> {
    let before = person.photo.clone();
    let change = AccountChange {
        photo: Some(photo.clone()),
        ..AccountChange::default()
    };
    let changed = ctx.store.change_account(person.id, change).await;
    // Whichever of the two is not in use now goes; a file that stays behind harms nobody.
    let unused = if changed.is_ok() { before } else { photo };
    if let Some(id) = unused {
        let blobs = std::sync::Arc::clone(&ctx.blobs);
        let deleted = ctx.disk.run(move || blobs.delete(&id)).await;
        if let Err(error) = deleted {
            tracing::warn!(error = %error, "an unused photo could not be deleted");
        }
    }
    Ok(changed?)
}

fn photo_error(error: &PhotoError) -> Error {
    let code = if error.is_too_large() {
        Code::TooLarge
    } else {
        Code::Invalid
    };
    Error::new(code, error.to_string()).field("photo")
}

/// One size of an uploaded photo. Photos are seen by whoever is logged in, as names are.
///
/// # Errors
/// `not_found`; or when it cannot be read.
pub async fn photo(ctx: &Context, id: &str, variant: &'static str) -> Result<Vec<u8>> {
    let (blobs, id) = (std::sync::Arc::clone(&ctx.blobs), id.to_owned());
    ctx.disk
        .run(move || blobs.get(&id, variant))
        .await
        .map_err(Error::unavailable)?
        .ok_or_else(|| Error::not_found("upload"))
}

//! A person's second factors: switched on, off, and recovery codes made.

use super::{
    Caller, Context, Faults, codes, collect, letters,
    proof::{self, Act, Proof},
    required,
};
use crate::{
    error::{Code, Error, Result},
    model::{Factors, NewTotp},
    secrets::{RecoveryCode, TotpSecret},
    store::StoreError,
};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;

/// What an app is given, once.
#[derive(Debug)]
pub struct Setup {
    /// The secret, to be typed.
    pub secret: String,
    /// The same with its names, for a QR code.
    pub uri: String,
}

/// What the caller has.
///
/// # Errors
/// When the store cannot be asked.
pub async fn state(ctx: &Context, caller: &Caller) -> Result<Factors> {
    Ok(ctx.store.factors(caller.id()).await?)
}

/// What waits for its first code, for a caller who showed lately who they are.
///
/// # Errors
/// When the store cannot be asked.
pub async fn waiting(ctx: &Context, caller: &Caller) -> Result<Option<Setup>> {
    if !proof::is_recent(ctx, caller, Act::Account) {
        return Ok(None);
    }
    let secret = ctx.store.totp_secret(caller.id(), false).await?;
    Ok(secret.map(|secret| setup(ctx, caller, TotpSecret(secret))))
}

fn setup(ctx: &Context, caller: &Caller, secret: TotpSecret) -> Setup {
    let name = caller.account.card.name.as_str();
    Setup {
        secret: secret.base32(),
        uri: secret.uri(&ctx.settings.server_name, name),
    }
}

/// Makes a secret for an app. Logins ask for its codes once the first of them was right, and for those of an app that was on
/// before until then.
///
/// # Errors
/// As [`proof::require`].
pub async fn begin(ctx: &Context, caller: &Caller, proof: Proof<'_>) -> Result<Setup> {
    proof::require(ctx, caller, Act::Account, proof).await?;
    let secret = TotpSecret::random();
    ctx.store.begin_totp(caller.id(), secret.0).await?;
    Ok(setup(ctx, caller, secret))
}

/// Has logins ask for codes from now on: the first one shows that the app knows them. An app that was on before opens nothing
/// any more. The recovery codes are told this once.
///
/// # Errors
/// As [`proof::require`], of which a code is of the field `old_code`; of the field `code`: `invalid` where none is sent or
/// awaited, `unauthorized` for a wrong one, `rate_limited`.
pub async fn turn_on(
    ctx: &Context,
    caller: &Caller,
    code: &str,
    proof: Proof<'_>,
) -> Result<Vec<RecoveryCode>, Faults> {
    let mut faults = Faults::new();
    let proved = proof::require(ctx, caller, Act::Account, proof).await;
    let proved = proved.map_err(|error| match error.field {
        Some("code") => error.field("old_code"),
        _ => error,
    });
    collect(&mut faults, proved);
    let first = first_code(ctx, caller, code).await;
    let first = collect(&mut faults, first);
    let (Some((secret, step)), true) = (first, faults.is_empty()) else {
        return Err(faults);
    };
    let (recovery_codes, hashes) = recovery_codes();
    let new = NewTotp {
        secret,
        step,
        recovery_codes: hashes,
    };
    let before = codes::asked(ctx, &caller.account).await;
    let before = before.map_err(|error| vec![error])?;
    let kept = ctx
        .store
        .turn_on_totp(ctx.operator(caller), caller.id(), new);
    kept.await.map_err(|error| {
        vec![match error {
            StoreError::NotFound("secret") => nothing_waits(),
            error => error.into(),
        }]
    })?;
    let (subject, text) = if before {
        (
            "Another app was set up",
            "From now on, a login to your account asks for a code of another app; the one before opens nothing any more.",
        )
    } else {
        (
            "A second factor was switched on",
            "From now on, a login to your account asks for a code of your app as well.",
        )
    };
    letters::send(ctx, &caller.account, subject, text);
    Ok(recovery_codes)
}

/// The secret that waits, and the step of this code of it.
async fn first_code(ctx: &Context, caller: &Caller, code: &str) -> Result<([u8; 20], i64)> {
    if code.trim().is_empty() {
        return Err(Error::invalid(
            "code",
            "Write the code that your app shows.",
        ));
    }
    let secret = ctx.store.totp_secret(caller.id(), false).await?;
    let secret = secret.ok_or_else(nothing_waits)?;
    let attempt = ctx
        .throttle
        .code(caller.id(), caller.origin.address, ctx.now())
        .map_err(|error| error.field("code"))?;
    let step = codes::step_of(ctx, TotpSecret(secret), code).ok_or_else(|| {
        let text = "This is not the code that your app should show now. Check the time of your phone, and take the next one.";
        Error::new(Code::Unauthorized, text).field("code")
    })?;
    attempt.succeeded();
    Ok((secret, step))
}

fn nothing_waits() -> Error {
    Error::invalid("code", "No app waits for its first code. Begin again.")
}

/// Has logins ask for no code any more; recovery codes stay.
///
/// # Errors
/// As [`proof::require`]; `conflict` where the server asks the person for a second factor.
pub async fn turn_off(ctx: &Context, caller: &Caller, proof: Proof<'_>) -> Result<()> {
    proof::require(ctx, caller, Act::Account, proof).await?;
    required::check_removal(ctx, caller).await?;
    let turned_off = ctx.store.turn_off_totp(ctx.operator(caller), caller.id());
    if turned_off.await? {
        let text = "From now on, a login to your account asks for your password alone.";
        letters::send(
            ctx,
            &caller.account,
            "A second factor was switched off",
            text,
        );
    }
    Ok(())
}

/// Makes ten recovery codes, in the place of those that there were; they are told this once.
///
/// # Errors
/// As [`proof::require`].
pub async fn make_recovery_codes(
    ctx: &Context,
    caller: &Caller,
    proof: Proof<'_>,
) -> Result<Vec<RecoveryCode>> {
    proof::require(ctx, caller, Act::Account, proof).await?;
    let (codes, hashes) = recovery_codes();
    ctx.store.set_recovery_codes(caller.id(), hashes).await?;
    let text = "New recovery codes were made for your account. Those that you had before open nothing any more.";
    letters::send(ctx, &caller.account, "New recovery codes were made", text);
    Ok(codes)
}

fn recovery_codes() -> (Vec<RecoveryCode>, Vec<[u8; 32]>) {
    let codes: Vec<_> = std::iter::repeat_with(RecoveryCode::random)
        .take(RECOVERY_CODES)
        .collect();
    let hashes = codes.iter().map(RecoveryCode::hash).collect();
    (codes, hashes)
}

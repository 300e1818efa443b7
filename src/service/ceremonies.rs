//! What browsers were asked to do with passkeys, until they answer: in memory, bounded, a few minutes, good for one answer;
//! after a restart one begins again. Each belongs to the session, or to the login under way, that asked.

use std::time::Duration;

use moka::sync::Cache;

use super::Context;
use crate::{
    error::{Code, Error, Result},
    model::{PasskeyUse, Timestamp, UserId},
    store::Held,
    webauthn::{Answer, Asking, Making, Options, Party, Refused},
};

/// How long a browser may take for its answer.
pub const WAITS: Duration = Duration::from_mins(5);

/// How many may be under way of each kind; of more, the least used begin again.
const MOST: u64 = 10_000;

/// What is under way, by what it was asked for and the SHA-256 of the token that it belongs to.
pub struct Ceremonies {
    making: Cache<[u8; 32], Begun<(Making, [u8; 16])>>,
    asking: Cache<(Purpose, [u8; 32]), Begun<Asking>>,
}

impl Default for Ceremonies {
    fn default() -> Self {
        Self {
            making: Cache::new(MOST),
            asking: Cache::new(MOST),
        }
    }
}

/// What a passkey is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    /// To log in with it alone.
    LogIn,
    /// To log in with it after the password.
    SecondFactor,
    /// To show once more who one is.
    Confirm,
}

#[derive(Debug, Clone)]
struct Begun<T> {
    party: Party,
    state: T,
    ends: Timestamp,
}

/// A passkey that was made, and held to what was asked for.
#[derive(Debug)]
pub(super) struct New {
    /// The passkey.
    pub(super) made: crate::webauthn::Made,
    /// By what the device knows its owner.
    pub(super) handle: [u8; 16],
    /// The server's name that it belongs to.
    pub(super) host: String,
}

/// Has a browser make a passkey for the person called `person`, whom devices know by `handle`.
pub(super) fn make(
    ctx: &Context,
    key: [u8; 32],
    party: Party,
    handle: [u8; 16],
    person: &str,
    known: Vec<Vec<u8>>,
) -> Result<Options> {
    let made = party.make(handle, person, known);
    let (options, making) = made.map_err(Error::unavailable)?;
    let begun = begun(ctx, party, (making, handle));
    ctx.ceremonies.making.insert(key, begun);
    Ok(options)
}

/// The passkey that a browser made.
pub(super) fn made(ctx: &Context, key: [u8; 32], answer: &str) -> Result<New> {
    let begun = ctx.ceremonies.making.remove(&key);
    let begun = begun.filter(|begun| ctx.now() < begun.ends);
    let begun = begun.ok_or_else(too_late)?;
    let (making, handle) = &begun.state;
    let made = begun.party.made(making, answer);
    let made = made.map_err(|refused| does_not_hold(&refused, None))?;
    Ok(New {
        made,
        handle: *handle,
        host: begun.party.name().to_owned(),
    })
}

/// Asks a browser for a passkey: one of those with the ids `known`, or any where that is empty.
pub(super) fn ask(
    ctx: &Context,
    purpose: Purpose,
    key: [u8; 32],
    party: Party,
    known: &[Vec<u8>],
) -> Result<Options> {
    let (options, asking) = party.ask(known).map_err(Error::unavailable)?;
    let begun = begun(ctx, party, asking);
    ctx.ceremonies.asking.insert((purpose, key), begun);
    Ok(options)
}

/// What was asked of a browser, and its answer: not known to hold yet.
pub(super) struct Claim {
    begun: Begun<Asking>,
    answer: Answer,
}

/// Takes a browser's answer; a second one to the same question is refused.
pub(super) fn claim(ctx: &Context, purpose: Purpose, key: [u8; 32], answer: &str) -> Result<Claim> {
    let begun = ctx.ceremonies.asking.remove(&(purpose, key));
    let begun = begun.filter(|begun| ctx.now() < begun.ends);
    let begun = begun.ok_or_else(too_late)?;
    let answer = Answer::read(answer).map_err(|refused| does_not_hold(&refused, None))?;
    Ok(Claim { begun, answer })
}

/// Whose passkey this claims to be, if it is one that is known.
pub(super) async fn whose(ctx: &Context, claim: &Claim) -> Result<Option<Held>> {
    let id = claim.answer.credential_id().to_vec();
    Ok(ctx.store.held_passkey(id).await?)
}

/// Holds an answer to what was asked for, and notes the passkey's use.
pub(super) async fn verify(ctx: &Context, claim: Claim, held: &Held) -> Result<()> {
    let Claim { begun, answer } = claim;
    let (passkey, owner) = (&held.passkey, held.account.card.id);
    let other = answer.handle().is_some_and(|told| told != passkey.handle);
    if other || begun.party.name() != passkey.host {
        return Err(unknown());
    }
    let after = begun
        .party
        .answered(begun.state, &answer, &passkey.credential)
        .map_err(|refused| does_not_hold(&refused, Some(owner)))?;
    let noted = PasskeyUse {
        credential: after.credential,
        sign_count: after.sign_count,
        backed_up: after.backed_up,
        at: ctx.now(),
    };
    if ctx.store.use_passkey(passkey.id, noted).await? {
        return Ok(());
    }
    // Between our reading and our writing, it was used elsewhere or taken away.
    Err(does_not_hold(&Refused::Copied, Some(owner)))
}

fn begun<T>(ctx: &Context, party: Party, state: T) -> Begun<T> {
    Begun {
        party,
        state,
        ends: ctx.now().plus(WAITS),
    }
}

/// That nothing is under way to which an answer belongs.
pub(super) fn too_late() -> Error {
    Error::new(
        Code::Unauthorized,
        "The passkey took too long, or its answer was used already. Begin again.",
    )
}

/// That no account has this passkey.
pub(super) fn unknown() -> Error {
    Error::new(
        Code::Unauthorized,
        "This passkey opens no account here. It may have been removed; try another, or log in with your password.",
    )
}

fn does_not_hold(refused: &Refused, user: Option<UserId>) -> Error {
    let user = user.map(|user| user.0);
    tracing::warn!(user.id = user, error = %refused, "the answer of a passkey was refused");
    match refused {
        Refused::Unreadable(_) => Error::new(
            Code::Invalid,
            "This is not what a browser answers for a passkey. Send its toJSON() as it is.",
        ),
        Refused::Copied => Error::new(
            Code::Unauthorized,
            "This passkey counts its uses, and has counted backwards: somebody may have a copy of it. Log in with your password, and remove it.",
        ),
        Refused::Wrong(_) => Error::new(
            Code::Unauthorized,
            "The answer of the passkey does not hold. Begin again.",
        ),
    }
}

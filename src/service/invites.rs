//! Invitations to rooms, and what the links of all invitations do: by them people come into a room, or make an account.

use std::time::Duration;

use super::{
    Caller, Context, Faults, accounts, permissions,
    permissions::Action,
    rooms::{code, standing},
};
use crate::{
    config::Registration,
    error::{Error, Result},
    model::{Account, Invite, InviteId, NewAccount, NewInvite, Origin, Role, Standing, Timestamp},
    secrets::Token,
    store::{Actor, Invitation, StoreError},
    wire::bodies::NewUser,
};

/// For how many seconds an invitation may hold: a minute to a year.
const HOLDS: std::ops::RangeInclusive<i64> = 60..=365 * 24 * 60 * 60;
/// By how many people it may be used.
const USES: std::ops::RangeInclusive<i64> = 1..=10_000;
/// How many are listed.
pub(super) const LISTED: u32 = 200;

/// How long an invitation holds, and for how many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// Seconds from now; without end where there are none.
    pub expires_in: Option<i64>,
    /// How many people may come by it; any number where there is none.
    pub uses: Option<i64>,
}

impl Terms {
    /// When it ends, if these terms can be.
    ///
    /// # Errors
    /// `invalid` of the field `expires_in` or `uses`.
    pub(super) fn end(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        if self.uses.is_some_and(|uses| !USES.contains(&uses)) {
            let text =
                "An invitation is for 1 to 10,000 people. Send such a number, or leave it out.";
            return Err(Error::invalid("uses", text));
        }
        let Some(seconds) = self.expires_in else {
            return Ok(None);
        };
        match u64::try_from(seconds) {
            Ok(lasts) if HOLDS.contains(&seconds) => Ok(Some(now.plus(Duration::from_secs(lasts)))),
            _ => {
                let text = "An invitation holds from 60 seconds to a year. Send a number of seconds, or leave it out.";
                Err(Error::invalid("expires_in", text))
            }
        }
    }
}

/// That an invitation does not hold: not any more, or not at all.
#[must_use]
pub fn over() -> Error {
    let text = "This invitation does not hold any more. Ask for a new one.";
    Error::new(crate::error::Code::NotFound, text).field("invite")
}

fn token(text: &str) -> Result<Token> {
    Token::sent(text).ok_or_else(over)
}

pub(super) fn said(error: StoreError) -> Error {
    match error {
        StoreError::NotFound("invite") => over(),
        error => error.into(),
    }
}

/// Makes an invitation to a room; the token belongs in its link and is not kept.
///
/// # Errors
/// `invalid` of the field `expires_in` or `uses`; `not_found`, `forbidden`, `muted`.
pub async fn create(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    terms: Terms,
) -> Result<(Invite, Token)> {
    let now = ctx.now();
    let expires_at = terms.end(now)?;
    let token = Token::random();
    let new = NewInvite {
        hash: token.hash(),
        room: code(room)?,
        created_by: caller.id(),
        created_at: now,
        expires_at,
        uses: terms.uses,
        permit: permissions::may_invite,
    };
    Ok((ctx.store.create_invite(new).await?, token))
}

/// The invitations into a room that hold: all of them for who may revoke them, else one's own.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn list(ctx: &Context, caller: &Caller, room: &str) -> Result<Vec<Invite>> {
    let standing = standing(ctx, caller, room, Action::Read).await?;
    let all = standing
        .membership
        .is_some_and(|membership| membership.role >= Role::Moderator);
    let by = (!all).then(|| caller.id());
    let room = standing.room.id;
    Ok(ctx.store.invites(room, by, ctx.now(), LISTED).await?)
}

/// Ends an invitation: one's own, or any into a room that one keeps in order.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn revoke(ctx: &Context, caller: &Caller, invite: i64) -> Result<()> {
    let by = ctx.actor(caller, permissions::may_revoke_invite);
    let revoked = ctx.store.revoke_invite(InviteId(invite), by);
    revoked.await.map_err(said)
}

/// What a link leads to.
///
/// # Errors
/// `not_found` when it does not hold.
pub async fn look(ctx: &Context, link: &str) -> Result<Invitation> {
    let found = ctx.store.invitation(token(link)?.hash(), ctx.now()).await?;
    found.ok_or_else(over)
}

/// Whether who has no account may make one by an invitation.
#[must_use]
pub fn makes_accounts(ctx: &Context) -> bool {
    ctx.settings.registration != Registration::Closed
}

/// Makes the caller a member of the room to which a link leads; harmless when they are one.
///
/// # Errors
/// `not_found` when it does not hold or leads to no room; `banned`.
pub async fn accept(ctx: &Context, caller: &Caller, link: &str) -> Result<Standing> {
    let by = ctx.actor(caller, permissions::may_join_invited);
    let joined = ctx.store.join_invited(token(link)?.hash(), by).await;
    Ok(joined.map_err(said)?.standing)
}

/// [`accept`], where the room is named too.
///
/// # Errors
/// As [`accept`]; `not_found` when the link leads to another room.
pub async fn join(ctx: &Context, caller: &Caller, room: &str, link: &str) -> Result<Standing> {
    let code = code(room).map_err(|_| over())?;
    // Who belongs to the room needs no invitation.
    if let Some(standing) = ctx.store.standing(&code, caller.id()).await?
        && standing.membership.is_some()
    {
        return Ok(standing);
    }
    let leads_there = look(ctx, link).await?.invite.room == Some(code);
    if !leads_there {
        return Err(over());
    }
    accept(ctx, caller, link).await
}

/// Makes an account by an invitation, in the room to which it is, also where registration takes one.
///
/// # Errors
/// As [`accounts::register`]; `not_found` of the field `invite`.
pub async fn register(
    ctx: &Context,
    origin: &Origin,
    link: &str,
    new: &NewUser,
) -> Result<Account, Faults> {
    let alone = |error: Error| vec![error];
    if !makes_accounts(ctx) {
        return Err(alone(accounts::closed()));
    }
    let hash = token(link).map_err(alone)?.hash();
    look(ctx, link).await.map_err(alone)?;
    let make = |account: NewAccount| async move {
        let by = Actor {
            // The account is not there yet: the store puts it in.
            user: crate::model::UserId(0),
            now: account.created_at,
            permit: permissions::may_join_invited,
        };
        ctx.store.register_invited(account, hash, by).await
    };
    accounts::make(ctx, origin, new, false, make).await
}

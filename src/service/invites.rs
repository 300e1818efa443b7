//! Invitations: links by which people come into a room, or make an account.

use std::time::Duration;

use super::{
    Caller, Command, Context, Faults, Reply, accounts, permissions,
    permissions::Action,
    rooms::{code, standing},
};
use crate::{
    config::Registration,
    error::{Error, Result},
    model::{Account, Invite, InviteId, NewAccount, NewInvite, Origin, Role, Standing},
    secrets::Token,
    store::{Actor, Invitation, StoreError},
    wire::{
        self,
        bodies::NewUser,
        events::{CreateInvite, Done, InviteAck, InvitesAck, ListInvites, RevokeInvite},
    },
};

/// For how many seconds an invitation may hold: a minute to a year.
const HOLDS: std::ops::RangeInclusive<i64> = 60..=365 * 24 * 60 * 60;
/// By how many people it may be used.
const USES: std::ops::RangeInclusive<i64> = 1..=10_000;
/// How many are listed.
const LISTED: u32 = 200;

/// That an invitation does not hold: not any more, or not at all.
#[must_use]
pub fn over() -> Error {
    let text = "This invitation does not hold any more. Ask for a new one.";
    Error::new(crate::error::Code::NotFound, text).field("invite")
}

fn token(text: &str) -> Result<Token> {
    Token::sent(text).ok_or_else(over)
}

fn said(error: StoreError) -> Error {
    match error {
        StoreError::NotFound("invite") => over(),
        error => error.into(),
    }
}

/// Makes an invitation to a room, or to the site; the token belongs in its link and is not kept.
///
/// # Errors
/// `invalid` of the field `expires_in` or `uses`; `not_found`, `forbidden`, `muted`.
pub async fn create(
    ctx: &Context,
    caller: &Caller,
    wanted: &CreateInvite,
) -> Result<(Invite, Token)> {
    if wanted
        .expires_in
        .is_some_and(|seconds| !HOLDS.contains(&seconds))
    {
        let text = "An invitation holds from 60 seconds to a year. Send a number of seconds, or leave it out.";
        return Err(Error::invalid("expires_in", text));
    }
    if wanted.uses.is_some_and(|uses| !USES.contains(&uses)) {
        let text = "An invitation is for 1 to 10,000 people. Send such a number, or leave it out.";
        return Err(Error::invalid("uses", text));
    }
    let room = wanted.room.as_deref().map(code).transpose()?;
    if room.is_none() {
        admin_only(caller)?;
    }
    let token = Token::random();
    let now = ctx.now();
    let lasts = wanted
        .expires_in
        .and_then(|seconds| u64::try_from(seconds).ok());
    let invite = ctx
        .store
        .create_invite(NewInvite {
            hash: token.hash(),
            room,
            created_by: caller.id(),
            created_at: now,
            expires_at: lasts.map(|seconds| now.plus(Duration::from_secs(seconds))),
            uses: wanted.uses,
            permit: permissions::may_invite,
        })
        .await?;
    Ok((invite, token))
}

fn admin_only(caller: &Caller) -> Result<()> {
    if caller.account.admin {
        return Ok(());
    }
    let text = "Only an admin invites to the site. Name a room to invite into it.";
    Err(Error::new(crate::error::Code::Forbidden, text))
}

/// The invitations that hold: to a room all of them for who may revoke them, else one's own; to the site for admins.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn list(ctx: &Context, caller: &Caller, room: Option<&str>) -> Result<Vec<Invite>> {
    let (room, by) = if let Some(room) = room {
        let standing = standing(ctx, caller, room, Action::Read).await?;
        let all = standing
            .membership
            .is_some_and(|membership| membership.role >= Role::Moderator);
        (Some(standing.room.id), (!all).then(|| caller.id()))
    } else {
        admin_only(caller)?;
        (None, None)
    };
    Ok(ctx.store.invites(room, by, ctx.now(), LISTED).await?)
}

/// Ends an invitation: one's own, or any to a room that one keeps in order.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn revoke(ctx: &Context, caller: &Caller, invite: i64) -> Result<()> {
    let by = ctx.actor(caller, permissions::may_revoke_invite);
    let revoked = ctx
        .store
        .revoke_invite(InviteId(invite), by, caller.account.admin);
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
    if ctx.settings.registration == Registration::Closed {
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

impl Command for CreateInvite {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<InviteAck>> {
        let (invite, token) = create(ctx, caller, &self).await?;
        Ok(InviteAck {
            invite: wire::Invite::from(&invite),
            url: format!("/invite/{}", token.reveal()),
        }
        .into())
    }
}

impl Command for ListInvites {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<InvitesAck>> {
        let invites = list(ctx, caller, self.room.as_deref()).await?;
        Ok(InvitesAck {
            invites: invites.iter().map(wire::Invite::from).collect(),
        }
        .into())
    }
}

impl Command for RevokeInvite {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<Done>> {
        revoke(ctx, caller, self.invite).await?;
        Ok(Done {}.into())
    }
}

//! Invitations to the site: links by which people make an account and land in a room. Whoever runs the site makes, lists
//! and ends them, on its pages, by JSON, by an event or on the command line; each stands in the site's log.

use super::{
    Caller, Command, Context, Reply,
    invites::{self, Terms},
    permissions, reports,
    rooms::code,
};
use crate::{
    error::{Code, Error, Result},
    model::{Denied, Invite, InviteId, NewSiteInvite, Operator},
    secrets::Token,
    store::StoreError,
    wire::{
        self,
        events::{CreateInvite, Done, InviteAck, InvitesAck, ListInvites, RevokeInvite},
    },
};

/// Makes an invitation to the site; the token belongs in its link and is not kept. An admin's may lead into public rooms,
/// and into private ones where they may invite; the command line's into any.
///
/// # Errors
/// `invalid` of the field `expires_in`, `uses` or `room`; `not_found` of `room`; `forbidden`; `unavailable` while the
/// site has no owner.
pub async fn create(
    ctx: &Context,
    by: Operator,
    room: Option<&str>,
    terms: Terms,
) -> Result<(Invite, Token)> {
    let token = Token::random();
    let permit = if by.user.is_some() {
        permissions::may_land_in
    } else {
        permissions::takes_people
    };
    let new = NewSiteInvite {
        hash: token.hash(),
        room: room
            .map(code)
            .transpose()
            .map_err(|error| error.field("room"))?,
        expires_at: terms.end(by.now)?,
        uses: terms.uses,
        permit,
    };
    let leads_somewhere = new.room.is_some();
    let made = ctx.store.create_site_invite(by, new).await;
    match made {
        Ok(invite) => Ok((invite, token)),
        Err(StoreError::NotFound("room") | StoreError::Denied(Denied::NotFound)) => {
            Err(Error::no_room().field("room"))
        }
        Err(StoreError::Denied(_)) if leads_somewhere => {
            let text = "Nobody can be invited into this room: it is archived, a direct conversation, or not yours to open. Choose another.";
            Err(Error::invalid("room", text))
        }
        Err(error) => Err(error.into()),
    }
}

/// The invitations to the site that hold, the newest first.
///
/// # Errors
/// `forbidden`.
pub async fn list(ctx: &Context, caller: &Caller) -> Result<Vec<Invite>> {
    reports::admin(caller)?;
    all(ctx).await
}

/// [`list`], for who has the command line.
///
/// # Errors
/// When the store cannot be asked.
pub(super) async fn all(ctx: &Context) -> Result<Vec<Invite>> {
    let found = ctx.store.site_invites(ctx.now(), invites::LISTED).await;
    Ok(found?)
}

/// Ends an invitation to the site.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn revoke(ctx: &Context, by: Operator, invite: i64) -> Result<()> {
    let revoked = ctx.store.revoke_site_invite(by, InviteId(invite)).await;
    revoked.map_err(invites::said)
}

/// The path of an invitation's link on this server.
#[must_use]
pub fn path(token: &Token) -> String {
    format!("/invite/{}", token.reveal())
}

impl Command for CreateInvite {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<InviteAck>> {
        let terms = Terms {
            expires_in: self.expires_in,
            uses: self.uses,
        };
        let (invite, token) = match &self.room {
            Some(room) => invites::create(ctx, caller, room, terms).await?,
            None => create(ctx, operator(ctx, caller)?, None, terms).await?,
        };
        Ok(InviteAck {
            invite: wire::Invite::from(&invite),
            url: path(&token),
        }
        .into())
    }
}

fn operator(ctx: &Context, caller: &Caller) -> Result<Operator> {
    reports::operator(ctx, caller).map_err(|_| {
        let text = "Only an admin invites to the site. Name a room to invite into it.";
        Error::new(Code::Forbidden, text)
    })
}

impl Command for ListInvites {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<InvitesAck>> {
        let invites = match &self.room {
            Some(room) => invites::list(ctx, caller, room).await?,
            None => list(ctx, caller).await?,
        };
        Ok(InvitesAck {
            invites: invites.iter().map(wire::Invite::from).collect(),
        }
        .into())
    }
}

impl Command for RevokeInvite {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<Done>> {
        let revoked = match reports::operator(ctx, caller) {
            Ok(by) => revoke(ctx, by, self.invite).await,
            Err(_) => Err(invites::over()),
        };
        match revoked {
            Err(error) if error.code == Code::NotFound => {
                invites::revoke(ctx, caller, self.invite).await?;
            }
            revoked => revoked?,
        }
        Ok(Done {}.into())
    }
}

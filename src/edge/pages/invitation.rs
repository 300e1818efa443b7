//! What the link of an invitation leads to: who has an account comes in by a button, who has none makes one. And how
//! invitations look where they are made and listed.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login, qr,
    register::RegisterForm,
    times,
    view::{InvitationPage, InviteRow, MadeInvite},
    visit::{Anybody, shell},
};
use crate::{
    edge::{Shared, Site, api::Segment, body::FormBody, caller::Visitor},
    model::Invite,
    service::{
        invites::{self, Terms},
        sign_on,
    },
    store::Invitation,
    wire::bodies::NewUser,
};

/// The form that makes an invitation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InviteForm {
    pub(super) csrf: String,
    pub(super) room: String,
    pub(super) expires_in: String,
    pub(super) uses: String,
}

impl InviteForm {
    pub(super) fn terms(&self) -> Terms {
        // What is no number is out of range.
        let number = |text: &str| text.parse().unwrap_or(0);
        let given = |text: &str| {
            Some(text.trim())
                .filter(|text| !text.is_empty())
                .map(number)
        };
        Terms {
            expires_in: given(&self.expires_in),
            uses: given(&self.uses),
        }
    }
}

/// An invitation that was just made, on this server.
pub(super) fn link(server: &str, token: &str) -> MadeInvite {
    let link = format!("{server}/invite/{token}");
    MadeInvite {
        code: qr::svg(&link),
        link,
    }
}

/// An invitation that holds.
pub(super) fn row(invite: &Invite) -> InviteRow {
    InviteRow {
        id: invite.id.0,
        author: invite.created_by.name.as_str().to_owned(),
        site: invite.site,
        room: None,
        made: times::date(invite.created_at),
        until: invite.expires_at.map(times::date),
        left: invite.uses.map(|uses| uses - invite.used),
        used: invite.used,
    }
}

/// `GET /invite/{token}`.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    let invitation = invites::look(&site.ctx, &token).await?;
    Ok(render(&page(&site, &visitor, &token, &invitation)))
}

fn page(site: &Site, visitor: &Visitor, token: &str, invitation: &Invitation) -> InvitationPage {
    InvitationPage {
        shell: shell(visitor, "You are invited"),
        action: format!("/invite/{token}"),
        room: invitation
            .room
            .as_ref()
            .map(|room| room.name.as_str().to_owned()),
        closed: !invites::makes_accounts(&site.ctx),
        sign_on: sign_on::name(&site.ctx).map(|name| (name, format!("/login/oidc?invite={token}"))),
        author: invitation.invite.created_by.name.as_str().to_owned(),
        ..InvitationPage::default()
    }
}

/// `POST /invite/{token}`. Who is logged in sends only the form's token.
pub(super) async fn accept(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
    FormBody(form): FormBody<RegisterForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let invitation = invites::look(&site.ctx, &token).await?;
    let Some(caller) = &visitor.caller else {
        return register(&site, &visitor, &token, &invitation, form).await;
    };
    if invitation.room.is_some() {
        invites::accept(&site.ctx, caller, &token).await?;
    }
    Ok(see(&there(&invitation)))
}

/// Where an invitation leads.
fn there(invitation: &Invitation) -> String {
    match &invitation.room {
        Some(room) => format!("/room/{}", room.code),
        None => "/room/lobby".to_owned(),
    }
}

async fn register(
    site: &Site,
    visitor: &Visitor,
    token: &str,
    invitation: &Invitation,
    form: RegisterForm,
) -> Answered {
    let new = NewUser::from(form);
    match invites::register(&site.ctx, &visitor.origin, token, &new).await {
        Ok(account) => {
            login::begin(site, visitor, &account).await?;
            Ok(see(&there(invitation)))
        }
        Err(faults) => {
            let page = InvitationPage {
                name: new.name,
                email: new.email,
                errors: field_errors(&faults, &["name", "email", "password"]),
                ..page(site, visitor, token, invitation)
            };
            Ok(refused(&page, &faults))
        }
    }
}

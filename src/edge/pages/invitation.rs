//! What the link of an invitation leads to: who has an account comes in by a button, who has none makes one.

use axum::extract::State;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login,
    register::RegisterForm,
    view::InvitationPage,
    visit::{Anybody, shell},
};
use crate::{
    edge::{Shared, Site, api::Segment, body::FormBody, caller::Visitor},
    service::invites,
    store::Invitation,
    wire::bodies::NewUser,
};

/// `GET /invite/{token}`.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    let invitation = invites::look(&site.ctx, &token).await?;
    Ok(render(&page(&visitor, &token, &invitation)))
}

fn page(visitor: &Visitor, token: &str, invitation: &Invitation) -> InvitationPage {
    InvitationPage {
        shell: shell(visitor, "You are invited"),
        action: format!("/invite/{token}"),
        room: invitation
            .room
            .as_ref()
            .map(|room| room.name.as_str().to_owned()),
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
                ..page(visitor, token, invitation)
            };
            Ok(refused(&page, &faults))
        }
    }
}

//! Invitations to the site: those that hold, how they end, and the form for a new one, whose link shows once.

use axum::extract::State;

use super::super::{
    Answered,
    answer::{field_errors, refused, render, see},
    invitation::{self, InviteForm},
    login::Confirmation,
    view::{AdminInvitesPage, RoomChoice},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, Site, api::Segment, body::FormBody},
    error::Result,
    model::{Room, RoomKind},
    service::{invites, reports, rooms, site_invites},
};

const PATH: &str = "/admin/invites";

/// For how long an invitation holds unless another time is chosen: a week, in seconds.
const USUAL: &str = "604800";

/// `GET /admin/invites`.
pub(in crate::edge::pages) async fn show(State(site): State<Shared>, user: LoggedIn) -> Answered {
    let mut page = page(&site, &user).await?;
    let made = user.visitor.handed_on();
    page.made = made.map(|token| invitation::link(&user.server, &token));
    USUAL.clone_into(&mut page.expires_in);
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn) -> Result<AdminInvitesPage> {
    let ctx = &site.ctx;
    let found = site_invites::list(ctx, &user.caller).await?;
    let mine = rooms::mine(ctx, &user.caller).await?;
    let offered = rooms::offered(ctx, &user.caller).await?;
    let mine = mine.iter().map(|state| &state.room);
    let choices: Vec<_> = mine.chain(&offered).filter_map(choice).collect();
    let name = |code: &str| {
        let found = choices.iter().find(|choice| choice.code == code);
        found.map_or_else(|| code.to_owned(), |choice| choice.name.clone())
    };
    let row = |invite| {
        let mut row = invitation::row(invite);
        let code = invite.room.as_ref();
        row.room = Some(code.map_or_else(|| "the lobby".to_owned(), |code| name(code.as_str())));
        row
    };
    Ok(AdminInvitesPage {
        shell: user.shell("Invitations"),
        closed: !invites::makes_accounts(ctx),
        invites: found.iter().map(row).collect(),
        rooms: choices,
        ..AdminInvitesPage::default()
    })
}

/// A room into which people can be invited. The lobby stands on its own in the list.
fn choice(room: &Room) -> Option<RoomChoice> {
    let takes = room.kind != RoomKind::Direct && !room.archived && !room.code.is_lobby();
    takes.then(|| RoomChoice {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
    })
}

/// `POST /admin/invites`: makes an invitation; the next page shows its link once.
pub(in crate::edge::pages) async fn create(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<InviteForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let by = reports::operator(&site.ctx, &user.caller)?;
    let room = Some(form.room.as_str()).filter(|room| !room.is_empty());
    match site_invites::create(&site.ctx, by, room, form.terms()).await {
        Ok((_, token)) => {
            user.visitor.hand_on(token.reveal());
            Ok(see(PATH))
        }
        Err(error) => {
            let faults = [error];
            let page = AdminInvitesPage {
                room: form.room,
                expires_in: form.expires_in,
                uses: form.uses,
                errors: field_errors(&faults, &["room", "uses"]),
                ..page(&site, &user).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// `POST /admin/invites/{id}/revoke`.
pub(in crate::edge::pages) async fn revoke(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let by = reports::operator(&site.ctx, &user.caller)?;
    let id = id.parse().map_err(|_| invites::over())?;
    site_invites::revoke(&site.ctx, by, id).await?;
    Ok(see(PATH))
}

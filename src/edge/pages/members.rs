//! Everybody in a room, and leaving it.

use axum::extract::State;

use super::{
    Answered,
    answer::{render, see},
    login::Confirmation,
    rows,
    view::{MemberRow, MembersPage},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, Site, api::Segment, body::FormBody},
    error::Result,
    service::{permissions::Action, rooms},
};

/// How many members are read at a time.
const AT_ONCE: i64 = 200;

/// `GET /room/{code}/members`.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
) -> Answered {
    let room = rooms::standing(&site.ctx, &user.caller, &code, Action::Read)
        .await?
        .room;
    let page = MembersPage {
        shell: user.shell(room.name.as_str()),
        room: rows::head(&room, room.last_seq.0, &user.server),
        members: everybody(&site, &user, &code).await?,
    };
    Ok(render(&page))
}

async fn everybody(site: &Site, user: &LoggedIn, code: &str) -> Result<Vec<MemberRow>> {
    let mut found: Vec<MemberRow> = Vec::new();
    loop {
        let after = found.last().map(|member| member.user_id);
        let part = rooms::members(&site.ctx, &user.caller, code, after, Some(AT_ONCE)).await?;
        found.extend(part.members.iter().map(rows::member));
        if !part.more {
            return Ok(found);
        }
    }
}

/// `POST /room/{code}/leave`: gives the membership up.
pub(super) async fn leave(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    rooms::leave(&site.ctx, &user.caller, &code).await?;
    Ok(see("/"))
}

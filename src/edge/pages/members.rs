//! Everybody in a room, and leaving it.

use axum::extract::State;

use super::{
    Answered,
    answer::{render, see},
    login::Confirmation,
    moderation, rows,
    view::{MemberRow, MembersPage},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
        body::FormBody,
    },
    error::Result,
    model::Standing,
    service::{
        self,
        permissions::{self, Action},
        rooms,
    },
};

/// How many members are read at a time.
const AT_ONCE: i64 = 200;

/// `GET /room/{code}/members`.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    params: Params,
) -> Answered {
    let standing = rooms::standing(&site.ctx, &user.caller, &code, Action::Read).await?;
    let room = &standing.room;
    let keeps_order = permissions::may(Action::ReadLog, &standing, site.ctx.now()).is_ok();
    let mut page = MembersPage {
        shell: user.shell(room.name.as_str()),
        room: rows::head(room, room.last_seq.0, &user.server),
        members: everybody(&site, &user, &standing).await?,
        keeps_order,
        banned: Vec::new(),
    };
    page.shell.flash = moderation::done(params.text("done")).map(str::to_owned);
    if keeps_order {
        let bans = service::moderation::bans(&site.ctx, &user.caller, &code).await?;
        page.banned = bans.iter().map(moderation::banned).collect();
    }
    Ok(render(&page))
}

async fn everybody(site: &Site, user: &LoggedIn, standing: &Standing) -> Result<Vec<MemberRow>> {
    let (code, now) = (standing.room.code.as_str(), site.ctx.now());
    let me = user.caller.id();
    let mut found: Vec<MemberRow> = Vec::new();
    loop {
        let after = found.last().map(|member| member.user_id);
        let part = rooms::members(&site.ctx, &user.caller, code, after, Some(AT_ONCE)).await?;
        found.extend(part.members.iter().map(|member| MemberRow {
            measures: moderation::against(standing, me, member, now),
            ..rows::member(member)
        }));
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

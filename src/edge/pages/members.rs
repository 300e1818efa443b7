//! Everybody in a room, and leaving it.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
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
        self, own,
        permissions::{self, Action},
        rooms,
    },
    wire::events::UserRef,
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
    let mut page = page(&site, &user, &code).await?;
    page.shell.flash = moderation::done(params.text("done")).map(str::to_owned);
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn, code: &str) -> Result<MembersPage> {
    let standing = rooms::standing(&site.ctx, &user.caller, code, Action::Read).await?;
    let may = |action| permissions::may(action, &standing, site.ctx.now()).is_ok();
    let (may_invite, keeps_order) = (may(Action::Invite), may(Action::ReadLog));
    let mut banned = Vec::new();
    if keeps_order {
        let bans = service::moderation::bans(&site.ctx, &user.caller, code).await?;
        banned = bans.iter().map(moderation::banned).collect();
    }
    let room = &standing.room;
    Ok(MembersPage {
        shell: user.shell(room.name.as_str()),
        room: rows::head(room, room.last_seq.0, &user.server),
        members: everybody(site, user, &standing).await?,
        may_invite,
        keeps_order,
        banned,
        ..MembersPage::default()
    })
}

/// The form that brings somebody in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AddForm {
    csrf: String,
    user: String,
}

/// `POST /room/{code}/members`: brings somebody in by name.
pub(super) async fn add(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<AddForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let who = UserRef::Name(form.user.clone());
    match own::add_member(&site.ctx, &user.caller, &code, &who).await {
        Ok(_) => Ok(see(&format!("/room/{code}/members"))),
        Err(error) => {
            let faults = [error];
            let page = MembersPage {
                user: form.user,
                errors: field_errors(&faults, &["user"]),
                ..page(&site, &user, &code).await?
            };
            Ok(refused(&page, &faults))
        }
    }
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

//! The site's admin: what was reported, and which rooms there are. What is said in private rooms shows here only
//! where somebody reported it.

use axum::extract::State;

use super::{
    Answered,
    answer::{render, see},
    login::Confirmation,
    times,
    view::{AdminPage, AdminRoom, ReasonRow, ReportRow},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared,
        api::{Params, Segment},
        body::FormBody,
    },
    model::{Report, Room, RoomKind},
    service::reports,
    wire::avatar,
};

/// `GET /admin`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let resolved = params.text("resolved") == "1";
    let (before, after) = (params.number("before")?, params.number("rooms")?);
    let ctx = &site.ctx;
    let (reports, more) = reports::list(ctx, &user.caller, resolved, before, None).await?;
    let (rooms, more_rooms) = reports::rooms(ctx, &user.caller, after).await?;
    let page = AdminPage {
        shell: user.shell("Admin"),
        resolved,
        more_before: reports.last().filter(|_| more).map(|oldest| oldest.id),
        reports: reports.iter().map(report).collect(),
        more_rooms: rooms.last().filter(|_| more_rooms).map(|last| last.id.0),
        rooms: rooms.iter().map(room).collect(),
    };
    Ok(render(&page))
}

fn report(report: &Report) -> ReportRow {
    let reasons = report.reasons.iter().map(|reason| ReasonRow {
        name: reason.by.name.as_str().to_owned(),
        reason: reason.reason.as_str().to_owned(),
    });
    ReportRow {
        id: report.id,
        user_id: report.user.id.0,
        name: report.user.name.as_str().to_owned(),
        avatar: avatar(&report.user),
        text: report.message.as_ref().map(|message| message.text.clone()),
        room: report
            .room
            .as_ref()
            .map(|room| room.name.as_str().to_owned()),
        reasons: reasons.collect(),
        time: report.created_at.to_string(),
        full: times::full(report.created_at),
    }
}

fn room(room: &Room) -> AdminRoom {
    let kind = match room.kind {
        RoomKind::Public => "Public",
        RoomKind::Private => "Private",
        RoomKind::Direct => "Direct conversation",
    };
    AdminRoom {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
        kind: if room.archived {
            format!("{kind}, archived")
        } else {
            kind.to_owned()
        },
        members: room.members,
        since: times::day_of_year(room.created_at),
    }
}

/// `POST /admin/reports/{id}/resolve`.
pub(super) async fn resolve(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    // What is no number is the number of no report.
    let id = id.parse().unwrap_or_default();
    reports::resolve(&site.ctx, &user.caller, id).await?;
    Ok(see("/admin"))
}

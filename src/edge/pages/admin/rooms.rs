//! All rooms, for who runs the site: nothing of what is said in them, and what becomes of them.

use axum::extract::State;

use super::{
    super::{
        Answered,
        answer::{field_errors, refused, render, see},
        times,
        view::{AdminRoom, AdminRoomPage, AdminRoomsPage},
        visit::LoggedIn,
    },
    DeedForm,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
        body::FormBody,
    },
    error::Result,
    model::{Room, RoomKind},
    service::{administration, confirmed},
    wire::{
        self,
        administration::{TakeRoomDeed, kept},
    },
};

const PATH: &str = "/admin/rooms";

/// `GET /admin/rooms`.
pub(in crate::edge::pages) async fn list(
    State(site): State<Shared>,
    user: LoggedIn,
    params: Params,
) -> Answered {
    let (ctx, after) = (&site.ctx, params.number("after")?);
    let (found, more) = administration::list_rooms(ctx, &user.caller, after, None).await?;
    let mut shell = user.shell("Rooms");
    if params.text("done") == "delete" {
        shell.flash = Some("The room is deleted.".to_owned());
    }
    let page = AdminRoomsPage {
        shell,
        next: found.last().filter(|_| more).map(|last| last.id.0),
        rooms: found.iter().map(row).collect(),
    };
    Ok(render(&page))
}

fn row(room: &Room) -> AdminRoom {
    let name = room.name.as_str();
    AdminRoom {
        code: room.code.as_str().to_owned(),
        name: if name.is_empty() {
            "Direct conversation"
        } else {
            name
        }
        .to_owned(),
        topic: room.topic.as_str().to_owned(),
        kind: wire::RoomKind::from(room.kind).as_str().to_owned(),
        archived: room.archived,
        fixed: room.kind == RoomKind::Direct || room.code.is_lobby(),
        members: room.members,
        kept: kept(room.retention_days),
        since: times::day_of_year(room.created_at),
    }
}

/// `GET /admin/rooms/{code}`.
pub(in crate::edge::pages) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    params: Params,
) -> Answered {
    let mut page = page(&site, &user, &code).await?;
    page.shell.flash = match params.text("done") {
        "archive" => Some("The room is archived.".to_owned()),
        "restore" => Some("The room is open again.".to_owned()),
        _ => None,
    };
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn, code: &str) -> Result<AdminRoomPage> {
    let found = administration::room(&site.ctx, &user.caller, code).await?;
    let room = row(&found);
    Ok(AdminRoomPage {
        shell: user.shell(&room.name),
        room,
        ..AdminRoomPage::default()
    })
}

/// `POST /admin/rooms/{code}`.
pub(in crate::edge::pages) async fn change(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<DeedForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let changed = async {
        let deed = TakeRoomDeed {
            action: form.deed()?,
            confirm: Some(form.confirm.clone()),
        };
        confirmed::change_room(&site.ctx, &user.caller, &code, &deed).await
    };
    match changed.await {
        Ok(_) if form.action == "delete" => Ok(see(&format!("{PATH}?done=delete"))),
        Ok(_) => Ok(see(&format!("{PATH}/{code}?done={}", form.action))),
        Err(error) => {
            let faults = [error];
            let page = AdminRoomPage {
                action: form.failed(&faults),
                errors: field_errors(&faults, &["confirm"]),
                ..page(&site, &user, &code).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

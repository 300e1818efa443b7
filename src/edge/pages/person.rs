//! A person's card.

use axum::extract::State;

use super::{
    Answered,
    answer::render,
    rows, times,
    view::{PersonPage, RoomLink},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, api::Segment},
    service::rooms,
};

/// `GET /u/{name}`.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(name): Segment,
) -> Answered {
    let person = rooms::person(&site.ctx, &user.caller, &name).await?;
    let seen = site.ctx.user(&person.account.card);
    let shared = person.rooms.iter().map(|room| RoomLink {
        code: room.code.as_str().to_owned(),
        name: room.name.as_str().to_owned(),
    });
    let page = PersonPage {
        shell: user.shell(&seen.name),
        user_id: seen.id,
        name: seen.name,
        avatar: seen.avatar.map(|url| format!("{url}?size=320")),
        status: rows::status(seen.status).to_owned(),
        admin: person.account.admin,
        joined: times::day_of_year(person.account.created_at),
        mine: person.account.card.id == user.caller.id(),
        rooms: shared.collect(),
    };
    Ok(render(&page))
}

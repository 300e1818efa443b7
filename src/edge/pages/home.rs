//! The home page: my rooms, the public ones, and the forms to make a room or to join one.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    register, rows,
    view::HomePage,
    visit::{Anybody, LoggedIn, shell},
};
use crate::{
    edge::{Shared, Site, body::FormBody, caller::Visitor},
    error::{Code, Error, Result},
    service::{Caller, accounts::Registering, own, rooms},
    wire::events::{CreateRoom, UserRef, Visibility},
};

/// `GET /`.
pub(super) async fn show(State(site): State<Shared>, Anybody(visitor): Anybody) -> Answered {
    if let Some(caller) = &visitor.caller {
        return Ok(render(&page(&site, &visitor, caller).await?));
    }
    Ok(match register::offer(&site, &visitor).await? {
        Registering::AsOwner => see("/register"),
        Registering::WaitsForOwner => register::waiting(&visitor),
        Registering::Open | Registering::Closed => see("/login"),
    })
}

async fn page(site: &Site, visitor: &Visitor, caller: &Caller) -> Result<HomePage> {
    let now = site.ctx.now();
    let mine = rooms::mine(&site.ctx, caller).await?;
    let offered = rooms::offered(&site.ctx, caller).await?;
    Ok(HomePage {
        shell: shell(visitor, "Rooms"),
        rooms: rows::rooms(&mine, now),
        public_rooms: offered.iter().map(rows::public_room).collect(),
        ..HomePage::default()
    })
}

/// The form for a new room.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CreateForm {
    csrf: String,
    name: String,
    topic: String,
    visibility: String,
}

/// `POST /rooms`.
pub(super) async fn create_room(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<CreateForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let new = CreateRoom {
        name: form.name.clone(),
        topic: Some(form.topic.clone()),
        visibility: if form.visibility == "private" {
            Visibility::Private
        } else {
            Visibility::Public
        },
    };
    match rooms::create(&site.ctx, &user.caller, &new).await {
        Ok(made) => Ok(see(&format!("/room/{}", made.room.code))),
        Err(faults) => {
            let page = HomePage {
                name: form.name,
                topic: form.topic,
                private: form.visibility == "private",
                errors: field_errors(&faults, &["name", "topic"]),
                ..page(&site, &user.visitor, &user.caller).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// The form to talk with people alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DirectForm {
    csrf: String,
    users: String,
}

/// `POST /direct`: opens the conversation with the people named, or finds it.
pub(super) async fn open_direct(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<DirectForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let names = form.users.split([',', ' ']).map(str::trim);
    let names = names.filter(|name| !name.is_empty());
    let people: Vec<_> = names.map(|name| UserRef::Name(name.to_owned())).collect();
    match own::direct(&site.ctx, &user.caller, &people).await {
        Ok(standing) => Ok(see(&format!("/room/{}", standing.room.code))),
        Err(error) => {
            let faults = [error];
            let page = HomePage {
                users: form.users,
                errors: field_errors(&faults, &["users"]),
                ..page(&site, &user.visitor, &user.caller).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// The form to join a room.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct JoinForm {
    csrf: String,
    room: String,
}

/// `POST /join`: by code, or by the whole link to the room.
pub(super) async fn join_room(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<JoinForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    match rooms::join(&site.ctx, &user.caller, code_in(&form.room)).await {
        Ok(joined) => Ok(see(&format!("/room/{}", joined.room.code))),
        Err(error) => {
            let faults = [at_the_code(error)];
            let page = HomePage {
                room: form.room,
                errors: field_errors(&faults, &["room"]),
                ..page(&site, &user.visitor, &user.caller).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// The code in what somebody typed or pasted: the end of it, where it is a link.
fn code_in(typed: &str) -> &str {
    let typed = typed.trim().trim_end_matches('/');
    typed.rsplit_once('/').map_or(typed, |(_, code)| code)
}

fn at_the_code(error: Error) -> Error {
    if error.code == Code::NotFound {
        Error::new(
            Code::NotFound,
            "No room has this code. Check it, or ask for the link again.",
        )
        .field("room")
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_as_good_as_its_code() {
        for typed in [
            "abc",
            " abc ",
            "https://chat.example/room/abc",
            "https://chat.example/room/abc/",
            "/room/abc",
        ] {
            assert_eq!(code_in(typed), "abc", "{typed:?}");
        }
        assert_eq!(code_in(""), "");
    }
}

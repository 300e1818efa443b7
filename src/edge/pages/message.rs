//! One message by forms: its place in the room's history, and all that can be done with it.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, State},
    http::{Uri, header, request::Parts, uri::PathAndQuery},
    response::Response,
};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login::Confirmation,
    room,
    room::Draft,
    rows,
    rows::Reader,
    view::{DeleteMessagePage, EditMessagePage},
    visit::{LoggedIn, local_path},
};
use crate::{
    edge::{
        Shared, Site,
        api::{Pair, Params},
        body::FormBody,
    },
    error::{Code, Error, Result},
    model::{Denied, Message, MessageId, Standing},
    service::{changes, lists, own, permissions::Action, rooms},
    store::Page,
};

/// The room and the message that a path names. What is no number is the id of nothing.
pub(super) struct At {
    pub(super) code: String,
    pub(super) id: i64,
}

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let Pair(code, id) = Pair::from_request_parts(parts, state).await?;
        let id = id.parse().unwrap_or_default();
        Ok(Self { code, id })
    }
}

impl At {
    /// The message's own page, which scrolls to it.
    fn path(&self) -> String {
        format!("/room/{0}/m/{1}#m{1}", self.code, self.id)
    }
}

/// What the address of a message's own page ends with where its menu is open.
const MENU: &str = "?menu=open";

/// The page on which the form stood, where it shows messages: one goes back to it, and not to a menu.
pub(super) struct Back(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Back {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let referer = parts.headers.get(header::REFERER);
        let page = referer.and_then(|url| Uri::try_from(url.as_bytes()).ok());
        let path = page
            .as_ref()
            .and_then(Uri::path_and_query)
            .map(PathAndQuery::as_str)
            .and_then(local_path)
            .map(|path| path.strip_suffix(MENU).unwrap_or(path))
            .filter(|path| path.starts_with("/room/") || path.starts_with("/saved"));
        Ok(Self(path.map(str::to_owned)))
    }
}

impl Back {
    /// Back to the message there, or to its own page.
    fn to(self, at: &At) -> Response {
        let there = self.0.map(|page| format!("{page}#m{}", at.id));
        see(&there.unwrap_or_else(|| at.path()))
    }
}

fn missing() -> Error {
    Error::not_found("message")
}

/// The message, if it is in the room that the path names and the caller may read it.
pub(super) async fn find(site: &Site, user: &LoggedIn, at: &At) -> Result<(Message, Standing)> {
    let (message, standing) = lists::message(&site.ctx, &user.caller, at.id).await?;
    if message.room.as_str() == at.code {
        Ok((message, standing))
    } else {
        Err(missing())
    }
}

/// The message, if the caller may do this with it.
async fn find_for(
    site: &Site,
    user: &LoggedIn,
    at: &At,
    action: Action,
) -> Result<(Message, Standing)> {
    let (message, standing) = find(site, user, at).await?;
    if message.deleted {
        return Err(missing());
    }
    let now = site.ctx.now();
    if lists::offers(action, &standing, &message, user.caller.id(), now) {
        Ok((message, standing))
    } else {
        Err(Denied::Forbidden.into())
    }
}

/// `GET /room/{code}/m/{id}`: comes into the room, and shows the history around the message; with `menu=open`, what can be
/// done with it.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    params: Params,
) -> Answered {
    let place = Page::Around(MessageId(at.id));
    let opened = rooms::enter(&site.ctx, &user.caller, &at.code, place).await?;
    let messages = &opened.page.messages;
    if !messages.iter().any(|message| message.id.0 == at.id) {
        return Err(missing().into());
    }
    let draft = Draft::around(at.id, params.text("menu") == "open");
    Ok(render(&room::page(&site, &user, opened, draft)))
}

fn edit_page(user: &LoggedIn, message: &Message, standing: &Standing) -> EditMessagePage {
    let room = &standing.room;
    EditMessagePage {
        shell: user.shell("Edit message"),
        room: rows::head(room, room.last_seq.0, &user.server),
        id: message.id.0,
        path: format!("/room/{}/m/{}", room.code, message.id),
        data: message.text.clone(),
        may_be_empty: !message.attachments.is_empty(),
        errors: Vec::new(),
    }
}

/// `GET /room/{code}/m/{id}/edit`.
pub(super) async fn show_edit(State(site): State<Shared>, user: LoggedIn, at: At) -> Answered {
    let (message, standing) = find_for(&site, &user, &at, Action::EditMessage).await?;
    Ok(render(&edit_page(&user, &message, &standing)))
}

/// What is said, in a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextForm {
    pub(super) csrf: String,
    pub(super) data: String,
    pub(super) client_id: String,
}

/// `POST /room/{code}/m/{id}/edit`.
pub(super) async fn edit(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    FormBody(form): FormBody<TextForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let (message, standing) = find_for(&site, &user, &at, Action::EditMessage).await?;
    match changes::edit(&site.ctx, &user.caller, at.id, &form.data).await {
        Ok(_) => Ok(see(&at.path())),
        Err(error) if matches!(error.code, Code::NotFound | Code::Forbidden) => Err(error.into()),
        Err(error) => {
            let faults = [error];
            let page = EditMessagePage {
                data: form.data,
                errors: field_errors(&faults, &["data"]),
                ..edit_page(&user, &message, &standing)
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// `GET /room/{code}/m/{id}/delete`: asks once more.
pub(super) async fn show_delete(State(site): State<Shared>, user: LoggedIn, at: At) -> Answered {
    let (message, standing) = find_for(&site, &user, &at, Action::DeleteMessage).await?;
    let reader = Reader::new(&site.ctx, &user.caller, &standing);
    let room = &standing.room;
    Ok(render(&DeleteMessagePage {
        shell: user.shell("Delete message"),
        room: rows::head(room, room.last_seq.0, &user.server),
        message: rows::message(&message, &reader),
    }))
}

/// `POST /room/{code}/m/{id}/delete`.
pub(super) async fn delete(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    find(&site, &user, &at).await?;
    changes::delete(&site.ctx, &user.caller, at.id).await?;
    Ok(see(&at.path()))
}

/// An emoji that is put under a message, or one that is taken away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReactForm {
    csrf: String,
    add: String,
    remove: String,
}

/// `POST /room/{code}/m/{id}/react`.
pub(super) async fn react(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    back: Back,
    FormBody(form): FormBody<ReactForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    find(&site, &user, &at).await?;
    let on = form.remove.is_empty();
    let emoji = if on { &form.add } else { &form.remove };
    changes::react(&site.ctx, &user.caller, at.id, emoji, on).await?;
    Ok(back.to(&at))
}

/// Whether something is so, in a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OnForm {
    csrf: String,
    on: String,
}

impl OnForm {
    /// What the form says; anything but `true` is no.
    fn on(&self) -> bool {
        self.on == "true"
    }
}

/// `POST /room/{code}/m/{id}/pin`.
pub(super) async fn pin(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    back: Back,
    FormBody(form): FormBody<OnForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    find(&site, &user, &at).await?;
    changes::pin(&site.ctx, &user.caller, at.id, form.on()).await?;
    Ok(back.to(&at))
}

/// `POST /room/{code}/m/{id}/remove-previews`.
pub(super) async fn remove_previews(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    back: Back,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    find(&site, &user, &at).await?;
    changes::remove_previews(&site.ctx, &user.caller, at.id).await?;
    Ok(back.to(&at))
}

/// `POST /room/{code}/m/{id}/save`.
pub(super) async fn save(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    back: Back,
    FormBody(form): FormBody<OnForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    find(&site, &user, &at).await?;
    lists::save(&site.ctx, &user.caller, at.id, form.on()).await?;
    Ok(back.to(&at))
}

/// `POST /room/{code}/m/{id}/unread`: back to the rooms, for the room's page would count it as read again.
pub(super) async fn mark_unread(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    FormBody(form): FormBody<OnForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    find(&site, &user, &at).await?;
    own::mark_unread(&site.ctx, &user.caller, &at.code, at.id).await?;
    Ok(see("/"))
}

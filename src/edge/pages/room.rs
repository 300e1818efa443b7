//! The page of a room: its history, and the form to say something in it.

use axum::{
    extract::{Request, State},
    http::Method,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    attached,
    composed::{self, Composed},
    message::{At, find},
    moderation, rows,
    rows::Reader,
    seen,
    view::{FieldError, Menu, QuoteView, RoomPage, RoomRow, timeline},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
    },
    error::Result,
    model::{Attachment, Message, Standing},
    secrets::random,
    service::{
        messages, reading,
        rooms::{self, Opened},
    },
    store::Page,
    wire::{self, events::SendMessage},
};

/// `GET /room/{code}`: comes in, and shows the newest messages, or those before or after one.
pub(super) async fn show(
    State(site): State<Shared>,
    method: Method,
    user: LoggedIn,
    Segment(code): Segment,
    params: Params,
) -> Answered {
    if !params.text("date").is_empty() {
        let id = reading::first_of_day(&site.ctx, &user.caller, &code, params.text("date")).await?;
        return Ok(see(&id.map_or_else(
            || format!("/room/{code}"),
            |id| format!("/room/{code}/m/{id}"),
        )));
    }
    let place = reading::place(params.number("before")?, params.number("after")?, None)?;
    let mut opened = rooms::enter(&site.ctx, &user.caller, &code, place).await?;
    if method != Method::HEAD {
        mark_read(&site, &user, &mut opened).await?;
    }
    let reply = match params.number("reply")? {
        Some(id) => answered(&site, &user, &code, id).await?,
        None => None,
    };
    let draft = Draft {
        reply,
        ..Draft::default()
    };
    Ok(render(&page(&site, &user, opened, draft)))
}

/// The message of this room that is replied to; none where only its place is left.
async fn answered(site: &Site, user: &LoggedIn, code: &str, id: i64) -> Result<Option<QuoteView>> {
    let at = At {
        code: code.to_owned(),
        id,
    };
    let (message, _) = find(site, user, &at).await?;
    let quote = QuoteView {
        id,
        name: message.author.name.as_str().to_owned(),
        excerpt: message.excerpt().0,
        deleted: false,
    };
    Ok((!message.deleted).then_some(quote))
}

/// Whoever is shown the end of a room has read it.
async fn mark_read(site: &Site, user: &LoggedIn, opened: &mut Opened) -> Result<()> {
    let newest = opened
        .page
        .messages
        .last()
        .filter(|_| !opened.page.more_after);
    let Some(newest) = newest.filter(|newest| newest.id > opened.membership.read_id) else {
        return Ok(());
    };
    let (code, upto) = (opened.room.code.as_str(), newest.id.0);
    let read = reading::mark_read(&site.ctx, &user.caller, code, upto).await?;
    // The list of rooms shows what is left to read; the divider stands before what was new.
    let mut listed = opened.around.mine.iter_mut();
    if let Some(state) = listed.find(|state| state.room.id == opened.room.id) {
        state.membership = read;
    }
    Ok(())
}

/// What was typed and not accepted, and with which message the page has to do.
#[derive(Debug, Default)]
pub(super) struct Draft {
    data: String,
    client_id: Option<String>,
    reply: Option<QuoteView>,
    files: Vec<Attachment>,
    errors: Vec<FieldError>,
    /// The message around which the page is opened.
    target: Option<i64>,
    /// Whether the menu of that message is open.
    menu: bool,
}

impl Draft {
    /// Nothing was typed, and the page is opened around this message, with its `menu` open or not.
    pub(super) fn around(id: i64, menu: bool) -> Self {
        Self {
            target: Some(id),
            menu,
            ..Self::default()
        }
    }
}

/// The page of a room that was opened.
pub(super) fn page(site: &Site, user: &LoggedIn, opened: Opened, draft: Draft) -> RoomPage {
    let now = site.ctx.now();
    let Opened {
        room,
        membership,
        members,
        page,
        around,
    } = opened;
    let last_read = membership.read_id.0;
    let head = rows::head(&room, page.seq, &user.server);
    let role = wire::Role::from(membership.role).as_str().to_owned();
    let newest = page.messages.last().filter(|_| !page.more_after);
    let seen = seen::view(&around.marks, newest, user.caller.id());
    let standing = Standing {
        room,
        membership: Some(membership),
        banned_until: None,
    };
    let mut reader = Reader::new(&site.ctx, &user.caller, &standing);
    (reader.saved, reader.target) = (around.saved, draft.target);
    reader.menu = Menu::Link;
    if draft.menu {
        reader.target_menu = Menu::Open;
    }
    let messages = page
        .messages
        .iter()
        .map(|message| rows::message(message, &reader));
    let end = |message: Option<&Message>, more: bool| message.filter(|_| more).map(|end| end.id.0);
    RoomPage {
        shell: user.shell(&head.name),
        rooms: rows::rooms(&around.mine, now)
            .into_iter()
            .map(|row| {
                // What came since the history was read is not on the page: the script asks for it from here.
                if row.code == standing.room.code.as_str() {
                    RoomRow {
                        current: true,
                        seq: page.seq,
                        ..row
                    }
                } else {
                    row
                }
            })
            .collect(),
        entries: timeline(messages.collect(), Some(last_read)),
        more_before: end(page.messages.first(), page.more_before),
        more_after: end(page.messages.last(), page.more_after),
        newest: !page.more_after,
        last_read,
        seen,
        members: members.iter().map(rows::member).collect(),
        standing: moderation::silence(&standing, now),
        client_id: draft
            .client_id
            .unwrap_or_else(|| URL_SAFE_NO_PAD.encode(random::<16>())),
        data: draft.data,
        reply: draft.reply,
        role,
        files: draft.files.iter().map(attached::file).collect(),
        errors: draft.errors,
        room: head,
    }
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MessageForm {
    csrf: String,
    data: String,
    client_id: String,
    reply_to: String,
}

/// `POST /room/{code}`: says something; answered once it is on disk.
pub(super) async fn post_message(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    request: Request,
) -> Answered {
    let Composed { form, files, fault } =
        composed::read::<MessageForm>(&site, &user, request).await?;
    user.visitor.check_csrf(&form.csrf)?;
    let standing = rooms::come_in(&site.ctx, &user.caller, &code).await?;
    let message = SendMessage {
        room: Some(standing.room.code.as_str().to_owned()),
        data: form.data,
        client_id: Some(form.client_id).filter(|id| !id.is_empty()),
        reply_to: form.reply_to.parse().ok(),
        attachments: Some(files.iter().map(|file| file.id.to_string()).collect()),
    };
    let sent = match fault {
        None => messages::say(&site.ctx, &user.caller, &message).await,
        Some(fault) => Err(fault),
    };
    match sent {
        Ok(_) => Ok(see(&format!("/room/{}", standing.room.code))),
        Err(error) => {
            let opened = rooms::enter(&site.ctx, &user.caller, &code, Page::Newest).await?;
            // The same id again makes a second try harmless; one that was refused would be so for ever.
            let client_id = message
                .client_id
                .filter(|_| error.field != Some("client_id"));
            let faults = [error];
            // A reply to what is gone by now becomes a message of its own, if it is sent once more.
            let reply = match message
                .reply_to
                .filter(|_| faults[0].field != Some("reply_to"))
            {
                Some(id) => answered(&site, &user, &code, id).await?,
                None => None,
            };
            let draft = Draft {
                data: message.data,
                client_id,
                reply,
                files,
                errors: field_errors(&faults, &["data"]),
                ..Draft::default()
            };
            Ok(refused(&page(&site, &user, opened, draft), &faults))
        }
    }
}

//! Messages that belong together other than by their place in a room: threads, pins, what I saved.

use std::collections::HashMap;

use axum::extract::{Request, State};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    attached,
    composed::{self, Composed},
    message::{At, TextForm, find},
    rows,
    rows::Reader,
    view::{ListedMessage, MessagesPage, ThreadPage},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
    },
    error::Result,
    model::{Message, Standing},
    secrets::random,
    service::{lists, messages, permissions::Action, rooms},
    wire::events::{ListSaved, SendMessage, Thread},
};

/// `GET /room/{code}/m/{id}/thread`.
pub(super) async fn show_thread(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    params: Params,
) -> Answered {
    let found = find(&site, &user, &at).await?;
    let page = thread(&site, &user, found, params.number("after")?).await?;
    Ok(render(&page))
}

async fn thread(
    site: &Site,
    user: &LoggedIn,
    (message, standing): (Message, Standing),
    after: Option<i64>,
) -> Result<ThreadPage> {
    let id = message.thread.unwrap_or(message.id).0;
    let query = Thread {
        id,
        after,
        limit: None,
    };
    let listed = lists::thread(&site.ctx, &user.caller, &query).await?;
    let mut reader = Reader::new(&site.ctx, &user.caller, &standing);
    reader.saved = lists::saved_among(&site.ctx, &user.caller, &listed.messages).await?;
    let (actor, now) = (user.caller.id(), site.ctx.now());
    let room = &standing.room;
    Ok(ThreadPage {
        shell: user.shell("Thread"),
        room: rows::head(room, room.last_seq.0, &user.server),
        id,
        more_after: listed
            .messages
            .last()
            .filter(|_| listed.more)
            .map(|last| last.id.0),
        messages: listed
            .messages
            .iter()
            .map(|message| rows::message(message, &reader))
            .collect(),
        may_reply: lists::offers(Action::Write, &standing, &message, actor, now),
        client_id: URL_SAFE_NO_PAD.encode(random::<16>()),
        ..ThreadPage::default()
    })
}

/// `POST /room/{code}/m/{id}/reply`: answers in the thread; answered once it is on disk.
pub(super) async fn reply(
    State(site): State<Shared>,
    user: LoggedIn,
    at: At,
    request: Request,
) -> Answered {
    let Composed { form, files, fault } = composed::read::<TextForm>(&site, &user, request).await?;
    user.visitor.check_csrf(&form.csrf)?;
    let found = find(&site, &user, &at).await?;
    let message = SendMessage {
        room: Some(at.code.clone()),
        data: form.data,
        client_id: Some(form.client_id).filter(|id| !id.is_empty()),
        reply_to: Some(at.id),
        attachments: Some(files.iter().map(|file| file.id.to_string()).collect()),
    };
    let sent = match fault {
        None => messages::say(&site.ctx, &user.caller, &message).await,
        Some(fault) => Err(fault),
    };
    match sent {
        Ok(appended) => {
            let id = appended.message.id;
            Ok(see(&format!("/room/{}/m/{}/thread#m{id}", at.code, at.id)))
        }
        Err(error) => {
            let fresh = error.field == Some("client_id");
            let faults = [error];
            let mut page = thread(&site, &user, found, None).await?;
            page.data = message.data;
            page.files = files.iter().map(attached::file).collect();
            page.errors = field_errors(&faults, &["data"]);
            // The same id again makes a second try harmless; one that was refused would be so for ever.
            if let Some(client_id) = message.client_id.filter(|_| !fresh) {
                page.client_id = client_id;
            }
            Ok(refused(&page, &faults))
        }
    }
}

/// `GET /room/{code}/pins`.
pub(super) async fn show_pins(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
) -> Answered {
    let (listed, standing) = lists::pins(&site.ctx, &user.caller, &code).await?;
    let mut reader = Reader::new(&site.ctx, &user.caller, &standing);
    reader.saved = lists::saved_among(&site.ctx, &user.caller, &listed.messages).await?;
    let row = |message| ListedMessage {
        room_name: standing.room.name.as_str().to_owned(),
        message: rows::message(message, &reader),
    };
    Ok(render(&MessagesPage {
        shell: user.shell("Pinned messages"),
        list: "pins".to_owned(),
        heading: "Pinned messages".to_owned(),
        nothing: "Nothing is pinned in this room yet.".to_owned(),
        back: format!("/room/{}", standing.room.code),
        back_name: standing.room.name.as_str().to_owned(),
        messages: listed.messages.iter().map(row).collect(),
        ..MessagesPage::default()
    }))
}

/// `GET /saved`.
pub(super) async fn show_saved(
    State(site): State<Shared>,
    user: LoggedIn,
    params: Params,
) -> Answered {
    let query = ListSaved {
        before: params.number("before")?,
        limit: None,
    };
    let (found, more) = lists::saved(&site.ctx, &user.caller, &query).await?;
    let mine = rooms::mine(&site.ctx, &user.caller).await?.into_iter();
    let standings: HashMap<_, _> = mine
        .map(|state| {
            let standing = Standing {
                membership: Some(state.membership),
                room: state.room,
                banned_until: None,
            };
            (standing.room.id, standing)
        })
        .collect();
    let rows = found.iter().filter_map(|saved| {
        // Who left the room since the list was read is not shown what stands there.
        let standing = standings.get(&saved.message.room_id)?;
        let mut reader = Reader::new(&site.ctx, &user.caller, standing);
        reader.saved.insert(saved.message.id);
        Some(ListedMessage {
            room_name: saved.room_name.as_str().to_owned(),
            message: rows::message(&saved.message, &reader),
        })
    });
    Ok(render(&MessagesPage {
        shell: user.shell("Saved messages"),
        list: "saved".to_owned(),
        heading: "Saved messages".to_owned(),
        nothing: "Nothing is saved. Open a message's menu and choose Save for later.".to_owned(),
        back: "/".to_owned(),
        back_name: "your rooms".to_owned(),
        names_rooms: true,
        messages: rows.collect(),
        more: found
            .last()
            .filter(|_| more)
            .map(|oldest| format!("/saved?before={}", oldest.message.id)),
    }))
}

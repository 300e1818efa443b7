//! A room's settings: how I hear of it, its invitations, and for who keeps it in order its name, kind and end.

use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    invitation::{self, InviteForm},
    login::Confirmation,
    rows, times,
    view::SettingsPage,
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Pair, Params, Segment},
        body::FormBody,
    },
    error::{Error, Result},
    model::{Membership, Notify, RoomKind},
    service::{
        Faults, invites, own,
        permissions::{self, Action},
        retention, room_changes, rooms,
    },
    wire::{
        self,
        events::{RoomPreferences, UpdateRoom, Visibility},
    },
};

/// `GET /room/{code}/settings`.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    params: Params,
) -> Answered {
    let mut page = page(&site, &user, &code).await?;
    page.shell.flash = saved(params.text("saved")).map(str::to_owned);
    let made = user.visitor.handed_on();
    page.made = made.map(|token| invitation::link(&user.server, &token));
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn, code: &str) -> Result<SettingsPage> {
    let (ctx, now) = (&site.ctx, site.ctx.now());
    let standing = rooms::standing(ctx, &user.caller, code, Action::Read).await?;
    let may = |action| permissions::may(action, &standing, now).is_ok();
    let grows = standing.room.kind != RoomKind::Direct;
    let invites = if grows {
        invites::list(ctx, &user.caller, code).await?
    } else {
        Vec::new()
    };
    let preferences = standing
        .membership
        .as_ref()
        .map(|membership: &Membership| membership.preferences)
        .unwrap_or_default();
    let quiet = preferences.muted_until.filter(|until| *until > now);
    let (kept_days, most_days) = (
        retention::kept_days(ctx, &standing.room),
        retention::most_days(ctx),
    );
    let own_days = standing.room.retention_days;
    Ok(SettingsPage {
        shell: user.shell("Settings"),
        room: rows::head(&standing.room, standing.room.last_seq.0, &user.server),
        name: standing.room.name.as_str().to_owned(),
        topic: standing.room.topic.as_str().to_owned(),
        private: standing.room.kind == RoomKind::Private,
        archived: standing.room.archived,
        notify: level(preferences.notify).to_owned(),
        quiet_until: quiet.map(times::full),
        favourite: preferences.favourite,
        hidden: preferences.hidden,
        may_invite: may(Action::Invite),
        may_update: may(Action::Update),
        may_publish: may(Action::Publish),
        may_end: may(Action::Archive),
        invites: invites.iter().map(invitation::row).collect(),
        may_retain: may(Action::Retain),
        kept_days,
        kept_by_room: own_days > 0 && own_days == kept_days,
        most_days,
        retention_days: Some(own_days)
            .filter(|days| *days > 0)
            .map(|days| days.to_string())
            .unwrap_or_default(),
        ..SettingsPage::default()
    })
}

/// A level as forms name it.
pub(super) fn level(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "all",
        Notify::Mentions => "mentions",
        Notify::None => "none",
    }
}

/// The level that a form names.
pub(super) fn level_named(name: &str) -> wire::Notify {
    match name {
        "none" => wire::Notify::None,
        "mentions" => wire::Notify::Mentions,
        _ => wire::Notify::All,
    }
}

/// The forms: `section` says which of them was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsForm {
    csrf: String,
    section: String,
    name: String,
    topic: String,
    visibility: String,
    retention_days: String,
    notify: String,
    mute: String,
    favourite: String,
    hidden: String,
    on: String,
    confirm: String,
}

/// `POST /room/{code}/settings`.
pub(super) async fn change(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<SettingsForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let alone = |error: Error| vec![error];
    let (ctx, caller) = (&site.ctx, &user.caller);
    let done: Result<(), Faults> = match form.section.as_str() {
        "details" => {
            let update = details(&code, &form);
            let changed = room_changes::update(ctx, caller, &update).await;
            changed.map(drop)
        }
        "retention" => {
            let update = UpdateRoom {
                room: code.clone(),
                retention_days: Some(days(&form.retention_days)),
                ..UpdateRoom::default()
            };
            let changed = room_changes::update(ctx, caller, &update).await;
            changed.map(drop)
        }
        "archive" => {
            let changed = room_changes::archive(ctx, caller, &code, !form.on.is_empty()).await;
            changed.map(drop).map_err(alone)
        }
        "delete" => match room_changes::delete(ctx, caller, &code, &form.confirm).await {
            Ok(_) => return Ok(see("/")),
            Err(error) => Err(alone(error)),
        },
        _ => {
            let wanted = preferences(&site, &code, &form);
            let changed = own::prefer(ctx, caller, &wanted).await;
            changed.map(drop).map_err(alone)
        }
    };
    match done {
        Ok(()) => Ok(see(&format!(
            "/room/{code}/settings?saved={}",
            section(&form)
        ))),
        Err(faults) => {
            let mut page = page(&site, &user, &code).await?;
            if form.section == "details" {
                page.name = form.name;
                page.topic = form.topic;
            } else if form.section == "retention" {
                page.retention_days = form.retention_days;
            }
            page.section = form.section;
            page.errors = field_errors(&faults, &["name", "topic", "retention_days", "confirm"]);
            Ok(refused(&page, &faults))
        }
    }
}

/// What was saved, as the next page's address names it.
fn section(form: &SettingsForm) -> &'static str {
    match form.section.as_str() {
        "details" => "details",
        "retention" => "retention",
        "archive" if form.on.is_empty() => "opened",
        "archive" => "archived",
        _ => "preferences",
    }
}

fn saved(section: &str) -> Option<&'static str> {
    Some(match section {
        "details" => "The room is saved.",
        "retention" => "How long messages are kept is saved.",
        "opened" => "The room is open again.",
        "archived" => "The room is archived.",
        "preferences" => "How you hear of this room is saved.",
        _ => return None,
    })
}

fn details(code: &str, form: &SettingsForm) -> UpdateRoom {
    UpdateRoom {
        room: code.to_owned(),
        name: Some(form.name.clone()),
        topic: Some(form.topic.clone()),
        visibility: match form.visibility.as_str() {
            "public" => Some(Visibility::Public),
            "private" => Some(Visibility::Private),
            _ => None,
        },
        ..UpdateRoom::default()
    }
}

/// The days that were typed; nothing is as the site, and what is no number is refused as one that none may name.
fn days(typed: &str) -> i64 {
    match typed.trim() {
        "" => 0,
        days => days.parse().unwrap_or(-1),
    }
}

fn preferences(site: &Site, code: &str, form: &SettingsForm) -> RoomPreferences {
    let until = |seconds| {
        site.ctx
            .now()
            .plus(Duration::from_secs(seconds))
            .to_string()
    };
    RoomPreferences {
        room: code.to_owned(),
        notify: Some(level_named(&form.notify)),
        // Left as it is, ended, or for so many seconds from now.
        muted_until: match form.mute.as_str() {
            "off" => Some(None),
            seconds => seconds.parse().ok().map(|seconds| Some(until(seconds))),
        },
        favourite: Some(!form.favourite.is_empty()),
        hidden: Some(!form.hidden.is_empty()),
    }
}

/// `POST /room/{code}/invites`: makes an invitation; the next page shows its link once.
pub(super) async fn invite(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<InviteForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    match invites::create(&site.ctx, &user.caller, &code, form.terms()).await {
        Ok((_, token)) => {
            user.visitor.hand_on(token.reveal());
            Ok(see(&format!("/room/{code}/settings")))
        }
        Err(error) => {
            let faults = [error];
            let mut page = page(&site, &user, &code).await?;
            "invites".clone_into(&mut page.section);
            page.errors = field_errors(&faults, &["uses"]);
            Ok(refused(&page, &faults))
        }
    }
}

/// `POST /room/{code}/invites/{id}/revoke`.
pub(super) async fn revoke(
    State(site): State<Shared>,
    user: LoggedIn,
    Pair(code, id): Pair,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    rooms::standing(&site.ctx, &user.caller, &code, Action::Read).await?;
    let id = id.parse().map_err(|_| invites::over())?;
    invites::revoke(&site.ctx, &user.caller, id).await?;
    Ok(see(&format!("/room/{code}/settings")))
}

//! How I am told while I do not look: my devices, the levels of my rooms, do not disturb, mail. Each section of the page
//! is a form of its own.

use std::{collections::HashMap, time::Duration};

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login::Confirmation,
    settings::{level, level_named},
    times,
    view::{DeviceRow, LevelRow, NotificationsPage},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
        body::FormBody,
    },
    error::{Error, Result},
    model::{QuietHours, RoomKind, WhichSubscription},
    service::{Faults, notifications, own, rooms},
    wire::events::RoomPreferences,
};

const PATH: &str = "/settings/notifications";

/// `GET /settings/notifications`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let mut page = page(&site, &user).await?;
    page.shell.flash = saved(params.text("saved")).map(str::to_owned);
    Ok(render(&page))
}

/// What a change that was just made is called.
fn saved(section: &str) -> Option<&'static str> {
    match section {
        "levels" => Some("The levels of your rooms are saved."),
        "quiet" => Some("When you are told is saved."),
        "mail" => Some("What is mailed is saved."),
        "device" => Some("That device is told nothing any more."),
        _ => None,
    }
}

async fn page(site: &Site, user: &LoggedIn) -> Result<NotificationsPage> {
    let (ctx, caller, now) = (&site.ctx, &user.caller, site.ctx.now());
    let settings = notifications::settings(ctx, caller).await?;
    let devices = notifications::devices(ctx, caller).await?;
    let here = caller.via.credential();
    let mut mine = rooms::mine(ctx, caller).await?;
    mine.sort_by_cached_key(|state| state.room.name.as_str().to_lowercase());
    let hours = settings.quiet_hours.as_ref();
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let time = |of: fn(&QuietHours) -> u16| hours.map(|hours| clock(of(hours))).unwrap_or_default();
    Ok(NotificationsPage {
        shell: user.shell("Notifications"),
        key: ctx.vapid.public(),
        devices: devices
            .iter()
            .map(|device| DeviceRow {
                id: device.id,
                name: device.label.clone(),
                since: times::date(device.created_at),
                this: device.via == here,
            })
            .collect(),
        rooms: mine
            .iter()
            .map(|state| LevelRow {
                code: state.room.code.as_str().to_owned(),
                name: state.room.name.as_str().to_owned(),
                level: level(state.membership.preferences.notify).to_owned(),
            })
            .collect(),
        quiet_until: settings
            .quiet_until
            .filter(|until| *until > now)
            .map(times::full),
        from: time(|hours| hours.from),
        to: time(|hours| hours.to),
        zone: hours.map(|hours| hours.zone.clone()).unwrap_or_default(),
        mails: ctx.mailer.is_some(),
        mail: settings.mail,
        ..NotificationsPage::default()
    })
}

/// The forms: `section` says which of them was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NotificationsForm {
    csrf: String,
    section: String,
    quiet: String,
    from: String,
    to: String,
    zone: String,
    mail: String,
    /// The level wanted in all rooms but direct conversations; empty: each its own.
    every: String,
    /// `level-` and a room's code: the level wanted there.
    #[serde(flatten)]
    levels: HashMap<String, String>,
}

/// `POST /settings/notifications`.
pub(super) async fn change(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<NotificationsForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let done: Result<(), Faults> = match form.section.as_str() {
        "levels" => set_levels(&site, &user, &form)
            .await
            .map_err(|error| vec![error]),
        "quiet" => set_quiet(&site, &user, &form).await,
        "mail" => notifications::mail(&site.ctx, &user.caller, !form.mail.is_empty())
            .await
            .map_err(|error| vec![error]),
        _ => {
            let words = "The section is levels, quiet or mail. Reload the page and try again.";
            return Err(Error::invalid("section", words).into());
        }
    };
    match done {
        Ok(()) => Ok(see(&format!("{PATH}?saved={}", form.section))),
        Err(faults) => Ok(again(&site, &user, form, &faults).await?),
    }
}

async fn again(
    site: &Site,
    user: &LoggedIn,
    form: NotificationsForm,
    faults: &Faults,
) -> Result<Response> {
    let mut page = page(site, user).await?;
    page.errors = field_errors(faults, &["from", "to", "zone"]);
    if form.section == "quiet" {
        (page.from, page.to, page.zone) = (form.from, form.to, form.zone);
    }
    page.section = form.section;
    Ok(refused(&page, faults))
}

/// Only levels that are others than before are set; a room that I have left since is no fault.
async fn set_levels(site: &Site, user: &LoggedIn, form: &NotificationsForm) -> Result<()> {
    for state in rooms::mine(&site.ctx, &user.caller).await? {
        let code = state.room.code.as_str();
        let every = !form.every.is_empty() && state.room.kind != RoomKind::Direct;
        let own = form.levels.get(&format!("level-{code}"));
        let Some(wanted) = every.then_some(&form.every).or(own) else {
            continue;
        };
        if wanted != level(state.membership.preferences.notify) {
            let change = RoomPreferences {
                room: code.to_owned(),
                notify: Some(level_named(wanted)),
                muted_until: None,
                favourite: None,
                hidden: None,
            };
            own::prefer(&site.ctx, &user.caller, &change).await?;
        }
    }
    Ok(())
}

async fn set_quiet(site: &Site, user: &LoggedIn, form: &NotificationsForm) -> Result<(), Faults> {
    let (ctx, caller) = (&site.ctx, &user.caller);
    let hours = (form.from.trim(), form.to.trim(), form.zone.trim());
    notifications::quiet_hours(ctx, caller, hours).await?;
    // Left as it is, ended, or for so many seconds from now.
    let until = match form.quiet.as_str() {
        "off" => None,
        seconds => match seconds.parse() {
            Ok(seconds) => Some(ctx.now().plus(Duration::from_secs(seconds))),
            Err(_) => return Ok(()),
        },
    };
    let set = notifications::do_not_disturb(ctx, caller, until).await;
    set.map_err(|error| vec![error])
}

/// `POST /settings/notifications/devices/{id}/remove`.
pub(super) async fn remove_device(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let id = id.parse().map_err(|_| Error::not_found("subscription"))?;
    notifications::unsubscribe(&site.ctx, &user.caller, WhichSubscription::Id(id)).await?;
    Ok(see(&format!("{PATH}?saved=device")))
}

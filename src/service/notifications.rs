//! How somebody wants to be told while they do not look, and on which devices.

use base64::{
    Engine,
    engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD},
};
use jiff::tz::TimeZone;

use super::{Caller, Context, Faults};
use crate::{
    error::{Code, Error, Result},
    model::{
        NewSubscription, NotificationSettings, PushKeys, QuietHours, Subscription, Timestamp,
        WhichSubscription,
    },
    secrets::push,
    store::StoreError,
    wire,
};

/// The most characters of a push service's address.
const ENDPOINT: usize = 2000;

/// When and how the caller wants to be told.
///
/// # Errors
/// When the store cannot be asked.
pub async fn settings(ctx: &Context, caller: &Caller) -> Result<NotificationSettings> {
    Ok(ctx.store.notification_settings(caller.id()).await?)
}

/// Tells the caller of nothing until this time, or of everything again.
///
/// # Errors
/// When the store cannot do it.
pub async fn do_not_disturb(
    ctx: &Context,
    caller: &Caller,
    until: Option<Timestamp>,
) -> Result<()> {
    let mut settings = settings(ctx, caller).await?;
    settings.quiet_until = until.filter(|until| *until > ctx.now());
    set(ctx, caller, settings).await
}

/// Tells the caller of nothing at these hours of each day, such as from `22:00` to `07:00` by the clocks of
/// `Europe/Berlin`; all three empty end that.
///
/// # Errors
/// `invalid` of the fields `from`, `to`, `zone`.
pub async fn quiet_hours(
    ctx: &Context,
    caller: &Caller,
    (from, to, zone): (&str, &str, &str),
) -> Result<(), Faults> {
    let hours = if from.is_empty() && to.is_empty() {
        None
    } else {
        Some(hours(from, to, zone)?)
    };
    let alone = |error: Error| vec![error];
    let mut settings = settings(ctx, caller).await.map_err(alone)?;
    settings.quiet_hours = hours;
    set(ctx, caller, settings).await.map_err(alone)
}

fn hours(from: &str, to: &str, zone: &str) -> Result<QuietHours, Faults> {
    let mut faults = Faults::new();
    let mut minute = |field: &'static str, text: &str| {
        let minute = minute_of_day(text);
        if minute.is_none() {
            faults.push(Error::invalid(field, "Write a time of day such as 22:00."));
        }
        minute.unwrap_or_default()
    };
    let (from, to) = (minute("from", from), minute("to", to));
    if faults.is_empty() && from == to {
        let words = "Quiet hours end at another time than they begin. Choose two times.";
        faults.push(Error::invalid("to", words));
    }
    if TimeZone::get(zone).is_err() {
        let words = "There is no such time zone. Write one such as Europe/Berlin.";
        faults.push(Error::invalid("zone", words));
    }
    let zone = zone.to_owned();
    if faults.is_empty() {
        Ok(QuietHours { from, to, zone })
    } else {
        Err(faults)
    }
}

/// The minutes since midnight of a time such as `22:00`.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Whether what the caller misses is mailed.
///
/// # Errors
/// When the store cannot do it.
pub async fn mail(ctx: &Context, caller: &Caller, on: bool) -> Result<()> {
    let mut settings = settings(ctx, caller).await?;
    settings.mail = on;
    set(ctx, caller, settings).await
}

async fn set(ctx: &Context, caller: &Caller, settings: NotificationSettings) -> Result<()> {
    let set = ctx.store.set_notification_settings(caller.id(), settings);
    Ok(set.await?)
}

/// Whether somebody wants to hear nothing now.
#[must_use]
pub fn is_quiet(settings: &NotificationSettings, now: Timestamp) -> bool {
    let until = settings.quiet_until.is_some_and(|until| until > now);
    until
        || settings
            .quiet_hours
            .as_ref()
            .is_some_and(|hours| within(hours, now))
}

fn within(hours: &QuietHours, now: Timestamp) -> bool {
    let Ok(zone) = TimeZone::get(&hours.zone) else {
        return false;
    };
    let Ok(now) = jiff::Timestamp::from_millisecond(now.0) else {
        return false;
    };
    let now = zone.to_datetime(now);
    let minute = u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute()));
    let minute = minute.expect("a day has 1,440 minutes");
    if hours.from < hours.to {
        (hours.from..hours.to).contains(&minute)
    } else {
        minute >= hours.from || minute < hours.to
    }
}

/// Pushes to the caller's device from now on, as long as the session or token lasts by which they ask.
///
/// # Errors
/// `invalid` of the fields `endpoint` and `keys`; `forbidden` for bots and guests.
pub async fn subscribe(
    ctx: &Context,
    caller: &Caller,
    wanted: &wire::push::NewSubscription,
) -> Result<Subscription> {
    let card = &caller.account.card;
    if card.bot || card.guest {
        let words = "Only people with an account are pushed to. Bots hear a room by their socket.";
        return Err(Error::new(Code::Forbidden, words));
    }
    let new = NewSubscription {
        user_id: caller.id(),
        via: caller.via.credential(),
        endpoint: endpoint(ctx, &wanted.endpoint)?,
        keys: keys(&wanted.keys)?,
        label: device_name(&caller.origin.user_agent),
        created_at: ctx.now(),
    };
    let added = ctx.store.subscribe(new).await;
    added.map_err(|error| match error {
        StoreError::NotFound("session") => Error::unauthorized(),
        error => error.into(),
    })
}

/// Only what every browser's push service has: a public address with TLS; without it only where the owner of the server
/// lets it reach addresses that are not public.
fn endpoint(ctx: &Context, text: &str) -> Result<String> {
    let private = ctx.settings.outgoing_to_private_addresses;
    let url = ctx.outgoing.address(text).ok();
    let url = url.filter(|url| url.as_str().len() <= ENDPOINT);
    let url = url.filter(|url| private || url.scheme() == "https");
    let words = "Send the public https address that the browser's push service gave.";
    Ok(url.ok_or_else(|| Error::invalid("endpoint", words))?.into())
}

fn keys(sent: &wire::push::SubscriptionKeys) -> Result<PushKeys> {
    let bytes = |text: &str| {
        let padded = URL_SAFE.decode(text);
        padded.or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()
    };
    let (p256dh, auth) = (bytes(&sent.p256dh), bytes(&sent.auth));
    let keys = p256dh.zip(auth).and_then(|(p256dh, auth)| {
        Some(PushKeys {
            p256dh: p256dh.try_into().ok()?,
            auth: auth.try_into().ok()?,
        })
    });
    let usable = keys.filter(|keys| push::encrypt(&keys.p256dh, &keys.auth, b"").is_ok());
    let words =
        "Send the keys p256dh and auth as the browser's subscription has them, in base64url.";
    usable.ok_or_else(|| Error::invalid("keys", words))
}

/// The devices of the caller that are pushed to.
///
/// # Errors
/// When the store cannot be asked.
pub async fn devices(ctx: &Context, caller: &Caller) -> Result<Vec<Subscription>> {
    Ok(ctx.store.subscriptions(caller.id(), ctx.now()).await?)
}

/// Pushes to one of the caller's devices no more.
///
/// # Errors
/// `not_found`.
pub async fn unsubscribe(ctx: &Context, caller: &Caller, which: WhichSubscription) -> Result<()> {
    Ok(ctx.store.unsubscribe(caller.id(), which).await?)
}

/// What a device is called after what its browser says it is: "Firefox on Windows".
fn device_name(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        let mut names = names.iter();
        let found = names.find(|(sign, _)| user_agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    // Each of them names those after it, too.
    let browser = first(&[
        ("Firefox/", "Firefox"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "a Mac"),
        ("CrOS", "a Chromebook"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => "An app".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_follow_the_clocks_of_their_zone() {
        // 21:30 UTC in summer and in winter: 23:30 and 22:30 in Berlin.
        let (summer, winter) = ("2026-07-01T21:30:00Z", "2026-12-01T21:30:00Z");
        for (from, to, at, quiet) in [
            ("23:00", "07:00", summer, true),
            ("23:00", "07:00", winter, false),
            ("00:00", "23:30", summer, false),
            ("22:30", "23:30", winter, true),
        ] {
            let hours = hours(from, to, "Europe/Berlin").expect("hours");
            let settings = NotificationSettings {
                quiet_hours: Some(hours),
                ..NotificationSettings::default()
            };
            let now = Timestamp::parse(at).expect("a time");
            assert_eq!(is_quiet(&settings, now), quiet, "{from} {to} {at}");
        }
    }

    #[test]
    fn each_wrong_field_of_quiet_hours_is_named() {
        for (given, fields) in [
            (("25:00", "7", "Mars/Base"), vec!["from", "to", "zone"]),
            (("22:00", "22:00", "UTC"), vec!["to"]),
        ] {
            let (from, to, zone) = given;
            let faults = hours(from, to, zone).expect_err("wrong");
            let named: Vec<_> = faults.iter().filter_map(|fault| fault.field).collect();
            assert_eq!(named, fields, "{given:?}");
        }
    }

    #[test]
    fn a_device_is_called_after_its_browser() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.0", "An app"),
        ] {
            assert_eq!(device_name(agent), name);
        }
    }
}

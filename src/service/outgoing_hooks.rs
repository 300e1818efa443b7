//! Outgoing webhooks: what happens in a room, posted to an address and signed (Standard Webhooks 1.0).

use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

use super::{
    Caller, Context, Faults, permissions,
    permissions::Action,
    queue::{self, UnderWay},
    rooms::{code, standing},
};
use crate::{
    error::{Error, Result},
    model::{Delivery, HookId, NewOutgoingHook, Outcome, OutgoingHook},
    outgoing::OutgoingError,
    secrets::{WebhookSecret, random},
    store::StoreError,
    wire::{Change, Message},
};

/// The pauses between attempts (Standard Webhooks, "Deliverability and reliability"); after the last it is given up.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// A webhook that has been failing for so long is disabled: five days.
const DISABLE_AFTER: Duration = Duration::from_hours(5 * 24);

/// The most characters of an address.
const ADDRESS: usize = 2000;

/// Makes an outgoing webhook; the secret by which its posts are signed is told this once.
///
/// # Errors
/// Of the field `url`: `invalid`. Of none: `not_found`, `forbidden`.
pub async fn create(
    ctx: &Context,
    caller: &Caller,
    room: &str,
    url: &str,
) -> Result<(OutgoingHook, WebhookSecret), Faults> {
    let url = ctx.outgoing.address(url.trim()).ok();
    let url = url
        .filter(|url| url.as_str().len() <= ADDRESS)
        .ok_or_else(|| {
            let words = "Write a public http or https address, such as https://example.org/hook.";
            vec![Error::invalid("url", words)]
        })?;
    let secret = WebhookSecret(random());
    let new = NewOutgoingHook {
        room: code(room).map_err(|error| vec![error])?,
        url: url.to_string(),
        secret: secret.0,
        by: caller.id(),
        created_at: ctx.now(),
        permit: permissions::may_integrate,
    };
    match ctx.store.add_outgoing_hook(new).await {
        Ok(hook) => Ok((hook, secret)),
        Err(error) => Err(vec![error.into()]),
    }
}

/// A room's outgoing webhooks.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn list(ctx: &Context, caller: &Caller, room: &str) -> Result<Vec<OutgoingHook>> {
    let standing = standing(ctx, caller, room, Action::Integrate).await?;
    Ok(ctx.store.outgoing_hooks(standing.room.id).await?)
}

/// Removes an outgoing webhook with all that it had to deliver.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn remove(ctx: &Context, caller: &Caller, room: &str, id: HookId) -> Result<()> {
    let (code, now) = (code(room)?, ctx.now());
    let removed = ctx
        .store
        .remove_outgoing_hook(&code, id, caller.id(), now, permissions::may_integrate)
        .await;
    removed.map_err(|error| match error {
        StoreError::NotFound("webhook") => Error::not_found("webhook"),
        error => error.into(),
    })
}

/// Delivers what is queued, for ever: after each commit that `told` tells of, and whenever a retry is due. One
/// webhook's deliveries go one after the other, so a slow receiver holds up its own only.
pub async fn deliver(ctx: &Context, mut told: watch::Receiver<()>) {
    let mut under_way = UnderWay::new();
    loop {
        let wait = start(ctx, &mut under_way).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "the queue of webhooks could not be read");
            queue::LOOK_AGAIN
        });
        under_way.changed(&mut told, wait).await;
    }
}

/// Starts what is due; says how long there is nothing else to start.
async fn start<'c>(
    ctx: &'c Context,
    under_way: &mut UnderWay<'c, HookId>,
) -> Result<Duration, StoreError> {
    let now = ctx.now();
    for delivery in ctx.store.due_deliveries(now, queue::LOOKED_AT).await? {
        under_way.begin(delivery.hook, attempt(ctx, delivery));
    }
    Ok(queue::wait(ctx.store.next_delivery().await?, now))
}

/// Posts one delivery and notes how that ended.
async fn attempt(ctx: &Context, delivery: Delivery) {
    let posted = post(ctx, &delivery).await;
    let now = ctx.now();
    let outcome = match &posted {
        Ok(200..=299) => Outcome::Delivered,
        Ok(410) => Outcome::Gone,
        _ => {
            let pause = usize::try_from(delivery.attempts)
                .ok()
                .and_then(|n| PAUSES.get(n));
            Outcome::Failed {
                retry_at: pause.map(|pause| now.plus(*pause)),
                disable_before: now.minus(DISABLE_AFTER),
            }
        }
    };
    if outcome != Outcome::Delivered {
        tracing::info!(hook.id = delivery.hook.0, answer = ?posted, "a webhook's delivery was not taken");
    }
    if let Err(error) = ctx.store.end_delivery(delivery.id, outcome, now).await {
        tracing::error!(error = %error, "how a webhook's delivery ended could not be noted");
    }
}

/// Posts a message as it stands now, signed.
async fn post(ctx: &Context, delivery: &Delivery) -> Result<u16, OutgoingError> {
    let message = Message::of(&delivery.message, None);
    let (id, now) = (format!("msg_{}", delivery.id), ctx.now());
    let (kind, data) = match delivery.change {
        None => ("message", json!({ "message": message })),
        Some(change) => (
            "message_updated",
            json!({ "message": message, "change": Change::from(change) }),
        ),
    };
    let body = json!({ "type": kind, "timestamp": now.to_string(), "data": data }).to_string();
    let seconds = now.0.div_euclid(1000);
    let signature = WebhookSecret(delivery.secret).sign(&id, seconds, &body);
    let headers = [
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature),
    ];
    ctx.outgoing.post_json(&delivery.url, headers, body).await
}

//! Outgoing webhooks: what happens in a room, posted to an address and signed (Standard Webhooks 1.0).

use std::{collections::HashSet, time::Duration};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use serde_json::json;
use tokio::sync::watch;

use super::{
    Caller, Context, Faults, permissions,
    permissions::Action,
    rooms::{code, standing},
};
use crate::{
    error::{Error, Result},
    model::{Delivery, HookId, NewOutgoingHook, Outcome, OutgoingHook, Timestamp},
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

/// How many deliveries are under way at once, each of another webhook.
const AT_ONCE: usize = 16;

/// How many due deliveries are looked at, some of whose webhooks may be busy.
const LOOKED_AT: u32 = 256;

/// A webhook that has been failing for so long is disabled: five days.
const DISABLE_AFTER_MS: i64 = 5 * 24 * 60 * 60 * 1000;

/// How long the queue rests between two looks, so that a busy server looks seldom.
const REST: Duration = Duration::from_millis(50);

/// How long the queue waits at most before it looks again.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

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
    let mut queue = Queue {
        busy: HashSet::new(),
        under_way: FuturesUnordered::new(),
    };
    loop {
        let wait = queue.start(ctx).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "the queue of webhooks could not be read");
            LOOK_AGAIN
        });
        tokio::select! {
            Some(hook) = queue.under_way.next() => { queue.busy.remove(&hook); }
            _ = told.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
        tokio::time::sleep(REST).await;
    }
}

/// What is under way.
struct Queue<'c> {
    /// Webhooks with a delivery under way.
    busy: HashSet<HookId>,
    /// Those deliveries.
    under_way: FuturesUnordered<BoxFuture<'c, HookId>>,
}

impl<'c> Queue<'c> {
    /// Starts what is due; says how long there is nothing else to start.
    async fn start(&mut self, ctx: &'c Context) -> Result<Duration, StoreError> {
        let now = ctx.now();
        for delivery in ctx.store.due_deliveries(now, LOOKED_AT).await? {
            if self.under_way.len() < AT_ONCE && self.busy.insert(delivery.hook) {
                self.under_way.push(Box::pin(attempt(ctx, delivery)));
            }
        }
        let next = ctx.store.next_delivery().await?;
        // What is due already waits for one that is under way.
        let wait = next.filter(|next| *next > now).map(|next| next.since(now));
        Ok(wait.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN))
    }
}

/// Posts one delivery and notes how that ended.
async fn attempt(ctx: &Context, delivery: Delivery) -> HookId {
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
                disable_before: Timestamp(now.0 - DISABLE_AFTER_MS),
            }
        }
    };
    if outcome != Outcome::Delivered {
        tracing::info!(hook.id = delivery.hook.0, answer = ?posted, "a webhook's delivery was not taken");
    }
    if let Err(error) = ctx.store.end_delivery(delivery.id, outcome, now).await {
        tracing::error!(error = %error, "how a webhook's delivery ended could not be noted");
    }
    delivery.hook
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

//! Web Push (RFC 8030): what concerns people who do not look, brought to their devices. Nothing of it is worked out
//! while a message is sent: after each commit it is gathered what was said since the last time, and whom it concerns.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    Context,
    notifications::is_quiet,
    queue::{self, UnderWay},
};
use crate::{
    error::Result,
    model::{
        Concerned, Message, MessageId, Notice, Push, PushOutcome, Room, RoomKind, Standing,
        Timestamp,
    },
    outgoing::Answer,
    secrets::push::encrypt,
    store::StoreError,
};

/// The pauses after failures of a push service in a row; the last one stays. A push that has failed as often as there
/// are pauses is given up.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_mins(1),
    Duration::from_mins(10),
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(4),
];

/// A device whose push service failed so often in a row is pushed to no more: after some five days.
const FAILURES: u32 = 30;

/// The longest pause that a push service may ask for.
const LONGEST_PAUSE: Duration = Duration::from_hours(4);

/// What was said longer ago, such as what was imported, is not told any more.
const LATE: Duration = Duration::from_hours(1);

/// How many messages may be looked at again after a stop, where none of them concerned anybody.
const KEEP_EVERY: i64 = 1000;

/// For how long a push service keeps a push for a device that is away.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// How long the proof of who sends a push holds (RFC 8292, section 2: 24 hours at most).
const PROOF_HOLDS: Duration = Duration::from_hours(12);

/// Gathers what is said and pushes what concerns somebody, for ever: after each commit that `told` tells of, and
/// whenever a device that failed is tried again. One device's pushes go one after the other.
pub async fn deliver(ctx: &Context, mut told: watch::Receiver<()>) {
    let mut queue = Queue {
        upto: None,
        kept: MessageId(0),
        under_way: UnderWay::new(),
    };
    loop {
        let wait = queue.work(ctx).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "what is to be pushed could not be read");
            queue::LOOK_AGAIN
        });
        queue.under_way.changed(&mut told, wait).await;
    }
}

/// What is under way.
struct Queue<'c> {
    /// The last message that was looked at; `None` before the first look.
    upto: Option<MessageId>,
    /// The last of which the store knows that.
    kept: MessageId,
    /// By the ids of devices.
    under_way: UnderWay<'c, i64>,
}

impl<'c> Queue<'c> {
    /// Gathers what was said and starts what is due; says how long there is nothing else to do.
    async fn work(&mut self, ctx: &'c Context) -> Result<Duration, StoreError> {
        self.gather(ctx).await?;
        let now = ctx.now();
        for push in ctx.store.due_pushes(now, queue::LOOKED_AT).await? {
            let device = push.place.subscription;
            self.under_way.begin(device, attempt(ctx, push));
        }
        Ok(queue::wait(ctx.store.next_push(now).await?, now))
    }

    async fn gather(&mut self, ctx: &Context) -> Result<(), StoreError> {
        let mut upto = match self.upto {
            Some(upto) => upto,
            None => ctx.store.noticed().await?,
        };
        if self.upto.is_none() {
            self.kept = upto;
        }
        loop {
            let now = ctx.now();
            let since = now.minus(LATE);
            let gathered = ctx
                .store
                .gather(upto, since, now, ctx.mailer.is_some())
                .await?;
            let concerned = gathered.concerned.iter();
            let notices: Vec<_> = concerned.filter_map(|one| notice(ctx, one, now)).collect();
            upto = gathered.seen.upto;
            let edited = !gathered.seen.later.is_empty();
            if !notices.is_empty() || edited || upto.0 - self.kept.0 >= KEEP_EVERY {
                let mail_at = now.plus(ctx.settings.mail_after);
                ctx.store.note(notices, gathered.seen, now, mail_at).await?;
                self.kept = upto;
            }
            self.upto = Some(upto);
            if !gathered.more {
                return Ok(());
            }
        }
    }
}

/// What somebody is told of: nothing on their devices while they look at the room, or want to hear nothing.
fn notice(ctx: &Context, concerned: &Concerned, now: Timestamp) -> Option<Notice> {
    let Concerned { user_id, room, .. } = *concerned;
    let wanted = concerned.device && !is_quiet(&concerned.settings, now);
    let push = (wanted && !ctx.live.looks_at(user_id, room)).then_some(concerned.message);
    let missed = concerned.missed;
    (push.is_some() || missed.is_some()).then_some(Notice {
        user_id,
        room,
        push,
        missed,
    })
}

/// Pushes once and notes how that ended.
async fn attempt(ctx: &Context, push: Push) {
    let now = ctx.now();
    let outcome = match payload(ctx, &push).await {
        Ok(Some(payload)) => post(ctx, &push, &payload, now).await,
        Ok(None) => PushOutcome::Dropped,
        Err(error) => {
            tracing::error!(error = %error, "what is to be pushed could not be read");
            later(&push, None, now)
        }
    };
    let noted = ctx
        .store
        .end_push(push.place, push.message, push.cleared, outcome);
    if let Err(error) = noted.await {
        tracing::error!(error = %error, "how a push ended could not be noted");
    }
}

/// What the device is told; `None` where that is nothing any more.
async fn payload(ctx: &Context, push: &Push) -> Result<Option<Value>, StoreError> {
    let Some(message) = ctx.store.message(push.message).await? else {
        return Ok(None);
    };
    let standing = ctx
        .store
        .standing(&message.room, push.place.user_id)
        .await?;
    let Some(Standing {
        room,
        membership: Some(membership),
        ..
    }) = standing
    else {
        return Ok(None);
    };
    let code = room.code.as_str().to_owned();
    if push.cleared {
        let wanted = push.shown && takes_silent(push) && !hears(ctx, push);
        let clear =
            json!({ "clear": true, "room": code, "tag": code, "unread": membership.unread });
        return Ok(wanted.then_some(clear));
    }
    if message.deleted {
        return Ok(None);
    }
    Ok(Some(json!({
        "room": code,
        "title": title(&room.seen_by(push.place.user_id), &message),
        "body": message.excerpt().0,
        "url": format!("/room/{code}"),
        "tag": code,
        "seq": message.seq.0,
        "unread": membership.unread,
    })))
}

/// Whether a push that shows nothing is harmless. Safari takes the permission away after three of them
/// (<https://developer.apple.com/videos/play/wwdc2022/10098/>).
fn takes_silent(push: &Push) -> bool {
    !push.endpoint.contains(".push.apple.com/")
}

/// The page in front of the person takes the notification away by itself, without a push.
fn hears(ctx: &Context, push: &Push) -> bool {
    ctx.live.hears_by(push.place.user_id, push.via)
}

fn title(room: &Room, message: &Message) -> String {
    let author = message.author.name.as_str();
    if room.kind == RoomKind::Direct && room.members <= 2 {
        author.to_owned()
    } else {
        format!("{author} in {}", room.name.as_str())
    }
}

async fn post(ctx: &Context, push: &Push, payload: &Value, now: Timestamp) -> PushOutcome {
    let Some(request) = request(ctx, push, payload, now) else {
        return PushOutcome::Gone;
    };
    let posted = ctx
        .outgoing
        .post(&push.endpoint, request.headers, request.body)
        .await;
    let outcome = match posted {
        Ok(Answer { status, .. }) if (200..300).contains(&status) => PushOutcome::Taken,
        Ok(Answer {
            status: 404 | 410, ..
        }) => PushOutcome::Gone,
        Ok(answer) if answer.status == 429 || answer.status >= 500 => {
            later(push, answer.retry_after, now)
        }
        Ok(_) => PushOutcome::Dropped,
        Err(_) => later(push, None, now),
    };
    if outcome != PushOutcome::Taken {
        let device = push.place.subscription;
        tracing::info!(push.device = device, answer = ?posted, "a push was not taken");
    }
    outcome
}

/// What is posted to a push service.
struct Request {
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// The request; `None` where the address or the keys cannot be used.
fn request(ctx: &Context, push: &Push, payload: &Value, now: Timestamp) -> Option<Request> {
    let audience = ctx.outgoing.address(&push.endpoint).ok()?.origin();
    let until = now.plus(PROOF_HOLDS).0.div_euclid(1000);
    let proof = ctx
        .vapid
        .authorization(
            &audience.ascii_serialization(),
            ctx.settings.public_url.as_deref(),
            until,
        )
        .ok()?;
    let keys = &push.keys;
    let body = encrypt(&keys.p256dh, &keys.auth, payload.to_string().as_bytes()).ok()?;
    let urgency = if push.cleared { "low" } else { "high" };
    let headers = vec![
        ("authorization", proof),
        ("content-encoding", "aes128gcm".to_owned()),
        ("content-type", "application/octet-stream".to_owned()),
        ("ttl", KEPT_FOR.as_secs().to_string()),
        ("urgency", urgency.to_owned()),
        // The push service keeps one of a room for a device that is away.
        ("topic", payload["tag"].as_str()?.to_owned()),
    ];
    Some(Request { headers, body })
}

fn later(push: &Push, asked: Option<Duration>, now: Timestamp) -> PushOutcome {
    if push.failures >= FAILURES {
        return PushOutcome::Gone;
    }
    let index = usize::try_from(push.failures).unwrap_or(usize::MAX);
    let pause = PAUSES[index.min(PAUSES.len() - 1)];
    let asked = asked.unwrap_or_default().min(LONGEST_PAUSE);
    let tries = usize::try_from(push.attempts).unwrap_or(usize::MAX);
    PushOutcome::Later {
        retry_at: now.plus(pause.max(asked)),
        give_up: tries.saturating_add(1) >= PAUSES.len(),
    }
}

//! How long an event waits for its acknowledgement: with nothing else to do, and while somebody uploads one photo after
//! the other, of each of which the server makes smaller pictures on the same core.
//!
//! The event is `active`, which no thread but those of the event loop has a part in. It is sent at fixed times, so that a
//! loop that stands still for long is asked as often meanwhile as one that does not.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::{task::JoinSet, time::sleep};

use super::{Effort, chat::auth};
use crate::{
    client::{Address, Client},
    contenders::{Contender, Kit},
    figures::{Figures, Metric},
    photo,
    sender::{Pace, Sender},
    site::Api,
    tally::{Delays, Tally},
};

/// Between one event and the next.
const INTERVAL: Duration = Duration::from_millis(2);

/// Measures one contender once.
#[expect(clippy::cast_precision_loss, reason = "photos of a run fit")]
pub(super) async fn run(kit: &Kit, contender: Contender, effort: &Effort) -> Result<Figures> {
    let photo = photo::jpeg();
    let server = kit.start(contender, false).await?;
    let address = kit.address(&server, false);
    let tokens = &kit.site()?.tokens;
    let [asks, uploads, ..] = &tokens[..] else {
        return Err(anyhow::anyhow!("two people take part"));
    };
    let idle = round_trips(&address, asks, effort.warm_up, effort.measured).await?;
    let api = Api::new(&server)?;
    let kept = AtomicU64::new(0);
    let busy = tokio::select! {
        delays = round_trips(&address, asks, Duration::ZERO, effort.measured) => delays?,
        ended = upload_on(&api, uploads, &photo, &kept) => {
            let Err(error) = ended;
            return Err(error.context("a photo was not kept"));
        }
    };
    server.stop().await?;
    Ok(Figures::from([
        (Metric::TripP50, idle.p50),
        (Metric::TripP99, idle.p99),
        (Metric::BusyTripP50, busy.p50),
        (Metric::BusyTripP99, busy.p99),
        (Metric::Photos, kept.load(Relaxed) as f64),
    ]))
}

/// Connects a client, and notes how long it waits for its acknowledgements.
async fn round_trips(
    address: &Address,
    token: &str,
    warm_up: Duration,
    measured: Duration,
) -> Result<Delays> {
    let tally = Arc::new(Tally::new());
    let mut client = Client::connect(address, &auth(token), Arc::clone(&tally)).await?;
    let pace = Pace::Every {
        interval: INTERVAL,
        first_after: Duration::ZERO,
    };
    client.ears.sender = Some(Sender::asking(r#"["active",{"on":true}]"#, pace));
    let mut tasks = JoinSet::new();
    tasks.spawn(client.go_on());
    sleep(warm_up).await;
    tally.measure(true);
    sleep(measured).await;
    tally.measure(false);
    tally.whole()?;
    tasks.shutdown().await;
    Ok(tally.answering())
}

/// Uploads the photo again and again until it is dropped, or one is refused.
async fn upload_on(api: &Api, token: &str, photo: &[u8], kept: &AtomicU64) -> Result<Infallible> {
    loop {
        let attachment = api.upload(token, "photo.jpg", photo.to_vec()).await?;
        attachment["thumbnail"]
            .as_str()
            .context("it has no smaller picture")?;
        kept.fetch_add(1, Relaxed);
    }
}

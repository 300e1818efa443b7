//! Sockets that only stay: what they cost in memory, and whether it is given back.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use futures_util::{StreamExt, TryStreamExt, stream};
use rustix::process::Pid;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Effort, chat::auth};
use crate::{
    client::{Address, Client},
    contenders::{Contender, Kit},
    figures::{Figures, Metric},
    machine,
    tally::Tally,
};

const AT_ONCE: usize = 40;
const THOUSAND: usize = 1_000;
/// After so long without a change that matters, memory is read.
const SETTLES: Duration = Duration::from_millis(500);
const SETTLES_WITHIN: Duration = Duration::from_secs(10);
/// A change that does not matter.
const CALM: f64 = 0.005;
/// How long memory has to come back, and how near.
const BACK_WITHIN: Duration = Duration::from_secs(30);
const NEAR: f64 = 1.2;

/// Measures one contender once.
#[expect(clippy::cast_precision_loss, reason = "numbers of sockets fit")]
pub(super) async fn run(
    kit: &Kit,
    contender: Contender,
    tls: bool,
    effort: &Effort,
) -> Result<Figures> {
    let server = kit.start(contender, tls).await?;
    let address = kit.address(&server, tls);
    let tally = Arc::new(Tally::new());
    let empty = settled(server.pid).await?;
    let mut figures = Figures::from([(Metric::MemoryEmpty, empty)]);
    let mut tasks = JoinSet::new();
    for (metric, wanted) in [
        (Metric::EachOfThousand, THOUSAND),
        (Metric::EachOfMost, effort.idle),
    ] {
        let clients: Vec<Client> = stream::iter(tasks.len()..wanted)
            .map(|number| arrive(kit, contender, number, &address, &tally))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for client in clients {
            tasks.spawn(client.go_on());
        }
        let memory = settled(server.pid).await?;
        figures.insert(metric, (memory - empty) / tasks.len() as f64);
    }
    tally.whole()?;
    figures.insert(Metric::Most, tasks.len() as f64);
    tasks.shutdown().await;
    let back = came_back(server.pid, empty).await?;
    figures.insert(Metric::Back, back / empty);
    server.stop().await?;
    Ok(figures)
}

/// Connects one client, who joins no room.
async fn arrive(
    kit: &Kit,
    contender: Contender,
    number: usize,
    address: &Address,
    tally: &Arc<Tally>,
) -> Result<Client> {
    let auth = match contender {
        Contender::Parlor => {
            let tokens = &kit.site()?.tokens;
            auth(&tokens[number % tokens.len()])
        }
        _ => String::new(),
    };
    Client::connect(address, &auth, Arc::clone(tally)).await
}

/// Memory, once it no longer changes much.
async fn settled(server: Pid) -> Result<f64> {
    let late = Instant::now() + SETTLES_WITHIN;
    let mut last = machine::memory(server)?;
    loop {
        sleep(SETTLES).await;
        let now = machine::memory(server)?;
        if (now - last).abs() < CALM * last || Instant::now() > late {
            return Ok(now);
        }
        last = now;
    }
}

/// Memory once it is near to what it was, or when it has had its time.
async fn came_back(server: Pid, empty: f64) -> Result<f64> {
    let late = Instant::now() + BACK_WITHIN;
    loop {
        let now = machine::memory(server)?;
        if now < NEAR * empty || Instant::now() > late {
            return Ok(now);
        }
        sleep(SETTLES).await;
    }
}

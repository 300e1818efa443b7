//! Clients in rooms, some of whom send.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use rustix::process::{Pid, getpid};
use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::Effort;
use crate::{
    client::{Address, Client},
    contenders::{Contender, Kit},
    figures::{Figures, Metric},
    machine,
    sender::{Pace, Sender},
    tally::{Counts, Tally},
};

/// How many connect at once.
const AT_ONCE: usize = 40;
/// How often the disk is asked before a run how long a sync takes.
const SYNCS: usize = 300;

/// How many clients there are, and what they do.
pub(super) struct Shape {
    clients: usize,
    rooms: usize,
    senders_in_room: usize,
    /// How many listeners of a room note delays.
    sampled_in_room: usize,
    /// Messages a second and sender; without it a sender goes on as soon as it is answered.
    rate: Option<u32>,
}

pub(super) const FAN_OUT: Shape = Shape {
    clients: 200,
    rooms: 1,
    senders_in_room: 4,
    sampled_in_room: 10,
    rate: None,
};

pub(super) const ROOMS: Shape = Shape {
    clients: 1_000,
    rooms: 100,
    senders_in_room: 1,
    sampled_in_room: 1,
    rate: None,
};

pub(super) const STEADY: Shape = Shape {
    clients: 200,
    rooms: 20,
    senders_in_room: 1,
    sampled_in_room: 10,
    rate: Some(10),
};

/// Measures one contender once.
pub(super) async fn run(
    kit: &Kit,
    contender: Contender,
    shape: &Shape,
    tls: bool,
    effort: &Effort,
) -> Result<Figures> {
    let mut figures = Figures::new();
    if shape.rate.is_some() {
        let (p50, p99) = machine::sync_delays(&kit.work, SYNCS)?;
        figures.extend([(Metric::SyncP50, p50), (Metric::SyncP99, p99)]);
    }
    let server = kit.start(contender, tls).await?;
    let tally = Arc::new(Tally::new());
    let measured = measure(
        kit,
        contender,
        shape,
        &kit.address(&server, tls),
        server.pid,
        &tally,
        effort,
    )
    .await;
    let log = server.log();
    server.stop().await?;
    figures.extend(measured.with_context(|| said(&log))?);
    Ok(figures)
}

/// The end of a server's log, for the report of a failure.
fn said(log: &str) -> String {
    let lines: Vec<&str> = log.lines().rev().take(3).collect();
    if lines.is_empty() {
        return "the run failed".to_owned();
    }
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    format!(
        "the run failed; the server's last words: {}",
        lines.join(" / ")
    )
}

async fn measure(
    kit: &Kit,
    contender: Contender,
    shape: &Shape,
    address: &Address,
    server: Pid,
    tally: &Arc<Tally>,
    effort: &Effort,
) -> Result<Figures> {
    let clients: Vec<Client> = stream::iter(0..shape.clients)
        .map(|number| arrive(kit, contender, shape, number, address, tally))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut tasks = JoinSet::new();
    for client in clients {
        tasks.spawn(client.go_on());
    }
    sleep(effort.warm_up).await;
    let before = Moment::now(tally, server)?;
    tally.measure(true);
    sleep(effort.measured).await;
    tally.measure(false);
    let after = Moment::now(tally, server)?;
    tally.whole()?;
    // Ends all clients before the server does, which would count as lost.
    tasks.shutdown().await;
    figures(tally, shape, &before, &after)
}

/// Connects one client, who joins its room and knows whether it sends.
async fn arrive(
    kit: &Kit,
    contender: Contender,
    shape: &Shape,
    number: usize,
    address: &Address,
    tally: &Arc<Tally>,
) -> Result<Client> {
    let in_room = shape.clients / shape.rooms;
    let (room_number, seat) = (number / in_room, number % in_room);
    let (auth, room) = if contender == Contender::Parlor {
        let site = kit.site()?;
        // Ten people share ten rooms; a larger room has them all, with several sockets each.
        let person = (room_number / 10 * 10 + seat) % site.tokens.len();
        (auth(&site.tokens[person]), site.rooms[room_number].clone())
    } else {
        (String::new(), format!("room-{room_number}"))
    };
    let mut client = Client::connect(address, &auth, Arc::clone(tally)).await?;
    client.join(&room).await?;
    client.ears.sampled = seat >= in_room - shape.sampled_in_room;
    if seat < shape.senders_in_room {
        let pace = match shape.rate {
            None => Pace::ClosedLoop,
            Some(rate) => {
                let interval = Duration::from_secs(1) / rate;
                let senders = u32::try_from(shape.rooms).context("rooms are few")?;
                let turn = u32::try_from(room_number).context("rooms are few")?;
                Pace::Every {
                    interval,
                    first_after: interval * turn / senders,
                }
            }
        };
        client.ears.sender = Some(Sender::new(&room, pace));
    }
    Ok(client)
}

/// The payload of a CONNECT packet with a token.
pub(super) fn auth(token: &str) -> String {
    json!({ "token": token }).to_string()
}

/// How far everything is.
struct Moment {
    at: Instant,
    counts: Counts,
    server: f64,
    generator: f64,
}

impl Moment {
    fn now(tally: &Tally, server: Pid) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            counts: tally.counts(),
            server: machine::cpu_seconds(server)?,
            generator: machine::cpu_seconds(getpid())?,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a run fit")]
fn figures(tally: &Tally, shape: &Shape, before: &Moment, after: &Moment) -> Result<Figures> {
    let seconds = (after.at - before.at).as_secs_f64();
    let delivered = (after.counts.delivered - before.counts.delivered) as f64;
    let acknowledged = (after.counts.acknowledged - before.counts.acknowledged) as f64;
    ensure!(
        acknowledged > 0.0,
        "no message was acknowledged in {seconds:.1} s"
    );
    let listeners = (shape.clients / shape.rooms) as f64;
    let (hearing, answering) = (tally.hearing(), tally.answering());
    Ok(Figures::from([
        (Metric::Delivered, delivered / seconds),
        (Metric::Acknowledged, acknowledged / seconds),
        (Metric::Reached, delivered / (acknowledged * listeners)),
        (Metric::HearP50, hearing.p50),
        (Metric::HearP99, hearing.p99),
        (Metric::AnswerP50, answering.p50),
        (Metric::AnswerP99, answering.p99),
        (
            Metric::ServerCpu,
            100.0 * (after.server - before.server) / seconds,
        ),
        (
            Metric::GeneratorCpu,
            100.0 * (after.generator - before.generator) / seconds,
        ),
    ]))
}

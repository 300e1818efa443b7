//! After a restart all clients come back at once. Parlor's resume their rooms, and have what they missed; others only
//! connect, for they have nothing to resume from.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use rustix::process::getpid;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::Effort;
use crate::{
    client::{Address, Client},
    contenders::{Contender, Kit},
    figures::{Figures, Metric},
    machine,
    server::Server,
    site::Api,
    tally::Tally,
};

/// How many connect at once; as one is done, the next one begins.
const AT_ONCE: usize = 500;
/// Rooms that each client resumes, and how many messages it missed in each.
const ROOMS: usize = 3;
const MISSED: usize = 5;

/// Measures one contender once.
#[expect(clippy::cast_precision_loss, reason = "a few thousand clients fit")]
pub(super) async fn run(kit: &Kit, contender: Contender, effort: &Effort) -> Result<Figures> {
    let folder = TempDir::with_prefix_in("storm-", &kit.work)?;
    let place = folder.path().to_owned();
    let auths = match contender {
        Contender::Parlor => prepare(kit, &place).await?,
        _ => vec![String::new()],
    };
    let command = kit.command(contender, &place, false);
    let server = Server::start(command, &place, Some(folder), kit.cores).await?;
    let address = kit.address(&server, false);
    let tally = Arc::new(Tally::new());
    let rooms = if contender == Contender::Parlor {
        ROOMS
    } else {
        0
    };
    let (begun, cpu) = (Instant::now(), cpu(&server)?);
    let clients: Vec<Client> = stream::iter(0..effort.storm)
        .map(|number| back(&address, &auths[number % auths.len()], rooms, &tally))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let seconds = begun.elapsed().as_secs_f64();
    let now = self::cpu(&server)?;
    let (heard, due) = (tally.counts().delivered, effort.storm * rooms * MISSED);
    ensure!(
        heard == due as u64,
        "{heard} messages were heard again instead of {due}"
    );
    drop(clients);
    server.stop().await?;
    Ok(Figures::from([
        (Metric::CaughtUp, seconds * 1_000.0),
        (Metric::Clients, effort.storm as f64),
        (Metric::ServerCpu, 100.0 * (now.0 - cpu.0) / seconds),
        (Metric::GeneratorCpu, 100.0 * (now.1 - cpu.1) / seconds),
    ]))
}

fn cpu(server: &Server) -> Result<(f64, f64)> {
    Ok((
        machine::cpu_seconds(server.pid)?,
        machine::cpu_seconds(getpid())?,
    ))
}

/// One client, connected and with all that it missed.
async fn back(address: &Address, auth: &str, rooms: usize, tally: &Arc<Tally>) -> Result<Client> {
    let mut client = Client::connect(address, auth, Arc::clone(tally)).await?;
    client.resume(rooms).await?;
    Ok(client)
}

/// Makes everybody a member of three rooms in which more is said than they have heard, and ends that server. What each
/// one sends on coming back.
async fn prepare(kit: &Kit, place: &Path) -> Result<Vec<String>> {
    let site = kit.site()?;
    site.copy_to(place)?;
    let command = kit.command(Contender::Parlor, place, false);
    let server = Server::start(command, place, None, kit.cores).await?;
    let api = Api::new(&server)?;
    for (number, token) in site.tokens.iter().enumerate() {
        for room in rooms_of(number, &site.rooms) {
            api.join(token, room).await?;
        }
    }
    let mut seqs = Map::new();
    for room in &site.rooms {
        seqs.insert(room.clone(), json!(api.seq(&site.tokens[0], room).await?));
        for number in 0..MISSED {
            api.message(&site.tokens[0], room, number).await?;
        }
    }
    server.stop().await?;
    let auth = |(number, token): (usize, &String)| {
        let rooms = rooms_of(number, &site.rooms);
        let rooms: Map<String, Value> = rooms
            .map(|room| (room.clone(), seqs[room].clone()))
            .collect();
        json!({ "token": token, "rooms": rooms }).to_string()
    };
    Ok(site.tokens.iter().enumerate().map(auth).collect())
}

/// Ten people share three rooms.
fn rooms_of(person: usize, rooms: &[String]) -> impl Iterator<Item = &String> {
    rooms.iter().cycle().skip(person / 10 * ROOMS).take(ROOMS)
}

//! How long a process takes to its first answer.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};
use tempfile::TempDir;
use tokio::time::sleep;

use super::Effort;
use crate::{
    contenders::{Contender, Kit},
    figures::{Figures, Metric, median},
    server::Server,
    site::http,
};

const ANSWERS_WITHIN: Duration = Duration::from_mins(1);
/// Between one question and the next.
const PATIENCE: Duration = Duration::from_millis(1);

/// Measures one contender several times; the medians.
pub(super) async fn run(kit: &Kit, contender: Contender, effort: &Effort) -> Result<Figures> {
    let mut figures = Figures::new();
    for metric in [Metric::StartNew, Metric::StartEmpty, Metric::StartLarge] {
        let mut times = Vec::with_capacity(effort.starts);
        for _ in 0..effort.starts {
            if let Some(time) = once(kit, contender, metric, effort).await? {
                times.push(time);
            }
        }
        if !times.is_empty() {
            figures.insert(metric, median(&times));
        }
    }
    Ok(figures)
}

/// One start, where this contender has such a database.
async fn once(
    kit: &Kit,
    contender: Contender,
    metric: Metric,
    effort: &Effort,
) -> Result<Option<f64>> {
    let folder = TempDir::with_prefix_in("start-", &kit.work)?;
    let place = folder.path().to_owned();
    match (metric, contender, &effort.large) {
        (Metric::StartLarge, Contender::Parlor, Some(large)) => {
            return Ok(Some(answered(kit, contender, large, None).await?));
        }
        (Metric::StartLarge, ..) => return Ok(None),
        (Metric::StartEmpty, Contender::Parlor, _) => kit.site()?.copy_to(&place)?,
        // The first start makes the database, the second finds it.
        (Metric::StartEmpty, ..) => {
            answered(kit, contender, &place, None).await?;
        }
        _ => {}
    }
    Ok(Some(answered(kit, contender, &place, Some(folder)).await?))
}

/// Milliseconds from the start of the process to the first 200.
async fn answered(
    kit: &Kit,
    contender: Contender,
    place: &Path,
    folder: Option<TempDir>,
) -> Result<f64> {
    let command = kit.command(contender, place, false);
    let server = Server::start(command, place, folder, kit.cores).await?;
    let path = if contender == Contender::Parlor {
        "/healthz"
    } else {
        "/"
    };
    let url = format!("{}{path}", server.url);
    let http = http()?;
    loop {
        let answer = http.get(&url).send().await;
        if answer.is_ok_and(|answer| answer.status() == 200) {
            break;
        }
        ensure!(
            server.begun.elapsed() < ANSWERS_WITHIN,
            "no 200 within {ANSWERS_WITHIN:?}"
        );
        sleep(PATIENCE).await;
    }
    let time = server.begun.elapsed();
    server.stop().await?;
    Ok(time.as_secs_f64() * 1_000.0)
}

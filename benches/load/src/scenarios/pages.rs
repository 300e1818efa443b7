//! The page of a room, asked for by several connections as fast as it is answered.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use anyhow::{Result, ensure};
use reqwest::{Client, header::COOKIE};
use rustix::process::getpid;
use tokio::{task::JoinSet, time::sleep};

use super::Effort;
use crate::{
    contenders::{Contender, Kit},
    figures::{Figures, Metric},
    machine,
    server::Server,
    site::http,
};

const CONNECTIONS: usize = 8;
/// Stands in the newest message.
const NEWEST: &str = "Message 49 of the page";
const OLDEST: &str = "Message 0 of the page";

/// Measures one contender once.
#[expect(clippy::cast_precision_loss, reason = "pages of a run fit")]
pub(super) async fn run(kit: &Kit, contender: Contender, effort: &Effort) -> Result<Figures> {
    let server = kit.start(contender, false).await?;
    let page = Page::find(kit, contender, &server).await?;
    let answered = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (page, answered) = (page.clone(), Arc::clone(&answered));
        tasks.spawn(async move { page.ask_for(&answered).await });
    }
    sleep(effort.warm_up).await;
    let (at, before) = (Instant::now(), answered.load(Relaxed));
    let cpu = (
        machine::cpu_seconds(server.pid)?,
        machine::cpu_seconds(getpid())?,
    );
    sleep(effort.measured).await;
    let seconds = at.elapsed().as_secs_f64();
    let pages = answered.load(Relaxed) - before;
    let used = |before, now| 100.0 * (now - before) / seconds;
    let figures = Figures::from([
        (Metric::Requests, pages as f64 / seconds),
        (
            Metric::ServerCpu,
            used(cpu.0, machine::cpu_seconds(server.pid)?),
        ),
        (
            Metric::GeneratorCpu,
            used(cpu.1, machine::cpu_seconds(getpid())?),
        ),
    ]);
    if let Some(ended) = tasks.try_join_next() {
        let Err(error) = ended?;
        return Err(error.context("a page was not answered"));
    }
    tasks.shutdown().await;
    server.stop().await?;
    Ok(figures)
}

/// The page, and a browser that is logged in.
#[derive(Clone)]
struct Page {
    http: Client,
    url: String,
    cookie: Option<String>,
}

impl Page {
    async fn find(kit: &Kit, contender: Contender, server: &Server) -> Result<Self> {
        let http = http()?;
        let page = if contender == Contender::Parlor {
            let site = kit.site()?;
            Self {
                url: format!("{}/room/{}", server.url, site.rooms[0]),
                cookie: Some(site.cookie.clone()),
                http,
            }
        } else {
            let login = http
                .post(format!("{}/login", server.url))
                .form(&[("name", "person0")]);
            login.send().await?.error_for_status()?;
            Self {
                url: format!("{}/room/room-0", server.url),
                cookie: None,
                http,
            }
        };
        let text = page.get().await?;
        ensure!(
            text.contains(NEWEST) && text.contains(OLDEST),
            "the page does not show its messages"
        );
        Ok(page)
    }

    /// Asks until it is dropped, or not answered.
    async fn ask_for(&self, answered: &AtomicU64) -> Result<Infallible> {
        loop {
            self.get().await?;
            answered.fetch_add(1, Relaxed);
        }
    }

    async fn get(&self) -> Result<String> {
        let mut request = self.http.get(&self.url);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await?;
        let status = answer.status();
        ensure!(status == 200, "the page was answered {status}");
        Ok(answer.text().await?)
    }
}

//! A server that the bench starts on a free port in a folder of its own, and stops by its id.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    task::JoinSet,
    time::timeout,
};

use crate::machine::{self, Cores};

const STARTS_WITHIN: Duration = Duration::from_mins(1);
const STOPS_WITHIN: Duration = Duration::from_secs(20);
const LOG: &str = "bench.log";

/// A running server. Dropped, as when the bench is interrupted, it is killed and its folder removed.
pub(crate) struct Server {
    // Before the folder: what is dropped first no longer writes into it.
    child: Child,
    folder: Option<TempDir>,
    /// Reads what it prints, so that the pipe never fills.
    _output: JoinSet<()>,
    pub(crate) pid: Pid,
    /// As the server printed it.
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
    /// When its process was started.
    pub(crate) begun: Instant,
}

impl Server {
    /// Starts `command` on its core, and waits until it says where it listens. `folder` goes when the server does.
    ///
    /// # Errors
    /// What it printed instead.
    pub(crate) async fn start(
        mut command: Command,
        place: &Path,
        folder: Option<TempDir>,
        cores: Cores,
    ) -> Result<Self> {
        let log = fs::File::create(place.join(LOG))?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        // The process inherits the core of the thread that starts it.
        machine::pin(cores.server)?;
        let begun = Instant::now();
        let started = command.spawn();
        machine::pin(cores.generator)?;
        let program = command
            .as_std()
            .get_program()
            .to_string_lossy()
            .into_owned();
        let mut child = started.with_context(|| format!("{program} does not start"))?;
        let stdout = child.stdout.take().context("its output is a pipe")?;
        let said = timeout(STARTS_WITHIN, listens_at(stdout)).await;
        let Ok(Some((url, rest))) = said else {
            let log = fs::read_to_string(place.join(LOG)).unwrap_or_default();
            bail!("{program} did not say where it listens; its log:\n{log}");
        };
        let mut output = JoinSet::new();
        output.spawn(throw_away(rest));
        let id = child.id().context("it ended at once")?;
        Ok(Self {
            pid: i32::try_from(id)
                .ok()
                .and_then(Pid::from_raw)
                .context("its id is one")?,
            address: url
                .split_once("://")
                .context("it says an address")?
                .1
                .parse()?,
            url,
            child,
            folder,
            _output: output,
            begun,
        })
    }

    /// Asks it to end, and makes it.
    ///
    /// # Errors
    /// When its folder cannot be removed.
    pub(crate) async fn stop(mut self) -> Result<()> {
        // One that has ended already needs no signal.
        let _ended = kill_process(self.pid, Signal::TERM);
        if timeout(STOPS_WITHIN, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        if let Some(folder) = self.folder.take() {
            folder.close()?;
        }
        Ok(())
    }

    /// What it wrote to standard error.
    pub(crate) fn log(&self) -> String {
        let folder = self.folder.as_ref();
        folder
            .and_then(|folder| fs::read_to_string(folder.path().join(LOG)).ok())
            .unwrap_or_default()
    }
}

type Output = Lines<BufReader<ChildStdout>>;

async fn throw_away(mut lines: Output) {
    while let Ok(Some(_)) = lines.next_line().await {}
}

/// The address in the first line that has one, and the lines that follow.
async fn listens_at(stdout: ChildStdout) -> Option<(String, Output)> {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let word = line.split_whitespace().last().unwrap_or_default();
        if word.starts_with("http://") || word.starts_with("https://") {
            return Some((word.to_owned(), lines));
        }
    }
    None
}

//! The machine: which core does what, what a process costs, how long the disk takes.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use rustix::{
    param::clock_ticks_per_second,
    process::{Pid, Resource, Rlimit, getrlimit, setrlimit},
    thread::{CpuSet, sched_getaffinity, sched_setaffinity},
};

use crate::figures::percentile;

/// What a writer of SQLite's log writes for a small transaction: a page and its head.
const LOG_FRAME: usize = 4096 + 24;
/// Cores that are looked for.
const MOST_CORES: usize = CpuSet::MAX_CPU;

/// One core for the server, one for the generator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cores {
    pub(crate) server: usize,
    pub(crate) generator: usize,
}

impl Cores {
    /// The first two that this process may use.
    ///
    /// # Errors
    /// When there are not two.
    pub(crate) fn find() -> Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut cores = (0..MOST_CORES).filter(|core| allowed.is_set(*core));
        let (Some(server), Some(generator)) = (cores.next(), cores.next()) else {
            bail!("the bench needs two cores: one for the server, one for the load generator");
        };
        Ok(Self { server, generator })
    }
}

/// Keeps this thread, and the processes that it starts from now on, on one core.
///
/// # Errors
/// What the kernel says.
pub(crate) fn pin(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}

/// Lets this process, and those that it starts, hold as many sockets as its user may; how many that are.
///
/// # Errors
/// What the kernel says.
pub(crate) fn raise_file_limit() -> Result<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised)?;
    Ok(limit.maximum.unwrap_or(u64::MAX))
}

/// The processor time that a process has used, in seconds (proc(5): fields 14 and 15 of `stat`).
///
/// # Errors
/// When the process is gone.
pub(crate) fn cpu_seconds(pid: Pid) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
        .context("the server has ended")?;
    // The second field is a name in parentheses, which may hold anything.
    let (_, fields) = stat.rsplit_once(')').context("stat has a name")?;
    let used = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = used.map(|field| field.parse().unwrap_or(0u64)).sum();
    #[expect(clippy::cast_precision_loss, reason = "ticks of a run fit")]
    Ok(ticks as f64 / clock_ticks_per_second() as f64)
}

/// A process's resident memory, in bytes.
///
/// # Errors
/// When the process is gone.
pub(crate) fn memory(pid: Pid) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", pid.as_raw_nonzero()))
        .context("the server has ended")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kib: f64 = kib.context("status has VmRSS")?.parse()?;
    Ok(kib * 1024.0)
}

/// How long one fdatasync takes after what a small transaction writes: 50th and 99th percentile of `times`, in ms.
///
/// # Errors
/// What the disk says.
pub(crate) fn sync_delays(folder: &Path, times: usize) -> Result<(f64, f64)> {
    let path = folder.join("fdatasync");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let frame = [7; LOG_FRAME];
    let mut delays = Vec::with_capacity(times);
    for _ in 0..times {
        file.write_all(&frame)?;
        let begun = Instant::now();
        file.sync_data()?;
        delays.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    drop(file);
    fs::remove_file(&path)?;
    Ok((percentile(&delays, 0.5), percentile(&delays, 0.99)))
}

/// What is said of the machine and the versions: name and value.
pub(crate) fn describe(python: &Path, parlor: &Path) -> Vec<(&'static str, String)> {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown", |(_, model)| model);
    let cores = info
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: u64 = memory
        .lines()
        .find_map(|line| {
            line.strip_prefix("MemTotal:")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or_default();
    let others = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    vec![
        ("processor", format!("{model}, {cores} cores")),
        ("memory", format!("{} MiB", kib / 1024)),
        ("kernel", format!("Linux {}", kernel.trim())),
        (
            "load average at the end",
            others
                .split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" "),
        ),
        ("Parlor", said(parlor, &["--version"])),
        ("Rust", said(Path::new("rustc"), &["--version"])),
        ("Node.js", said(Path::new("node"), &["--version"])),
        ("Python", said(python, &["--version"])),
    ]
}

/// The first line that a program prints.
fn said(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let line = text
        .ok()
        .and_then(|text| text.lines().next().map(str::to_owned));
    line.unwrap_or_else(|| "not found".to_owned())
}

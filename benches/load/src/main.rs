//! Measures Parlor beside its peers: `make bench` and `make bench-quick`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod client;
mod contenders;
mod figures;
mod frames;
mod goals;
mod machine;
mod others;
mod photo;
mod report;
mod scenarios;
mod sender;
mod server;
mod site;
mod tally;
mod versions;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use tokio::{
    runtime::Builder,
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use contenders::{Certificate, Kit};
use figures::{Book, Metric};
use machine::Cores;
use others::Other;
use report::Preface;
use scenarios::{Effort, Scenario};
use site::Site;

/// Each idle socket takes a file in the server and one here; so many are left for everything else.
const SPARE_FILES: u64 = 300;

/// Measures Parlor beside its peers.
#[derive(Parser)]
struct Options {
    /// Short runs, and without the contenders and databases that take long
    #[arg(long)]
    quick: bool,
    /// Only these scenarios
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Scenario>,
    /// How often each contender runs in each scenario
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: Option<u8>,
    /// How long each run is measured, in seconds
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: Option<u16>,
    /// The most idle sockets
    #[arg(long)]
    idle: Option<usize>,
    /// Parlor's binary
    #[arg(long, default_value = "target/release/parlor")]
    parlor: PathBuf,
    /// The folder with the Node and Flask peers
    #[arg(long, default_value = "benches/peers")]
    peers: PathBuf,
    /// A Python with the Flask peer's requirements
    #[arg(long, default_value = "target/bench/venv/bin/python")]
    python: PathBuf,
    /// A data folder of Parlor with a large database, to start on
    #[arg(long)]
    large: Option<PathBuf>,
    /// What other benches printed, to be taken into the page
    #[arg(long)]
    also: Vec<PathBuf>,
    /// What profiles say about the goals that are missed: a page of ours, taken into the one that is written
    #[arg(long)]
    misses: Option<PathBuf>,
    /// Where temporary folders are made; on a disk that syncs
    #[arg(long, default_value = "target/bench")]
    work: PathBuf,
    /// The page that is written; its plots go into a folder of the same name
    #[arg(long, default_value = "target/bench/benchmarks.md")]
    page: PathBuf,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let cores = Cores::find()?;
    machine::pin(cores.generator)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            done = bench(&options, cores) => done,
            // What is dropped with the bench takes servers and folders with it.
            asked = tokio::signal::ctrl_c() => {
                asked?;
                bail!("interrupted")
            }
            _ = terminate.recv() => bail!("asked to end"),
        }
    })
}

async fn bench(options: &Options, cores: Cores) -> Result<()> {
    let (mut effort, remarks) = effort(options)?;
    effort.large = effort.large.as_deref().map(found).transpose()?;
    let others: Vec<Other> = options
        .also
        .iter()
        .map(|file| others::read(file))
        .collect::<Result<_>>()?;
    fs::create_dir_all(&options.work)?;
    let work = fs::canonicalize(&options.work)?;
    let mut kit = Kit {
        parlor: found(&options.parlor)?,
        peers: found(&options.peers)?,
        // A virtual environment's Python is a link that must be called by its own name.
        python: std::path::absolute(&options.python)?,
        own: std::env::current_exe()?
            .parent()
            .context("a program lies in a folder")?
            .to_owned(),
        certificate: Certificate::make(&work)?,
        work,
        cores,
        site: None,
    };
    println!("making Parlor's accounts and rooms");
    kit.site = Some(Site::make(&kit).await?);
    let book = measured(&kit, &options.only, &effort).await;
    let mut machine = machine::describe(&kit.python, &kit.parlor);
    machine.extend(versions::of(&kit.peers)?);
    let preface = Preface {
        command: if options.quick {
            "make bench-quick"
        } else {
            "make bench"
        }
        .to_owned(),
        machine,
        remarks,
    };
    let misses = options.misses.as_deref().map(read_page).transpose()?;
    report::write(
        &options.page,
        &preface,
        &book,
        &others,
        misses.as_deref(),
        &effort,
    )?;
    println!(
        "\n{}\nAll of it is in {}.",
        report::goals_table(&book, &others),
        options.page.display()
    );
    Ok(())
}

/// All scenarios, or `only` some, each told of as it is done.
async fn measured(kit: &Kit, only: &[Scenario], effort: &Effort) -> Book {
    let wanted = Scenario::ALL
        .into_iter()
        .filter(|scenario| only.is_empty() || only.contains(scenario));
    let mut book = Book::default();
    for scenario in wanted {
        for round in 1..=effort.rounds {
            for contender in scenario.contenders(effort) {
                let run = timeout(
                    Scenario::within(effort),
                    scenario.run(kit, contender, effort),
                );
                let run = run.await.unwrap_or_else(|_late| bail!("it took too long"));
                let said = match &run {
                    Ok(figures) => line(figures),
                    Err(error) => format!("failed: {error:#}"),
                };
                println!(
                    "{} {round}/{} {}: {said}",
                    scenario.slug(),
                    effort.rounds,
                    contender.name()
                );
                book.keep(
                    scenario,
                    contender,
                    run.map_err(|error| format!("{error:#}")),
                );
            }
        }
    }
    book
}

/// How thoroughly is measured, and what has to be said about that.
fn effort(options: &Options) -> Result<(Effort, Vec<String>)> {
    let mut remarks = Vec::new();
    let files = machine::raise_file_limit()?;
    let most = usize::try_from(files.saturating_sub(SPARE_FILES)).unwrap_or(usize::MAX);
    let wanted = options
        .idle
        .unwrap_or(if options.quick { 2_000 } else { 10_000 });
    if wanted > most {
        remarks.push(format!(
            "Only {most} idle sockets instead of {wanted}: a process may have {files} files here (`ulimit -n`)."
        ));
    }
    let seconds = |given: Option<u16>, usual| Duration::from_secs(given.map_or(usual, u64::from));
    let effort = if options.quick {
        Effort {
            rounds: options.rounds.map_or(1, usize::from),
            warm_up: Duration::from_secs(1),
            measured: seconds(options.seconds, 3),
            idle: wanted.min(most),
            storm: 1_000.min(most),
            starts: 3,
            everybody: false,
            large: None,
        }
    } else {
        Effort {
            rounds: options.rounds.map_or(3, usize::from),
            warm_up: Duration::from_secs(3),
            measured: seconds(options.seconds, 10),
            idle: wanted.min(most),
            storm: 5_000.min(most),
            starts: 5,
            everybody: true,
            large: options.large.clone(),
        }
    };
    if options.rounds.is_some() || options.seconds.is_some() {
        remarks.push("The number of rounds or of seconds is not the usual one.".to_owned());
    }
    if options.also.is_empty() {
        remarks.push("The benches of searches, growth and photos are not in it.".to_owned());
    }
    if effort.large.is_none() {
        remarks.push("The start on a large database was not measured.".to_owned());
    }
    if !effort.everybody {
        remarks.push("Flask-SocketIO with threads was not measured.".to_owned());
    }
    Ok((effort, remarks))
}

fn read_page(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn found(path: &Path) -> Result<PathBuf> {
    fs::canonicalize(path)
        .with_context(|| format!("{} is missing; make bench builds it", path.display()))
}

/// The figures of one run on a line, so that somebody who watches sees how it goes.
fn line(figures: &figures::Figures) -> String {
    let shown = figures.iter().map(|(metric, value)| match metric {
        Metric::MemoryEmpty | Metric::EachOfThousand | Metric::EachOfMost => {
            format!("{metric:?} {:.1} KiB", value / 1024.0)
        }
        _ => format!("{metric:?} {value:.2}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

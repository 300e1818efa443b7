//! Logs, to standard error: as text for people or as JSON lines for programs.
//! What people write and what opens their accounts is never logged, whatever the filter says.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{LogFormat, Settings};

/// Libraries whose debug lines hold packets, frames, headers or certificates as they travel.
const TALKATIVE: [&str; 7] = [
    "engineioxide",
    "socketioxide",
    "tungstenite",
    "tokio_tungstenite",
    "hyper",
    "h2",
    "rustls",
];

/// What a client can make say something as often as it likes, in lines that say nothing of use: ten thousand packets for a
/// namespace that there is not fit into one request, each an error to socketioxide.
const NOISE: &str = "socketioxide::client";

/// Starts logging as the settings say. A second call changes nothing, so every test may make it.
pub fn init(settings: &Settings) {
    let wanted = EnvFilter::builder().parse_lossy(&settings.log);
    let discreet = Targets::new()
        .with_default(LevelFilter::TRACE)
        .with_targets(TALKATIVE.map(|target| (target, LevelFilter::INFO)))
        .with_target(NOISE, LevelFilter::OFF);
    let lines = match settings.log_format {
        LogFormat::Text => fmt::layer()
            .with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .boxed(),
        LogFormat::Json => fmt::layer()
            .with_writer(io::stderr)
            .json()
            .flatten_event(true)
            .boxed(),
    };
    // Fails only when a subscriber is there already.
    let _already = tracing_subscriber::registry()
        .with(lines.with_filter(wanted.and(discreet)))
        .try_init();
}

//! What is measured, and who takes part in it.

mod chat;
mod idle;
mod pages;
mod photos;
mod start;
mod storm;

use std::{path::PathBuf, time::Duration};

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    contenders::{Contender, Kit},
    figures::Figures,
};

/// One row of the table of goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Scenario {
    FanOut,
    Rooms,
    Steady,
    FanOutTls,
    RoomsTls,
    Idle,
    IdleTls,
    Storm,
    Start,
    Pages,
    Photos,
}

/// How thoroughly it is measured.
#[derive(Debug, Clone)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// Before it is measured, and while.
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
    /// The most idle sockets.
    pub(crate) idle: usize,
    /// How many come back at once.
    pub(crate) storm: usize,
    /// How often each process is started in a round.
    pub(crate) starts: usize,
    /// Whether contenders that take long take part.
    pub(crate) everybody: bool,
    /// A data folder of Parlor with a large database.
    pub(crate) large: Option<PathBuf>,
}

impl Scenario {
    pub(crate) const ALL: [Self; 11] = [
        Self::FanOut,
        Self::Rooms,
        Self::Steady,
        Self::FanOutTls,
        Self::RoomsTls,
        Self::Idle,
        Self::IdleTls,
        Self::Storm,
        Self::Start,
        Self::Pages,
        Self::Photos,
    ];

    /// Its head in the report.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::FanOut => {
                "Fan-out: 200 clients in one room, 4 of them send 100 bytes as soon as they are answered"
            }
            Self::Rooms => {
                "Rooms: 1,000 clients in 100 rooms, one sender in each as soon as it is answered"
            }
            Self::Steady => "Steady: 200 messages a second over 20 rooms of 10",
            Self::FanOutTls => "Fan-out over TLS",
            Self::RoomsTls => "Rooms over TLS",
            Self::Idle => "Idle: memory of sockets that only stay",
            Self::IdleTls => "Idle over TLS",
            Self::Storm => {
                "Storm: all come back at once after a restart, each to three rooms with five new messages"
            }
            Self::Start => "Start: from the start of the process to the first 200",
            Self::Pages => {
                "Pages: a room with 50 messages, for somebody who is logged in and belongs to eleven rooms"
            }
            Self::Photos => {
                "Photos: round trips of an event while photos are uploaded one after the other"
            }
        }
    }

    /// Its name in file names and on the command line.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::FanOut => "fan-out",
            Self::Rooms => "rooms",
            Self::Steady => "steady",
            Self::FanOutTls => "fan-out-tls",
            Self::RoomsTls => "rooms-tls",
            Self::Idle => "idle",
            Self::IdleTls => "idle-tls",
            Self::Storm => "storm",
            Self::Start => "start",
            Self::Pages => "pages",
            Self::Photos => "photos",
        }
    }

    /// Who takes part, in the order in which they run.
    pub(crate) fn contenders(self, effort: &Effort) -> Vec<Contender> {
        use Contender::{Bare, FlaskGevent, FlaskThreads, Node, NodeFull, Parlor, Raw};
        let all: &[Contender] = match self {
            Self::FanOut | Self::Rooms => {
                &[Parlor, Raw, Bare, Node, NodeFull, FlaskThreads, FlaskGevent]
            }
            Self::Steady => &[Parlor, Bare, Node, NodeFull],
            Self::FanOutTls
            | Self::RoomsTls
            | Self::Idle
            | Self::IdleTls
            | Self::Storm
            | Self::Start => &[Parlor, Node],
            Self::Pages => &[Parlor, FlaskGevent],
            Self::Photos => &[Parlor],
        };
        let slow = |contender: &Contender| matches!(contender, FlaskThreads);
        let takes_part = |contender: &&Contender| effort.everybody || !slow(contender);
        all.iter().filter(takes_part).copied().collect()
    }

    /// The most that one run may take.
    pub(crate) fn within(effort: &Effort) -> Duration {
        effort.warm_up + effort.measured + Duration::from_mins(3)
    }

    /// Measures one contender once.
    ///
    /// # Errors
    /// Why that failed.
    pub(crate) async fn run(
        self,
        kit: &Kit,
        contender: Contender,
        effort: &Effort,
    ) -> Result<Figures> {
        match self {
            Self::FanOut => chat::run(kit, contender, &chat::FAN_OUT, false, effort).await,
            Self::FanOutTls => chat::run(kit, contender, &chat::FAN_OUT, true, effort).await,
            Self::Rooms => chat::run(kit, contender, &chat::ROOMS, false, effort).await,
            Self::RoomsTls => chat::run(kit, contender, &chat::ROOMS, true, effort).await,
            Self::Steady => chat::run(kit, contender, &chat::STEADY, false, effort).await,
            Self::Idle => idle::run(kit, contender, false, effort).await,
            Self::IdleTls => idle::run(kit, contender, true, effort).await,
            Self::Storm => storm::run(kit, contender, effort).await,
            Self::Start => start::run(kit, contender, effort).await,
            Self::Pages => pages::run(kit, contender, effort).await,
            Self::Photos => photos::run(kit, contender, effort).await,
        }
    }
}

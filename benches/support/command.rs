//! The command line of a bench.

use clap::{Arg, ArgAction, Command};

/// A bench called `name`; its own options are added to it.
pub(crate) fn command(name: &'static str, about: &'static str) -> Command {
    // Cargo says this to whatever it benches.
    let bench = Arg::new("bench")
        .long("bench")
        .hide(true)
        .action(ArgAction::SetTrue);
    Command::new(name).about(about).arg(bench)
}

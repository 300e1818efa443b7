//! The command line: one file a sub-command, and what its end means.
//! Exit status: 0 stopped as asked, 1 failed while running, 2 a setting is wrong.

mod administer;
mod columns;
mod export;
mod import;
mod invite;
mod listed;
mod serve;
mod signals;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Command;
use clap::error::ErrorKind;

use crate::{
    config::{self, SettingError},
    error::chain,
};

const ABOUT: &str = "A self-hosted web messenger in one binary";
const SERVE: &str = "serve";

/// Why a sub-command ended badly.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// What went wrong while running, with its causes.
    #[error("{0}")]
    Running(String),
}

impl Failure {
    /// From an error with its chain of causes, on one line.
    fn running(error: &dyn std::error::Error) -> Self {
        Self::Running(chain(error))
    }

    fn status(&self) -> ExitCode {
        match self {
            Self::Setting(_) => ExitCode::from(2),
            Self::Running(_) => ExitCode::FAILURE,
        }
    }
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    match run(std::env::args_os().collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell when standard error is closed.
            let _unheard = writeln!(std::io::stderr(), "parlor: {failure}");
            failure.status()
        }
    }
}

fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let matches = match command().try_get_matches_from(with_default_command(arguments)) {
        Ok(matches) => matches,
        Err(shown)
            if matches!(
                shown.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            // `parlor --help | head` closes standard output early.
            let _unread = shown.print();
            return Ok(());
        }
        Err(error) => return Err(SettingError::from_clap(&error).into()),
    };
    match matches.subcommand() {
        Some((SERVE, matches)) => serve::run(matches),
        Some((of @ (administer::USER | administer::ROOM | administer::INVITE), matches)) => {
            administer::run(of, matches)
        }
        Some((import::NAME, matches)) => import::run(matches),
        _ => unreachable!("clap knows no other sub-command"),
    }
}

fn command() -> Command {
    let serve = Command::new(SERVE).about("Serves the messenger; `parlor` alone does the same").after_help(
        "Each setting is also a variable (in brackets) and a key of the settings file (the flag without its dashes).\n\
         A flag wins over a variable, a variable over the file, the file over the default.",
    );
    Command::new("parlor")
        .about(ABOUT)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .subcommand(config::flags(serve))
        .subcommand(import::command())
        .subcommand(administer::user_command())
        .subcommand(administer::room_command())
        .subcommand(invite::command())
}

/// `parlor` and `parlor --listen …` mean `parlor serve` and `parlor serve --listen …`.
fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let shown = ["-h", "--help", "-V", "--version"];
    let serves = arguments.get(1).is_none_or(|first| {
        let first = first.to_string_lossy();
        first.starts_with('-') && !shown.contains(&first.as_ref())
    });
    if serves {
        arguments.insert(arguments.len().min(1), SERVE.into());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(arguments: &[&str]) -> Vec<OsString> {
        with_default_command(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn parlor_alone_serves() {
        assert_eq!(resolved(&["parlor"]), ["parlor", "serve"]);
        assert_eq!(
            resolved(&["parlor", "--listen", "x"]),
            ["parlor", "serve", "--listen", "x"]
        );
        assert_eq!(resolved(&["parlor", "serve"]), ["parlor", "serve"]);
        assert_eq!(resolved(&["parlor", "--version"]), ["parlor", "--version"]);
    }

    #[test]
    fn a_wrong_argument_is_a_wrong_setting_and_takes_one_line() {
        for (arguments, beginning) in [
            (
                &["parlor", "sreve"][..],
                "sreve: There is no such setting or command. Did you mean serve?",
            ),
            (
                &["parlor", "serve", "--lisen", "x"],
                "--lisen: There is no such setting or command. Did you mean --listen?",
            ),
            (&["parlor", "--readers", "none"], "--readers: "),
            (
                &["parlor", "import"],
                "parlor: This command needs to know what to do.",
            ),
            (
                &["parlor", "import", "discord"],
                "discord: There is no such setting or command.",
            ),
            (
                &["parlor", "import", "slack"],
                "--archive: It has to be given.",
            ),
        ] {
            let failure = run(arguments.iter().map(OsString::from).collect()).unwrap_err();
            let line = failure.to_string();
            assert!(
                line.starts_with(beginning) && !line.contains('\n'),
                "{line}"
            );
            assert!(matches!(failure, Failure::Setting(_)));
        }
    }

    #[test]
    fn help_lists_every_setting_and_its_variable() {
        let help = command()
            .find_subcommand_mut(SERVE)
            .unwrap()
            .render_long_help()
            .to_string();
        for setting in config::SETTINGS {
            assert!(
                help.contains(&format!("{} ", setting.flag()))
                    || help.contains(&format!("{}[", setting.flag())),
                "{}",
                setting.flag()
            );
            assert!(help.contains(&setting.variable()), "{}", setting.variable());
        }
    }
}

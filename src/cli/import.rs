//! `parlor import`: brings what was said in another messenger into the data folder of a server that is stopped, and makes
//! the links by which people take the accounts over that were made for them.

use std::{path::PathBuf, sync::Arc};

use clap::{Arg, ArgAction, ArgMatches, Command};
use tokio::runtime::Runtime;

use super::{Failure, serve};
use crate::{
    app::{Desk, ImportWanted},
    base::SystemClock,
    config::{self, SettingError},
};

pub(super) const NAME: &str = "import";
const SLACK: &str = "slack";
const CLAIM: &str = "claim";
const MERGE: &str = "merge";

/// The settings that matter to an import; the others are taken from file and environment, and not listed.
const SHOWN: [&str; 2] = ["config", "data_dir"];

pub(super) fn command() -> Command {
    let archive = Arg::new("archive")
        .long("archive")
        .value_name("FILE")
        .required(true)
        .help("The zip file that Slack made");
    let files = Arg::new("files")
        .long("files")
        .value_name("FOLDER")
        .help("Where files lie that the export only names, as FOLDER/ID/NAME or FOLDER/ID-NAME; nothing is ever fetched");
    let dry_run = Arg::new("dry-run")
        .long("dry-run")
        .action(ArgAction::SetTrue)
        .help("Only says what would be done");
    let match_email = Arg::new("match-email")
        .long("match-email")
        .action(ArgAction::SetTrue)
        .help("Who has an account here under the same address is that person; addresses are not verified, so look at a dry run first");
    let slack = Command::new(SLACK)
        .about("Imports an export of Slack; a second time adds only what is new")
        .args([archive, files, dry_run, match_email]);
    let names = Arg::new("name")
        .value_name("NAME")
        .num_args(0..)
        .help("Accounts to make links for; all that wait if none is named");
    let address = Arg::new("address")
        .long("address")
        .value_name("URL")
        .help("Where people reach the server, as https://chat.example.org; put before each link");
    let claim = Command::new(CLAIM)
        .about("Prints a link for each imported account, by which its person takes it over; older links end")
        .args([names, address]);
    let name = |id, name, help| Arg::new(id).value_name(name).required(true).help(help);
    let merge = Command::new(MERGE)
        .about("Makes an imported account that nobody has claimed a part of one that its person has here already")
        .args([
            name("from", "IMPORTED", "The imported account; it is gone after that"),
            name("into", "NAME", "The person's account here"),
        ]);
    Command::new(NAME)
        .about("Brings in what was said in another messenger; the server must be stopped")
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .subcommands([slack, claim, merge].map(with_settings))
}

fn with_settings(command: Command) -> Command {
    config::flags(command).mut_args(|arg| {
        let setting = config::SETTINGS
            .iter()
            .any(|setting| setting.field == arg.get_id().as_str());
        let hidden = setting && !SHOWN.contains(&arg.get_id().as_str());
        arg.hide(hidden)
    })
}

pub(super) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let (name, matches) = matches.subcommand().expect("clap requires a sub-command");
    let settings = serve::settings(matches)?;
    let dry_run = name == SLACK && matches.get_flag("dry-run");
    let desk = Desk::open(settings, Arc::new(SystemClock), dry_run)
        .map_err(|error| Failure::running(&error))?;
    let runtime = Runtime::new().map_err(|error| Failure::running(&error))?;
    runtime.block_on(async {
        let outcome = match name {
            SLACK => slack(&desk, matches).await,
            MERGE => merge(&desk, matches).await,
            _ => claim(&desk, matches).await,
        };
        desk.close().await;
        outcome
    })
}

async fn slack(desk: &Desk, matches: &ArgMatches) -> Result<(), Failure> {
    let path = |name| matches.get_one::<String>(name).map(PathBuf::from);
    let wanted = ImportWanted {
        archive: path("archive").unwrap_or_default(),
        files: path("files"),
        dry_run: matches.get_flag("dry-run"),
        match_email: matches.get_flag("match-email"),
    };
    if let Some(folder) = wanted.files.as_ref().filter(|folder| !folder.is_dir()) {
        let problem = format!(
            "{} is no folder. Name the one in which the files lie.",
            folder.display()
        );
        return Err(SettingError::flag("--files", problem).into());
    }
    let report = desk.slack(&wanted, &mut |line| serve::say(line)).await;
    let report = report.map_err(|error| {
        if error.is_of_archive() {
            SettingError::flag("--archive", error.to_string()).into()
        } else {
            Failure::running(&error)
        }
    })?;
    if wanted.dry_run {
        for line in &report.rooms_told {
            serve::say(line);
        }
    }
    serve::say(report.to_string().trim_end());
    serve::say(match (wanted.dry_run, report.people) {
        (true, _) => "This was a dry run: nothing was changed.",
        (false, 0) => "Done.",
        (false, _) => {
            "Done. \"parlor import claim\" prints the links by which people take their accounts."
        }
    });
    Ok(())
}

async fn claim(desk: &Desk, matches: &ArgMatches) -> Result<(), Failure> {
    let names: Vec<String> = matches
        .get_many("name")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let address = matches
        .get_one::<String>("address")
        .map_or("", String::as_str);
    let links = desk.claim_links(&names).await.map_err(Failure::Running)?;
    if links.is_empty() {
        serve::say("No imported account waits to be claimed.");
    }
    for link in &links {
        let line = format!(
            "{}\t{}\t{}{}",
            link.name,
            link.email,
            address.trim_end_matches('/'),
            link.path
        );
        serve::say(&line);
    }
    Ok(())
}

async fn merge(desk: &Desk, matches: &ArgMatches) -> Result<(), Failure> {
    let name = |id| {
        matches
            .get_one::<String>(id)
            .expect("clap requires both names")
    };
    let (from, into) = (name("from"), name("into"));
    let merged = desk.merge(from, into).await.map_err(Failure::Running)?;
    serve::say(&format!(
        "{from} is a part of {into} now: messages {}, rooms {}.",
        merged.messages, merged.rooms
    ));
    Ok(())
}

//! `parlor import`: brings what was said in another messenger into the data folder of a server that is stopped, and makes
//! the links by which people take the accounts over that were made for them.

use std::{path::PathBuf, sync::Arc};

use clap::{Arg, ArgAction, ArgMatches, Command};
use tokio::runtime::Runtime;

use super::{Failure, serve};
use crate::{
    app::{Desk, FlaskWanted, ImportError, ImportReport, SlackWanted},
    base::SystemClock,
    config::{self, SettingError},
};

pub(super) const NAME: &str = "import";
const SLACK: &str = "slack";
const FLASK: &str = "flask";
const CLAIM: &str = "claim";
const DRY_RUN: &str = "dry-run";
const MERGE: &str = "merge";

/// The settings that matter to an import; the others are taken from file and environment, and not listed.
const SHOWN: [&str; 2] = ["config", "data_dir"];

pub(super) fn command() -> Command {
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
        .subcommands([slack_command(), flask_command(), claim, merge].map(with_settings))
}

fn slack_command() -> Command {
    let archive = Arg::new("archive")
        .long("archive")
        .value_name("FILE")
        .required(true)
        .help("The zip file that Slack made");
    let files = Arg::new("files")
        .long("files")
        .value_name("FOLDER")
        .help("Where files lie that the export only names, as FOLDER/ID/NAME or FOLDER/ID-NAME; nothing is ever fetched");
    Command::new(SLACK)
        .about("Imports an export of Slack; a second time adds only what is new")
        .args([archive, files, dry_run(), match_email()])
}

fn flask_command() -> Command {
    let database = Arg::new("database")
        .long("database")
        .value_name("FILE")
        .required(true)
        .help("The app's SQLite database, such as chat.db; it is only read");
    let uploads = Arg::new("uploads")
        .long("uploads")
        .value_name("FOLDER")
        .help("Where the photos lie that the database names, such as static/uploads");
    let table = Arg::new("table")
        .long("table")
        .value_name("PART=TABLE")
        .action(ArgAction::Append)
        .help("Which table holds the part \"user\", \"message\", \"room\" or \"member\", where it is not found; \"none\" leaves it out");
    let column = Arg::new("column")
        .long("column")
        .value_name("PART.FIELD=COLUMN")
        .action(ArgAction::Append)
        .help("Which column holds what, as user.name=nick or message.time=sent; \"none\" leaves it out");
    let public = Arg::new("public-rooms")
        .long("public-rooms")
        .action(ArgAction::SetTrue)
        .help("Opens the rooms to everybody; else only those who spoke in one belong to it, unless the database says it");
    Command::new(FLASK)
        .about("Imports the database of a chat written with Flask; a second time adds only what is new")
        .after_help(
            "People log in with the passwords that they have there, where werkzeug hashed them with scrypt or PBKDF2. \
             The others need a link from \"parlor import claim\"; --dry-run says who.",
        )
        .args([database, uploads, table, column, public, dry_run(), match_email()])
}

fn dry_run() -> Arg {
    Arg::new(DRY_RUN)
        .long(DRY_RUN)
        .action(ArgAction::SetTrue)
        .help("Only says what would be done")
}

fn match_email() -> Arg {
    Arg::new("match-email")
        .long("match-email")
        .action(ArgAction::SetTrue)
        .help("Who has an account here under the same address is that person; addresses are not verified, so look at a dry run first")
}

/// A command that takes all settings and lists those that matter.
pub(super) fn with_settings(command: Command) -> Command {
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
    let dry_run = [SLACK, FLASK].contains(&name) && matches.get_flag(DRY_RUN);
    let desk = Desk::open(settings, Arc::new(SystemClock), dry_run)
        .map_err(|error| Failure::running(&error))?;
    let runtime = Runtime::new().map_err(|error| Failure::running(&error))?;
    runtime.block_on(async {
        let outcome = match name {
            SLACK => slack(&desk, matches).await,
            FLASK => flask(&desk, matches).await,
            MERGE => merge(&desk, matches).await,
            _ => claim(&desk, matches).await,
        };
        desk.close().await;
        outcome
    })
}

async fn slack(desk: &Desk, matches: &ArgMatches) -> Result<(), Failure> {
    let wanted = SlackWanted {
        archive: path(matches, "archive").unwrap_or_default(),
        files: folder(matches, "files", "the files")?,
        dry_run: matches.get_flag(DRY_RUN),
        match_email: matches.get_flag("match-email"),
    };
    let report = desk.slack(&wanted, &mut |line| serve::say(line)).await;
    tell(report, wanted.dry_run)
}

async fn flask(desk: &Desk, matches: &ArgMatches) -> Result<(), Failure> {
    let wanted = FlaskWanted {
        database: path(matches, "database").unwrap_or_default(),
        uploads: folder(matches, "uploads", "the photos")?,
        tables: texts(matches, "table"),
        columns: texts(matches, "column"),
        public_rooms: matches.get_flag("public-rooms"),
        dry_run: matches.get_flag(DRY_RUN),
        match_email: matches.get_flag("match-email"),
    };
    let report = desk.flask(&wanted, &mut |line| serve::say(line)).await;
    tell(report, wanted.dry_run)
}

fn path(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<String>(name).map(PathBuf::from)
}

/// A folder that has to be there.
fn folder(
    matches: &ArgMatches,
    name: &'static str,
    what: &str,
) -> Result<Option<PathBuf>, SettingError> {
    match path(matches, name) {
        Some(folder) if !folder.is_dir() => Err(SettingError::flag(
            &format!("--{name}"),
            format!(
                "{} is no folder. Name the one in which {what} lie.",
                folder.display()
            ),
        )),
        found => Ok(found),
    }
}

fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    let found = matches.get_many(name);
    found.into_iter().flatten().cloned().collect()
}

/// Says what was done, or would be.
fn tell(report: Result<ImportReport, ImportError>, dry_run: bool) -> Result<(), Failure> {
    let report = report.map_err(|error| match error.flag() {
        Some(flag) => SettingError::flag(flag, error.to_string()).into(),
        None => Failure::running(&error),
    })?;
    for line in &report.read_from {
        serve::say(line);
    }
    if dry_run {
        for line in report.people_told.iter().chain(&report.rooms_told) {
            serve::say(line);
        }
    }
    serve::say(report.to_string().trim_end());
    serve::say(match (dry_run, report.is_empty(), report.people) {
        (true, _, _) => "This was a dry run: nothing was changed.",
        (false, true, _) => "Nothing is new: all of it was imported before.",
        (false, _, 0) => "Done.",
        _ => "Done. \"parlor import claim\" prints the links by which people take their accounts.",
    });
    Ok(())
}

async fn claim(desk: &Desk, matches: &ArgMatches) -> Result<(), Failure> {
    let names = texts(matches, "name");
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

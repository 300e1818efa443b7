//! `parlor user export`: a copy of somebody's data, for who runs the server.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::{
    Failure,
    administer::{tell, user},
};
use crate::app::Office;

pub(super) const NAME: &str = "export";

pub(super) fn command() -> Command {
    let output = Arg::new("output")
        .long("output")
        .value_name("FILE")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .help("The zip file to write, which must not be there yet");
    Command::new(NAME)
        .about("Writes a copy of somebody's data into a zip file")
        .args([user(), output])
}

/// What was written.
#[derive(Serialize)]
struct Written<'w> {
    file: &'w str,
    bytes: u64,
}

pub(super) async fn run(office: &Office, login: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let output = matches
        .get_one::<PathBuf>("output")
        .expect("clap requires it");
    let written = office.export(login, output).await;
    let bytes = written.map_err(Failure::Running)?;
    let file = output.to_string_lossy();
    let answer = Written { file: &file, bytes };
    tell(matches.get_flag("json"), &answer, || {
        format!("{file} has {bytes} bytes.")
    })
}

//! `parlor invite`: links by which people make an account on this site.

use std::time::Duration;

use clap::{Arg, ArgMatches, Command};

use super::{
    Failure, SettingError,
    administer::{INVITE, done, only, parent, tell, text},
    columns::table,
    listed::minute,
};
use crate::{
    app::{Invite, NewSiteInvite, Office, Order},
    config,
};

const HEAD: [&str; 6] = ["ID", "LEADS INTO", "BY", "UNTIL", "CAME", "LEFT"];

pub(super) fn command() -> Command {
    let room = Arg::new("room")
        .long("room")
        .value_name("CODE")
        .help("The room in which people land; the lobby where it is left out");
    let expires_in = Arg::new("expires-in")
        .long("expires-in")
        .value_name("TIME")
        .help("How long it holds, such as 12h or 7d: a minute to a year; without end where it is left out");
    let uses = Arg::new("uses")
        .long("uses")
        .value_name("NUMBER")
        .help("How many people may come by it, 1 to 10000; any number where it is left out");
    let invite = Arg::new("invite")
        .value_name("ID")
        .required(true)
        .help("The invitation's number, as \"parlor invite list\" shows it");
    let below = [
        Command::new("list").about("Lists the invitations to the site that hold"),
        Command::new("create")
            .about("Makes an invitation to the site and prints its link, which is shown this once")
            .args([room, expires_in, uses]),
        Command::new("revoke")
            .about("Ends an invitation to the site")
            .arg(invite),
    ];
    parent(
        INVITE,
        "Makes links by which people make an account, lists and ends them",
        below.into_iter(),
    )
}

pub(super) async fn run(
    office: &Office,
    server: Option<&str>,
    name: &str,
    matches: &ArgMatches,
) -> Result<(), Failure> {
    let json = matches.get_flag("json");
    match name {
        "create" => create(office, server, matches).await,
        "revoke" => {
            let id = number(matches, "invite", "ID")?.unwrap_or_default();
            done(office, Order::RevokeInvite(id)).await?;
            tell(json, &serde_json::json!({ "id": id }), || {
                format!("Invitation {id} holds no longer.")
            })
        }
        _ => {
            let invites = done(office, Order::Invites).await?.invites;
            tell(json, &invites, || table(&HEAD, invites.iter().map(row)))
        }
    }
}

/// An invitation and its link.
#[derive(serde::Serialize)]
struct Made<'m> {
    #[serde(flatten)]
    invite: &'m Invite,
    url: &'m str,
}

async fn create(
    office: &Office,
    server: Option<&str>,
    matches: &ArgMatches,
) -> Result<(), Failure> {
    let new = NewSiteInvite {
        room: matches.get_one::<String>("room").cloned(),
        expires_in: span(matches)?,
        uses: number(matches, "uses", "--uses")?,
    };
    let made = done(office, Order::CreateInvite(new)).await?;
    let invite = only(made.invites)?;
    let path = only(made.link.into_iter().collect())?;
    let url = format!("{}{path}", server.unwrap_or_default());
    let made = Made {
        invite: &invite,
        url: &url,
    };
    tell(matches.get_flag("json"), &made, || match server {
        Some(_) => url.clone(),
        None => format!(
            "{url}\nPut the address of your server in front of it. With --public-url, or the setting of that name, it stands there."
        ),
    })
}

fn span(matches: &ArgMatches) -> Result<Option<i64>, Failure> {
    let Some(text) = matches.get_one::<String>("expires-in") else {
        return Ok(None);
    };
    let seconds = config::span(text).as_ref().map(Duration::as_secs);
    let seconds = seconds.and_then(|seconds| i64::try_from(seconds).ok());
    let problem = "This is no time. Write it with its unit, such as 30min, 12h or 7d.";
    let seconds = seconds.ok_or_else(|| SettingError::flag("--expires-in", problem))?;
    Ok(Some(seconds))
}

/// A whole number that was given.
fn number(matches: &ArgMatches, name: &str, called: &str) -> Result<Option<i64>, Failure> {
    if !matches.contains_id(name) {
        return Ok(None);
    }
    let number = text(matches, name).parse().map(Some);
    Ok(number.map_err(|_| SettingError::flag(called, "Give a whole number, in digits."))?)
}

fn row(invite: &Invite) -> [String; 6] {
    let left = invite.uses.map(|uses| (uses - invite.used).to_string());
    [
        invite.id.to_string(),
        invite.room.clone().unwrap_or_else(|| "lobby".to_owned()),
        invite.created_by.name.clone(),
        invite
            .expires_at
            .as_deref()
            .map_or_else(|| "-".to_owned(), minute),
        invite.used.to_string(),
        left.unwrap_or_else(|| "-".to_owned()),
    ]
}

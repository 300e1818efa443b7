//! `parlor user`, `parlor room` and `parlor invite`: who has an account, which rooms there are, what becomes of them, and
//! who may come. Works while a server runs on the data folder, which then does it, and while none does.

use clap::{Arg, ArgAction, ArgMatches, Command};
use tokio::runtime::Runtime;

use super::{
    Failure, SettingError,
    columns::{details, table},
    export,
    import::with_settings,
    invite,
    listed::{ROOM_HEAD, USER_HEAD, room_details, room_row, user_details, user_row},
    serve,
};
use crate::app::{NewSiteUser, Office, Order, Outcome, RoomDeed, SaidBefore, SiteUser, UserDeed};

pub(super) const USER: &str = "user";
pub(super) const ROOM: &str = "room";
pub(super) const INVITE: &str = "invite";

const WHILE_IT_RUNS: &str = "Works while the server runs, which then does it: when the command ends, it is on disk, the sessions of \
     who was put out have ended, and their sockets are disconnected at once. It has to be run by the user that runs the server, \
     or by root. Each change stands in the site's log at /admin/audit.";

/// What is done to an account, and what is said of it in the help and afterwards.
const USER_DEEDS: [(&str, UserDeed, &str, &str); 6] = [
    (
        "disable",
        UserDeed::Disable,
        "Lets nobody log in to an account, and ends its sessions and tokens; name and messages stay",
        "is disabled. Every session and token of it has ended.",
    ),
    (
        "enable",
        UserDeed::Enable,
        "Opens a disabled account again",
        "is open.",
    ),
    (
        "reset-password",
        UserDeed::ResetPassword,
        "Gives an account a new password and prints it, and ends its sessions and tokens",
        "has a new password. Every session and token of it has ended.",
    ),
    (
        "promote",
        UserDeed::Promote,
        "Lets a person run the site",
        "runs the site.",
    ),
    (
        "demote",
        UserDeed::Demote,
        "Ends that a person runs the site, and their sessions and tokens",
        "does not run the site.",
    ),
    (
        "remove-factors",
        UserDeed::RemoveFactors,
        "Takes an account's second factors, passkeys and recovery codes away, for who has lost them",
        "logs in by the password alone.",
    ),
];

/// The same of rooms.
const ROOM_DEEDS: [(&str, RoomDeed, &str, &str); 3] = [
    (
        "archive",
        RoomDeed::Archive,
        "Closes a room to new messages",
        "is archived.",
    ),
    (
        "restore",
        RoomDeed::Restore,
        "Opens an archived room again",
        "is open.",
    ),
    (
        "delete",
        RoomDeed::Delete,
        "Deletes a room with all that was said in it",
        "is deleted.",
    ),
];

pub(super) fn user_command() -> Command {
    let email = Arg::new("email")
        .value_name("EMAIL")
        .required(true)
        .help("The person's address");
    let admin = Arg::new("admin")
        .long("admin")
        .action(ArgAction::SetTrue)
        .help("The person runs the site");
    let list = Command::new("list").about("Lists all accounts");
    let show = Command::new("show").about("Shows one account").arg(user());
    let create = Command::new("create")
        .about("Makes an account and prints its password")
        .args([
            Arg::new("user")
                .value_name("NAME")
                .required(true)
                .help("What the person is called"),
            email,
            admin,
        ]);
    let delete = Command::new("delete")
        .about("Deletes an account: its name and address are free at once")
        .args([user(), messages()]);
    let deeds = USER_DEEDS.map(|(name, _, about, _)| Command::new(name).about(about).arg(user()));
    parent(
        USER,
        "Looks at accounts and changes them",
        [list, show, create, delete, export::command()]
            .into_iter()
            .chain(deeds),
    )
}

pub(super) fn room_command() -> Command {
    let list = Command::new("list").about("Lists all rooms");
    let show = Command::new("show").about("Shows one room").arg(room());
    let deeds = ROOM_DEEDS.map(|(name, deed, about, _)| {
        let command = Command::new(name).about(about).arg(room());
        if deed == RoomDeed::Delete {
            command.arg(
                Arg::new("confirm")
                    .long("confirm")
                    .value_name("NAME")
                    .required(true)
                    .help("The room's name, so that no wrong one is deleted"),
            )
        } else {
            command
        }
    });
    parent(
        ROOM,
        "Looks at rooms and changes them",
        [list, show].into_iter().chain(deeds),
    )
}

pub(super) fn user() -> Arg {
    Arg::new("user")
        .value_name("NAME")
        .required(true)
        .help("The account's name or e-mail address")
}

fn messages() -> Arg {
    Arg::new("messages")
        .long("messages")
        .value_name("WHAT")
        .value_parser(["keep", "remove"])
        .default_value("keep")
        .help("What becomes of what the person said: it stays as a deleted account's, or goes with its files")
}

fn room() -> Arg {
    Arg::new("room")
        .value_name("CODE")
        .required(true)
        .help("The room's code, as \"parlor room list\" shows it")
}

pub(super) fn parent(
    name: &'static str,
    about: &'static str,
    below: impl Iterator<Item = Command>,
) -> Command {
    let json = Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help("Answers in JSON");
    Command::new(name)
        .about(about)
        .after_help(WHILE_IT_RUNS)
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .subcommands(
            below.map(|command| with_settings(command.arg(json.clone()).after_help(WHILE_IT_RUNS))),
        )
}

pub(super) fn run(of: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let (name, matches) = matches.subcommand().expect("clap requires a sub-command");
    let settings = serve::settings(matches)?;
    let server = settings.public_url.clone();
    let office = Office::open(settings).map_err(|error| Failure::running(&error))?;
    let runtime = Runtime::new().map_err(|error| Failure::running(&error))?;
    runtime.block_on(async {
        let done = match of {
            USER => on_user(&office, name, matches).await,
            INVITE => invite::run(&office, server.as_deref(), name, matches).await,
            _ => on_room(&office, name, matches).await,
        };
        office.close().await;
        done
    })
}

async fn on_user(office: &Office, name: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let json = matches.get_flag("json");
    if name == "list" {
        let (mut users, mut after) = (Vec::new(), None);
        loop {
            let page = done(office, Order::Users(after)).await?;
            users.extend(page.users);
            after = page.next;
            if after.is_none() {
                return tell(json, &users, || {
                    table(&USER_HEAD, users.iter().map(user_row))
                });
            }
        }
    }
    let login = text(matches, "user");
    if name == export::NAME {
        return export::run(office, &login, matches).await;
    }
    let deed = USER_DEEDS.iter().find(|(found, ..)| *found == name);
    let order = match (name, deed) {
        (_, Some((_, deed, ..))) => Order::ChangeUser(login, *deed),
        ("create", None) => Order::CreateUser(NewSiteUser {
            name: login,
            email: text(matches, "email"),
            admin: matches.get_flag("admin"),
            ..NewSiteUser::default()
        }),
        ("delete", None) => {
            let said = match text(matches, "messages").as_str() {
                "remove" => SaidBefore::Remove,
                _ => SaidBefore::Keep,
            };
            Order::DeleteUser(login, said)
        }
        _ => Order::User(login),
    };
    let Outcome {
        users, password, ..
    } = done(office, order).await?;
    let user = only(users)?;
    let said = match deed {
        Some((.., said)) => format!("{} {said}", user.name),
        None if name == "create" && user.admin => {
            format!("{} has an account and runs the site.", user.name)
        }
        None if name == "create" => format!("{} has an account.", user.name),
        None if name == "delete" => format!("{} is deleted. The name is free.", user.name),
        None => details(&user_details(&user)),
    };
    let answer = Told {
        user: &user,
        password: password.as_deref(),
    };
    tell(json, &answer, || match &password {
        Some(password) => format!("{said}\nPassword: {password}"),
        None => said,
    })
}

/// An account, and the password that it has just been given.
#[derive(serde::Serialize)]
struct Told<'t> {
    #[serde(flatten)]
    user: &'t SiteUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'t str>,
}

async fn on_room(office: &Office, name: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let json = matches.get_flag("json");
    if name == "list" {
        let (mut rooms, mut after) = (Vec::new(), None);
        loop {
            let page = done(office, Order::Rooms(after)).await?;
            rooms.extend(page.rooms);
            after = page.next;
            if after.is_none() {
                return tell(json, &rooms, || {
                    table(&ROOM_HEAD, rooms.iter().map(room_row))
                });
            }
        }
    }
    let code = text(matches, "room");
    let deed = ROOM_DEEDS.iter().find(|(found, ..)| *found == name);
    if name == "delete" {
        let room = only(done(office, Order::Room(code.clone())).await?.rooms)?;
        if room.name != text(matches, "confirm") {
            let problem = format!(
                "The room is called {}. Give its name to delete it.",
                room.name
            );
            return Err(SettingError::flag("--confirm", problem).into());
        }
    }
    let order = match deed {
        Some((_, deed, ..)) => Order::ChangeRoom(code, *deed),
        None => Order::Room(code),
    };
    let room = only(done(office, order).await?.rooms)?;
    tell(json, &room, || match deed {
        Some((.., said)) => format!("{} {said}", room.name),
        None => details(&room_details(&room)),
    })
}

pub(super) async fn done(office: &Office, order: Order) -> Result<Outcome, Failure> {
    office.run(order).await.map_err(Failure::Running)
}

pub(super) fn only<T>(found: Vec<T>) -> Result<T, Failure> {
    let first = found.into_iter().next();
    first.ok_or_else(|| Failure::Running("The server's answer names nothing.".to_owned()))
}

pub(super) fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().unwrap_or_default()
}

pub(super) fn tell(
    json: bool,
    answer: &impl serde::Serialize,
    words: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if json {
        let text = serde_json::to_string_pretty(answer);
        serve::say(&text.map_err(|error| Failure::running(&error))?);
    } else {
        serve::say(&words());
    }
    Ok(())
}

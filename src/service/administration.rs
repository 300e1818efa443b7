//! Running the site: making, disabling and changing accounts, archiving and ending rooms, and the site's log of it. Whoever
//! has the server's command line may do all of it; of people, those who run the site.

use super::{
    Caller, Context, accounts, collect, reports,
    rooms::{page_of, page_size},
};
use crate::{
    error::{Code, Error, Result},
    model::{self, AccountDeed, NewAccount, Operator, RoomCode, RoomId, SiteLogEntry, UserId},
    secrets::Token,
    wire::administration::{Order, Outcome, RoomDeed, SiteRoom, SiteUser, UserDeed},
};

/// How many accounts or rooms are read at a time.
const PAGE: u32 = 200;

/// What the log says of where the command line is.
const HERE: &str = "this machine";

/// How many characters a password has that is made here: 120 random bits.
const PASSWORD: usize = 20;

/// Who has the server's command line.
#[must_use]
pub fn command_line(ctx: &Context) -> Operator {
    Operator {
        user: None,
        address: HERE.to_owned(),
        now: ctx.now(),
    }
}

/// Does what the command line asks for.
///
/// # Errors
/// `not_found`, `conflict`, and faults of a new account's fields.
pub async fn run(ctx: &Context, order: Order) -> Result<Outcome> {
    let by = command_line(ctx);
    match order {
        Order::Users(after) => {
            let (listed, more) = users(ctx, after).await?;
            Ok(Outcome {
                next: listed.last().filter(|_| more).map(|user| user.id),
                users: listed,
                ..Outcome::default()
            })
        }
        Order::User(login) => Ok(of_user(&found(ctx, &login).await?, None)),
        Order::CreateUser { name, email, admin } => create(ctx, by, &name, &email, admin).await,
        Order::ChangeUser(login, deed) => {
            let user = found(ctx, &login).await?.account.card.id;
            change_user(ctx, by, user, deed).await
        }
        Order::Rooms(after) => {
            let after = after.map(RoomId);
            let found = ctx.store.all_rooms(after, PAGE + 1).await?;
            let (found, more) = page_of(found, PAGE);
            Ok(Outcome {
                next: found.last().filter(|_| more).map(|room| room.id.0),
                rooms: found.iter().map(SiteRoom::from).collect(),
                ..Outcome::default()
            })
        }
        Order::Room(code) => {
            let found = ctx.store.listed_room(&room_code(&code)?).await?;
            Ok(of_room(&found.ok_or_else(|| no_room(&code))?))
        }
        Order::ChangeRoom(code, deed) => change_room(ctx, by, &code, deed).await,
    }
}

/// Accounts in the order of their ids, those after `after`, and whether there are more.
///
/// # Errors
/// When the store cannot be asked.
async fn users(ctx: &Context, after: Option<i64>) -> Result<(Vec<SiteUser>, bool)> {
    let after = after.map(UserId);
    let found = ctx.store.listed_accounts(after, PAGE + 1).await?;
    let (found, more) = page_of(found, PAGE);
    Ok((found.iter().map(SiteUser::from).collect(), more))
}

/// Makes an account with a password of its own.
async fn create(
    ctx: &Context,
    by: Operator,
    name: &str,
    email: &str,
    admin: bool,
) -> Result<Outcome> {
    let mut faults = super::Faults::new();
    let name = collect(&mut faults, accounts::name(ctx, name));
    let email = collect(&mut faults, accounts::email(email));
    let (Some(name), Some(email)) = (name, email) else {
        let fault = faults.into_iter().next();
        return Err(fault.unwrap_or_else(|| Error::new(Code::Invalid, "This cannot be read.")));
    };
    let password = password();
    let new = NewAccount {
        name,
        email,
        password_hash: hash(ctx, &password).await?,
        may_be_first: true,
        created_at: by.now,
    };
    let made = ctx.store.create_account_by(by, new, admin).await?;
    Ok(of_user(&made, Some(password)))
}

/// Does something to an account.
///
/// # Errors
/// `not_found`; `conflict` where nobody would be left who runs the site, or the account is no person's; `forbidden`.
pub async fn change_user(
    ctx: &Context,
    by: Operator,
    user: UserId,
    deed: UserDeed,
) -> Result<Outcome> {
    let (deed, password) = match deed {
        UserDeed::Disable => (AccountDeed::Disable, None),
        UserDeed::Enable => (AccountDeed::Enable, None),
        UserDeed::Promote => (AccountDeed::Promote, None),
        UserDeed::Demote => (AccountDeed::Demote, None),
        UserDeed::ResetPassword => {
            let password = password();
            let hash = hash(ctx, &password).await?;
            (AccountDeed::ResetPassword(hash), Some(password))
        }
    };
    let changed = ctx.store.change_account_by(by, user, deed).await?;
    Ok(of_user(&changed, password))
}

/// Does something to a room.
///
/// # Errors
/// `not_found`; `conflict` for rooms that stay as they are; `forbidden`.
pub async fn change_room(
    ctx: &Context,
    by: Operator,
    code: &str,
    deed: RoomDeed,
) -> Result<Outcome> {
    let room = room_code(code)?;
    let changed = ctx.store.change_room_by(by, &room, deed.into()).await;
    let changed = changed.map_err(|error| match error {
        crate::store::StoreError::NotFound("room") => no_room(code),
        error => error.into(),
    })?;
    Ok(of_room(&changed))
}

/// The site's log, the newest entries first, those before `before`, and whether there are earlier ones.
///
/// # Errors
/// `forbidden`; `invalid` for the limit.
pub async fn log(
    ctx: &Context,
    caller: &Caller,
    before: Option<i64>,
    limit: Option<i64>,
) -> Result<(Vec<SiteLogEntry>, bool)> {
    reports::admin(caller)?;
    let limit = page_size(limit)?;
    let entries = ctx.store.site_log(before, limit + 1).await?;
    Ok(page_of(entries, limit))
}

async fn found(ctx: &Context, login: &str) -> Result<model::Listed> {
    let found = ctx.store.listed_account(login).await?;
    found.ok_or_else(|| {
        let text = format!("Nobody has an account called {login} here.");
        Error::new(Code::NotFound, text)
    })
}

fn room_code(code: &str) -> Result<RoomCode> {
    RoomCode::parse(code).map_err(|_| no_room(code))
}

fn no_room(code: &str) -> Error {
    let text =
        format!("There is no room with the code {code}. The list of rooms shows each one's code.");
    Error::new(Code::NotFound, text)
}

/// A new password that nobody chose.
fn password() -> String {
    Token::random().reveal().chars().take(PASSWORD).collect()
}

async fn hash(ctx: &Context, password: &str) -> Result<String> {
    let hash = ctx.passwords.hash(password).await;
    hash.map_err(Error::unavailable)
}

fn of_user(listed: &model::Listed, password: Option<String>) -> Outcome {
    Outcome {
        users: vec![listed.into()],
        password,
        ..Outcome::default()
    }
}

fn of_room(room: &model::Room) -> Outcome {
    Outcome {
        rooms: vec![room.into()],
        ..Outcome::default()
    }
}

//! Running the site: making, disabling and changing accounts, archiving and ending rooms, and the site's log of it. Whoever
//! has the server's command line may do all of it; of people, those who run the site.

use super::{
    Caller, Context, Faults, accounts, closing, collect,
    commands::first,
    exports::{self, Export},
    invites::Terms,
    letters, reports, required,
    rooms::{page_of, page_size},
    site_invites,
};
use crate::{
    error::{Code, Error, Result},
    model::{
        AccountDeed, Factors, Listed, NewAccount, Operator, Room, RoomCode, RoomId, SiteLogEntry,
        UserId,
    },
    secrets::Token,
    wire::{
        Invite,
        administration::{NewSiteUser, Order, Outcome, RoomDeed, SiteRoom, SiteUser, UserDeed},
    },
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
            let (found, more) = users(ctx, "", after, PAGE).await?;
            Ok(Outcome {
                next: found
                    .last()
                    .filter(|_| more)
                    .map(|user| user.account.card.id.0),
                users: found.iter().map(SiteUser::from).collect(),
                ..Outcome::default()
            })
        }
        Order::User(login) => Ok(of_user(&found(ctx, &login).await?, None)),
        Order::CreateUser(new) => create_user(ctx, by, &new).await.map_err(first),
        Order::ChangeUser(login, deed) => {
            let user = found(ctx, &login).await?.account.card.id;
            change_user(ctx, by, user, deed).await
        }
        Order::DeleteUser(login, said) => {
            let user = found(ctx, &login).await?;
            closing::close(ctx, by, user.account.card.id, said.into()).await?;
            Ok(of_user(&user, None))
        }
        Order::Rooms(after) => {
            let (found, more) = rooms(ctx, after, PAGE).await?;
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
        Order::Invites => Ok(Outcome {
            invites: site_invites::all(ctx)
                .await?
                .iter()
                .map(Invite::from)
                .collect(),
            ..Outcome::default()
        }),
        Order::CreateInvite(new) => {
            let terms = Terms {
                expires_in: new.expires_in,
                uses: new.uses,
            };
            let room = new.room.as_deref();
            let (invite, token) = site_invites::create(ctx, by, room, terms).await?;
            Ok(Outcome {
                invites: vec![Invite::from(&invite)],
                link: Some(site_invites::path(&token)),
                ..Outcome::default()
            })
        }
        Order::RevokeInvite(invite) => {
            site_invites::revoke(ctx, by, invite).await?;
            Ok(Outcome::default())
        }
    }
}

/// Begins an export of the data of the account of this name or address, for who has the command line.
///
/// # Errors
/// `not_found`; `conflict` while one is being made.
pub async fn export(ctx: &Context, login: &str) -> Result<Export> {
    let user = found(ctx, login).await?.account.card.id;
    exports::begin_for(ctx, command_line(ctx), user).await
}

async fn users(
    ctx: &Context,
    query: &str,
    after: Option<i64>,
    limit: u32,
) -> Result<(Vec<Listed>, bool)> {
    let (query, after) = (query.trim(), after.map(UserId));
    let found = ctx.store.listed_accounts(query, after, limit + 1).await?;
    Ok(page_of(found, limit))
}

async fn rooms(ctx: &Context, after: Option<i64>, limit: u32) -> Result<(Vec<Room>, bool)> {
    let found = ctx.store.all_rooms(after.map(RoomId), limit + 1).await?;
    Ok(page_of(found, limit))
}

/// Accounts whose name or address has `query` in it, in the order of their ids, those after `after`, and whether there
/// are more.
///
/// # Errors
/// `forbidden`; `invalid` for the limit.
pub async fn list_users(
    ctx: &Context,
    caller: &Caller,
    query: &str,
    after: Option<i64>,
    limit: Option<i64>,
) -> Result<(Vec<Listed>, bool)> {
    reports::admin(caller)?;
    users(ctx, query, after, page_size(limit)?).await
}

/// One account.
///
/// # Errors
/// `forbidden`, `not_found`.
pub async fn user(ctx: &Context, caller: &Caller, user: UserId) -> Result<Listed> {
    reports::admin(caller)?;
    let found = ctx.store.listed(user).await?;
    found.ok_or_else(|| Error::not_found("account"))
}

/// What all rooms are called and how large they are, those after `after`, and whether there are more: nothing of what is
/// said in them.
///
/// # Errors
/// `forbidden`; `invalid` for the limit.
pub async fn list_rooms(
    ctx: &Context,
    caller: &Caller,
    after: Option<i64>,
    limit: Option<i64>,
) -> Result<(Vec<Room>, bool)> {
    reports::admin(caller)?;
    rooms(ctx, after, page_size(limit)?).await
}

/// One room: nothing of what is said in it.
///
/// # Errors
/// `forbidden`, `not_found`.
pub async fn room(ctx: &Context, caller: &Caller, code: &str) -> Result<Room> {
    reports::admin(caller)?;
    let code = crate::service::rooms::code(code)?;
    ctx.store
        .listed_room(&code)
        .await?
        .ok_or_else(Error::no_room)
}

/// Makes an account with a password of its own.
///
/// # Errors
/// One fault a field: `invalid`, `too_long`, `conflict`. Without field: `forbidden`.
pub async fn create_user(
    ctx: &Context,
    by: Operator,
    new: &NewSiteUser,
) -> Result<Outcome, Faults> {
    let alone = |error: Error| vec![error];
    let mut faults = Faults::new();
    let name = collect(&mut faults, accounts::name(ctx, &new.name));
    let email = collect(&mut faults, accounts::email(&new.email));
    let (Some(name), Some(email)) = (name, email) else {
        return Err(faults);
    };
    let password = password();
    let account = NewAccount {
        name,
        email,
        password_hash: hash(ctx, &password).await.map_err(alone)?,
        may_be_first: true,
        created_at: by.now,
    };
    let made = ctx.store.create_account_by(by, account, new.admin).await;
    let made = made.map_err(|error| alone(error.into()))?;
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
        UserDeed::RemoveFactors => (AccountDeed::RemoveFactors, None),
        UserDeed::ResetPassword => {
            let password = password();
            let hash = hash(ctx, &password).await?;
            (AccountDeed::ResetPassword(hash), Some(password))
        }
    };
    let removes = matches!(deed, AccountDeed::RemoveFactors);
    let had = removes
        && (ctx.store.factors(user).await? != Factors::default()
            || !ctx.store.passkeys(user).await?.is_empty());
    let may_lack = removes || matches!(deed, AccountDeed::Promote);
    let changed = ctx.store.change_account_by(by, user, deed).await?;
    // What asks anew who speaks refuses them from now on; a socket asked when it connected.
    if may_lack && required::lacks(ctx, &changed.account).await? {
        ctx.store.drop_sockets(user).await?;
    }
    if had {
        let text = "Your second factors, passkeys and recovery codes were removed by who runs the server. From now on, a login to your account asks for your password alone.";
        letters::send(
            ctx,
            &changed.account,
            "Your second factors were removed",
            text,
        );
    }
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

async fn found(ctx: &Context, login: &str) -> Result<Listed> {
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

fn of_user(listed: &Listed, password: Option<String>) -> Outcome {
    Outcome {
        users: vec![listed.into()],
        password,
        ..Outcome::default()
    }
}

fn of_room(room: &Room) -> Outcome {
    Outcome {
        rooms: vec![room.into()],
        ..Outcome::default()
    }
}

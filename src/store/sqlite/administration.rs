//! Running the site, in SQLite: accounts and rooms as the operator changes them, and the site's log.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, accounts, factors, room_changes,
    rows::{
        Columns, account, account_columns, all, card_columns, execute, one, room, room_columns,
        value,
    },
    sessions,
};
use crate::{
    model::{
        AccountDeed, COMMAND_LINE, Change, Deed, Denied, Email, Listed, NewAccount, Operator,
        Revocation, Room, RoomCode, RoomDeed, RoomKind, SiteLogEntry, Timestamp, UserId, UserName,
    },
    store::{Administration, Result, StoreError},
};

/// How many entries the log keeps; the oldest make room.
const KEPT: i64 = 100_000;

/// A query for accounts, with these conditions.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            account_columns!(),
            ", u.disabled_at, u.placeholder, EXISTS (SELECT 1 FROM totp f WHERE f.user_id = u.id AND f.on_since IS NOT NULL), \
             (SELECT max(s.used_at) FROM sessions s WHERE s.user_id = u.id) \
             FROM users u WHERE u.deleted = 0 AND u.guest = 0 AND ",
            $rest
        )
    };
}

pub(super) const AFTER: &str = listed!(
    "u.id > :after AND (:name = '' OR instr(u.name_key, :name) > 0 OR instr(u.email_key, :email) > 0) \
     ORDER BY u.id LIMIT :limit"
);

pub(super) const BY_ID: &str = listed!("u.id = :key");

pub(super) const BY_NAME: &str = listed!("u.name_key = :key");

pub(super) const BY_EMAIL: &str = listed!("u.email_key = :key");

pub(super) const RUNS_THE_SITE: &str =
    "SELECT name FROM users WHERE id = :id AND admin = 1 AND disabled_at IS NULL AND deleted = 0";

pub(super) const OTHER_ADMINS: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE admin = 1 AND id <> :id \
    AND disabled_at IS NULL AND deleted = 0)";

pub(super) const DISABLE: &str = "UPDATE users SET disabled_at = :at WHERE id = :id";

pub(super) const SET_ADMIN: &str = "UPDATE users SET admin = :admin WHERE id = :id";

pub(super) const SET_PASSWORD: &str = "UPDATE users SET password_hash = :hash WHERE id = :id";

pub(super) const ROOM: &str = concat!(
    "SELECT ",
    room_columns!(),
    " FROM rooms r WHERE r.code = :room AND r.ended = 0"
);

const NOTE: &str = "INSERT INTO site_log (by_id, by_name, deed, target, address, created_at) \
    VALUES (:by_id, :by_name, :deed, :target, :address, :now)";

pub(super) const FORGET: &str =
    "DELETE FROM site_log WHERE id <= (SELECT max(id) FROM site_log) - :kept";

pub(super) const LOG: &str = "SELECT id, by_id, by_name, deed, target, address, created_at FROM site_log \
    WHERE id < :before ORDER BY id DESC LIMIT :limit";

#[async_trait]
impl Administration for SqliteStore {
    async fn listed_accounts(
        &self,
        query: &str,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Listed>> {
        let after = after.map_or(i64::MIN, |user| user.0);
        let (name, email) = (UserName::key_of(query), Email::key_of(query));
        self.read(move |connection| {
            let values =
                named_params! { ":after": after, ":name": name, ":email": email, ":limit": limit };
            Ok(all(connection, AFTER, values, listed)?)
        })
        .await
    }

    async fn listed(&self, user: UserId) -> Result<Option<Listed>> {
        self.read(move |connection| {
            let values = named_params! { ":key": user.0 };
            Ok(one(connection, BY_ID, values, listed)?)
        })
        .await
    }

    async fn listed_account(&self, login: &str) -> Result<Option<Listed>> {
        let (sql, key) = if login.contains('@') {
            (BY_EMAIL, Email::key_of(login))
        } else {
            (BY_NAME, UserName::key_of(login))
        };
        self.read(move |connection| {
            Ok(one(connection, sql, named_params! { ":key": key }, listed)?)
        })
        .await
    }

    async fn create_account_by(
        &self,
        by: Operator,
        new: NewAccount,
        admin: bool,
    ) -> Result<Listed> {
        self.write(move |transaction| {
            let by_name = permitted(transaction.connection, &by)?;
            let made = accounts::create(transaction, &new)?;
            let connection = transaction.connection;
            if admin {
                set_admin(connection, made.card.id, true)?;
            }
            let target = made.card.name.as_str();
            note(connection, &by, &by_name, Deed::CreateUser, target)?;
            by_id(connection, made.card.id)
        })
        .await
    }

    async fn change_account_by(
        &self,
        by: Operator,
        user: UserId,
        deed: AccountDeed,
    ) -> Result<Listed> {
        self.write(move |transaction| change_account(transaction, &by, user, &deed))
            .await
    }

    async fn drop_sockets(&self, user: UserId) -> Result<()> {
        self.write(move |transaction| {
            transaction.tell(Change::Revoked(everything(user)));
            Ok(())
        })
        .await
    }

    async fn change_room_by(&self, by: Operator, room: &RoomCode, deed: RoomDeed) -> Result<Room> {
        let room = room.clone();
        self.write(move |transaction| change_room(transaction, &by, &room, deed))
            .await
    }

    async fn listed_room(&self, room: &RoomCode) -> Result<Option<Room>> {
        let room = room.clone();
        self.read(move |connection| find_room(connection, &room))
            .await
    }

    async fn site_log(&self, before: Option<i64>, limit: u32) -> Result<Vec<SiteLogEntry>> {
        let before = before.unwrap_or(i64::MAX);
        self.read(move |connection| {
            let values = named_params! { ":before": before, ":limit": limit };
            Ok(all(connection, LOG, values, entry)?)
        })
        .await
    }
}

/// What the operator is called, if they may run the site.
pub(super) fn permitted(connection: &Connection, by: &Operator) -> Result<String> {
    let Some(user) = by.user else {
        return Ok(COMMAND_LINE.to_owned());
    };
    let name = one(
        connection,
        RUNS_THE_SITE,
        named_params! { ":id": user.0 },
        value,
    )?;
    name.ok_or(StoreError::Denied(Denied::Forbidden))
}

/// Puts down what was done, and forgets what is older than is kept.
pub(super) fn note(
    connection: &Connection,
    by: &Operator,
    by_name: &str,
    deed: Deed,
    target: &str,
) -> Result<()> {
    let values = named_params! {
        ":by_id": by.user.map(|user| user.0), ":by_name": by_name, ":deed": deed.as_str(),
        ":target": target, ":address": by.address, ":now": by.now.0,
    };
    execute(connection, NOTE, values)?;
    execute(connection, FORGET, named_params! { ":kept": KEPT })?;
    Ok(())
}

/// Puts down what a person did about their own account.
pub(super) fn note_own(
    connection: &Connection,
    by: &Operator,
    user: UserId,
    deed: Deed,
) -> Result<()> {
    let account = accounts::by_id(connection, user)?.ok_or(StoreError::NotFound("account"))?;
    let name = account.card.name.as_str();
    note(connection, by, name, deed, name)
}

pub(super) fn by_id(connection: &Connection, user: UserId) -> Result<Listed> {
    let found = one(connection, BY_ID, named_params! { ":key": user.0 }, listed)?;
    found.ok_or(StoreError::NotFound("account"))
}

fn change_account(
    transaction: &mut Transaction<'_>,
    by: &Operator,
    user: UserId,
    deed: &AccountDeed,
) -> Result<Listed> {
    let connection = transaction.connection;
    let by_name = permitted(connection, by)?;
    let before = by_id(connection, user)?;
    let (admin, disabled) = (before.account.admin, before.disabled_at.is_some());
    let needs_a_person = matches!(deed, AccountDeed::ResetPassword(_) | AccountDeed::Promote);
    if needs_a_person && (before.account.card.bot || before.waits) {
        return Err(StoreError::Program);
    }
    let changes = match deed {
        AccountDeed::Disable => !disabled,
        AccountDeed::Enable => disabled,
        AccountDeed::ResetPassword(_) => true,
        AccountDeed::Promote => !admin,
        AccountDeed::Demote => admin,
        AccountDeed::RemoveFactors => factors::remove(connection, user)?,
    };
    if !changes {
        return Ok(before);
    }
    let takes_an_admin = matches!(deed, AccountDeed::Disable | AccountDeed::Demote);
    if takes_an_admin && admin && !other_admins(connection, user)? {
        return Err(StoreError::LastAdmin);
    }
    match deed {
        AccountDeed::Disable => disable(connection, user, Some(by.now))?,
        AccountDeed::Enable => disable(connection, user, None)?,
        AccountDeed::Promote => set_admin(connection, user, true)?,
        AccountDeed::Demote => set_admin(connection, user, false)?,
        AccountDeed::ResetPassword(hash) => {
            let values = named_params! { ":id": user.0, ":hash": hash };
            execute(connection, SET_PASSWORD, values)?;
        }
        AccountDeed::RemoveFactors => {} // They are gone by now: whether there were any is told by removing them.
    }
    note(
        connection,
        by,
        &by_name,
        deed.deed(),
        before.account.card.name.as_str(),
    )?;
    let after = by_id(connection, user)?;
    if takes_an_admin || matches!(deed, AccountDeed::ResetPassword(_)) {
        sessions::end_others(connection, user, None)?;
        transaction.tell(Change::Revoked(everything(user)));
    }
    Ok(after)
}

fn everything(user: UserId) -> Revocation {
    Revocation::Everything {
        user_id: user,
        except: None,
    }
}

pub(super) fn other_admins(connection: &Connection, user: UserId) -> Result<bool> {
    let values = named_params! { ":id": user.0 };
    Ok(one(connection, OTHER_ADMINS, values, value)?.unwrap_or_default())
}

fn disable(connection: &Connection, user: UserId, at: Option<Timestamp>) -> Result<()> {
    let values = named_params! { ":id": user.0, ":at": at.map(|at| at.0) };
    execute(connection, DISABLE, values)?;
    Ok(())
}

fn set_admin(connection: &Connection, user: UserId, admin: bool) -> Result<()> {
    let values = named_params! { ":id": user.0, ":admin": admin };
    execute(connection, SET_ADMIN, values)?;
    Ok(())
}

fn find_room(connection: &Connection, code: &RoomCode) -> Result<Option<Room>> {
    let values = named_params! { ":room": code.as_str() };
    Ok(one(connection, ROOM, values, room)?)
}

fn change_room(
    transaction: &mut Transaction<'_>,
    by: &Operator,
    code: &RoomCode,
    deed: RoomDeed,
) -> Result<Room> {
    let missing = || StoreError::NotFound("room");
    let connection = transaction.connection;
    let by_name = permitted(connection, by)?;
    let before = find_room(connection, code)?.ok_or_else(missing)?;
    if code.is_lobby() || before.kind == RoomKind::Direct {
        return Err(StoreError::Fixed);
    }
    let target = format!("{} ({})", before.name.as_str(), code.as_str());
    let after = match deed {
        RoomDeed::Delete => {
            room_changes::end_room(transaction, &before)?;
            before
        }
        RoomDeed::Archive | RoomDeed::Restore => {
            room_changes::archive(transaction, before.id, deed == RoomDeed::Archive)?;
            let after = find_room(connection, code)?.ok_or_else(missing)?;
            if after == before {
                return Ok(after);
            }
            transaction.tell(Change::Room(after.clone()));
            after
        }
    };
    note(connection, by, &by_name, deed.deed(), &target)?;
    Ok(after)
}

fn listed(row: &mut Columns<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        account: account(row)?,
        disabled_at: row.take::<Option<i64>>()?.map(Timestamp),
        waits: row.take()?,
        two_factor: row.take()?,
        seen_at: row.take::<Option<i64>>()?.map(Timestamp),
    })
}

fn entry(row: &mut Columns<'_>) -> rusqlite::Result<SiteLogEntry> {
    Ok(SiteLogEntry {
        id: row.take()?,
        by: row.take::<Option<i64>>()?.map(UserId),
        by_name: row.take()?,
        deed: row.parsed(Deed::named)?,
        target: row.take()?,
        address: row.take()?,
        created_at: Timestamp(row.take()?),
    })
}

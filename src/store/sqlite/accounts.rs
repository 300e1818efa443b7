//! Accounts in SQLite. Sessions and tokens stand in `sessions`.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, members,
    rows::{account, account_columns, all, card_columns, execute, one, value},
    sessions,
};
use crate::{
    model::{
        Account, Bearer, Change, Credential, Email, NewAccount, NewSession, NewToken, Revocation,
        Role, RoomCode, Session, Timestamp, UserId, UserName,
    },
    store::{AccountChange, Accounts, Credentials, Password, Result, StoreError},
};

pub(super) const HAS_OWNER: &str = "SELECT max(id) IS NOT NULL FROM users";

pub(super) const ACCOUNT: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM users u WHERE u.id = :id AND u.deleted = 0"
);

pub(super) const ACCOUNT_BY_NAME: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM users u WHERE u.name_key = :key AND u.deleted = 0"
);

pub(super) const CREDENTIALS_BY_NAME: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", u.password_hash, u.disabled_at IS NOT NULL FROM users u WHERE u.name_key = :key AND u.deleted = 0 AND u.bot = 0 AND u.guest = 0 AND u.placeholder = 0"
);

pub(super) const CREDENTIALS_BY_EMAIL: &str = concat!(
    "SELECT ",
    account_columns!(),
    ", u.password_hash, u.disabled_at IS NOT NULL FROM users u WHERE u.email_key = :key AND u.deleted = 0 AND u.bot = 0 AND u.guest = 0 AND u.placeholder = 0"
);

pub(super) const PASSWORD_HASH: &str =
    "SELECT password_hash FROM users WHERE id = :id AND deleted = 0";

pub(super) const RENEW_HASH: &str =
    "UPDATE users SET password_hash = :after WHERE id = :id AND password_hash = :before";

/// What stands before the second `$` behind the mark; the range is the one of the index `users_by_brought_hash`.
pub(super) const BROUGHT_HASHES: &str = "SELECT DISTINCT substr(password_hash, 11, instr(substr(password_hash, 11), '$') - 1) \
    FROM users WHERE password_hash >= '$werkzeug$' AND password_hash < '$werkzeug%'";

const INSERT: &str = "INSERT INTO users (name, name_key, email, email_key, password_hash, admin, created_at) \
    VALUES (:name, :name_key, :email, :email_key, :password_hash, :admin, :created_at) RETURNING id";

pub(super) const UPDATE: &str = "UPDATE users SET name = coalesce(:name, name), name_key = coalesce(:name_key, name_key), \
    email = coalesce(:email, email), email_key = coalesce(:email_key, email_key), \
    password_hash = coalesce(:password_hash, password_hash), \
    photo = iif(:change_photo, :photo, photo) WHERE id = :id";

#[async_trait]
impl Accounts for SqliteStore {
    async fn create_account(&self, new: NewAccount) -> Result<Account> {
        self.write(move |transaction| create(transaction, &new))
            .await
    }

    async fn has_owner(&self) -> Result<bool> {
        self.read(has_owner).await
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        self.read(move |connection| by_id(connection, id)).await
    }

    async fn account_by_name(&self, name_key: &str) -> Result<Option<Account>> {
        let key = name_key.to_owned();
        self.read(move |connection| {
            Ok(one(
                connection,
                ACCOUNT_BY_NAME,
                named_params! { ":key": key },
                account,
            )?)
        })
        .await
    }

    async fn credentials(&self, login: &str) -> Result<Option<Credentials>> {
        let (sql, key) = if login.contains('@') {
            (CREDENTIALS_BY_EMAIL, Email::key_of(login))
        } else {
            (CREDENTIALS_BY_NAME, UserName::key_of(login))
        };
        self.read(move |connection| {
            Ok(one(
                connection,
                sql,
                named_params! { ":key": key },
                |row| {
                    Ok(Credentials {
                        account: account(row)?,
                        password_hash: row.take()?,
                        disabled: row.take()?,
                    })
                },
            )?)
        })
        .await
    }

    async fn password_hash(&self, id: UserId) -> Result<Option<String>> {
        self.read(move |connection| {
            Ok(one(
                connection,
                PASSWORD_HASH,
                named_params! { ":id": id.0 },
                value,
            )?)
        })
        .await
    }

    async fn renew_hash(&self, id: UserId, before: &str, after: &str) -> Result<()> {
        let (before, after) = (before.to_owned(), after.to_owned());
        self.write(move |transaction| {
            let values = named_params! { ":id": id.0, ":before": before, ":after": after };
            execute(transaction.connection, RENEW_HASH, values)?;
            Ok(())
        })
        .await
    }

    async fn brought_hashes(&self) -> Result<Vec<String>> {
        self.read(|connection| Ok(all(connection, BROUGHT_HASHES, [], value)?))
            .await
    }

    async fn change_account(&self, id: UserId, change: AccountChange) -> Result<Account> {
        self.write(move |transaction| update(transaction, id, &change))
            .await
    }

    async fn open_session(&self, new: NewSession) -> Result<()> {
        self.write(move |transaction| sessions::open(transaction, &new))
            .await
    }

    async fn session(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Session>> {
        self.read(move |connection| sessions::find(connection, hash, now))
            .await
    }

    async fn extend_session(
        &self,
        hash: [u8; 32],
        used_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.write(move |transaction| sessions::extend(transaction, hash, used_at, expires_at))
            .await
    }

    async fn prove_session(&self, hash: [u8; 32], now: Timestamp) -> Result<()> {
        self.write(move |transaction| sessions::prove(transaction, hash, now))
            .await
    }

    async fn enter_room(&self, hash: [u8; 32], room: RoomCode) -> Result<()> {
        self.write(move |transaction| sessions::enter_room(transaction, hash, &room))
            .await
    }

    async fn end_session(&self, hash: [u8; 32]) -> Result<()> {
        self.write(move |transaction| sessions::end(transaction, hash))
            .await
    }

    async fn add_token(&self, new: NewToken) -> Result<()> {
        self.write(move |transaction| sessions::add_token(transaction, &new))
            .await
    }

    async fn token(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Bearer>> {
        self.read(move |connection| sessions::token(connection, hash, now))
            .await
    }

    async fn holds(&self, credential: Credential, user: UserId, now: Timestamp) -> Result<bool> {
        self.read(move |connection| sessions::holds(connection, credential, user, now))
            .await
    }

    async fn end_token(&self, hash: [u8; 32]) -> Result<bool> {
        self.write(move |transaction| sessions::end_token(transaction, hash))
            .await
    }

    async fn sweep_sessions(&self, now: Timestamp) -> Result<usize> {
        self.write(move |transaction| sessions::sweep(transaction, now))
            .await
    }
}

pub(super) fn has_owner(connection: &Connection) -> Result<bool> {
    Ok(one(connection, HAS_OWNER, [], value)?.unwrap_or_default())
}

pub(super) fn by_id(connection: &Connection, id: UserId) -> Result<Option<Account>> {
    Ok(one(
        connection,
        ACCOUNT,
        named_params! { ":id": id.0 },
        account,
    )?)
}

/// Makes an account, which joins the lobby.
pub(super) fn create(transaction: &mut Transaction<'_>, new: &NewAccount) -> Result<Account> {
    let connection = transaction.connection;
    let first = !has_owner(connection)?;
    if first && !new.may_be_first {
        return Err(StoreError::NoOwner);
    }
    let values = named_params! {
        ":name": new.name.as_str(), ":name_key": new.name.key(),
        ":email": new.email.as_str(), ":email_key": new.email.key(),
        ":password_hash": new.password_hash, ":admin": first, ":created_at": new.created_at.0,
    };
    let id = one(connection, INSERT, values, value)?.map(UserId);
    let account = id.map(|id| by_id(connection, id)).transpose()?.flatten();
    let account = account.ok_or(StoreError::NotFound("account"))?;
    let role = if first { Role::Owner } else { Role::Member };
    members::add(
        transaction,
        &RoomCode::lobby(),
        account.card.id,
        role,
        new.created_at,
    )?;
    Ok(account)
}

fn update(
    transaction: &mut Transaction<'_>,
    id: UserId,
    change: &AccountChange,
) -> Result<Account> {
    let missing = || StoreError::NotFound("account");
    let before = by_id(transaction.connection, id)?.ok_or_else(missing)?;
    let values = named_params! {
        ":id": id.0,
        ":name": change.name.as_ref().map(UserName::as_str),
        ":name_key": change.name.as_ref().map(UserName::key),
        ":email": change.email.as_ref().map(Email::as_str),
        ":email_key": change.email.as_ref().map(Email::key),
        ":password_hash": change.password.as_ref().map(|password| password.hash.as_str()),
        ":change_photo": change.photo.is_some(),
        ":photo": change.photo.as_ref().and_then(Option::as_deref),
    };
    execute(transaction.connection, UPDATE, values)?;
    let after = by_id(transaction.connection, id)?.ok_or_else(missing)?;
    if after.card != before.card {
        transaction.tell(Change::Profile(after.card.clone()));
    }
    if let Some(Password { keep, .. }) = change.password {
        sessions::end_others(transaction.connection, id, keep)?;
        transaction.tell(Change::Revoked(Revocation::Everything {
            user_id: id,
            except: keep,
        }));
    }
    Ok(after)
}

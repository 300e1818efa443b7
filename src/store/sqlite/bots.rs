//! Accounts of programs in SQLite. Nobody logs in to one: it has no password and no address.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, members,
    rows::{Columns, all, card, card_columns, code, execute, one, scopes, value},
    sessions,
};
use crate::{
    model::{
        Bot, BotToken, Change, Denied, LeaveReason, NewBot, NewToken, Revocation, RoomCode,
        Timestamp, UserId, UserName,
    },
    store::{Bots, Result, StoreError},
};

/// An account needs an address's key that nobody else has; this one is nobody's address, since it has no `@`.
const INSERT_ACCOUNT: &str = "INSERT INTO users (name, name_key, email, email_key, password_hash, admin, bot, created_at) \
    VALUES (:name, :name_key, '', 'bot:' || hex(randomblob(16)), '', 0, 1, :now) RETURNING id";

const INSERT: &str = "INSERT INTO bots (user_id, owner_id) VALUES (:bot, :owner)";

pub(super) const MAY_HAVE: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE id = :owner AND admin = 1) \
    OR EXISTS (SELECT 1 FROM members WHERE user_id = :owner AND role = 'owner')";

pub(super) const OF_OWNER: &str = concat!(
    "SELECT ",
    card_columns!(),
    ", u.created_at FROM bots o JOIN users u ON u.id = o.user_id \
     WHERE o.owner_id = :owner ORDER BY o.user_id"
);

/// A bot's tokens are few.
pub(super) const TOKENS: &str = "SELECT lower(hex(substr(hash, 1, 8))), label, scopes, created_at \
    FROM tokens WHERE user_id = :bot ORDER BY created_at, hash";

pub(super) const TOKEN: &str =
    "SELECT hash FROM tokens WHERE user_id = :bot AND lower(hex(substr(hash, 1, 8))) = :id";

pub(super) const OWNED: &str = "SELECT 1 FROM bots WHERE user_id = :bot AND owner_id = :owner";

pub(super) const REMOVE: &str = "DELETE FROM bots WHERE user_id = :bot";

pub(super) const ROOMS: &str =
    "SELECT r.code FROM members b JOIN rooms r ON r.id = b.room_id WHERE b.user_id = :bot";

#[async_trait]
impl Bots for SqliteStore {
    async fn add_bot(&self, new: NewBot) -> Result<Bot> {
        self.write(move |transaction| add(transaction.connection, &new))
            .await
    }

    async fn bots_of(&self, owner: UserId) -> Result<Vec<Bot>> {
        self.read(move |connection| of_owner(connection, owner))
            .await
    }

    async fn remove_bot(&self, owner: UserId, bot: UserId) -> Result<()> {
        self.write(move |transaction| remove(transaction, owner, bot))
            .await
    }

    async fn add_bot_token(&self, owner: UserId, new: NewToken) -> Result<()> {
        self.write(move |transaction| {
            owned(transaction.connection, owner, new.user_id)?;
            sessions::add_token(transaction, &new)
        })
        .await
    }

    async fn end_bot_token(&self, owner: UserId, bot: UserId, token: &str) -> Result<()> {
        let token = token.to_owned();
        self.write(move |transaction| {
            owned(transaction.connection, owner, bot)?;
            let values = named_params! { ":bot": bot.0, ":id": token };
            let hash = one(transaction.connection, TOKEN, values, value)?;
            let hash = hash.ok_or(StoreError::NotFound("token"))?;
            sessions::end_token(transaction, hash).map(drop)
        })
        .await
    }
}

/// Makes the account of a program; it belongs to no room yet.
pub(super) fn insert(connection: &Connection, name: &UserName, now: Timestamp) -> Result<UserId> {
    let values = named_params! { ":name": name.as_str(), ":name_key": name.key(), ":now": now.0 };
    let id = one(connection, INSERT_ACCOUNT, values, value)?;
    id.map(UserId).ok_or(StoreError::NotFound("account"))
}

fn add(connection: &Connection, new: &NewBot) -> Result<Bot> {
    let owner = named_params! { ":owner": new.owner.0 };
    if one(connection, MAY_HAVE, owner, value)? != Some(true) {
        return Err(Denied::Forbidden.into());
    }
    let id = insert(connection, &new.name, new.created_at)?;
    let values = named_params! { ":bot": id.0, ":owner": new.owner.0 };
    execute(connection, INSERT, values)?;
    let bots = of_owner(connection, new.owner)?;
    let made = bots.into_iter().find(|bot| bot.card.id == id);
    made.ok_or(StoreError::NotFound("bot"))
}

fn of_owner(connection: &Connection, owner: UserId) -> Result<Vec<Bot>> {
    let values = named_params! { ":owner": owner.0 };
    let mut bots = all(connection, OF_OWNER, values, |row| {
        Ok(Bot {
            card: card(row)?,
            created_at: Timestamp(row.take()?),
            tokens: Vec::new(),
        })
    })?;
    for bot in &mut bots {
        let values = named_params! { ":bot": bot.card.id.0 };
        bot.tokens = all(connection, TOKENS, values, token)?
            .into_iter()
            .flatten()
            .collect();
    }
    Ok(bots)
}

/// A token with scopes; a bot has no others.
fn token(row: &mut Columns<'_>) -> rusqlite::Result<Option<BotToken>> {
    let (id, label) = (row.take()?, row.take()?);
    let (scopes, created_at) = (scopes(row)?, Timestamp(row.take()?));
    Ok(scopes.map(|scopes| BotToken {
        id,
        label,
        scopes,
        created_at,
    }))
}

fn owned(connection: &Connection, owner: UserId, bot: UserId) -> Result<()> {
    let values = named_params! { ":bot": bot.0, ":owner": owner.0 };
    let found: Option<i64> = one(connection, OWNED, values, value)?;
    found.map(drop).ok_or(StoreError::NotFound("bot"))
}

pub(super) fn remove(transaction: &mut Transaction<'_>, owner: UserId, bot: UserId) -> Result<()> {
    owned(transaction.connection, owner, bot)?;
    let values = named_params! { ":bot": bot.0 };
    let rooms: Vec<RoomCode> = all(transaction.connection, ROOMS, values, code)?;
    for room in rooms {
        members::remove(transaction, &room, bot, LeaveReason::Left)?;
    }
    sessions::end_others(transaction.connection, bot, None)?;
    execute(transaction.connection, REMOVE, values)?;
    transaction.tell(Change::Revoked(Revocation::Everything {
        user_id: bot,
        except: None,
    }));
    Ok(())
}

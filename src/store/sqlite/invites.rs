//! Invitations in SQLite. Only the hashes of their tokens are kept.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, accounts, members, rooms,
    rows::{Columns, all, card, card_columns, execute, one, value},
};
use crate::{
    model::{
        Account, Invite, InviteId, NewAccount, NewInvite, Role, RoomCode, RoomId, Timestamp, UserId,
    },
    store::{Actor, Invitation, Invites, Joined, Result, StoreError},
};

/// A query for invitations with these conditions.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, r.code, i.created_at, i.expires_at, i.uses, i.used, ",
            card_columns!(),
            ", i.room_id FROM invites i JOIN users u ON u.id = i.created_by LEFT JOIN rooms r ON r.id = i.room_id ",
            $rest
        )
    };
}

/// The condition that an invitation holds.
macro_rules! holds {
    () => {
        "(i.expires_at IS NULL OR i.expires_at > :now) AND (i.uses IS NULL OR i.used < i.uses)"
    };
}

pub(super) const BY_ID: &str = select!("WHERE i.id = :id");

pub(super) const BY_HASH: &str = concat!(select!("WHERE i.hash = :hash AND "), holds!());

pub(super) const OF_ROOM: &str = concat!(
    select!("WHERE i.room_id IS :room AND (:by IS NULL OR i.created_by = :by) AND "),
    holds!(),
    " ORDER BY i.id DESC LIMIT :limit"
);

const INSERT: &str = "INSERT INTO invites (hash, room_id, created_by, created_at, expires_at, uses) \
    VALUES (:hash, :room, :by, :now, :expires_at, :uses) RETURNING id";

pub(super) const USE: &str = "UPDATE invites SET used = used + 1 WHERE id = :id";

pub(super) const REVOKE: &str = "DELETE FROM invites WHERE id = :id";

#[async_trait]
impl Invites for SqliteStore {
    async fn create_invite(&self, new: NewInvite) -> Result<Invite> {
        self.write(move |transaction| create(transaction, &new))
            .await
    }

    async fn invites(
        &self,
        room: Option<RoomId>,
        by: Option<UserId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Invite>> {
        self.read(move |connection| {
            let values = named_params! {
                ":room": room.map(|room| room.0), ":by": by.map(|by| by.0), ":now": now.0, ":limit": limit,
            };
            Ok(all(connection, OF_ROOM, values, invite)?)
        })
        .await
    }

    async fn invitation(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
        self.read(move |connection| {
            let Some((invite, room)) = by_hash(connection, hash, now)? else {
                return Ok(None);
            };
            let room = room
                .map(|room| rooms::by_id(connection, room))
                .transpose()?;
            Ok(Some(Invitation { invite, room }))
        })
        .await
    }

    async fn revoke_invite(&self, invite: InviteId, by: Actor, admin: bool) -> Result<()> {
        self.write(move |transaction| revoke(transaction.connection, invite, by, admin))
            .await
    }

    async fn join_invited(&self, hash: [u8; 32], by: Actor) -> Result<Joined> {
        self.write(move |transaction| {
            let (invite, _) = by_hash(transaction.connection, hash, by.now)?.ok_or(missing())?;
            let code = invite.room.ok_or(missing())?;
            join(transaction, invite.id, &code, by)
        })
        .await
    }

    async fn register_invited(
        &self,
        new: NewAccount,
        hash: [u8; 32],
        by: Actor,
    ) -> Result<Account> {
        self.write(move |transaction| {
            let (invite, _) = by_hash(transaction.connection, hash, by.now)?.ok_or(missing())?;
            let account = accounts::create(transaction, &new)?;
            let by = Actor {
                user: account.card.id,
                ..by
            };
            match &invite.room {
                Some(code) => drop(join(transaction, invite.id, code, by)?),
                None => count(transaction.connection, invite.id)?,
            }
            Ok(account)
        })
        .await
    }
}

fn missing() -> StoreError {
    StoreError::NotFound("invite")
}

fn invite(row: &mut Columns<'_>) -> rusqlite::Result<Invite> {
    Ok(Invite {
        id: InviteId(row.take()?),
        room: row
            .take::<Option<String>>()?
            .and_then(|code| RoomCode::parse(&code).ok()),
        created_at: Timestamp(row.take()?),
        expires_at: row.take::<Option<i64>>()?.map(Timestamp),
        uses: row.take()?,
        used: row.take()?,
        created_by: card(row)?,
    })
}

fn with_room(row: &mut Columns<'_>) -> rusqlite::Result<(Invite, Option<RoomId>)> {
    Ok((invite(row)?, row.take::<Option<i64>>()?.map(RoomId)))
}

/// The invitation with this hash, if it holds, and its room.
fn by_hash(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<(Invite, Option<RoomId>)>> {
    let values = named_params! { ":hash": hash, ":now": now.0 };
    Ok(one(connection, BY_HASH, values, with_room)?)
}

fn create(transaction: &mut Transaction<'_>, new: &NewInvite) -> Result<Invite> {
    let connection = transaction.connection;
    let room = match &new.room {
        Some(code) => {
            let standing = rooms::standing(connection, code, new.created_by)?
                .ok_or(StoreError::NotFound("room"))?;
            (new.permit)(&standing, new.created_at)?;
            Some(standing.room.id.0)
        }
        None => None,
    };
    let values = named_params! {
        ":hash": new.hash, ":room": room, ":by": new.created_by.0, ":now": new.created_at.0,
        ":expires_at": new.expires_at.map(|at| at.0), ":uses": new.uses,
    };
    let id: Option<i64> = one(connection, INSERT, values, value)?;
    one(connection, BY_ID, named_params! { ":id": id }, invite)?.ok_or_else(missing)
}

fn revoke(connection: &Connection, id: InviteId, by: Actor, admin: bool) -> Result<()> {
    let values = named_params! { ":id": id.0 };
    let (invite, _) = one(connection, BY_ID, values, with_room)?.ok_or_else(missing)?;
    let own = invite.created_by.id == by.user;
    match &invite.room {
        None if own || admin => {}
        None => return Err(missing()),
        Some(code) => {
            let standing = rooms::standing(connection, code, by.user)?.ok_or_else(missing)?;
            if standing.membership.is_none() && !own {
                return Err(missing());
            }
            if !own {
                (by.permit)(&standing, by.now)?;
            }
        }
    }
    execute(connection, REVOKE, values)?;
    Ok(())
}

fn count(connection: &Connection, id: InviteId) -> Result<()> {
    execute(connection, USE, named_params! { ":id": id.0 })?;
    Ok(())
}

/// Lets somebody into the room of an invitation that holds.
fn join(
    transaction: &mut Transaction<'_>,
    id: InviteId,
    code: &RoomCode,
    by: Actor,
) -> Result<Joined> {
    let standing = rooms::standing(transaction.connection, code, by.user)?.ok_or_else(missing)?;
    (by.permit)(&standing, by.now)?;
    if standing.membership.is_some() {
        return Ok(Joined {
            standing,
            new: false,
        });
    }
    count(transaction.connection, id)?;
    let standing = members::add(transaction, code, by.user, Role::Member, by.now)?;
    Ok(Joined {
        standing,
        new: true,
    })
}

//! Invitations in SQLite. Only the hashes of their tokens are kept.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, accounts, administration, members, rooms,
    rows::{Columns, all, card, card_columns, execute, one, value},
};
use crate::{
    model::{
        Account, Deed, Invite, InviteId, NewAccount, NewInvite, NewSiteInvite, Operator, Permit,
        Role, Room, RoomCode, RoomId, Timestamp, UserId,
    },
    store::{Actor, Invitation, Invites, Joined, Result, StoreError},
};

/// A query for invitations with these conditions.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, r.code, i.site, i.created_at, i.expires_at, i.uses, i.used, ",
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
    select!("WHERE i.room_id = :room AND (:by IS NULL OR i.created_by = :by) AND "),
    holds!(),
    " ORDER BY i.id DESC LIMIT :limit"
);

pub(super) const OF_SITE: &str = concat!(
    select!("WHERE i.site = 1 AND "),
    holds!(),
    " ORDER BY i.id DESC LIMIT :limit"
);

const INSERT: &str = "INSERT INTO invites (hash, room_id, site, created_by, created_at, expires_at, uses) \
    VALUES (:hash, :room, :site, :by, :now, :expires_at, :uses) RETURNING id";

/// In whose name the command line invites.
pub(super) const FIRST_ADMIN: &str = "SELECT id FROM users WHERE admin = 1 AND disabled_at IS NULL AND deleted = 0 \
    ORDER BY id LIMIT 1";

pub(super) const USE: &str = "UPDATE invites SET used = used + 1 WHERE id = :id";

pub(super) const REVOKE: &str = "DELETE FROM invites WHERE id = :id";

#[async_trait]
impl Invites for SqliteStore {
    async fn create_invite(&self, new: NewInvite) -> Result<Invite> {
        self.write(move |transaction| create(transaction.connection, &new))
            .await
    }

    async fn create_site_invite(&self, by: Operator, new: NewSiteInvite) -> Result<Invite> {
        self.write(move |transaction| create_for_the_site(transaction.connection, &by, &new))
            .await
    }

    async fn site_invites(&self, now: Timestamp, limit: u32) -> Result<Vec<Invite>> {
        self.read(move |connection| {
            let values = named_params! { ":now": now.0, ":limit": limit };
            Ok(all(connection, OF_SITE, values, invite)?)
        })
        .await
    }

    async fn revoke_site_invite(&self, by: Operator, invite: InviteId) -> Result<()> {
        self.write(move |transaction| revoke_for_the_site(transaction.connection, &by, invite))
            .await
    }

    async fn invites(
        &self,
        room: RoomId,
        by: Option<UserId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Invite>> {
        self.read(move |connection| {
            let values = named_params! {
                ":room": room.0, ":by": by.map(|by| by.0), ":now": now.0, ":limit": limit,
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

    async fn revoke_invite(&self, invite: InviteId, by: Actor) -> Result<()> {
        self.write(move |transaction| revoke(transaction.connection, invite, by))
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
        self.write(move |transaction| register(transaction, &new, hash, by))
            .await
    }
}

/// Makes an account by an invitation, in the room to which it is.
pub(super) fn register(
    transaction: &mut Transaction<'_>,
    new: &NewAccount,
    hash: [u8; 32],
    by: Actor,
) -> Result<Account> {
    let (invite, _) = by_hash(transaction.connection, hash, by.now)?.ok_or(missing())?;
    let account = accounts::create(transaction, new)?;
    let by = Actor {
        user: account.card.id,
        ..by
    };
    match &invite.room {
        Some(code) => drop(join(transaction, invite.id, code, by)?),
        None => count(transaction.connection, invite.id)?,
    }
    Ok(account)
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
        site: row.take()?,
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

/// An invitation as it is written.
struct Row {
    hash: [u8; 32],
    room: Option<i64>,
    site: bool,
    by: UserId,
    now: Timestamp,
    expires_at: Option<Timestamp>,
    uses: Option<i64>,
}

fn insert(connection: &Connection, row: &Row) -> Result<Invite> {
    let values = named_params! {
        ":hash": row.hash, ":room": row.room, ":site": row.site, ":by": row.by.0, ":now": row.now.0,
        ":expires_at": row.expires_at.map(|at| at.0), ":uses": row.uses,
    };
    let id: Option<i64> = one(connection, INSERT, values, value)?;
    one(connection, BY_ID, named_params! { ":id": id }, invite)?.ok_or_else(missing)
}

/// The room with this code, if this person may have an invitation lead into it.
fn leads_into(
    connection: &Connection,
    code: &RoomCode,
    by: UserId,
    now: Timestamp,
    permit: Permit,
) -> Result<Room> {
    let standing = rooms::standing(connection, code, by)?.ok_or(StoreError::NotFound("room"))?;
    permit(&standing, now)?;
    Ok(standing.room)
}

fn create(connection: &Connection, new: &NewInvite) -> Result<Invite> {
    let (by, now) = (new.created_by, new.created_at);
    let room = leads_into(connection, &new.room, by, now, new.permit)?;
    let row = Row {
        hash: new.hash,
        room: Some(room.id.0),
        site: false,
        by,
        now,
        expires_at: new.expires_at,
        uses: new.uses,
    };
    insert(connection, &row)
}

fn create_for_the_site(
    connection: &Connection,
    operator: &Operator,
    new: &NewSiteInvite,
) -> Result<Invite> {
    let by_name = administration::permitted(connection, operator)?;
    let by = match operator.user {
        Some(user) => user,
        None => UserId(one(connection, FIRST_ADMIN, [], value)?.ok_or(StoreError::NoOwner)?),
    };
    let now = operator.now;
    let room = new.room.as_ref();
    let room = room
        .map(|code| leads_into(connection, code, by, now, new.permit))
        .transpose()?;
    let row = Row {
        hash: new.hash,
        room: room.as_ref().map(|room| room.id.0),
        site: true,
        by,
        now,
        expires_at: new.expires_at,
        uses: new.uses,
    };
    let made = insert(connection, &row)?;
    note(
        connection,
        operator,
        &by_name,
        Deed::CreateInvite,
        room.as_ref(),
    )?;
    Ok(made)
}

fn revoke_for_the_site(connection: &Connection, operator: &Operator, id: InviteId) -> Result<()> {
    let by_name = administration::permitted(connection, operator)?;
    let values = named_params! { ":id": id.0 };
    let found = one(connection, BY_ID, values, with_room)?;
    let (_, room) = found
        .filter(|(invite, _)| invite.site)
        .ok_or_else(missing)?;
    let room = room
        .map(|room| rooms::by_id(connection, room))
        .transpose()?;
    execute(connection, REVOKE, values)?;
    note(
        connection,
        operator,
        &by_name,
        Deed::RevokeInvite,
        room.as_ref(),
    )
}

/// Puts down in the site's log where an invitation leads.
fn note(
    connection: &Connection,
    by: &Operator,
    by_name: &str,
    deed: Deed,
    room: Option<&Room>,
) -> Result<()> {
    let target = room.map_or_else(
        || "the site".to_owned(),
        |room| format!("{} ({})", room.name.as_str(), room.code.as_str()),
    );
    administration::note(connection, by, by_name, deed, &target)
}

fn revoke(connection: &Connection, id: InviteId, by: Actor) -> Result<()> {
    let values = named_params! { ":id": id.0 };
    let found = one(connection, BY_ID, values, invite)?.ok_or_else(missing)?;
    let code = found.room.as_ref().ok_or_else(missing)?;
    let standing = rooms::standing(connection, code, by.user)?.ok_or_else(missing)?;
    if found.created_by.id != by.user {
        if standing.membership.is_none() {
            return Err(missing());
        }
        (by.permit)(&standing, by.now)?;
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

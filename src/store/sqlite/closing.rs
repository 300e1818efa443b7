//! Deleting accounts in SQLite. The account itself is gone in one short transaction; what it leaves behind goes in rounds,
//! so that nobody's message waits long for the writer, and a server that stops in between goes on with it.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, addresses, administration, bots, changes, factors, identities,
    members, mentions, messages, passkeys, recovery, room_changes, rooms,
    rows::{Columns, all, code, execute, one, value},
    sessions,
};
use crate::{
    model::{
        CLOSED_NAME, Change, Deed, LeaveReason, MessageChange, MessageId, Operator, Revocation,
        RoomCode, RoomId, SaidBefore, UserCard, UserId,
    },
    store::{Closing, Result, StoreError},
};

/// How many rooms, bots or webhooks go in one round.
const PLACES: u32 = 50;

/// How many messages or reactions go in one round: as long as the writer may be kept by it.
const MESSAGES: usize = 100;

/// How many saved messages go in one round.
const SAVED: u32 = 1_000;

/// Over how many ids one query looks for messages, and how many queries are made before the place is noted.
const SPAN: i64 = 10_000;
const SPANS: usize = 20;

/// What the log says of where somebody was who deleted their own account.
const NOWHERE: &str = "address not kept";

/// No name and no address has a `#`.
pub(super) const CLOSE: &str = "UPDATE users SET deleted = 1, admin = 0, placeholder = 0, disabled_at = NULL, \
    name = :name, name_key = '#' || id, email = '', email_key = '#' || id, password_hash = '', photo = NULL WHERE id = :user";

pub(super) const DOOM_PHOTO: &str = "INSERT OR IGNORE INTO doomed_uploads (id) \
    SELECT photo FROM users WHERE id = :user AND photo IS NOT NULL";

pub(super) const BEGIN: &str = "INSERT INTO closing_accounts (user_id, remove_messages, before_id) \
    SELECT :user, :remove, coalesce(max(id), 0) + 1 FROM messages";

/// What a person has that nobody else sees or needs; it is little.
pub(super) const FORGET: [&str; 13] = [
    "DELETE FROM invites WHERE created_by = :user",
    "DELETE FROM push_subscriptions WHERE user_id = :user",
    "DELETE FROM notification_settings WHERE user_id = :user",
    "DELETE FROM missed WHERE user_id = :user",
    "DELETE FROM uploads WHERE user_id = :user AND message_id IS NULL",
    "DELETE FROM bans WHERE user_id = :user",
    "UPDATE imported_people SET email = '', claim = NULL, claim_until = NULL WHERE user_id = :user",
    factors::FORGET_CODES,
    factors::FORGET_TOTP,
    recovery::FORGET,
    addresses::FORGET,
    identities::FORGET,
    passkeys::FORGET,
];

pub(super) const NEXT: &str =
    "SELECT user_id, remove_messages, before_id FROM closing_accounts ORDER BY user_id LIMIT 1";

pub(super) const SAID: &str = "SELECT id FROM messages WHERE id < :before AND id >= :from \
    AND author_id = :user AND deleted = 0 ORDER BY id DESC LIMIT :limit";

pub(super) const REACHED: &str =
    "UPDATE closing_accounts SET before_id = :before WHERE user_id = :user";

pub(super) const DONE: &str = "DELETE FROM closing_accounts WHERE user_id = :user";

/// Leaving a room remembers a mute.
pub(super) const FORGET_MUTES: &str = "DELETE FROM mutes WHERE user_id = :user";

pub(super) const ROOMS: &str = "SELECT r.code, r.id FROM members b JOIN rooms r ON r.id = b.room_id \
    WHERE b.user_id = :user AND r.kind <> 'direct' LIMIT :limit";

/// Direct conversations in which nobody is left. In the others the person stays, since somebody still reads them.
pub(super) const ALONE: &str = "SELECT r.id FROM members b JOIN rooms r ON r.id = b.room_id \
    WHERE b.user_id = :user AND r.kind = 'direct' AND NOT EXISTS (SELECT 1 FROM members o \
    JOIN users u ON u.id = o.user_id WHERE o.room_id = r.id AND u.deleted = 0) LIMIT :limit";

pub(super) const BOTS: &str = "SELECT user_id FROM bots WHERE owner_id = :user LIMIT :limit";

pub(super) const HOOKS: &str = "SELECT h.id, h.user_id, r.code FROM incoming_hooks h \
    JOIN rooms r ON r.id = h.room_id WHERE h.created_by = :user LIMIT :limit";

pub(super) const END_HOOK: &str = "DELETE FROM incoming_hooks WHERE id = :hook";

pub(super) const END_OUTGOING: &str = "DELETE FROM outgoing_hooks WHERE id IN \
    (SELECT id FROM outgoing_hooks WHERE created_by = :user LIMIT :limit)";

pub(super) const FORGET_SAVED: &str = "DELETE FROM saved WHERE user_id = :user AND message_id IN \
    (SELECT message_id FROM saved WHERE user_id = :user LIMIT :limit)";

pub(super) const REACTED: &str =
    "SELECT message_id FROM reactions WHERE user_id = :user LIMIT :limit";

pub(super) const TAKE_REACTIONS: &str =
    "DELETE FROM reactions WHERE message_id = :message AND user_id = :user";

#[async_trait]
impl Closing for SqliteStore {
    async fn close_account(&self, by: Operator, user: UserId, said: SaidBefore) -> Result<()> {
        self.write(move |transaction| close(transaction, &by, user, said))
            .await
    }

    async fn sweep_closed(&self) -> Result<bool> {
        // Looking for messages may take a while, which the writer has not.
        let Some(rest) = self.read(rest).await? else {
            return Ok(false);
        };
        self.write(move |transaction| round(transaction, &rest))
            .await?;
        Ok(true)
    }
}

fn close(
    transaction: &mut Transaction<'_>,
    by: &Operator,
    user: UserId,
    said: SaidBefore,
) -> Result<()> {
    let connection = transaction.connection;
    let own = by.user == Some(user);
    let by_name = if own {
        CLOSED_NAME.to_owned()
    } else {
        administration::permitted(connection, by)?
    };
    let account = administration::by_id(connection, user)?.account;
    if account.card.bot {
        return Err(StoreError::Program);
    }
    if account.admin && !administration::other_admins(connection, user)? {
        return Err(StoreError::LastAdmin);
    }
    let values = named_params! { ":user": user.0 };
    execute(connection, DOOM_PHOTO, values)?;
    let named = named_params! { ":user": user.0, ":name": CLOSED_NAME };
    execute(connection, CLOSE, named)?;
    sessions::end_others(connection, user, None)?;
    for sql in FORGET {
        execute(connection, sql, values)?;
    }
    let remove = said == SaidBefore::Remove;
    let begun = named_params! { ":user": user.0, ":remove": remove };
    execute(connection, BEGIN, begun)?;
    let mut by = by.clone();
    if own {
        NOWHERE.clone_into(&mut by.address);
    }
    let target = format!("account {user}");
    administration::note(connection, &by, &by_name, Deed::DeleteUser, &target)?;
    transaction.tell(Change::Revoked(Revocation::Everything {
        user_id: user,
        except: None,
    }));
    transaction.tell(Change::Profile(UserCard::closed(user)));
    Ok(())
}

/// What is to be done next for a deleted account.
struct Rest {
    user: UserId,
    remove: bool,
    /// Messages that are to go.
    said: Vec<MessageId>,
    /// Before which message it is to be looked next.
    before: i64,
}

fn rest(connection: &Connection) -> Result<Option<Rest>> {
    let next = one(connection, NEXT, [], |row| {
        Ok((row.take()?, row.take()?, row.take()?))
    })?;
    let Some((user, remove, before)): Option<(i64, bool, i64)> = next else {
        return Ok(None);
    };
    let mut rest = Rest {
        user: UserId(user),
        remove,
        said: Vec::new(),
        before: if remove { before } else { 0 },
    };
    for _ in 0..SPANS {
        if rest.before <= 0 {
            break;
        }
        let from = rest.before.saturating_sub(SPAN);
        let limit = i64::try_from(MESSAGES).unwrap_or(i64::MAX);
        let values = named_params! {
            ":before": rest.before, ":from": from, ":user": user, ":limit": limit,
        };
        let found: Vec<i64> = all(connection, SAID, values, value)?;
        let full = found.len() == MESSAGES;
        rest.before = found.last().copied().filter(|_| full).unwrap_or(from);
        rest.said = found.into_iter().map(MessageId).collect();
        if !rest.said.is_empty() {
            break;
        }
    }
    Ok(Some(rest))
}

/// Does one thing of what is left to do; the account is done with when nothing is.
fn round(transaction: &mut Transaction<'_>, rest: &Rest) -> Result<()> {
    let Rest { user, remove, .. } = *rest;
    if leave_rooms(transaction, user)? || end_programs(transaction, user)? {
        return Ok(());
    }
    let connection = transaction.connection;
    let some = named_params! { ":user": user.0, ":limit": SAVED };
    if execute(connection, FORGET_SAVED, some)? > 0 {
        return Ok(());
    }
    if remove {
        if take_reactions(transaction, user)? {
            return Ok(());
        }
        remove_messages(transaction, &rest.said)?;
        let reached = named_params! { ":user": user.0, ":before": rest.before };
        execute(connection, REACHED, reached)?;
    }
    if rest.before <= 0 {
        let values = named_params! { ":user": user.0 };
        for sql in [FORGET_MUTES, DONE] {
            execute(connection, sql, values)?;
        }
    }
    Ok(())
}

fn leave_rooms(transaction: &mut Transaction<'_>, user: UserId) -> Result<bool> {
    let values = named_params! { ":user": user.0, ":limit": PLACES };
    let read = |row: &mut Columns<'_>| Ok((code(row)?, RoomId(row.take()?)));
    let left = all(transaction.connection, ROOMS, values, read)?;
    for (code, room) in &left {
        members::remove(transaction, code, user, LeaveReason::Left)?;
        if !room_changes::hand_on(transaction, *room)? && !code.is_lobby() {
            let before = rooms::by_id(transaction.connection, *room)?;
            if !before.archived {
                room_changes::archive(transaction, *room, true)?;
                let after = rooms::by_id(transaction.connection, *room)?;
                transaction.tell(Change::Room(after));
            }
        }
    }
    let alone: Vec<i64> = all(transaction.connection, ALONE, values, value)?;
    for room in &alone {
        let room = rooms::by_id(transaction.connection, RoomId(*room))?;
        room_changes::end_room(transaction, &room)?;
    }
    Ok(!left.is_empty() || !alone.is_empty())
}

/// Whoever holds the key of a bot or a webhook could go on speaking or listening in the person's stead.
fn end_programs(transaction: &mut Transaction<'_>, user: UserId) -> Result<bool> {
    let connection = transaction.connection;
    let values = named_params! { ":user": user.0, ":limit": PLACES };
    let owned: Vec<i64> = all(connection, BOTS, values, value)?;
    for bot in &owned {
        bots::remove(transaction, user, UserId(*bot))?;
    }
    let read = |row: &mut Columns<'_>| Ok((row.take()?, UserId(row.take()?), code(row)?));
    let hooks: Vec<(i64, UserId, RoomCode)> = all(connection, HOOKS, values, read)?;
    for (hook, bot, room) in &hooks {
        execute(connection, END_HOOK, named_params! { ":hook": hook })?;
        match members::remove(transaction, room, *bot, LeaveReason::Left) {
            // A moderator may have removed the bot already.
            Ok(()) | Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let outgoing = execute(connection, END_OUTGOING, values)?;
    Ok(!owned.is_empty() || !hooks.is_empty() || outgoing > 0)
}

fn take_reactions(transaction: &mut Transaction<'_>, user: UserId) -> Result<bool> {
    let connection = transaction.connection;
    let limit = i64::try_from(MESSAGES).unwrap_or(i64::MAX);
    let values = named_params! { ":user": user.0, ":limit": limit };
    let mut reacted: Vec<i64> = all(connection, REACTED, values, value)?;
    reacted.sort_unstable();
    reacted.dedup();
    for id in &reacted {
        let message = messages::by_id(connection, MessageId(*id))?;
        let message = message.ok_or(StoreError::NotFound("message"))?;
        let values = named_params! { ":message": id, ":user": user.0 };
        let taken = execute(connection, TAKE_REACTIONS, values)?;
        let taken = i64::try_from(taken).unwrap_or(i64::MAX);
        let values = named_params! { ":id": id, ":by": -taken };
        execute(connection, changes::COUNT_REACTIONS, values)?;
        changes::number(transaction, &message, MessageChange::Reactions)?;
    }
    Ok(!reacted.is_empty())
}

fn remove_messages(transaction: &mut Transaction<'_>, said: &[MessageId]) -> Result<()> {
    for id in said {
        // Its room may have been deleted since it was found.
        let Some(message) = messages::by_id(transaction.connection, *id)? else {
            continue;
        };
        if let Some(counted) = changes::delete(transaction.connection, &message)? {
            let message = changes::number(transaction, &message, MessageChange::Deleted)?;
            mentions::tell_counts(transaction, &message, &counted)?;
        }
    }
    Ok(())
}

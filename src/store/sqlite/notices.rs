//! Who is to be told of what, in SQLite. What happens to it when a room is read, a trigger of the migration says.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction,
    concerned::{END_LATER, gather},
    devices::{self, device_columns},
    rows::{Columns, all, execute, one, value},
};
use crate::{
    model::{
        Gathered, MessageId, Notice, Push, PushOutcome, PushPlace, RoomId, Seen, Timestamp, UserId,
    },
    store::{Notices, Result},
};

pub(super) const NOTICED: &str = "SELECT upto FROM noticed WHERE one = 1";

/// Not to whom has read on or left meanwhile.
pub(super) const PUSH: &str = "INSERT INTO pushes (user_id, room_id, subscription_id, message_id, due_at) \
    SELECT b.user_id, b.room_id, p.id, :message, :now FROM members b \
    CROSS JOIN push_subscriptions p ON p.user_id = b.user_id \
    WHERE b.room_id = :room AND b.user_id = :user AND b.read_id < :message \
    ON CONFLICT DO UPDATE SET message_id = excluded.message_id, due_at = excluded.due_at, attempts = 0, cleared = 0";

pub(super) const MISS: &str = "INSERT INTO missed (user_id, room_id, first_id, last_id, due_at) \
    SELECT b.user_id, b.room_id, :first, :last, :due_at FROM members b \
    WHERE b.room_id = :room AND b.user_id = :user AND b.read_id < :last \
    ON CONFLICT DO UPDATE SET first_id = min(first_id, excluded.first_id), last_id = max(last_id, excluded.last_id)";

pub(super) const NOTE: &str = "UPDATE noticed SET upto = :upto WHERE one = 1";

pub(super) const DUE: &str = concat!(
    "SELECT d.user_id, d.room_id, d.subscription_id, d.message_id, d.cleared, d.shown, d.attempts, ",
    device_columns!(),
    " FROM pushes d CROSS JOIN push_subscriptions p ON p.id = d.subscription_id \
     WHERE d.due_at <= :now AND p.wait_until <= :now AND (p.session_hash IS NULL \
     OR EXISTS (SELECT 1 FROM sessions e WHERE e.hash = p.session_hash AND e.expires_at > :now)) \
     ORDER BY d.due_at LIMIT :limit"
);

pub(super) const NEXT: &str =
    "SELECT min(wait_until) FROM push_subscriptions WHERE wait_until > 0 AND wait_until > :now";

/// What came meanwhile is due still.
pub(super) const TAKEN: &str = "UPDATE pushes SET shown = 1, attempts = 0, \
    due_at = iif(message_id = :message AND NOT cleared, NULL, due_at) \
    WHERE user_id = :user AND room_id = :room AND subscription_id = :device";

pub(super) const DONE: &str = "DELETE FROM pushes WHERE user_id = :user AND room_id = :room \
    AND subscription_id = :device AND message_id = :message AND cleared = :cleared";

pub(super) const AGAIN: &str = "UPDATE pushes SET attempts = attempts + 1 \
    WHERE user_id = :user AND room_id = :room AND subscription_id = :device";

pub(super) const WORKS: &str = "UPDATE push_subscriptions SET failures = 0, wait_until = 0 \
    WHERE id = :device AND failures > 0";

pub(super) const FAILS: &str = "UPDATE push_subscriptions SET failures = failures + 1, wait_until = :retry_at \
    WHERE id = :device";

pub(super) const GONE: &str = "DELETE FROM push_subscriptions WHERE id = :device";

#[async_trait]
impl Notices for SqliteStore {
    async fn noticed(&self) -> Result<MessageId> {
        self.read(|connection| {
            let upto: Option<i64> = one(connection, NOTICED, [], value)?;
            Ok(MessageId(upto.unwrap_or_default()))
        })
        .await
    }

    async fn gather(
        &self,
        after: MessageId,
        since: Timestamp,
        now: Timestamp,
        mail: bool,
    ) -> Result<Gathered> {
        self.read(move |connection| gather(connection, after, since, now, mail))
            .await
    }

    async fn note(
        &self,
        notices: Vec<Notice>,
        seen: Seen,
        now: Timestamp,
        mail_at: Timestamp,
    ) -> Result<()> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            for notice in &notices {
                note(connection, notice, now, mail_at)?;
            }
            for (message, user) in &seen.later {
                let values = named_params! { ":id": message.0, ":user": user.0 };
                execute(connection, END_LATER, values)?;
            }
            execute(connection, NOTE, named_params! { ":upto": seen.upto.0 })?;
            Ok(())
        })
        .await
    }

    async fn due_pushes(&self, now: Timestamp, limit: u32) -> Result<Vec<Push>> {
        self.read(move |connection| {
            let values = named_params! { ":now": now.0, ":limit": limit };
            Ok(all(connection, DUE, values, push)?)
        })
        .await
    }

    async fn next_push(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.read(move |connection| {
            let next: Option<Option<i64>> =
                one(connection, NEXT, named_params! { ":now": now.0 }, value)?;
            Ok(next.flatten().map(Timestamp))
        })
        .await
    }

    async fn end_push(
        &self,
        place: PushPlace,
        message: MessageId,
        cleared: bool,
        outcome: PushOutcome,
    ) -> Result<()> {
        self.write(move |transaction| end(transaction, place, (message, cleared), outcome))
            .await
    }
}

fn note(
    connection: &Connection,
    notice: &Notice,
    now: Timestamp,
    mail_at: Timestamp,
) -> rusqlite::Result<()> {
    let (user, room) = (notice.user_id.0, notice.room.0);
    if let Some(message) = notice.push {
        let values = named_params! {
            ":user": user, ":room": room, ":message": message.0, ":now": now.0,
        };
        execute(connection, PUSH, values)?;
    }
    if let Some((first, last)) = notice.missed {
        let values = named_params! {
            ":user": user, ":room": room, ":first": first.0, ":last": last.0, ":due_at": mail_at.0,
        };
        execute(connection, MISS, values)?;
    }
    Ok(())
}

fn push(row: &mut Columns<'_>) -> rusqlite::Result<Push> {
    Ok(Push {
        place: PushPlace {
            user_id: UserId(row.take()?),
            room: RoomId(row.take()?),
            subscription: row.take()?,
        },
        message: MessageId(row.take()?),
        cleared: row.take()?,
        shown: row.take()?,
        attempts: row.take()?,
        endpoint: row.take()?,
        keys: devices::keys(row)?,
        failures: row.take()?,
        via: devices::via(row)?,
    })
}

/// Harmless when the device is gone meanwhile.
fn end(
    transaction: &mut Transaction<'_>,
    place: PushPlace,
    (message, cleared): (MessageId, bool),
    outcome: PushOutcome,
) -> Result<()> {
    let connection = transaction.connection;
    let device = named_params! { ":device": place.subscription };
    let (user, room) = (place.user_id.0, place.room.0);
    let here = named_params! { ":user": user, ":room": room, ":device": place.subscription };
    let this = named_params! {
        ":user": user, ":room": room, ":device": place.subscription, ":message": message.0,
    };
    let done = named_params! {
        ":user": user, ":room": room, ":device": place.subscription, ":message": message.0, ":cleared": cleared,
    };
    match outcome {
        PushOutcome::Taken => {
            if cleared {
                execute(connection, DONE, done)?;
            } else {
                execute(connection, TAKEN, this)?;
            }
            execute(connection, WORKS, device)?;
        }
        PushOutcome::Later { retry_at, give_up } => {
            if give_up {
                execute(connection, DONE, done)?;
            } else {
                execute(connection, AGAIN, here)?;
            }
            let values = named_params! { ":device": place.subscription, ":retry_at": retry_at.0 };
            execute(connection, FAILS, values)?;
        }
        PushOutcome::Dropped => {
            execute(connection, DONE, done)?;
        }
        PushOutcome::Gone => {
            execute(connection, GONE, device)?;
        }
    }
    Ok(())
}

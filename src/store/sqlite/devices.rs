//! How people want to be told, and on which devices, in SQLite; and the server's own secrets.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore,
    rows::{Columns, all, execute, one, value},
};
use crate::{
    model::{
        Credential, NewSubscription, NotificationSettings, PushKeys, QuietHours, Subscription,
        Timestamp, UserId, WhichSubscription,
    },
    store::{Devices, Result, StoreError},
};

/// How many devices of one person are pushed to.
const DEVICES: i64 = 20;

pub(super) const KEY: &str = "SELECT value FROM keys WHERE name = :name";

const KEEP_KEY: &str = "INSERT INTO keys (name, value) VALUES (:name, :fresh)";

/// The columns of [`NotificationSettings`]; `s` is theirs, outer-joined.
macro_rules! settings_columns {
    () => {
        "s.quiet_until, s.quiet_from, s.quiet_to, s.time_zone, coalesce(s.mail, 1)"
    };
}

/// The columns of a subscription's keys and of what it ends with; `p` is theirs.
macro_rules! device_columns {
    () => {
        "p.endpoint, p.p256dh, p.auth, p.failures, p.session_hash, p.token_hash"
    };
}

pub(super) use {device_columns, settings_columns};

pub(super) const SETTINGS: &str = concat!(
    "SELECT ",
    settings_columns!(),
    " FROM notification_settings s WHERE s.user_id = :user"
);

pub(super) const SET: &str = "INSERT INTO notification_settings \
    (user_id, quiet_until, quiet_from, quiet_to, time_zone, mail) \
    SELECT id, :until, :from, :to, :zone, :mail FROM users WHERE id = :user AND deleted = 0 \
    ON CONFLICT DO UPDATE SET quiet_until = excluded.quiet_until, quiet_from = excluded.quiet_from, \
    quiet_to = excluded.quiet_to, time_zone = excluded.time_zone, mail = excluded.mail";

pub(super) const HOLDS: &str = "SELECT EXISTS (SELECT 1 FROM sessions WHERE hash = :session AND user_id = :user) \
    OR EXISTS (SELECT 1 FROM tokens WHERE hash = :token AND user_id = :user)";

pub(super) const FORGET: &str = "DELETE FROM push_subscriptions WHERE endpoint = :endpoint";

const ADD: &str = "INSERT INTO push_subscriptions \
    (user_id, session_hash, token_hash, endpoint, p256dh, auth, label, created_at) \
    VALUES (:user, :session, :token, :endpoint, :p256dh, :auth, :label, :now) RETURNING id";

pub(super) const GIVE_WAY: &str = "DELETE FROM push_subscriptions WHERE user_id = :user AND id <= \
    (SELECT id FROM push_subscriptions WHERE user_id = :user ORDER BY id DESC LIMIT 1 OFFSET :most)";

pub(super) const REMOVE: &str = "DELETE FROM push_subscriptions WHERE id = :id AND user_id = :user";

pub(super) const REMOVE_ENDPOINT: &str =
    "DELETE FROM push_subscriptions WHERE endpoint = :endpoint AND user_id = :user";

/// Sessions that have run out are swept a little later; their devices count no more at once.
pub(super) const OF_PERSON: &str = "SELECT p.id, p.label, p.created_at, p.session_hash, p.token_hash \
    FROM push_subscriptions p WHERE p.user_id = :user AND (p.session_hash IS NULL \
    OR EXISTS (SELECT 1 FROM sessions e WHERE e.hash = p.session_hash AND e.expires_at > :now)) ORDER BY p.id";

#[async_trait]
impl Devices for SqliteStore {
    async fn key(&self, name: &'static str, fresh: Vec<u8>) -> Result<Vec<u8>> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let found: Option<Vec<u8>> =
                one(connection, KEY, named_params! { ":name": name }, value)?;
            if let Some(kept) = found {
                return Ok(kept);
            }
            let values = named_params! { ":name": name, ":fresh": fresh };
            execute(connection, KEEP_KEY, values)?;
            Ok(fresh)
        })
        .await
    }

    async fn notification_settings(&self, user: UserId) -> Result<NotificationSettings> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0 };
            Ok(one(connection, SETTINGS, values, settings)?.unwrap_or_default())
        })
        .await
    }

    async fn set_notification_settings(
        &self,
        user: UserId,
        settings: NotificationSettings,
    ) -> Result<()> {
        self.write(move |transaction| {
            let hours = settings.quiet_hours.as_ref();
            let values = named_params! {
                ":user": user.0, ":until": settings.quiet_until.map(|until| until.0),
                ":from": hours.map(|hours| hours.from), ":to": hours.map(|hours| hours.to),
                ":zone": hours.map(|hours| hours.zone.as_str()), ":mail": settings.mail,
            };
            match execute(transaction.connection, SET, values)? {
                0 => Err(StoreError::NotFound("account")),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn subscribe(&self, new: NewSubscription) -> Result<Subscription> {
        self.write(move |transaction| add(transaction.connection, &new))
            .await
    }

    async fn unsubscribe(&self, user: UserId, which: WhichSubscription) -> Result<()> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let removed = match &which {
                WhichSubscription::Id(id) => {
                    let values = named_params! { ":id": id, ":user": user.0 };
                    execute(connection, REMOVE, values)?
                }
                WhichSubscription::Endpoint(endpoint) => {
                    let values = named_params! { ":endpoint": endpoint, ":user": user.0 };
                    execute(connection, REMOVE_ENDPOINT, values)?
                }
            };
            match removed {
                0 => Err(StoreError::NotFound("subscription")),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn subscriptions(&self, user: UserId, now: Timestamp) -> Result<Vec<Subscription>> {
        self.read(move |connection| {
            let values = named_params! { ":user": user.0, ":now": now.0 };
            let read = |row: &mut Columns<'_>| {
                Ok(Subscription {
                    id: row.take()?,
                    label: row.take()?,
                    created_at: Timestamp(row.take()?),
                    via: via(row)?,
                })
            };
            Ok(all(connection, OF_PERSON, values, read)?)
        })
        .await
    }
}

/// Reads [`settings_columns`].
pub(super) fn settings(row: &mut Columns<'_>) -> rusqlite::Result<NotificationSettings> {
    let quiet_until = row.take::<Option<i64>>()?.map(Timestamp);
    let hours = (row.take()?, row.take()?, row.take()?);
    Ok(NotificationSettings {
        quiet_until,
        quiet_hours: match hours {
            (Some(from), Some(to), Some(zone)) => Some(QuietHours { from, to, zone }),
            _ => None,
        },
        mail: row.take()?,
    })
}

/// Reads the session's hash and the token's, of which there is one.
pub(super) fn via(row: &mut Columns<'_>) -> rusqlite::Result<Credential> {
    let (session, token): (Option<[u8; 32]>, Option<[u8; 32]>) = (row.take()?, row.take()?);
    let token = token.map_or(Credential::Guest, Credential::Token);
    Ok(session.map_or(token, Credential::Session))
}

/// Reads the keys.
pub(super) fn keys(row: &mut Columns<'_>) -> rusqlite::Result<PushKeys> {
    Ok(PushKeys {
        p256dh: row.take()?,
        auth: row.take()?,
    })
}

fn add(connection: &Connection, new: &NewSubscription) -> Result<Subscription> {
    let (session, token) = match new.via {
        Credential::Session(hash) => (Some(hash), None),
        Credential::Token(hash) => (None, Some(hash)),
        Credential::Guest => (None, None),
    };
    let user = new.user_id.0;
    let held = named_params! { ":session": session, ":token": token, ":user": user };
    if one(connection, HOLDS, held, value)? != Some(true) {
        return Err(StoreError::NotFound("session"));
    }
    let endpoint = named_params! { ":endpoint": new.endpoint };
    execute(connection, FORGET, endpoint)?;
    let values = named_params! {
        ":user": user, ":session": session, ":token": token, ":endpoint": new.endpoint,
        ":p256dh": new.keys.p256dh, ":auth": new.keys.auth, ":label": new.label, ":now": new.created_at.0,
    };
    let id: Option<i64> = one(connection, ADD, values, value)?;
    let most = named_params! { ":user": user, ":most": DEVICES };
    execute(connection, GIVE_WAY, most)?;
    Ok(Subscription {
        id: id.ok_or(StoreError::NotFound("subscription"))?,
        label: new.label.clone(),
        created_at: new.created_at,
        via: new.via,
    })
}

//! Whom what is said concerns, in SQLite: found after the commit, so that sending a message pays for none of it.

use std::collections::BTreeMap;

use rusqlite::{Connection, ToSql, named_params};

use super::{
    devices::{self, settings_columns},
    rows::{Columns, all, execute, one, value},
};
use crate::{
    model::{
        Concerned, Gathered, MessageId, NotificationSettings, RoomId, Seen, Timestamp, UserId,
    },
    store::Result,
};

/// How many messages are looked at in one step.
const STEP: usize = 200;

/// In the place of a person: everybody in the room but the author.
pub(super) const EVERYBODY_ELSE: UserId = UserId(0);

/// In a room of at most so many members they are looked at for devices; in a larger one, the devices for members.
const SMALL: i64 = 500;

pub(super) const SAID: &str = "SELECT m.id, m.room_id, m.author_id, m.created_at >= :since AND NOT m.deleted, \
    m.mention_count > 0, m.mentions_room, r.kind = 'direct', r.member_count <= :small \
    FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.id > :after ORDER BY m.id LIMIT :limit";

/// Members of a room, found by these tables, whom this message may concern; whether they have a device, whether they
/// want mail, and when they want to hear nothing.
macro_rules! members {
    ($tables:literal, $rest:literal) => {
        concat!(
            "SELECT b.user_id, EXISTS (SELECT 1 FROM push_subscriptions p WHERE p.user_id = b.user_id), \
             u.bot = 0 AND u.guest = 0, ",
            settings_columns!(),
            " FROM ",
            $tables,
            " CROSS JOIN users u ON u.id = b.user_id LEFT JOIN notification_settings s ON s.user_id = b.user_id \
             WHERE b.user_id <> :author AND b.read_id < :id AND (b.quiet_until IS NULL OR b.quiet_until <= :now) \
             AND u.deleted = 0 AND ",
            $rest
        )
    };
}

pub(super) const NAMED: &str = members!(
    "mentions n CROSS JOIN members b ON b.room_id = :room AND b.user_id = n.user_id",
    "n.message_id = :id AND b.notify <> 'none'"
);

pub(super) const EVERYBODY: &str =
    members!("members b", "b.room_id = :room AND b.notify <> 'none'");

pub(super) const ONE: &str = members!(
    "members b",
    "b.room_id = :room AND b.user_id = :user AND b.notify <> 'none'"
);

pub(super) const LISTENERS: &str = members!("members b", "b.room_id = :room AND b.notify = 'all'");

pub(super) const LISTENERS_WITH_DEVICES: &str = members!(
    "(SELECT DISTINCT user_id FROM push_subscriptions) d \
     CROSS JOIN members b ON b.room_id = :room AND b.user_id = d.user_id",
    "b.notify = 'all'"
);

pub(super) const ANY_DEVICE: &str = "SELECT EXISTS (SELECT 1 FROM push_subscriptions)";

/// What edits have added; `0` in place of a person is everybody in the room.
pub(super) const LATER: &str = "SELECT l.user_id, m.id, m.room_id, m.author_id, m.edited_at >= :since AND NOT m.deleted \
    FROM mentioned_later l CROSS JOIN messages m ON m.id = l.message_id ORDER BY l.message_id, l.user_id LIMIT :limit";

pub(super) const ADD_LATER: &str =
    "INSERT OR IGNORE INTO mentioned_later (message_id, user_id) VALUES (:id, :user)";

pub(super) const END_LATER: &str =
    "DELETE FROM mentioned_later WHERE message_id = :id AND user_id = :user";

/// Notes whom an edit mentions that the message did not mention before; `0` is everybody in the room.
pub(super) fn mention_later(
    connection: &Connection,
    message: MessageId,
    people: impl IntoIterator<Item = UserId>,
) -> rusqlite::Result<()> {
    for user in people {
        let values = named_params! { ":id": message.0, ":user": user.0 };
        execute(connection, ADD_LATER, values)?;
    }
    Ok(())
}

/// Where a message was said, and by whom.
struct Place {
    id: i64,
    room: i64,
    author: i64,
}

fn place(row: &mut Columns<'_>) -> rusqlite::Result<Place> {
    Ok(Place {
        id: row.take()?,
        room: row.take()?,
        author: row.take()?,
    })
}

/// A message that was said.
#[allow(
    clippy::struct_excessive_bools,
    reason = "a row says what holds, each on its own"
)]
struct Said {
    place: Place,
    told: bool,
    names: bool,
    everybody: bool,
    direct: bool,
    small: bool,
}

fn said(row: &mut Columns<'_>) -> rusqlite::Result<Said> {
    Ok(Said {
        place: place(row)?,
        told: row.take()?,
        names: row.take()?,
        everybody: row.take()?,
        direct: row.take()?,
        small: row.take()?,
    })
}

/// Whom messages concern, found bit by bit.
struct Search<'c> {
    connection: &'c Connection,
    now: Timestamp,
    mail: bool,
    found: BTreeMap<(i64, i64), Concerned>,
}

impl Search<'_> {
    /// Adds whom `sql` finds for this message; `missed` is whether it is one that is mailed.
    fn add(&mut self, sql: &'static str, said: &Place, missed: bool) -> rusqlite::Result<()> {
        let now = self.now.0;
        let values = named_params! {
            ":room": said.room, ":author": said.author, ":id": said.id, ":now": now,
        };
        self.find(sql, values, said, missed)
    }

    /// Adds this person, or everybody, for a mention that an edit has added.
    fn add_later(&mut self, said: &Place, user: i64) -> rusqlite::Result<()> {
        if user == EVERYBODY_ELSE.0 {
            return self.add(EVERYBODY, said, true);
        }
        let now = self.now.0;
        let values = named_params! {
            ":room": said.room, ":author": said.author, ":id": said.id, ":now": now, ":user": user,
        };
        self.find(ONE, values, said, true)
    }

    fn find(
        &mut self,
        sql: &'static str,
        values: &[(&str, &dyn ToSql)],
        said: &Place,
        missed: bool,
    ) -> rusqlite::Result<()> {
        let people = all(self.connection, sql, values, |row| {
            let user: i64 = row.take()?;
            let (device, person): (bool, bool) = (row.take()?, row.take()?);
            Ok((user, device, person, devices::settings(row)?))
        })?;
        for (user, device, person, settings) in people {
            let mailed = missed && self.mail && person && settings.mail;
            if device || mailed {
                self.concern(said, user, device, mailed, settings);
            }
        }
        Ok(())
    }

    fn concern(
        &mut self,
        said: &Place,
        user: i64,
        device: bool,
        mailed: bool,
        settings: NotificationSettings,
    ) {
        let id = MessageId(said.id);
        let concerned = self.found.entry((user, said.room)).or_insert(Concerned {
            user_id: UserId(user),
            room: RoomId(said.room),
            message: id,
            missed: None,
            device,
            settings,
        });
        concerned.message = concerned.message.max(id);
        if mailed {
            let (first, last) = concerned.missed.unwrap_or((id, id));
            concerned.missed = Some((first.min(id), last.max(id)));
        }
    }
}

/// Whom what was said after this message concerns, and what edits have added to others.
pub(super) fn gather(
    connection: &Connection,
    after: MessageId,
    since: Timestamp,
    now: Timestamp,
    mail: bool,
) -> Result<Gathered> {
    let limit = i64::try_from(STEP).unwrap_or(i64::MAX);
    let values = named_params! {
        ":after": after.0, ":since": since.0, ":small": SMALL, ":limit": limit,
    };
    let messages = all(connection, SAID, values, said)?;
    // Where nobody can be told, nobody is looked for.
    let reaches = mail || one(connection, ANY_DEVICE, [], value)?.unwrap_or_default();
    let mut search = Search {
        connection,
        now,
        mail,
        found: BTreeMap::new(),
    };
    // Who listens to all that is said in a room is told of the newest of it.
    let mut newest: BTreeMap<i64, &Said> = BTreeMap::new();
    for said in messages.iter().filter(|said| reaches && said.told) {
        if said.names {
            search.add(NAMED, &said.place, true)?;
        }
        if said.everybody {
            search.add(EVERYBODY, &said.place, true)?;
        }
        if said.direct {
            search.add(LISTENERS, &said.place, true)?;
        } else {
            newest.insert(said.place.room, said);
        }
    }
    for said in newest.into_values() {
        let sql = if said.small {
            LISTENERS
        } else {
            LISTENERS_WITH_DEVICES
        };
        search.add(sql, &said.place, false)?;
    }
    let values = named_params! { ":since": since.0, ":limit": limit };
    let later = all(connection, LATER, values, |row| {
        let user: i64 = row.take()?;
        Ok((user, place(row)?, row.take::<bool>()?))
    })?;
    for (user, place, _) in later.iter().filter(|(.., told)| reaches && *told) {
        search.add_later(place, *user)?;
    }
    let edited = later.iter();
    Ok(Gathered {
        more: messages.len() == STEP || later.len() == STEP,
        seen: Seen {
            upto: messages
                .last()
                .map_or(after, |said| MessageId(said.place.id)),
            later: edited
                .map(|(user, place, _)| (MessageId(place.id), UserId(*user)))
                .collect(),
        },
        concerned: search.found.into_values().collect(),
    })
}

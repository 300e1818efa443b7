//! Searching in SQLite: FTS5 finds, newest first; the rows say who may read it.

use std::{fmt::Write, time::Duration};

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, extras,
    rows::{all, card_columns, execute, message, message_columns, one, value},
};
use crate::{
    model::{MessageId, Phrase, RoomName, Search, SearchHit, SearchPlace},
    store::{Result, Searching},
};

const MINUTE: Duration = Duration::from_mins(1);

/// Who belongs to more rooms than this has all rooms searched and the others' messages left out.
const ROOMS: usize = 64;

/// My rooms are named to FTS5 while the square of how many messages they hold is below this many times all messages.
///
/// Naming them costs in proportion to what they hold, since their lists are merged; leaving others' messages out costs in
/// proportion to how many of these lie between two of mine. Both cost as much at about this point (estimated from the
/// two queries, timed by hand on 1,000,000 messages).
const NARROW: i64 = 500;

/// With how many messages each of them holds, and how many there are at all.
pub(super) const ROOMS_OF: &str = "SELECT b.room_id, r.message_count, (SELECT ifnull(max(id), 0) FROM messages) \
    FROM members b CROSS JOIN rooms r ON r.id = b.room_id WHERE b.user_id = :user";

/// The low 36 bits of a [`SearchPlace`] are an id. The order of the joins is the order written: the index yields the newest
/// first, and each row costs a few look-ups.
pub(super) const SEARCH: &str = concat!(
    "SELECT ",
    message_columns!(),
    ", r.name FROM message_search CROSS JOIN messages m ON m.id = message_search.rowid & 68719476735 \
     CROSS JOIN members b ON b.room_id = m.room_id AND b.user_id = :user \
     CROSS JOIN rooms r ON r.id = m.room_id CROSS JOIN users u ON u.id = m.author_id \
     WHERE message_search MATCH :match AND message_search.rowid >= :from AND message_search.rowid < :before \
     AND m.created_at >= :since AND m.created_at < :until \
     AND m.attachment_count >= :files \
     ORDER BY message_search.rowid DESC LIMIT :limit"
);

/// Has the messages that are not in the index yet enter it under their [`SearchPlace`]. One statement for all: FTS5 holds
/// them until the commit.
pub(super) const INDEX: &str = "INSERT INTO message_search (rowid, text, room, author) \
    SELECT max(created_at, 0) / 60000 << 36 | id, text, 'r' || room_id, 'u' || author_id \
    FROM messages WHERE id > (SELECT upto FROM search_index WHERE one = 1) AND NOT deleted";

/// The newest may have been deleted since it entered.
pub(super) const INDEXED: &str = "UPDATE search_index \
    SET upto = max(upto, (SELECT ifnull(max(id), 0) FROM messages)) WHERE one = 1 RETURNING upto";

#[async_trait]
impl Searching for SqliteStore {
    async fn search(&self, search: Search) -> Result<Vec<SearchHit>> {
        if let Err(error) = self.writer.index().await {
            // A full disk takes no message either: what is missing are a few from just before.
            tracing::warn!(error = %error, "the newest messages could not be put into the index of the search");
        }
        self.read(move |connection| find(connection, &search)).await
    }
}

/// Puts the messages that are not in the index of the search yet there; the newest that is now. The writer runs it; so may
/// whoever writes messages past it.
///
/// # Errors
/// What SQLite says.
pub fn index(connection: &Connection) -> rusqlite::Result<MessageId> {
    execute(connection, INDEX, [])?;
    let upto: Option<i64> = one(connection, INDEXED, [], value)?;
    Ok(MessageId(upto.unwrap_or_default()))
}

fn find(connection: &Connection, search: &Search) -> Result<Vec<SearchHit>> {
    let rooms = match search.room {
        Some(room) => Some(vec![room.0]),
        None => narrow(connection, search)?,
    };
    if rooms.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let none = MessageId(0);
    // The last minute belongs in part to the span.
    let end = SearchPlace::of(search.until.plus(MINUTE), none);
    let values = named_params! {
        ":user": search.user.0, ":match": expression(search, rooms.as_deref()),
        ":from": SearchPlace::of(search.since, none).number(), ":before": search.before.min(end).number(),
        ":since": search.since.0, ":until": search.until.0,
        ":files": search.files, ":limit": search.limit,
    };
    let found = all(connection, SEARCH, values, |row| {
        let message = message(row)?;
        Ok((message, RoomName::stored(row.take()?)))
    })?;
    let hits = found.into_iter().map(|(row, room_name)| {
        Ok(SearchHit {
            message: extras::complete(connection, row)?,
            room_name,
        })
    });
    hits.collect()
}

/// My rooms, if FTS5 is best told of them: they are few, and hold few of all messages. Where nothing else is asked for,
/// it must look for rooms.
fn narrow(connection: &Connection, search: &Search) -> Result<Option<Vec<i64>>> {
    let needed = search.phrases.is_empty() && search.author.is_none();
    let mut statement = connection.prepare_cached(ROOMS_OF)?;
    let mut rows = statement.query(named_params! { ":user": search.user.0 })?;
    let (mut rooms, mut held) = (Vec::new(), 0_i64);
    while let Some(row) = rows.next()? {
        rooms.push(row.get(0)?);
        held = held.saturating_add(row.get(1)?);
        let all: i64 = row.get(2)?;
        let many = held.saturating_mul(held) >= all.saturating_mul(NARROW);
        if rooms.len() > ROOMS || (many && !needed) {
            return Ok(None);
        }
    }
    Ok(Some(rooms))
}

/// What FTS5 is asked: every text within quotes, where nothing but a quote means anything.
fn expression(search: &Search, rooms: Option<&[i64]>) -> String {
    let mut expression = String::new();
    let mut add = |text: std::fmt::Arguments<'_>| {
        expression
            .write_fmt(text)
            .expect("writing to a string cannot fail");
    };
    for Phrase { text, prefix } in &search.phrases {
        let text = text.replace('"', "\"\"");
        let more = if *prefix { "*" } else { "" };
        add(format_args!("text : \"{text}\"{more} AND "));
    }
    if let Some(author) = search.author {
        add(format_args!("author : \"u{}\" AND ", author.0));
    }
    if let Some(rooms) = rooms {
        let rooms: Vec<_> = rooms.iter().map(|room| format!("\"r{room}\"")).collect();
        add(format_args!("room : ({})", rooms.join(" OR ")));
    } else if search.phrases.is_empty() && search.author.is_none() {
        add(format_args!("room : \"r\"*"));
    }
    expression.trim_end_matches(" AND ").to_owned()
}

//! Messages in SQLite: appending, history, and what somebody missed.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, behind, changes, extras, mentions,
    queued::Savepoint,
    rooms,
    rows::{card, card_columns, execute, message_columns, one, value},
    uploads,
};
use crate::{
    model::{
        Change, ClientId, Membership, Mentioned, Message, MessageEdit, MessageId, MessagePermit,
        NewMessage, Room, RoomId, Seq, Standing, Timestamp, UserCard, UserId,
    },
    store::{Appended, HistoryPage, Messages, Missed, Page, Pending, Result, StoreError},
};

/// A query for whole messages with these conditions.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages m JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = m.author_id ",
            $rest
        )
    };
}

pub(super) use select;

pub(super) const BY_ID: &str = select!("WHERE m.id = :id");

pub(super) const BY_CLIENT_ID: &str =
    select!("WHERE m.author_id = :author AND m.client_id = :client_id");

pub(super) const OLDER: &str =
    select!("WHERE m.room_id = :room AND m.id < :from ORDER BY m.id DESC LIMIT :limit");

pub(super) const NEWER: &str =
    select!("WHERE m.room_id = :room AND m.id > :from ORDER BY m.id LIMIT :limit");

pub(super) const AUTHOR: &str =
    concat!("SELECT ", card_columns!(), " FROM users u WHERE u.id = :id");

/// A room's seq and the ids of its first and last message.
pub(super) const BOUNDS: &str = "SELECT last_seq, (SELECT min(id) FROM messages WHERE room_id = :room), \
    last_id FROM rooms WHERE id = :room";

pub(super) const NUMBER: &str = "UPDATE rooms SET last_seq = last_seq + 1, message_count = message_count + 1 \
    WHERE id = :room RETURNING last_seq, message_count";

const INSERT: &str = "INSERT INTO messages \
    (room_id, author_id, seq, created_seq, ordinal, text, html, client_id, created_at, reply_to, thread_id, attachment_count) \
    VALUES (:room, :author, :seq, :seq, :ordinal, :text, :html, :client_id, :created_at, :reply_to, :thread, :attachments) \
    RETURNING id";

/// Who writes has read what stands before.
pub(super) const MARK_OWN: &str = "UPDATE members SET read_id = :id, read_ordinal = :ordinal, mention_count = 0, sent_at = :now \
    WHERE room_id = :room AND user_id = :author";

#[async_trait]
impl Messages for SqliteStore {
    async fn append(&self, new: NewMessage) -> Result<Pending<Appended>> {
        let savepoint = if is_plain(&new) {
            Savepoint::None
        } else {
            Savepoint::Own
        };
        self.writer
            .queue(savepoint, move |transaction| append(transaction, &new))
    }

    async fn change_message(
        &self,
        id: MessageId,
        actor: UserId,
        edit: MessageEdit,
        now: Timestamp,
        permit: MessagePermit,
    ) -> Result<Arc<Message>> {
        self.write(move |transaction| changes::change(transaction, id, actor, &edit, now, permit))
            .await
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>> {
        self.read(move |connection| by_id(connection, id)).await
    }

    async fn history(&self, room: RoomId, page: Page, limit: u32) -> Result<HistoryPage> {
        self.read(move |connection| history(connection, room, page, limit))
            .await
    }

    async fn missed(
        &self,
        rooms: Vec<(RoomId, Seq)>,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<Option<Missed>>> {
        self.read(move |connection| behind::missed(connection, &rooms, user, limit))
            .await
    }

    async fn changes(
        &self,
        room: RoomId,
        user: UserId,
        since: Seq,
        limit: u32,
    ) -> Result<Option<Missed>> {
        self.read(move |connection| behind::changes(connection, room, user, since, limit))
            .await
    }
}

fn append(transaction: &mut Transaction<'_>, new: &NewMessage) -> Result<Appended> {
    let connection = transaction.connection;
    if let Some(first) = first_with(connection, new.author, new.client_id.as_ref())? {
        return Ok(Appended {
            message: Arc::new(first),
            duplicate: true,
        });
    }
    let standing =
        rooms::standing(connection, &new.room, new.author)?.ok_or(StoreError::NotFound("room"))?;
    (new.permit)(&standing, new.created_at)?;
    let author = named_params! { ":id": new.author.0 };
    let author = one(connection, AUTHOR, author, card)?
        // What was under way when the account was deleted.
        .filter(|author| !author.deleted)
        .ok_or(StoreError::NotFound("account"))?;
    let (message, people) = insert(connection, &standing.room, author, new)?;
    let message = Arc::new(message);
    transaction.tell(Change::Message(Arc::clone(&message)));
    mentions::tell(transaction, &message, people);
    tell_read(transaction, standing, &message);
    Ok(Appended {
        message,
        duplicate: false,
    })
}

/// Who writes has read what stands before: their other devices learn of it, if there was anything.
fn tell_read(transaction: &mut Transaction<'_>, standing: Standing, message: &Message) {
    let Some(before) = standing.membership else {
        return;
    };
    if before.unread == 0 && before.mentions == 0 {
        return;
    }
    transaction.tell(Change::Read {
        user_id: message.author.id,
        room: standing.room,
        membership: Membership {
            read_id: message.id,
            unread: 0,
            mentions: 0,
            ..before
        },
        back: false,
    });
}

fn first_with(
    connection: &Connection,
    author: UserId,
    client_id: Option<&ClientId>,
) -> Result<Option<Message>> {
    let Some(client_id) = client_id else {
        return Ok(None);
    };
    let values = named_params! { ":author": author.0, ":client_id": client_id.as_str() };
    Ok(extras::one(connection, BY_CLIENT_ID, values)?)
}

/// Whether a message is its text alone. Such a one is known as it is kept without reading it again, and is either refused
/// before anything was written or kept, so it needs no savepoint.
fn is_plain(new: &NewMessage) -> bool {
    new.reply_to.is_none() && new.attachments.is_empty() && new.mentioned == Mentioned::default()
}

/// The kept message, and who is mentioned in it.
fn insert(
    connection: &Connection,
    room: &Room,
    author: UserCard,
    new: &NewMessage,
) -> Result<(Message, Vec<UserId>)> {
    let missing = || StoreError::NotFound("room");
    let number = one(
        connection,
        NUMBER,
        named_params! { ":room": room.id.0 },
        |row| Ok((row.take()?, row.take()?)),
    )?;
    let (seq, ordinal): (i64, i64) = number.ok_or_else(missing)?;
    let thread = new
        .reply_to
        .map(|source| changes::reply(connection, room.id, source))
        .transpose()?;
    let attachments = i64::try_from(new.attachments.len()).unwrap_or(i64::MAX);
    let values = named_params! {
        ":room": room.id.0, ":author": new.author.0, ":seq": seq, ":ordinal": ordinal,
        ":text": new.text, ":html": new.html, ":client_id": new.client_id.as_ref().map(ClientId::as_str),
        ":created_at": new.created_at.0, ":reply_to": new.reply_to.map(|source| source.0),
        ":thread": thread.map(|first| first.0), ":attachments": attachments,
    };
    let id: i64 = one(connection, INSERT, values, value)?.ok_or_else(missing)?;
    let mark = named_params! {
        ":room": room.id.0, ":author": new.author.0, ":id": id, ":ordinal": ordinal, ":now": new.created_at.0,
    };
    execute(connection, MARK_OWN, mark)?;
    let id = MessageId(id);
    if is_plain(new) {
        return Ok((plain(id, Seq(seq), room, author, new), Vec::new()));
    }
    uploads::attach(connection, id, new.author, &new.attachments)?;
    let mentions = mentions::set(connection, room.id, id, new.author, &new.mentioned)?;
    let message = by_id(connection, id)?.ok_or_else(missing)?;
    Ok((message, mentions.people))
}

/// A message of text alone, as it was just kept.
fn plain(id: MessageId, seq: Seq, room: &Room, author: UserCard, new: &NewMessage) -> Message {
    Message {
        id,
        seq,
        created_seq: seq,
        room_id: room.id,
        room: room.code.clone(),
        author,
        text: new.text.clone(),
        html: new.html.clone(),
        client_id: new.client_id.clone(),
        reply_to: None,
        thread: None,
        reply_count: 0,
        mentioned: Mentioned::default(),
        reactions: Vec::new(),
        attachments: Vec::new(),
        previews: Vec::new(),
        pinned: false,
        change: None,
        created_at: new.created_at,
        edited_at: None,
        deleted: false,
    }
}

/// The message with this id.
pub(super) fn by_id(connection: &Connection, id: MessageId) -> Result<Option<Message>> {
    Ok(extras::one(
        connection,
        BY_ID,
        named_params! { ":id": id.0 },
    )?)
}

/// A room's seq, and the ids of its first and last message.
struct Bounds {
    seq: i64,
    first: Option<i64>,
    last: Option<i64>,
}

fn bounds(connection: &Connection, room: RoomId) -> Result<Bounds> {
    one(
        connection,
        BOUNDS,
        named_params! { ":room": room.0 },
        |row| {
            Ok(Bounds {
                seq: row.take()?,
                first: row.take()?,
                last: row.take()?,
            })
        },
    )?
    .ok_or(StoreError::NotFound("room"))
}

/// Part of a room's history.
pub(super) fn history(
    connection: &Connection,
    room: RoomId,
    page: Page,
    limit: u32,
) -> Result<HistoryPage> {
    let limit = limit.max(1);
    let bounds = bounds(connection, room)?;
    let older = |before: i64, limit: u32| {
        let values = named_params! { ":room": room.0, ":from": before, ":limit": limit };
        let mut found = extras::all(connection, OLDER, values)?;
        found.reverse();
        Ok::<_, StoreError>(found)
    };
    let newer = |after: i64, limit: u32| {
        let values = named_params! { ":room": room.0, ":from": after, ":limit": limit };
        extras::all(connection, NEWER, values).map_err(StoreError::from)
    };
    let messages = match page {
        Page::Newest => older(i64::MAX, limit)?,
        Page::Before(MessageId(id)) => older(id, limit)?,
        Page::After(MessageId(id)) => newer(id, limit)?,
        Page::Around(MessageId(id)) => {
            let mut found = older(id, limit / 2)?;
            found.extend(newer(id.saturating_sub(1), limit - limit / 2)?);
            found
        }
    };
    let any = bounds.first.is_some();
    let (more_before, more_after) = match (messages.first(), messages.last()) {
        (Some(first), Some(last)) => (
            bounds.first < Some(first.id.0),
            bounds.last > Some(last.id.0),
        ),
        _ => (
            any && matches!(page, Page::After(_)),
            any && matches!(page, Page::Before(_)),
        ),
    };
    Ok(HistoryPage {
        messages,
        more_before,
        more_after,
        seq: bounds.seq,
    })
}

//! What is done to messages after they were sent. Each change takes the room's next seq; what changes nothing takes none.

use std::{collections::BTreeSet, sync::Arc};

use rusqlite::{Connection, named_params};

use super::{
    Transaction, concerned, mentions,
    mentions::Concerned,
    messages, previews, rooms,
    rows::{change_text, execute, one, value},
};
use crate::{
    model::{
        Denied, Emoji, Mentioned, Message, MessageChange, MessageEdit, MessageId, MessagePermit,
        RoomId, Timestamp, UserId,
    },
    store::{Result, StoreError},
};

pub(super) const NUMBER: &str =
    "UPDATE rooms SET last_seq = last_seq + 1 WHERE id = :room RETURNING last_seq";

pub(super) const CHANGED: &str = "UPDATE messages SET seq = :seq, change = :change WHERE id = :id";

/// What it said before is kept.
pub(super) const KEEP: &str = "INSERT INTO message_edits (message_id, text, until) \
    SELECT id, text, :now FROM messages WHERE id = :id";

pub(super) const EDIT: &str =
    "UPDATE messages SET text = :text, html = :html, edited_at = :now WHERE id = :id";

pub(super) const DELETE: &str = "UPDATE messages SET text = '', html = '', deleted = 1, pinned_at = NULL, \
    reaction_count = 0 WHERE id = :id";

pub(super) const FORGET_EDITS: &str = "DELETE FROM message_edits WHERE message_id = :id";

pub(super) const FORGET_REACTIONS: &str = "DELETE FROM reactions WHERE message_id = :id";

pub(super) const FORGET_SAVED: &str = "DELETE FROM saved WHERE message_id = :id";

pub(super) const REPLIES: &str =
    "UPDATE messages SET reply_count = max(0, reply_count + :by) WHERE id = :thread";

pub(super) const REACT: &str = "INSERT OR IGNORE INTO reactions (message_id, user_id, emoji) \
    VALUES (:id, :user, :emoji)";

pub(super) const UNREACT: &str =
    "DELETE FROM reactions WHERE message_id = :id AND user_id = :user AND emoji = :emoji";

pub(super) const COUNT_REACTIONS: &str =
    "UPDATE messages SET reaction_count = reaction_count + :by WHERE id = :id";

pub(super) const PIN: &str = "UPDATE messages SET pinned_at = :at WHERE id = :id";

/// The first message of the thread of a message that is not deleted.
pub(super) const THREAD: &str = "SELECT coalesce(thread_id, id) FROM messages \
    WHERE id = :id AND room_id = :room AND deleted = 0";

/// Changes a message, if it is not so already, and tells of it.
pub(super) fn change(
    transaction: &mut Transaction<'_>,
    id: MessageId,
    actor: UserId,
    edit: &MessageEdit,
    now: Timestamp,
    permit: MessagePermit,
) -> Result<Arc<Message>> {
    let connection = transaction.connection;
    let missing = || StoreError::NotFound("message");
    let message = messages::by_id(connection, id)?.ok_or_else(missing)?;
    let standing = rooms::standing(connection, &message.room, actor)?.ok_or_else(missing)?;
    match permit(&standing, &message, actor, now) {
        Err(Denied::NotFound) => return Err(missing()),
        permitted => permitted?,
    }
    if message.deleted && !matches!(edit, MessageEdit::Delete) {
        return Err(missing());
    }
    let mut mentions = Concerned::default();
    let changed = match edit {
        MessageEdit::Text {
            text,
            html,
            mentioned: now_mentioned,
            links,
        } => {
            let changed = message.text != *text;
            if changed {
                mentions = rewrite(connection, &message, text, html, now_mentioned, now)?;
                previews::keep(connection, &message, links)?;
            }
            changed.then_some(MessageChange::Edited)
        }
        MessageEdit::Delete => {
            let deleted = delete(connection, &message)?;
            deleted.map(|counted| {
                mentions.counted = counted;
                MessageChange::Deleted
            })
        }
        MessageEdit::React { emoji, on } => react(connection, &message, actor, emoji, *on)?,
        MessageEdit::HidePreviews => {
            previews::hide(connection, &message)?.then_some(MessageChange::Preview)
        }
        MessageEdit::Pin { on } => {
            let values = named_params! { ":id": id.0, ":at": on.then_some(now.0) };
            let changed = message.pinned != *on && execute(connection, PIN, values)? > 0;
            changed.then_some(MessageChange::Pinned)
        }
    };
    let Some(changed) = changed else {
        return Ok(Arc::new(message));
    };
    let message = number(transaction, &message, changed)?;
    mentions::tell(transaction, &message, mentions.people);
    mentions::tell_counts(transaction, &message, &mentions.counted)?;
    Ok(message)
}

/// Gives a changed message the room's next seq, and tells of its present state.
pub(super) fn number(
    transaction: &mut Transaction<'_>,
    message: &Message,
    change: MessageChange,
) -> Result<Arc<Message>> {
    let connection = transaction.connection;
    let missing = || StoreError::NotFound("message");
    let room = named_params! { ":room": message.room_id.0 };
    let seq: i64 = one(connection, NUMBER, room, value)?.ok_or_else(missing)?;
    let values = named_params! { ":id": message.id.0, ":seq": seq, ":change": change_text(change) };
    execute(connection, CHANGED, values)?;
    let message = Arc::new(messages::by_id(connection, message.id)?.ok_or_else(missing)?);
    transaction.tell(crate::model::Change::Message(Arc::clone(&message)));
    Ok(message)
}

/// Keeps what a message said, and has it say something else; answers who is mentioned that was not before, and whose
/// count is another one by that.
fn rewrite(
    connection: &Connection,
    message: &Message,
    text: &str,
    html: &str,
    mentioned: &Mentioned,
    now: Timestamp,
) -> Result<Concerned> {
    let id = message.id.0;
    execute(connection, KEEP, named_params! { ":id": id, ":now": now.0 })?;
    let values = named_params! { ":id": id, ":text": text, ":html": html, ":now": now.0 };
    execute(connection, EDIT, values)?;
    let before = mentions::clear(connection, message)?;
    let (room, author) = (message.room_id, message.author.id);
    let mut now = mentions::set(connection, room, message.id, author, mentioned)?;
    if message.mentioned.room {
        now.people.clear();
    }
    let known: BTreeSet<_> = before.people.into_iter().collect();
    now.people.retain(|user| !known.contains(user));
    let everybody = mentioned.room && !message.mentioned.room;
    if everybody {
        concerned::mention_later(connection, message.id, [concerned::EVERYBODY_ELSE])?;
    } else {
        concerned::mention_later(connection, message.id, now.people.iter().copied())?;
    }
    // One less and one more is what it was.
    now.counted = now
        .counted
        .symmetric_difference(&before.counted)
        .copied()
        .collect();
    Ok(now)
}

/// Leaves only a message's place; nothing changes where it is so already. Answers whose count of mentions is another one
/// by that.
pub(super) fn delete(
    connection: &Connection,
    message: &Message,
) -> Result<Option<BTreeSet<UserId>>> {
    if message.deleted {
        return Ok(None);
    }
    let Concerned { counted, .. } = mentions::clear(connection, message)?;
    let values = named_params! { ":id": message.id.0 };
    for sql in [FORGET_EDITS, FORGET_REACTIONS, FORGET_SAVED, DELETE] {
        execute(connection, sql, values)?;
    }
    if let Some(thread) = message.thread {
        execute(
            connection,
            REPLIES,
            named_params! { ":thread": thread.0, ":by": -1 },
        )?;
    }
    Ok(Some(counted))
}

fn react(
    connection: &Connection,
    message: &Message,
    actor: UserId,
    emoji: &Emoji,
    on: bool,
) -> Result<Option<MessageChange>> {
    let known = message
        .reactions
        .iter()
        .any(|reaction| reaction.emoji == emoji.as_str());
    if on && !known && message.reactions.len() >= Emoji::KINDS {
        return Err(StoreError::Full("emoji"));
    }
    let (sql, by) = if on { (REACT, 1) } else { (UNREACT, -1) };
    let values = named_params! {
        ":id": message.id.0, ":user": actor.0, ":emoji": emoji.as_str(),
    };
    if execute(connection, sql, values)? == 0 {
        return Ok(None);
    }
    let values = named_params! { ":id": message.id.0, ":by": by };
    execute(connection, COUNT_REACTIONS, values)?;
    Ok(Some(MessageChange::Reactions))
}

/// Counts one more reply in the thread of a message; answers the thread's first message.
pub(super) fn reply(connection: &Connection, room: RoomId, source: MessageId) -> Result<MessageId> {
    let values = named_params! { ":id": source.0, ":room": room.0 };
    let thread: i64 =
        one(connection, THREAD, values, value)?.ok_or(StoreError::NotFound("message"))?;
    execute(
        connection,
        REPLIES,
        named_params! { ":thread": thread, ":by": 1 },
    )?;
    Ok(MessageId(thread))
}

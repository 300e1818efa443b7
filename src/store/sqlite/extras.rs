//! What a message has beside its own row. Its row counts it, so a plain message costs no further query.

use rusqlite::{Connection, Params, named_params};

use super::{
    mentions, previews,
    rows::{self, card, card_columns, message},
    uploads,
};
use crate::model::{Excerpt, Message, MessageId, Quote, Reaction, UserId};

/// A message as its row tells it, and how much there is to read beside it.
pub(super) struct Incomplete {
    pub(super) message: Message,
    /// What it replies to.
    pub(super) reply_to: Option<i64>,
    /// How many people it mentions by name.
    pub(super) mentions: i64,
    /// How many reactions it has.
    pub(super) reactions: i64,
    /// How many files came with it.
    pub(super) attachments: i64,
    /// Of how many pages that it links to something is shown.
    pub(super) previews: i64,
}

pub(super) const QUOTE: &str = concat!(
    "SELECT ",
    card_columns!(),
    ", m.text, m.html, m.deleted, m.attachment_count FROM messages m JOIN users u ON u.id = m.author_id WHERE m.id = :id"
);

pub(super) const REACTIONS: &str =
    "SELECT emoji, user_id FROM reactions WHERE message_id = :id ORDER BY id";

/// Reads what the row does not hold; does nothing for a plain message.
pub(super) fn complete(
    connection: &Connection,
    incomplete: Incomplete,
) -> rusqlite::Result<Message> {
    let mut message = incomplete.message;
    if let Some(source) = incomplete.reply_to {
        message.reply_to = quote(connection, MessageId(source))?;
    }
    if incomplete.mentions > 0 {
        message.mentioned.people = mentions::of_message(connection, message.id)?;
    }
    if incomplete.reactions > 0 {
        message.reactions = reactions(connection, message.id)?;
    }
    if incomplete.attachments > 0 {
        message.attachments = uploads::of_message(connection, message.id)?;
    }
    if incomplete.previews > 0 {
        message.previews = previews::of_message(connection, message.id)?;
    }
    Ok(message)
}

fn quote(connection: &Connection, source: MessageId) -> rusqlite::Result<Option<Quote>> {
    let values = named_params! { ":id": source.0 };
    let found = rows::one(connection, QUOTE, values, |row| {
        let author = card(row)?;
        let (text, html): (String, String) = (row.take()?, row.take()?);
        let quote = Quote {
            id: source,
            author,
            excerpt: Excerpt::of_message(&text, &html),
            deleted: row.take()?,
        };
        Ok((quote, row.take::<i64>()?))
    })?;
    let Some((mut quote, files)) = found else {
        return Ok(None);
    };
    if files > 0 && quote.excerpt.0.is_empty() {
        quote.excerpt = Excerpt::of_files(&uploads::of_message(connection, source)?);
    }
    Ok(Some(quote))
}

fn reactions(connection: &Connection, message: MessageId) -> rusqlite::Result<Vec<Reaction>> {
    let values = named_params! { ":id": message.0 };
    let found = rows::all(connection, REACTIONS, values, |row| {
        Ok((row.take::<String>()?, UserId(row.take()?)))
    })?;
    let mut reactions: Vec<Reaction> = Vec::new();
    for (emoji, user) in found {
        match reactions.iter_mut().find(|known| known.emoji == emoji) {
            Some(known) => known.users.push(user),
            None => reactions.push(Reaction {
                emoji,
                users: vec![user],
            }),
        }
    }
    Ok(reactions)
}

/// The first message that `sql` finds.
pub(super) fn one(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
) -> rusqlite::Result<Option<Message>> {
    let found = rows::one(connection, sql, params, message)?;
    found.map(|row| complete(connection, row)).transpose()
}

/// All messages that `sql` finds.
pub(super) fn all(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
) -> rusqlite::Result<Vec<Message>> {
    let found = rows::all(connection, sql, params, message)?;
    found
        .into_iter()
        .map(|row| complete(connection, row))
        .collect()
}

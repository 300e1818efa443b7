//! Rows to records: which columns a record is read from, and how.
//!
//! A query names a record's columns with its macro and reads them with its function, in the same
//! order, so there are no column numbers to keep in step. The aliases are fixed: `u` is users,
//! `r` rooms, `b` members, `m` messages.

use rusqlite::{
    Connection, Params, Row,
    types::{FromSql, FromSqlError, Type, ValueRef},
};

use super::extras::Incomplete;
use crate::model::{
    Account, ClientId, Email, Member, Membership, Mentioned, Message, MessageChange, MessageId,
    Notify, Preferences, Role, Room, RoomCode, RoomId, RoomKind, RoomName, Scopes, Seq, Timestamp,
    Topic, UserCard, UserId, UserName,
};

/// The columns of a [`UserCard`].
macro_rules! card_columns {
    () => {
        $crate::store::sqlite::rows::card_columns!("u")
    };
    ($users:literal) => {
        concat!(
            $users, ".id, ", $users, ".name, ", $users, ".photo, ", $users, ".bot, ", $users,
            ".guest, ", $users, ".deleted"
        )
    };
}

/// The columns of an [`Account`].
macro_rules! account_columns {
    () => {
        concat!(
            card_columns!(),
            ", u.email, u.admin, u.created_at, EXISTS (SELECT 1 FROM totp f WHERE f.user_id = u.id AND f.on_since IS NOT NULL)"
        )
    };
}

/// The columns of a [`Room`]. Who talks in a direct conversation is looked up for such a one only.
macro_rules! room_columns {
    () => {
        "r.id, r.code, r.name, r.topic, r.kind, r.archived, r.member_count, r.created_at, r.last_seq, r.slow_mode_s, \
         coalesce(r.retention_days, 0), CASE r.kind WHEN 'direct' THEN (SELECT json_group_array(json_array(p.id, p.name, p.photo, p.bot, p.deleted)) \
         FROM members d JOIN users p ON p.id = d.user_id WHERE d.room_id = r.id) END"
    };
}

/// The columns of a [`Membership`]; `r` must be its room.
macro_rules! membership_columns {
    () => {
        "b.role, b.joined_at, b.muted_until, b.read_id, r.message_count - b.read_ordinal, b.mention_count, b.sent_at, \
         b.notify, b.quiet_until, b.favourite, b.hidden"
    };
}

/// The columns of a [`Member`].
macro_rules! member_columns {
    () => {
        concat!(card_columns!(), ", b.role, b.joined_at, b.muted_until")
    };
}

/// The columns of a [`Message`]; `r` must be its room and `u` its author.
macro_rules! message_columns {
    () => {
        concat!(
            "m.id, m.seq, m.created_seq, m.room_id, r.code, ",
            card_columns!(),
            ", m.text, m.html, m.client_id, m.created_at, m.edited_at, m.deleted, \
             m.thread_id, m.reply_count, m.mentions_room, m.pinned_at IS NOT NULL, \
             m.change, m.reply_to, m.mention_count, m.reaction_count, m.attachment_count, \
             m.preview_count"
        )
    };
}

/// The columns of an [`Attachment`](crate::model::Attachment); `a` is uploads.
macro_rules! attachment_columns {
    () => {
        "a.id, a.name, a.type, a.size, a.width, a.height, a.thumbnails"
    };
}

pub(super) use {
    account_columns, attachment_columns, card_columns, member_columns, membership_columns,
    message_columns, room_columns,
};

/// A row that is read from left to right.
pub(super) struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Columns<'_> {
    /// The next column.
    pub(super) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// What `read` makes of the next columns, unless an outer join found nothing there.
    pub(super) fn joined<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>> {
        if self.row.get_ref(self.next)? == ValueRef::Null {
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// The next column, a text of a fixed set or form, or nothing.
    pub(super) fn optional<T>(
        &mut self,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> rusqlite::Result<Option<T>> {
        if self.row.get_ref(self.next)? == ValueRef::Null {
            self.next += 1;
            return Ok(None);
        }
        self.parsed(parse).map(Some)
    }

    /// The next column, a text of a fixed set or form.
    pub(super) fn parsed<T>(
        &mut self,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> rusqlite::Result<T> {
        let column = self.next;
        let text: String = self.take()?;
        parse(&text).ok_or_else(|| {
            let source = format!("{text:?} is none of the values of this column");
            rusqlite::Error::FromSqlConversionFailure(
                column,
                Type::Text,
                FromSqlError::Other(source.into()).into(),
            )
        })
    }
}

/// The first row, if there is one.
pub(super) fn one<T>(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
    read: impl FnOnce(&mut Columns<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?
        .map(|row| read(&mut Columns { row, next: 0 }))
        .transpose()
}

/// All rows.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
    read: impl Fn(&mut Columns<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection
        .prepare_cached(sql)?
        .query_map(params, |row| read(&mut Columns { row, next: 0 }))?
        .collect()
}

/// A row of one column.
pub(super) fn value<T: FromSql>(row: &mut Columns<'_>) -> rusqlite::Result<T> {
    row.take()
}

/// Runs a statement without answer; says how many rows it changed.
pub(super) fn execute(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
) -> rusqlite::Result<usize> {
    connection.prepare_cached(sql)?.execute(params)
}

pub(super) fn card(row: &mut Columns<'_>) -> rusqlite::Result<UserCard> {
    Ok(UserCard {
        id: UserId(row.take()?),
        name: UserName::stored(row.take()?),
        photo: row.take()?,
        bot: row.take()?,
        guest: row.take()?,
        deleted: row.take()?,
    })
}

pub(super) fn account(row: &mut Columns<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        card: card(row)?,
        email: Email::stored(row.take()?),
        admin: row.take()?,
        created_at: Timestamp(row.take()?),
        two_factor: row.take()?,
    })
}

pub(super) fn room(row: &mut Columns<'_>) -> rusqlite::Result<Room> {
    Ok(Room {
        id: RoomId(row.take()?),
        code: code(row)?,
        name: RoomName::stored(row.take()?),
        topic: Topic::stored(row.take()?),
        kind: row.parsed(kind_of)?,
        archived: row.take()?,
        members: row.take()?,
        created_at: Timestamp(row.take()?),
        last_seq: Seq(row.take()?),
        slow_mode_s: row.take()?,
        retention_days: row.take()?,
        people: people(row)?,
    })
}

/// The people of a direct conversation, as `room_columns!` lists them.
fn people(row: &mut Columns<'_>) -> rusqlite::Result<Vec<UserCard>> {
    type Listed = (i64, String, Option<String>, i64, i64);
    let column = row.next;
    let Some(json) = row.take::<Option<String>>()? else {
        return Ok(Vec::new());
    };
    let listed: Vec<Listed> = serde_json::from_str(&json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
    })?;
    let card = |(id, name, photo, bot, deleted): Listed| UserCard {
        id: UserId(id),
        name: UserName::stored(name),
        photo,
        bot: bot != 0,
        deleted: deleted != 0,
        // No guest talks directly with anybody: the lobby is all they have.
        guest: false,
    };
    let mut people: Vec<_> = listed.into_iter().map(card).collect();
    people.sort_by_key(|card| card.id);
    Ok(people)
}

pub(super) fn membership(row: &mut Columns<'_>) -> rusqlite::Result<Membership> {
    Ok(Membership {
        role: role(row)?,
        joined_at: Timestamp(row.take()?),
        muted_until: row.take::<Option<i64>>()?.map(Timestamp),
        read_id: MessageId(row.take()?),
        unread: row.take()?,
        mentions: row.take()?,
        sent_at: row.take::<Option<i64>>()?.map(Timestamp),
        preferences: preferences(row)?,
    })
}

fn preferences(row: &mut Columns<'_>) -> rusqlite::Result<Preferences> {
    Ok(Preferences {
        notify: row.parsed(notify_of)?,
        muted_until: row.take::<Option<i64>>()?.map(Timestamp),
        favourite: row.take()?,
        hidden: row.take()?,
    })
}

pub(super) fn member(row: &mut Columns<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        user: card(row)?,
        role: role(row)?,
        joined_at: Timestamp(row.take()?),
        muted_until: row.take::<Option<i64>>()?.map(Timestamp),
    })
}

pub(super) fn message(row: &mut Columns<'_>) -> rusqlite::Result<Incomplete> {
    let mut message = Message {
        id: MessageId(row.take()?),
        seq: Seq(row.take()?),
        created_seq: Seq(row.take()?),
        room_id: RoomId(row.take()?),
        room: code(row)?,
        author: card(row)?,
        text: row.take()?,
        html: row.take()?,
        client_id: row.take::<Option<String>>()?.map(ClientId::stored),
        reply_to: None,
        thread: None,
        reply_count: 0,
        mentioned: Mentioned::default(),
        reactions: Vec::new(),
        attachments: Vec::new(),
        previews: Vec::new(),
        pinned: false,
        change: None,
        created_at: Timestamp(row.take()?),
        edited_at: row.take::<Option<i64>>()?.map(Timestamp),
        deleted: row.take()?,
    };
    message.thread = row.take::<Option<i64>>()?.map(MessageId);
    message.reply_count = row.take()?;
    message.mentioned.room = row.take()?;
    message.pinned = row.take()?;
    message.change = change(row)?;
    Ok(Incomplete {
        message,
        reply_to: row.take()?,
        mentions: row.take()?,
        reactions: row.take()?,
        attachments: row.take()?,
        previews: row.take()?,
    })
}

/// A token's scopes; `None` where it may do all that its account may.
pub(super) fn scopes(row: &mut Columns<'_>) -> rusqlite::Result<Option<Scopes>> {
    row.optional(Scopes::stored)
}

pub(super) fn code(row: &mut Columns<'_>) -> rusqlite::Result<RoomCode> {
    row.parsed(|text| RoomCode::parse(text).ok())
}

pub(super) fn role(row: &mut Columns<'_>) -> rusqlite::Result<Role> {
    row.parsed(role_of)
}

/// The stored form of a room's kind.
pub(super) const fn kind_text(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Public => "public",
        RoomKind::Private => "private",
        RoomKind::Direct => "direct",
    }
}

/// The stored form of a role.
pub(super) const fn role_text(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Moderator => "moderator",
        Role::Owner => "owner",
    }
}

/// The stored form of what changed of a message.
pub(super) const fn change_text(change: MessageChange) -> &'static str {
    match change {
        MessageChange::Edited => "edited",
        MessageChange::Deleted => "deleted",
        MessageChange::Reactions => "reactions",
        MessageChange::Pinned => "pinned",
        MessageChange::Preview => "preview",
    }
}

/// What changed of a message, if anything did.
pub(super) fn change(row: &mut Columns<'_>) -> rusqlite::Result<Option<MessageChange>> {
    Ok(row
        .take::<Option<String>>()?
        .and_then(|text| change_of(&text)))
}

fn change_of(text: &str) -> Option<MessageChange> {
    use MessageChange::{Deleted, Edited, Pinned, Preview, Reactions};
    [Edited, Deleted, Reactions, Pinned, Preview]
        .into_iter()
        .find(|change| change_text(*change) == text)
}

/// The stored form of what a person wants to be told of.
pub(super) const fn notify_text(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "all",
        Notify::Mentions => "mentions",
        Notify::None => "none",
    }
}

fn notify_of(text: &str) -> Option<Notify> {
    [Notify::All, Notify::Mentions, Notify::None]
        .into_iter()
        .find(|notify| notify_text(*notify) == text)
}

fn kind_of(text: &str) -> Option<RoomKind> {
    [RoomKind::Public, RoomKind::Private, RoomKind::Direct]
        .into_iter()
        .find(|kind| kind_text(*kind) == text)
}

pub(super) fn role_of(text: &str) -> Option<Role> {
    [Role::Member, Role::Moderator, Role::Owner]
        .into_iter()
        .find(|role| role_text(*role) == text)
}

//! Reports in SQLite. What a message says is kept with its report, so that it can be judged after an edit.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, Transaction, administration, members, messages, moderation, rooms,
    rows::{Columns, all, card, card_columns, code, execute, member, one, value},
};
use crate::{
    model::{
        Deed, Message, MessageId, NewReport, Operator, Reason, Report, ReportReason,
        ReportedMessage, ReportedRoom, RoomId, RoomName, Subject, Target, Timestamp, UserId,
    },
    store::{Reports, Result, StoreError},
};

macro_rules! reports {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.message_id, p.text, p.said_at, p.created_at, p.resolved_at, ",
            card_columns!(),
            ", r.code, r.name FROM reports p JOIN users u ON u.id = p.user_id \
             LEFT JOIN rooms r ON r.id = p.room_id ",
            $rest
        )
    };
}

pub(super) const OPEN: &str =
    reports!("WHERE p.resolved_at IS NULL AND p.id < :before ORDER BY p.id DESC LIMIT :limit");

pub(super) const RESOLVED: &str =
    reports!("WHERE p.resolved_at IS NOT NULL AND p.id < :before ORDER BY p.id DESC LIMIT :limit");

pub(super) const REPORT: &str = reports!("WHERE p.id = :id");

pub(super) const FIND: &str = "SELECT id FROM reports \
    WHERE user_id = :user AND ifnull(message_id, 0) = :message AND resolved_at IS NULL";

const INSERT: &str = "INSERT INTO reports (user_id, message_id, room_id, text, said_at, created_at) \
    VALUES (:user, :message, :room, :text, :said_at, :now) RETURNING id";

const ADD_REASON: &str = "INSERT INTO report_reasons (report_id, user_id, reason, created_at) \
    VALUES (:report, :by, :reason, :now) ON CONFLICT DO NOTHING";

pub(super) const REASONS: &str = concat!(
    "SELECT ",
    card_columns!(),
    ", x.reason, x.created_at FROM report_reasons x JOIN users u ON u.id = x.user_id \
     WHERE x.report_id = :report ORDER BY x.user_id LIMIT 100"
);

pub(super) const RESOLVE: &str = "UPDATE reports SET resolved_at = :now, resolved_by = :by \
    WHERE id = :id AND resolved_at IS NULL";

#[async_trait]
impl Reports for SqliteStore {
    async fn report(&self, new: NewReport) -> Result<i64> {
        self.write(move |transaction| report(transaction, &new))
            .await
    }

    async fn reports(
        &self,
        resolved: bool,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Report>> {
        let before = before.unwrap_or(i64::MAX);
        self.read(move |connection| {
            let sql = if resolved { RESOLVED } else { OPEN };
            let values = named_params! { ":before": before, ":limit": limit };
            let mut found = all(connection, sql, values, head)?;
            for report in &mut found {
                report.reasons = reasons(connection, report.id)?;
            }
            Ok(found)
        })
        .await
    }

    async fn resolve_report(&self, report: i64, by: Operator) -> Result<Report> {
        self.write(move |transaction| {
            let connection = transaction.connection;
            let by_name = administration::permitted(connection, &by)?;
            let user = by.user.map(|user| user.0);
            let values = named_params! { ":id": report, ":by": user, ":now": by.now.0 };
            let resolved = execute(connection, RESOLVE, values)? > 0;
            let mut found = one(connection, REPORT, named_params! { ":id": report }, head)?
                .ok_or(StoreError::NotFound("report"))?;
            found.reasons = reasons(connection, report)?;
            if resolved {
                let target = format!("{} (report {report})", found.user.name.as_str());
                administration::note(connection, &by, &by_name, Deed::ResolveReport, &target)?;
            }
            Ok(found)
        })
        .await
    }
}

fn report(transaction: &mut Transaction<'_>, new: &NewReport) -> Result<i64> {
    let connection = transaction.connection;
    let message = match new.subject {
        Subject::Message(id) => Some(reported(connection, id, new)?),
        Subject::Person(user) => {
            moderation::person(connection, user)?;
            if !members::share_a_room(connection, user, new.by)? {
                return Err(StoreError::NotFound("person"));
            }
            None
        }
    };
    let user = match (&message, new.subject) {
        (Some(message), _) => message.author.id,
        (None, Subject::Person(user)) => user,
        (None, Subject::Message(_)) => return Err(StoreError::NotFound("message")),
    };
    let values = named_params! {
        ":user": user.0, ":message": message.as_ref().map_or(0, |message| message.id.0),
    };
    let open: Option<i64> = one(connection, FIND, values, value)?;
    let id = match open {
        Some(id) => id,
        None => insert(connection, user, message.as_ref(), new.now)?,
    };
    let values = named_params! {
        ":report": id, ":by": new.by.0, ":reason": new.reason.as_str(), ":now": new.now.0,
    };
    execute(connection, ADD_REASON, values)?;
    Ok(id)
}

/// The message, if who reports it may read it; nobody learns of one that they may not.
fn reported(connection: &Connection, id: MessageId, new: &NewReport) -> Result<Message> {
    let missing = || StoreError::NotFound("message");
    let found = messages::by_id(connection, id)?.ok_or_else(missing)?;
    let standing = rooms::standing(connection, &found.room, new.by)?
        .filter(|standing| standing.membership.is_some())
        .ok_or_else(missing)?;
    if found.deleted {
        return Err(missing());
    }
    let person = named_params! { ":room": found.room_id.0, ":user": found.author.id.0 };
    let role = one(connection, members::MEMBER, person, member)?.map(|member| member.role);
    let target = Target {
        role,
        oneself: found.author.id == new.by,
    };
    (new.permit)(&standing, target, new.now)?;
    Ok(found)
}

fn insert(
    connection: &Connection,
    user: UserId,
    message: Option<&Message>,
    now: Timestamp,
) -> Result<i64> {
    let room: Option<RoomId> = message.map(|message| message.room_id);
    let values = named_params! {
        ":user": user.0, ":message": message.map(|message| message.id.0), ":room": room.map(|room| room.0),
        ":text": message.map(|message| &message.text), ":said_at": message.map(|message| message.created_at.0),
        ":now": now.0,
    };
    one(connection, INSERT, values, value)?.ok_or(StoreError::NotFound("report"))
}

fn head(row: &mut Columns<'_>) -> rusqlite::Result<Report> {
    let id = row.take()?;
    let message: Option<i64> = row.take()?;
    let text: Option<String> = row.take()?;
    let said_at: Option<i64> = row.take()?;
    let created_at = Timestamp(row.take()?);
    let resolved_at = row.take::<Option<i64>>()?.map(Timestamp);
    let user = card(row)?;
    let message = message.zip(said_at).map(|(id, said_at)| ReportedMessage {
        id: MessageId(id),
        text: text.unwrap_or_default(),
        created_at: Timestamp(said_at),
    });
    let room = row.joined(|row| {
        Ok(ReportedRoom {
            code: code(row)?,
            name: RoomName::stored(row.take()?),
        })
    })?;
    Ok(Report {
        id,
        user,
        message,
        room,
        reasons: Vec::new(),
        created_at,
        resolved_at,
    })
}

fn reasons(connection: &Connection, report: i64) -> Result<Vec<ReportReason>> {
    let values = named_params! { ":report": report };
    let reasons = all(connection, REASONS, values, |row| {
        Ok(ReportReason {
            by: card(row)?,
            reason: Reason::stored(row.take()?),
            created_at: Timestamp(row.take()?),
        })
    });
    Ok(reasons?)
}

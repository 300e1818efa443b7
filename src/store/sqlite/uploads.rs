//! Uploads in SQLite. Counting their bytes, and listing those whose files must go, is done by triggers: an upload goes in
//! many ways (with its message, its room, its owner), and none of them can forget it.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::{
    SqliteStore, rooms,
    rows::{Columns, all, attachment_columns, execute, one, value},
};
use crate::{
    model::{
        Attachment, FileName, Look, MessageId, NewUpload, RoomCode, RoomId, Timestamp, Upload,
        UploadId, UserId,
    },
    store::{Result, StoreError, Uploads},
};

pub(super) const INSERT: &str = "INSERT INTO uploads \
    (id, user_id, name, type, size, width, height, thumbnails, created_at) \
    VALUES (:id, :user, :name, :type, :size, :width, :height, :thumbnails, :now)";

pub(super) const BYTES: &str = "SELECT upload_bytes FROM users WHERE id = :user";

pub(super) const BY_ID: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    ", a.user_id, a.message_id, r.id, r.code FROM uploads a \
     LEFT JOIN messages m ON m.id = a.message_id LEFT JOIN rooms r ON r.id = m.room_id WHERE a.id = :id"
);

pub(super) const OF_MESSAGE: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    " FROM uploads a WHERE a.message_id = :message ORDER BY a.place"
);

/// Only one's own, and only while it waits.
pub(super) const ATTACH: &str = "UPDATE uploads SET message_id = :message, place = :place \
    WHERE id = :id AND user_id = :user AND message_id IS NULL";

pub(super) const DROP: &str = "DELETE FROM uploads WHERE id = :id AND message_id IS NULL";

pub(super) const SWEEP: &str =
    "DELETE FROM uploads WHERE message_id IS NULL AND created_at < :since";

pub(super) const DOOMED: &str = "SELECT id FROM doomed_uploads ORDER BY id LIMIT :limit";

pub(super) const BURY: &str = "DELETE FROM doomed_uploads WHERE id = :id";

#[async_trait]
impl Uploads for SqliteStore {
    async fn add_upload(&self, new: NewUpload) -> Result<()> {
        self.write(move |transaction| add(transaction.connection, &new))
            .await
    }

    async fn upload(&self, id: UploadId, reader: UserId) -> Result<Option<Upload>> {
        self.read(move |connection| find(connection, &id, reader))
            .await
    }

    async fn uploaded_by(&self, owner: UserId) -> Result<i64> {
        self.read(move |connection| bytes(connection, owner)).await
    }

    async fn drop_upload(&self, id: UploadId) -> Result<()> {
        self.write(move |transaction| {
            execute(
                transaction.connection,
                DROP,
                named_params! { ":id": id.as_str() },
            )?;
            Ok(())
        })
        .await
    }

    async fn sweep_uploads(&self, since: Timestamp) -> Result<usize> {
        self.write(move |transaction| {
            Ok(execute(
                transaction.connection,
                SWEEP,
                named_params! { ":since": since.0 },
            )?)
        })
        .await
    }

    async fn doomed(&self, limit: u32) -> Result<Vec<UploadId>> {
        self.read(move |connection| {
            let values = named_params! { ":limit": limit };
            Ok(all(connection, DOOMED, values, |row| {
                Ok(UploadId::of(row.take()?))
            })?)
        })
        .await
    }

    async fn bury(&self, ids: Vec<UploadId>) -> Result<()> {
        self.write(move |transaction| {
            for id in &ids {
                let id = named_params! { ":id": id.as_str() };
                execute(transaction.connection, BURY, id)?;
            }
            Ok(())
        })
        .await
    }

    async fn something_doomed(&self) {
        self.writer.doomed().notified().await;
    }
}

fn bytes(connection: &Connection, owner: UserId) -> Result<i64> {
    let values = named_params! { ":user": owner.0 };
    Ok(one(connection, BYTES, values, value)?.unwrap_or_default())
}

fn add(connection: &Connection, new: &NewUpload) -> Result<()> {
    let Attachment {
        id,
        name,
        media_type,
        size,
        look,
    } = &new.attachment;
    if let Some(quota) = new.quota
        && bytes(connection, new.owner)?.saturating_add(*size) > quota
    {
        return Err(StoreError::OverQuota);
    }
    let look = look.as_ref();
    let values = named_params! {
        ":id": id.as_str(), ":user": new.owner.0, ":name": name.as_str(), ":type": media_type, ":size": size,
        ":width": look.map(|look| look.width), ":height": look.map(|look| look.height),
        ":thumbnails": look.map(|look| look.extension.as_str()), ":now": new.created_at.0,
    };
    execute(connection, INSERT, values)?;
    Ok(())
}

fn find(connection: &Connection, id: &UploadId, reader: UserId) -> Result<Option<Upload>> {
    let values = named_params! { ":id": id.as_str() };
    let found = one(connection, BY_ID, values, |row| {
        let attachment = attachment(row)?;
        let owner = UserId(row.take()?);
        let message = row.take::<Option<i64>>()?.map(MessageId);
        let room = row.take::<Option<i64>>()?.map(RoomId);
        let code: Option<String> = row.take()?;
        Ok((attachment, owner, message, room, code))
    })?;
    let Some((attachment, owner, message, room, code)) = found else {
        return Ok(None);
    };
    let code = code.and_then(|code| RoomCode::parse(&code).ok());
    let standing = match code {
        Some(code) => rooms::standing(connection, &code, reader)?,
        None => None,
    };
    Ok(Some(Upload {
        attachment,
        owner,
        message,
        room,
        standing,
    }))
}

/// The files of a message, in their order.
pub(super) fn of_message(
    connection: &Connection,
    message: MessageId,
) -> rusqlite::Result<Vec<Attachment>> {
    let values = named_params! { ":message": message.0 };
    all(connection, OF_MESSAGE, values, attachment)
}

/// Gives uploads that wait to a message of their owner's.
pub(super) fn attach(
    connection: &Connection,
    message: MessageId,
    owner: UserId,
    ids: &[UploadId],
) -> Result<()> {
    for (place, id) in (0_i64..).zip(ids) {
        let values = named_params! { ":message": message.0, ":place": place, ":id": id.as_str(), ":user": owner.0 };
        if execute(connection, ATTACH, values)? == 0 {
            return Err(StoreError::NotFound("upload"));
        }
    }
    Ok(())
}

pub(super) fn attachment(row: &mut Columns<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: UploadId::of(row.take()?),
        name: FileName::stored(row.take()?),
        media_type: row.take()?,
        size: row.take()?,
        look: {
            let width: Option<u32> = row.take()?;
            let height: Option<u32> = row.take()?;
            let extension: Option<String> = row.take()?;
            width
                .zip(height)
                .zip(extension)
                .map(|((width, height), extension)| Look {
                    width,
                    height,
                    extension,
                })
        },
    })
}

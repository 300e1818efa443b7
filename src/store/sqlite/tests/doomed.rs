//! Uploads go with what they belong to, however that goes.

use super::{Site, execute, new_account, new_message, one, site, value};
use crate::{
    model::{Attachment, FileName, NewUpload, Timestamp, UploadId},
    store::{Accounts, Messages, Uploads},
};

/// A message with two files of 10 bytes each, in the lobby.
async fn with_files() -> Site {
    let site = site();
    let anna = site.store.create_account(new_account("anna")).await;
    let anna = anna.expect("an account");
    let ids = ["first", "second"].map(|id| UploadId::of(id.to_owned()));
    for id in &ids {
        let attachment = Attachment {
            id: id.clone(),
            name: FileName::clean("a.bin"),
            media_type: "application/octet-stream".to_owned(),
            size: 10,
            look: None,
        };
        let new = NewUpload {
            attachment,
            owner: anna.card.id,
            quota: None,
            created_at: Timestamp(0),
        };
        site.store.add_upload(new).await.expect("an upload");
    }
    let mut message = new_message(&anna, "lobby", "look");
    message.attachments = ids.into();
    let pending = site.store.append(message).await.expect("queued");
    pending.await.expect("stored");
    site
}

async fn goes_by(sql: &'static str) {
    let site = with_files().await;
    let changed = site
        .store
        .write(move |transaction| Ok(execute(transaction.connection, sql, [])?));
    assert_eq!(changed.await.expect("changed"), 1, "{sql}");
    site.store.something_doomed().await;
    let doomed = site.store.doomed(10).await.expect("a list");
    let doomed: Vec<_> = doomed.iter().map(UploadId::as_str).collect();
    assert_eq!(doomed, ["first", "second"], "{sql}");
    let left = site.store.read(|connection| {
        let sql = "SELECT (SELECT count(*) FROM uploads) + (SELECT sum(upload_bytes) FROM users) \
            + coalesce((SELECT sum(attachment_count) FROM messages), 0)";
        Ok(one(connection, sql, [], value::<i64>)?)
    });
    assert_eq!(left.await.expect("a read"), Some(0), "{sql}");
}

#[tokio::test]
async fn files_go_with_their_message_and_their_room() {
    goes_by("UPDATE messages SET deleted = 1").await;
    goes_by("DELETE FROM messages").await;
    goes_by("DELETE FROM rooms WHERE code = 'lobby'").await;
}

#[tokio::test]
async fn what_was_not_committed_dooms_nothing() {
    let site = with_files().await;
    let undone = site.store.write(|transaction| {
        execute(transaction.connection, "DELETE FROM messages", [])?;
        Err::<(), _>(crate::store::StoreError::NotFound("permission"))
    });
    undone.await.expect_err("undone");
    assert!(site.store.doomed(10).await.expect("a list").is_empty());
}

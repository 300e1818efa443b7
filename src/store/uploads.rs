//! Uploaded files, as the store offers them: what is known of each, whose it is, and which must be deleted from disk.

use async_trait::async_trait;

use super::Result;
use crate::model::{NewUpload, Timestamp, Upload, UploadId, UserId};

/// Uploads. An upload waits for a message until one takes it; it goes with its message, its room, or when nobody took
/// it in time. Whatever goes is *doomed* in the same transaction: listed until its files are deleted, so that neither a
/// crash nor a failing disk leaves one behind.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Keeps an upload, which waits for its message from now on.
    ///
    /// # Errors
    /// `OverQuota` when its owner's files would take too much.
    async fn add_upload(&self, new: NewUpload) -> Result<()>;

    /// An upload, with the standing of `reader` in the room that it is in.
    async fn upload(&self, id: UploadId, reader: UserId) -> Result<Option<Upload>>;

    /// How many bytes a person's uploads have together.
    async fn uploaded_by(&self, owner: UserId) -> Result<i64>;

    /// Dooms an upload that waits for its message.
    async fn drop_upload(&self, id: UploadId) -> Result<()>;

    /// Dooms the uploads that have waited since before `since`; says how many.
    async fn sweep_uploads(&self, since: Timestamp) -> Result<usize>;

    /// Uploads whose files must be deleted, `limit` at most.
    async fn doomed(&self, limit: u32) -> Result<Vec<UploadId>>;

    /// Takes uploads off that list, once their files are deleted.
    async fn bury(&self, ids: Vec<UploadId>) -> Result<()>;

    /// Waits until something was doomed since the last call; at once when that has happened already.
    async fn something_doomed(&self);
}

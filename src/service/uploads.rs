//! Files that come with messages: taken in as a stream, cleaned, kept until a message takes them, handed out to who may
//! read that message, and deleted with it.

mod claims;

use std::{io, path::PathBuf, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{Stream, StreamExt};

pub use claims::Claims;

use super::{
    Caller, Context,
    permissions::{self, Action},
};
use crate::{
    error::{Code, Error, Result},
    media::{
        blobs::Draft,
        files,
        picture::{self, Damaged},
    },
    model::{Attachment, FileName, Look, NewUpload, UploadId, UserId},
    secrets::random,
};

/// The name under which the file itself is kept.
pub(super) const FILE: &str = "file";

/// How much is written to disk at once; the most that an upload holds in memory.
const BUFFER: usize = 256 << 10;

/// How many uploads' files are deleted between two looks at the list.
const BURIED_AT_ONCE: u32 = 64;

/// The field that holds the file, on the wire.
const FIELD: &str = "file";

/// Takes in a file that arrives as `chunks`, and keeps it until a message takes it. Nothing is left of one that does not
/// come to its end.
///
/// # Errors
/// Of the field `file`: `too_large` past the size of a file or the person's quota, `invalid` for an empty file or a damaged
/// picture; `rate_limited` for too many at once; `unavailable` when the disk is full; whatever `chunks` yields.
pub async fn receive<B, S>(
    ctx: &Context,
    caller: &Caller,
    name: &str,
    mut chunks: S,
) -> Result<Attachment>
where
    B: AsRef<[u8]> + Send,
    S: Stream<Item = Result<B>> + Send + Unpin,
{
    let taken = take_in(ctx, caller, name, &mut chunks).await;
    if taken
        .as_ref()
        .is_err_and(|error| error.code == Code::TooLarge)
    {
        // Who still sends does not read: the answer is heard after the rest, which the body's limit bounds.
        while chunks.next().await.is_some_and(|chunk| chunk.is_ok()) {}
    }
    taken.map_err(|error| match error.field {
        None => error.field(FIELD),
        Some(_) => error,
    })
}

async fn take_in<B, S>(
    ctx: &Context,
    caller: &Caller,
    name: &str,
    chunks: &mut S,
) -> Result<Attachment>
where
    B: AsRef<[u8]> + Send,
    S: Stream<Item = Result<B>> + Send + Unpin,
{
    let limits = &ctx.settings.limits;
    let quota = Some(wide(limits.person_quota)).filter(|quota| *quota > 0);
    let mut claim = ctx.uploads.claim(caller.id())?;
    let used = ctx.store.uploaded_by(caller.id()).await?;
    let id = new_id();
    let mut incoming = Incoming::begin(ctx, &id).await?;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let chunk = chunk.as_ref();
        if incoming.size + chunk.len() > limits.attachment_bytes {
            return Err(too_large(limits.attachment_bytes));
        }
        let claimed = claim.add(wide(chunk.len()));
        if quota.is_some_and(|quota| used.saturating_add(claimed) > quota) {
            return Err(crate::store::StoreError::OverQuota.into());
        }
        incoming = incoming.take(ctx, chunk).await?;
    }
    keep(ctx, incoming, id, name, (caller.id(), quota)).await
}

/// Keeps a whole file that is brought from another messenger; it counts for its owner, but no quota stops it.
pub(super) async fn bring(
    ctx: &Context,
    owner: UserId,
    name: &str,
    bytes: &[u8],
) -> Result<Attachment> {
    let id = new_id();
    let incoming = Incoming::begin(ctx, &id).await?.take(ctx, bytes).await?;
    keep(ctx, incoming, id, name, (owner, None)).await
}

fn new_id() -> UploadId {
    UploadId::of(URL_SAFE_NO_PAD.encode(random::<{ UploadId::BYTES }>()))
}

/// Has the store know of a file that has come to its end, and gives it its place.
async fn keep(
    ctx: &Context,
    incoming: Incoming,
    id: UploadId,
    name: &str,
    (owner, quota): (UserId, Option<i64>),
) -> Result<Attachment> {
    let (draft, attachment) = incoming.finish(ctx, id, name).await?;
    ctx.store
        .add_upload(NewUpload {
            attachment: attachment.clone(),
            owner,
            quota,
            created_at: ctx.now(),
        })
        .await?;
    // Known before it has its name: whatever happens in between, the list of uploads leads to the files.
    if let Err(error) = ctx.disk.run(move || draft.keep()).await {
        ctx.store.drop_upload(attachment.id).await?;
        return Err(not_written(error));
    }
    Ok(attachment)
}

/// A file on its way to the disk.
struct Incoming {
    draft: Draft,
    buffer: Vec<u8>,
    head: Vec<u8>,
    size: usize,
}

impl Incoming {
    async fn begin(ctx: &Context, id: &UploadId) -> Result<Self> {
        let (blobs, id) = (Arc::clone(&ctx.blobs), id.clone());
        let draft = ctx
            .disk
            .run(move || blobs.draft(id.as_str()))
            .await
            .map_err(not_written)?;
        Ok(Self {
            draft,
            buffer: Vec::with_capacity(BUFFER),
            head: Vec::new(),
            size: 0,
        })
    }

    async fn take(mut self, ctx: &Context, chunk: &[u8]) -> Result<Self> {
        self.size += chunk.len();
        let missing = (files::HEAD - self.head.len()).min(chunk.len());
        self.head.extend(&chunk[..missing]);
        let mut rest = chunk;
        while !rest.is_empty() {
            let fits = (BUFFER - self.buffer.len()).min(rest.len());
            self.buffer.extend(&rest[..fits]);
            rest = &rest[fits..];
            if self.buffer.len() == BUFFER {
                self = self.flush(ctx).await?;
            }
        }
        Ok(self)
    }

    /// Writes what is buffered, unless the disk is nearly full.
    async fn flush(mut self, ctx: &Context) -> Result<Self> {
        let blobs = Arc::clone(&ctx.blobs);
        let keep_free = u64::try_from(ctx.settings.limits.free_space).unwrap_or(u64::MAX);
        let written = ctx.disk.run(move || {
            let length = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
            if blobs.room()? < keep_free.saturating_add(length) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.draft.write(FILE, &self.buffer)?;
            self.buffer.clear();
            Ok(self)
        });
        written.await.map_err(not_written)
    }

    /// Recognises the file, cleans it if it is a picture, and waits until all of it is on disk.
    async fn finish(self, ctx: &Context, id: UploadId, name: &str) -> Result<(Draft, Attachment)> {
        if self.size == 0 {
            return Err(Error::new(
                Code::Invalid,
                "This file is empty. Choose another one.",
            ));
        }
        let Self {
            mut draft,
            head,
            size,
            ..
        } = self.flush(ctx).await?;
        let media_type = files::media_type(&head, size == head.len());
        let (draft, size, look) = if picture::is_picture(media_type) {
            let pixels = ctx.settings.limits.photo_pixels;
            let cleaned = ctx.pictures.run(move || {
                let (size, look) = clean(&mut draft, media_type, pixels)?;
                Ok::<_, Error>((draft, size, look))
            });
            cleaned.await?
        } else {
            (draft, size, None)
        };
        let draft = ctx
            .disk
            .run(move || draft.synced())
            .await
            .map_err(not_written)?;
        Ok((
            draft,
            Attachment {
                id,
                name: FileName::clean(name),
                media_type: media_type.to_owned(),
                size: wide(size),
                look,
            },
        ))
    }
}

/// Puts the cleaned picture in the place of the one that was sent, and the smaller ones beside it.
fn clean(draft: &mut Draft, media_type: &str, pixels: u64) -> Result<(usize, Option<Look>)> {
    let bytes = draft.read(FILE).map_err(not_written)?;
    let prepared = picture::prepare(&bytes, media_type, pixels).map_err(|Damaged| {
        Error::new(
            Code::Invalid,
            "This picture is damaged. Save it again, or send it packed in an archive.",
        )
    })?;
    drop(bytes);
    let Some(prepared) = prepared else {
        return Err(Error::unavailable("a picture of a type that is none"));
    };
    draft.replace(FILE, &prepared.file).map_err(not_written)?;
    let look = prepared.look.map(|look| {
        for (side, bytes) in picture::SIDES.into_iter().zip(&look.thumbnails) {
            draft.write(&picture::variant(side, look.extension), bytes)?;
        }
        Ok::<_, io::Error>(Look {
            width: look.width,
            height: look.height,
            extension: look.extension.to_owned(),
        })
    });
    Ok((prepared.file.len(), look.transpose().map_err(not_written)?))
}

fn wide(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn too_large(limit: usize) -> Error {
    let limit = match limit {
        mebi if mebi % (1 << 20) == 0 => format!("{} MiB", mebi >> 20),
        kibi if kibi % (1 << 10) == 0 => format!("{} KiB", kibi >> 10),
        bytes => format!("{bytes} bytes"),
    };
    Error::new(
        Code::TooLarge,
        format!("This file is larger than {limit}. Send a smaller one."),
    )
}

/// What the storage said, for the owner; and for who sends, whether waiting helps.
fn not_written(error: io::Error) -> Error {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let full = matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
    let mut refusal = Error::unavailable(error);
    if full {
        "The server has no room left for files. Tell whoever runs it, and try again later."
            .clone_into(&mut refusal.message);
    }
    refusal
}

/// A file to hand out.
#[derive(Debug)]
pub struct Fetched {
    /// What it is.
    pub attachment: Attachment,
    /// Where it lies.
    pub path: PathBuf,
    /// The media type of what lies there.
    pub media_type: String,
}

/// An upload for somebody who may read the room that it is in, or whose it is while it waits; with `side`, the smaller
/// picture of that side, where there is one. `None` where there is no upload of that id.
///
/// # Errors
/// `not_found` for everybody else.
pub async fn fetch(
    ctx: &Context,
    caller: &Caller,
    id: &str,
    side: Option<u32>,
) -> Result<Option<Fetched>> {
    let missing = || Error::not_found("upload");
    let id = UploadId::of(id.to_owned());
    let Some(upload) = ctx.store.upload(id, caller.id()).await? else {
        return Ok(None);
    };
    let may = match (upload.message, &upload.standing) {
        (None, _) => upload.owner == caller.id(),
        (Some(_), Some(standing)) => permissions::may(Action::Read, standing, ctx.now()).is_ok(),
        (Some(_), None) => false,
    };
    if !may {
        return Err(missing());
    }
    let attachment = upload.attachment;
    let smaller = side.zip(attachment.look.as_ref());
    let (variant, media_type) = match smaller {
        Some((side, look)) => {
            let variant = picture::variant(side, &look.extension);
            let media_type = crate::media::content_type(&variant).to_owned();
            (variant, media_type)
        }
        None => (FILE.to_owned(), attachment.media_type.clone()),
    };
    let path = ctx
        .blobs
        .path(attachment.id.as_str(), &variant)
        .ok_or_else(missing)?;
    Ok(Some(Fetched {
        attachment,
        path,
        media_type,
    }))
}

/// What is known of an upload of the caller's that waits for its message.
///
/// # Errors
/// When the store cannot be asked.
pub async fn waiting(ctx: &Context, caller: &Caller, id: &str) -> Result<Option<Attachment>> {
    let id = UploadId::of(id.to_owned());
    let upload = ctx.store.upload(id, caller.id()).await?;
    let mine = upload.filter(|upload| upload.owner == caller.id() && upload.message.is_none());
    Ok(mine.map(|upload| upload.attachment))
}

/// What is told of a message with too many files.
#[must_use]
pub fn too_many(ctx: &Context) -> Error {
    let most = ctx.settings.limits.attachments_per_message;
    Error::invalid(
        "attachments",
        format!("A message takes {most} files at most. Send the others in another one."),
    )
}

/// Dooms the uploads that no message took in time, and deletes the files of all that are doomed.
pub async fn sweep(ctx: &Context) {
    let since = ctx.now().minus(ctx.settings.limits.upload_lifetime);
    if let Err(error) = ctx.store.sweep_uploads(since).await {
        tracing::error!(error = %error, "uploads that nobody sent could not be swept");
    }
    if let Err(error) = bury(ctx).await {
        tracing::error!(error = %error.chain(), "files of deleted messages could not be deleted; this is tried again");
    }
}

async fn bury(ctx: &Context) -> Result<()> {
    loop {
        let doomed = ctx.store.doomed(BURIED_AT_ONCE).await?;
        if doomed.is_empty() {
            return Ok(());
        }
        let (blobs, ids) = (Arc::clone(&ctx.blobs), doomed.clone());
        ctx.disk
            .run(move || ids.iter().try_for_each(|id| blobs.delete(id.as_str())))
            .await
            .map_err(Error::unavailable)?;
        ctx.store.bury(doomed).await?;
    }
}

//! An export of one's data: a zip archive that is made while it is sent. What it is made of is read page by page, so that
//! no more than one page, or one piece of a file, is held in memory, however much somebody said.

mod parts;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Caller, Context};
use crate::{
    archive::Packer,
    error::{Code, Error, Result},
    model::{Account, Operator, UserId},
};
use parts::Parts;

/// Whose exports are being made.
#[derive(Debug, Clone, Default)]
pub struct Exporting(Arc<Mutex<HashSet<UserId>>>);

impl Exporting {
    fn begin(&self, user: UserId) -> Result<Turn> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.insert(user) {
            let text = "An export of this account is being made. Wait until it has arrived.";
            return Err(Error::new(Code::Conflict, text));
        }
        Ok(Turn {
            all: self.clone(),
            user,
        })
    }
}

/// The right to make somebody's export, which nobody else has until it is dropped.
#[derive(Debug)]
struct Turn {
    all: Exporting,
    user: UserId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.user);
    }
}

/// An export that is being made.
#[derive(Debug)]
pub struct Export {
    parts: Parts,
    /// `None` once it has ended.
    packer: Option<Box<Packer>>,
    name: String,
    _turn: Turn,
}

/// Begins an export of the caller's data.
///
/// # Errors
/// `conflict` while one is being made; `rate_limited` after too many.
pub fn begin(ctx: &Context, caller: &Caller) -> Result<Export> {
    let turn = ctx.exporting.begin(caller.id())?;
    ctx.throttle.export(caller.id())?;
    Ok(made(ctx, caller.account.clone(), turn))
}

/// Begins an export of somebody's data, for who runs the site; it stands in the site's log.
///
/// # Errors
/// `conflict` while one is being made; `not_found`.
pub async fn begin_for(ctx: &Context, by: Operator, user: UserId) -> Result<Export> {
    let turn = ctx.exporting.begin(user)?;
    let account = ctx.store.note_export(by, user).await?;
    Ok(made(ctx, account, turn))
}

fn made(ctx: &Context, account: Account, turn: Turn) -> Export {
    let day: String = ctx.now().to_string().chars().take(10).collect();
    Export {
        name: format!("parlor-{}-{day}.zip", account.card.name.as_str()),
        parts: Parts::of(account),
        packer: Some(Box::default()),
        _turn: turn,
    }
}

impl Export {
    /// What the archive is to be called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next bytes of the archive; `None` at its end.
    ///
    /// # Errors
    /// When the store or the disk cannot be read. The archive cannot be finished then, and that is in the log.
    pub async fn next(&mut self, ctx: &Context) -> Result<Option<Vec<u8>>> {
        let next = Box::pin(self.pack(ctx)).await;
        if let Err(error) = &next {
            tracing::error!(error = %error.chain(), "an export of somebody's data broke off");
        }
        next
    }

    async fn pack(&mut self, ctx: &Context) -> Result<Option<Vec<u8>>> {
        while let Some(mut packer) = self.packer.take() {
            let Some(work) = self.parts.next(ctx).await? else {
                let last = ctx.disk.run(move || packer.finish()).await;
                return Ok(Some(last.map_err(Error::unavailable)?));
            };
            let (packer, bytes) = ctx
                .disk
                .run(move || {
                    work.into_iter()
                        .try_for_each(|piece| piece.put(&mut packer))?;
                    let bytes = packer.take();
                    Ok::<_, std::io::Error>((packer, bytes))
                })
                .await
                .map_err(Error::unavailable)?;
            self.packer = Some(packer);
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

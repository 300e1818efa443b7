//! Bringing what was said in another messenger: people, rooms, messages and their files, from what it left on disk.
//!
//! Everything is looked at once before anything is kept, so that a bad source changes nothing; a dry run is that look
//! alone. What was brought is noted by its id there: a second run adds only what is new. What both sources need lies
//! beside them: who is brought, in which rooms, and how messages find their place.

mod disk;
pub mod flask;
mod people;
mod report;
mod rooms;
pub mod slack;
mod text;

pub use report::Report;

use self::people::People;
use super::Context;
use crate::{
    archive::ArchiveError,
    error::Error,
    model::{Source, UserId},
    store::StoreError,
    tables::TablesError,
};

/// Why nothing, or not all of it, could be brought: what it is and what to do, in one line.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file in it is none of an export.
    #[error(
        "{name}, line {line}, column {column}: {problem}. Download the export again, and leave its files as they are."
    )]
    Json {
        /// Which file.
        name: String,
        /// Where in it.
        line: usize,
        /// Where in that line.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    /// Another kind of archive.
    #[error(
        "There is no {0} in this archive, so it is no export of Slack. Name the zip file that Slack made."
    )]
    NoExport(&'static str),
    /// The database cannot be read.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// It is not clear what is in it, or a flag says what is not there.
    #[error("{}", .0.problem)]
    Unclear(flask::Unclear),
    /// Placeholders must not be the first accounts.
    #[error(
        "Nobody owns this server yet. Start it, make the first account, stop it, and import then"
    )]
    NoOwner,
    /// The store failed.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// Something else failed.
    #[error("{0}")]
    Failed(String),
}

impl ImportError {
    /// The flag that names what is to blame, where it is one.
    #[must_use]
    pub const fn flag(&self) -> Option<&'static str> {
        match self {
            Self::Archive(_) | Self::Json { .. } | Self::NoExport(_) => Some("--archive"),
            Self::Tables(_) => Some("--database"),
            Self::Unclear(unclear) => Some(unclear.flag),
            Self::NoOwner | Self::Store(_) | Self::Failed(_) => None,
        }
    }
}

impl From<flask::Unclear> for ImportError {
    fn from(unclear: flask::Unclear) -> Self {
        Self::Unclear(unclear)
    }
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Failed(error.chain())
    }
}

/// Who hears of each room that is done.
type Tell<'t> = &'t mut (dyn FnMut(&str) + Send);

/// Looks at everything before anything is kept; then brings it, unless that look is all that is wanted.
async fn look_first(
    dry_run: bool,
    tell: Tell<'_>,
    run: impl AsyncFn(bool, Tell<'_>) -> Result<Report, ImportError>,
) -> Result<Report, ImportError> {
    let found = run(true, &mut |_| {}).await?;
    if dry_run {
        return Ok(found);
    }
    run(false, tell).await
}

/// How things are brought.
#[derive(Debug, Clone, Copy)]
struct How {
    source: Source,
    /// Whether this is only a look.
    dry: bool,
    /// Whether who has an account here under the address from there is that person. Nobody has shown that an address is
    /// theirs: whoever runs the server decides.
    match_email: bool,
}

/// One look at what is to be brought, or the import itself: what does not depend on from where.
struct Import<'a> {
    ctx: &'a Context,
    how: How,
    /// Who owns public rooms that nobody else could keep in order.
    admin: UserId,
    people: People,
    report: Report,
}

impl<'a> Import<'a> {
    async fn begin(ctx: &'a Context, how: How) -> Result<Self, ImportError> {
        Ok(Self {
            ctx,
            how,
            admin: ctx.store.first_admin().await?.ok_or(ImportError::NoOwner)?,
            people: People::known(ctx, how.source).await?,
            report: Report::default(),
        })
    }
}

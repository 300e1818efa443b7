//! Bringing what was said in another messenger: people, rooms, messages and their files, from an archive on disk.
//!
//! Everything is looked at once before anything is kept, so that a bad archive changes nothing; a dry run is that look
//! alone. What was brought is noted by its id there: a second run adds only what is new.

mod export;
mod files;
mod messages;
mod people;
mod report;
mod rooms;
mod words;

use std::{collections::HashMap, path::PathBuf, sync::Arc};

pub use report::Report;

use self::{export::Export, people::People};
use super::Context;
use crate::{archive::ArchiveError, error::Error, model::UserId, store::StoreError};

/// What is to be brought, and how.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The archive.
    pub archive: PathBuf,
    /// Where the files lie that the archive only names.
    pub files: Option<PathBuf>,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
    /// Whether who has an account here under the address from there is that person. Nobody has shown that an address is
    /// theirs: whoever runs the server decides.
    pub match_email: bool,
}

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
    /// Whether it is the archive that is to blame.
    #[must_use]
    pub const fn is_of_archive(&self) -> bool {
        matches!(
            self,
            Self::Archive(_) | Self::Json { .. } | Self::NoExport(_)
        )
    }
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Failed(error.chain())
    }
}

/// Brings an export of Slack. `tell` hears of each room that is done, unless it is a dry run.
///
/// # Errors
/// When the archive is bad, in which case nothing was kept; when nobody owns the server yet; when the store fails.
pub async fn slack(
    ctx: &Context,
    wanted: &Wanted,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Report, ImportError> {
    let found = run(ctx, wanted, true, &mut |_| {}).await?;
    if wanted.dry_run {
        return Ok(found);
    }
    run(ctx, wanted, false, tell).await
}

/// One look at the archive, or the import itself.
struct Import<'a> {
    ctx: &'a Context,
    wanted: &'a Wanted,
    dry: bool,
    /// Who owns public rooms that nobody else could keep in order.
    admin: UserId,
    export: Export,
    /// What channels are called, by their ids.
    channel_names: Arc<HashMap<String, String>>,
    people: People,
    report: Report,
}

async fn run(
    ctx: &Context,
    wanted: &Wanted,
    dry: bool,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Report, ImportError> {
    let admin = ctx.store.first_admin().await?.ok_or(ImportError::NoOwner)?;
    let path = wanted.archive.clone();
    let (export, warnings) = ctx.disk.run(move || Export::open(&path)).await?;
    let mut import = Import {
        ctx,
        wanted,
        dry,
        admin,
        people: People::known(ctx).await?,
        channel_names: Arc::new(export.channel_names()),
        export,
        report: Report::default(),
    };
    for warning in warnings {
        import.report.warn(warning);
    }
    import.bring_people().await?;
    for channel in import.export.take_channels() {
        let added = import.bring_room(&channel).await?;
        if added > 0 {
            let shown = channel.shown();
            let line = format!(
                "{shown}: {added} {}",
                report::noun(added, "message", "messages")
            );
            tell(&line);
            import.report.rooms_told.push(line);
        }
    }
    Ok(import.report)
}

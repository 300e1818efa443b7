//! An export of Slack, from its zip file.

mod export;
mod files;
mod messages;
mod people;
mod rooms;
mod words;

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use self::export::Export;
use super::{How, Import, ImportError, Report, Tell, look_first, report};
use crate::{model::Source, service::Context};

/// What is to be brought, and how.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The archive.
    pub archive: PathBuf,
    /// Where the files lie that the archive only names.
    pub files: Option<PathBuf>,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
    /// Whether who has an account here under the address from there is that person.
    pub match_email: bool,
}

/// Brings an export of Slack. `tell` hears of each room that is done, unless it is a dry run.
///
/// # Errors
/// When the archive is bad, in which case nothing was kept; when nobody owns the server yet; when the store fails.
pub async fn bring(ctx: &Context, wanted: &Wanted, tell: Tell<'_>) -> Result<Report, ImportError> {
    let run = async |dry, tell: Tell<'_>| run(ctx, wanted, dry, tell).await;
    look_first(wanted.dry_run, tell, run).await
}

/// An export under way.
struct Slack<'a> {
    import: Import<'a>,
    wanted: &'a Wanted,
    export: Export,
    /// What channels are called, by their ids.
    channel_names: Arc<HashMap<String, String>>,
}

async fn run(
    ctx: &Context,
    wanted: &Wanted,
    dry: bool,
    tell: Tell<'_>,
) -> Result<Report, ImportError> {
    let how = How {
        source: Source::Slack,
        dry,
        match_email: wanted.match_email,
    };
    let mut import = Import::begin(ctx, how).await?;
    let path = wanted.archive.clone();
    let (export, warnings) = ctx.disk.run(move || Export::open(&path)).await?;
    for warning in warnings {
        import.report.warn(warning);
    }
    let mut slack = Slack {
        import,
        wanted,
        channel_names: Arc::new(export.channel_names()),
        export,
    };
    slack.bring_people().await?;
    for channel in slack.export.take_channels() {
        let added = slack.bring_room(&channel).await?;
        if added > 0 {
            let line = report::room_line(&channel.shown(), added);
            tell(&line);
            slack.import.report.rooms_told.push(line);
        }
    }
    Ok(slack.import.report)
}

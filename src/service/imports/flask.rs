//! The database of a chat that was written with Flask: people with the passwords that they have there, their photos, and
//! what they said, where a table holds it. There are many such apps: what their tables are called is found out.

mod messages;
mod names;
mod people;
mod photos;
mod rooms;
mod schema;
mod times;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

pub use self::schema::Unclear;
use self::schema::{Said, Schema};
use super::{How, Import, ImportError, Report, Tell, look_first};
use crate::{
    model::Source,
    secrets::Kinds,
    service::Context,
    tables::{Tables, TablesError},
};

/// What is to be brought, and how.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The database file.
    pub database: PathBuf,
    /// Where the photos lie that it names.
    pub uploads: Option<PathBuf>,
    /// Which table holds what, where that is not found: `user=accounts`.
    pub tables: Vec<String>,
    /// Likewise of columns: `user.name=nick`.
    pub columns: Vec<String>,
    /// Whether rooms are for everybody of which the database does not say it.
    pub public_rooms: bool,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
    /// Whether who has an account here under the address from there is that person.
    pub match_email: bool,
}

/// Brings an app's database. `tell` hears of each room that is done, unless it is a dry run.
///
/// # Errors
/// When the database cannot be read, or it is not clear what is in it, in which case nothing was kept; when nobody owns
/// the server yet; when the store fails.
pub async fn bring(ctx: &Context, wanted: &Wanted, tell: Tell<'_>) -> Result<Report, ImportError> {
    let run = async |dry, tell: Tell<'_>| run(ctx, wanted, dry, tell).await;
    look_first(wanted.dry_run, tell, run).await
}

/// A database under way.
struct Flask<'a> {
    import: Import<'a>,
    wanted: &'a Wanted,
    tables: Arc<Mutex<Tables>>,
    schema: Schema,
    /// Which costs of old passwords there are here.
    kinds: Kinds,
    /// Whom the database names by which name; the values are ids there.
    names: HashMap<String, String>,
}

impl Flask<'_> {
    /// Reads the database where that may block.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Tables) -> Result<T, TablesError> + Send + 'static,
    ) -> Result<T, ImportError> {
        let tables = Arc::clone(&self.tables);
        let read = move || read(&tables.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(self.import.ctx.disk.run(read).await?)
    }
}

async fn run(
    ctx: &Context,
    wanted: &Wanted,
    dry: bool,
    tell: Tell<'_>,
) -> Result<Report, ImportError> {
    let how = How {
        source: Source::Flask,
        dry,
        match_email: wanted.match_email,
    };
    let mut import = Import::begin(ctx, how).await?;
    let path = wanted.database.clone();
    let opened = move || {
        let tables = Tables::open(&path)?;
        let list = tables.list()?;
        Ok::<_, TablesError>((tables, list))
    };
    let (tables, list) = ctx.disk.run(opened).await?;
    let said = Said::read(&wanted.tables, &wanted.columns)?;
    let schema = Schema::find(&list, &said)?;
    import.report.read_from = schema.told(&list);
    let methods = ctx.store.brought_hashes().await?;
    let mut flask = Flask {
        import,
        wanted,
        tables: Arc::new(Mutex::new(tables)),
        schema,
        kinds: Kinds::of(methods.iter().map(String::as_str)),
        names: HashMap::new(),
    };
    flask.bring_people().await?;
    flask.bring_messages(tell).await?;
    Ok(flask.import.report)
}

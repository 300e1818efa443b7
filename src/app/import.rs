//! Work on a data folder that no server runs on: importing, and handing accounts to their people.

use std::sync::Arc;

use super::{AppError, Telling, blobs, context, options, outgoing};
use crate::{
    base::{Clock, Tasks},
    config::Settings,
    model::Merged,
    outgoing::Trust,
    realtime::Hub,
    service::{
        Context, claims,
        imports::{ImportError, Report, flask, slack},
    },
    store::{
        feed::feed,
        sqlite::{OpenError, SqliteStore},
    },
};

/// Nobody listens: what is committed is flagged and forgotten.
const NOBODY: usize = 1;

/// A link by which somebody takes an account over.
#[derive(Debug, Clone)]
pub struct ClaimLink {
    /// What the account is called.
    pub name: String,
    /// The person's address where they came from; may be empty.
    pub email: String,
    /// The link's path on the server.
    pub path: String,
}

/// The parts of a server that does not serve.
pub struct Desk {
    ctx: Context,
}

impl Desk {
    /// Opens a data folder that there is. Where `as_it_is`, one that an older version left is refused instead of brought
    /// up to date.
    ///
    /// # Errors
    /// When there is no database, or a server runs on it; when a part cannot be set up.
    pub fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        as_it_is: bool,
    ) -> Result<Self, AppError> {
        let options = options(&settings, clock.as_ref());
        if !options.path.is_file() {
            return Err(OpenError::Missing { path: options.path }.into());
        }
        let (sender, _unheard) = feed(NOBODY);
        let store = if as_it_is {
            SqliteStore::open_as_it_is(&options, sender)?
        } else {
            SqliteStore::open(&options, sender)?
        };
        let limits = &settings.limits;
        let hub = Hub::new(
            Arc::<SqliteStore>::clone(&store),
            Arc::clone(&clock),
            Tasks::new(),
            limits.sockets_per_person,
            limits.ping_timeout,
        );
        let blobs = Arc::new(blobs(&settings)?);
        let (outgoing, previews, _unasked) = outgoing(&settings, &Trust::of_the_system()?)?;
        let live = Arc::new(hub);
        let ctx = context(
            settings,
            store,
            (live, blobs),
            (outgoing, previews, None),
            Telling::nobody()?,
            clock,
            None,
        )?;
        Ok(Self { ctx })
    }

    /// Imports an export of Slack; `tell` hears of each room that is done.
    ///
    /// # Errors
    /// As [`slack::bring`].
    pub async fn slack(
        &self,
        wanted: &slack::Wanted,
        tell: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Report, ImportError> {
        slack::bring(&self.ctx, wanted, tell).await
    }

    /// Imports the database of a chat that was written with Flask; `tell` hears of each room that is done.
    ///
    /// # Errors
    /// As [`flask::bring`].
    pub async fn flask(
        &self,
        wanted: &flask::Wanted,
        tell: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Report, ImportError> {
        flask::bring(&self.ctx, wanted, tell).await
    }

    /// Makes links for the accounts that wait and have these names, or for all.
    ///
    /// # Errors
    /// When no account of a name waits; when the store fails. What is said is for who runs the server.
    pub async fn claim_links(&self, names: &[String]) -> Result<Vec<ClaimLink>, String> {
        let offered = claims::offer(&self.ctx, names).await;
        let offered = offered.map_err(|error| error.message)?;
        let link = |(person, token): (crate::model::Unclaimed, crate::secrets::Token)| ClaimLink {
            name: person.card.name.as_str().to_owned(),
            email: person.email,
            path: format!("/claim/{}", token.reveal()),
        };
        Ok(offered.into_iter().map(link).collect())
    }

    /// Makes the account that waits and is called `from` a part of the one that somebody has here as `into`.
    ///
    /// # Errors
    /// As [`claims::merge`]; what is said is for who runs the server.
    pub async fn merge(&self, from: &str, into: &str) -> Result<Merged, String> {
        let merged = claims::merge(&self.ctx, from, into).await;
        merged.map_err(|error| error.message)
    }

    /// What services work with.
    pub(super) fn context(&self) -> &Context {
        &self.ctx
    }

    /// Waits until all of it is on disk.
    pub async fn close(self) {
        self.ctx.store.close().await;
    }
}

//! Puts the parts together, starts them, and stops them in the right order.

mod administer;
mod background;
mod certificate;
#[cfg(unix)]
mod control;
mod export;
mod import;
mod listening;
mod setup;
mod telling;

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    base::{Background, Blocking, Clock, SystemClock, Tasks},
    config::Settings,
    edge::{self, Shared, Site, redirect::Target, socket::Sockets},
    mail::MailError,
    media::blobs::DiskBlobs,
    oidc::{OidcError, Provider},
    outgoing::{Outgoing, OutgoingError, Trust},
    realtime::{Hub, Live},
    secrets::{HashError, Passwords, push::PushCryptoError},
    service::{
        Context, accounts,
        ceremonies::Ceremonies,
        exports::Exporting,
        logins::Waiting,
        previews::{self, Previews},
        sign_on::SignOn,
        throttle::Throttle,
        uploads::Claims,
    },
    store::{
        Guests, Store, StoreError,
        feed::feed,
        sqlite::{OpenError, Options, SqliteStore},
    },
    tls::Certificate,
};

pub use crate::service::imports::{
    ImportError, Report as ImportReport, flask::Wanted as FlaskWanted, slack::Wanted as SlackWanted,
};
pub use crate::wire::{
    Invite,
    administration::{
        NewSiteInvite, NewSiteUser, Order, Outcome, RoomDeed, SiteRoom, SiteUser, UserDeed, kept,
    },
    bodies::SaidBefore,
};
pub use administer::Office;
pub use import::{ClaimLink, Desk};
use telling::Telling;

/// Commits that may wait to be told before the feed flags instead.
const FEED: usize = 1024;
/// Messages whose code is coloured at once.
const COLOURED_AT_ONCE: usize = 2;
/// Files that are written or deleted at once.
const FILES_AT_ONCE: usize = 4;
/// How long a request of ours to another server may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How long `server_closing`, and answers under way, have to reach their clients before transports close; at most a
/// tenth of the stop timeout.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed at the start.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// The password hash could not be set up.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The client for outgoing requests could not be set up.
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    /// The mailer could not be set up.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The provider for single sign-on could not be set up.
    #[error(transparent)]
    Oidc(#[from] OidcError),
    /// The key for pushing could not be made or read.
    #[error(transparent)]
    Push(#[from] PushCryptoError),
    /// The uploads folder or the network failed.
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

/// Where the server is reached: addresses that are bound already.
#[derive(Debug)]
pub struct Listeners {
    /// Its own.
    pub main: TcpListener,
    /// That of its metrics.
    pub admin: Option<TcpListener>,
    /// That of plain HTTP, which leads to its own.
    pub redirect: Option<TcpListener>,
}

/// Runs the server until `shutdown` is cancelled, then stops it within the stop timeout.
///
/// # Errors
/// When a part cannot be started, or the listener fails.
pub async fn run(
    settings: Settings,
    listeners: Listeners,
    certificate: Option<Certificate>,
    shutdown: CancellationToken,
) -> Result<(), AppError> {
    let server =
        Server::start(settings, listeners.main, certificate, Arc::new(SystemClock)).await?;
    if let Some(admin) = listeners.admin {
        server.serve_admin(admin)?;
    }
    if let Some(redirect) = listeners.redirect {
        server.serve_redirect(redirect)?;
    }
    server.run(shutdown).await
}

/// A started server, not yet accepting.
pub struct Server {
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    target: Arc<Target>,
    tasks: Tasks,
    site: Shared,
    router: axum::Router,
    sockets: Sockets,
}

impl Server {
    /// Opens the store, builds all parts, and starts what runs beside requests.
    ///
    /// # Errors
    /// When a part cannot be started.
    pub async fn start(
        settings: Settings,
        listener: TcpListener,
        certificate: Option<Certificate>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AppError> {
        let tasks = Tasks::new();
        let (sender, receiver) = feed(FEED);
        let store = SqliteStore::open(&options(&settings, clock.as_ref()), sender)?;
        store.remove_guests().await?;
        let blobs = blobs(&settings)?;
        let (told, letters) = Telling::kept(&settings, store.as_ref()).await?;
        let hub = Hub::new(
            Arc::<SqliteStore>::clone(&store),
            Arc::clone(&clock),
            tasks.clone(),
            settings.limits.sockets_per_person,
            settings.limits.ping_timeout,
        );
        let setup =
            setup::link(store.as_ref(), &settings, &listener, certificate.is_some()).await?;
        let trust = Trust::of_the_system()?;
        let (outgoing, previews, asked) = outgoing(&settings, &trust)?;
        // Whoever runs the server chose the provider, so it may be anywhere.
        let to_provider = Outgoing::new(&trust, ANSWERS_WITHIN, true)?;
        let provider = Provider::new(&settings, to_provider)?;
        let blobs = Arc::new(blobs);
        let ctx = context(
            settings,
            store,
            (Arc::new(Arc::clone(&hub)), blobs),
            (outgoing, previews, provider),
            told,
            clock,
            setup,
        )?;
        accounts::expect_brought_hashes(&ctx).await?;
        let site = Arc::new(Site {
            ctx,
            hub,
            tls: certificate.is_some(),
        });
        let port = listener.local_addr().map_or(0, |address| address.port());
        let (target, tls) = certificate::watch(&site, &tasks, certificate, port);
        background::begin(&site, &tasks, receiver, letters);
        #[cfg(unix)]
        control::listen(&site, &tasks);
        let shower = Arc::clone(&site);
        tasks.until_stopped(async move { previews::show(&shower.ctx, asked).await });
        let (handshakes, sockets) = edge::socket::build(&site, &tasks);
        let router = edge::router::build(&site, handshakes);
        Ok(Self {
            listener,
            tls,
            target,
            tasks,
            site,
            router,
            sockets,
        })
    }

    /// Serves the metrics on this listener, in plain HTTP, until the server stops.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn serve_admin(&self, listener: TcpListener) -> Result<(), AppError> {
        let failed = |error| AppError::Io("the admin listener failed", error);
        let routes = edge::admin::routes(&self.site, &self.tasks);
        let server = axum_server::from_tcp(listener).map_err(failed)?;
        self.tasks.until_stopped(async move {
            if let Err(error) = server.serve(routes.into_make_service()).await {
                tracing::error!(error = %error, "the admin listener failed");
            }
        });
        Ok(())
    }

    /// Leads whoever comes by plain HTTP on this listener to HTTPS, until the server stops.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn serve_redirect(&self, listener: TcpListener) -> Result<(), AppError> {
        let failed = |error| AppError::Io("the listener for plain HTTP failed", error);
        let limits = &self.site.ctx.settings.limits;
        let serving =
            listening::redirect(listener, Arc::clone(&self.target), limits).map_err(failed)?;
        self.tasks.until_stopped(async move {
            if let Err(error) = serving.await {
                tracing::error!(error = %error, "the listener for plain HTTP failed");
            }
        });
        Ok(())
    }

    /// Accepts connections until `shutdown` is cancelled; then refuses new ones, tells every client, lets what is
    /// under way end, and closes the store last.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), AppError> {
        let Self {
            listener,
            tls,
            tasks,
            site,
            router,
            sockets,
            ..
        } = self;
        let limits = site.ctx.settings.limits.clone();
        let (handle, connections) = (Handle::new(), CancellationToken::new());
        let serving = listening::serve(
            listener,
            tls,
            router,
            &limits,
            (handle.clone(), connections.clone()),
        );
        tokio::pin!(serving);
        let mut failed = tokio::select! {
            ended = &mut serving => Some(ended),
            () = shutdown.cancelled() => None,
        };
        let last_words = LAST_WORDS.min(limits.stop_timeout / 10);
        tokio::select! {
            // Who polls fetches the last words on a new connection.
            ended = &mut serving, if failed.is_none() => failed = Some(ended),
            () = sockets.announce_stop(last_words) => {}
        }
        handle.graceful_shutdown(Some(limits.stop_timeout.saturating_sub(last_words * 4)));
        sockets.cut();
        // Other requests that are under way end by themselves, within the stop timeout.
        let ended = match failed {
            Some(ended) => ended,
            None => serving.await,
        };
        connections.cancel();
        sockets.close().await;
        if !tasks.stop(last_words * 2).await {
            tracing::warn!(tasks = tasks.count(), "some tasks did not end in time");
        }
        site.ctx.store.close().await;
        ended.map_err(|error| AppError::Io("the listener failed", error))
    }

    /// The parts, for a test that looks inside.
    #[must_use]
    pub fn site(&self) -> &Shared {
        &self.site
    }
}

/// Where the database is.
fn options(settings: &Settings, clock: &dyn Clock) -> Options {
    Options {
        path: settings.data_dir.join("parlor.db"),
        readers: settings.limits.readers,
        writer_queue: settings.limits.writer_queue,
        now: crate::model::Timestamp(clock.now_ms()),
    }
}

fn blobs(settings: &Settings) -> Result<DiskBlobs, AppError> {
    DiskBlobs::new(settings.data_dir.join("uploads"))
        .and_then(|blobs| blobs.sweep().map(|_| blobs))
        .map_err(|error| AppError::Io("the uploads folder cannot be used", error))
}

/// What services work with.
fn context(
    settings: Settings,
    store: Arc<dyn Store>,
    (live, blobs): (Arc<dyn Live>, Arc<DiskBlobs>),
    (outgoing, previews, provider): (Outgoing, Previews, Option<Provider>),
    told: Telling,
    clock: Arc<dyn Clock>,
    setup: Option<[u8; 32]>,
) -> Result<Context, AppError> {
    Ok(Context {
        store,
        live,
        blobs,
        pictures: Background::start("pictures")
            .map_err(|error| AppError::Io("there is no thread for pictures", error))?,
        outgoing,
        previews,
        vapid: told.vapid,
        mailer: told.mailer,
        letters: told.letters,
        logins: Waiting::default(),
        ceremonies: Ceremonies::default(),
        sign_on: SignOn::new(provider),
        mail_key: told.mail_key,
        colouring: Blocking::new(COLOURED_AT_ONCE),
        disk: Blocking::new(FILES_AT_ONCE),
        closing: Notify::new(),
        exporting: Exporting::default(),
        uploads: Claims::default(),
        clock,
        passwords: Passwords::new(
            settings.limits.password_cost,
            settings.limits.password_hashes_at_once,
        )?,
        throttle: Throttle::new(&settings.limits),
        settings: Arc::new(settings),
        setup,
    })
}

/// The client for webhooks; where messages ask for link previews, and the queue of those that do.
fn outgoing(
    settings: &Settings,
    trust: &Trust,
) -> Result<(Outgoing, Previews, previews::Queue), OutgoingError> {
    let client = |private| Outgoing::new(trust, ANSWERS_WITHIN, private);
    let to_pages = client(settings.link_previews_of_private_addresses)?;
    let (previews, asked) = Previews::new(to_pages, settings.link_previews);
    Ok((
        client(settings.outgoing_to_private_addresses)?,
        previews,
        asked,
    ))
}

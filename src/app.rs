//! Puts the parts together, starts them, and stops them in the right order.

mod administer;
mod background;
#[cfg(unix)]
mod control;
mod import;
mod telling;

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use tokio_util::sync::CancellationToken;

use crate::{
    base::{Blocking, Clock, SystemClock, Tasks},
    config::Settings,
    edge::{
        self, Shared, Site,
        socket::Sockets,
        transport::{BoundedAcceptor, CuttableAcceptor},
    },
    mail::MailError,
    media::blobs::DiskBlobs,
    outgoing::{Outgoing, OutgoingError, Trust},
    realtime::{Hub, Live},
    secrets::{HashError, Passwords, Token, push::PushCryptoError},
    service::{
        Context, accounts,
        previews::{self, Previews},
        throttle::Throttle,
        uploads::Claims,
    },
    store::{
        Guests, Store, StoreError,
        feed::feed,
        sqlite::{OpenError, Options, SqliteStore},
    },
};

pub use crate::service::imports::{
    ImportError, Report as ImportReport, flask::Wanted as FlaskWanted, slack::Wanted as SlackWanted,
};
pub use crate::wire::administration::{Order, Outcome, RoomDeed, SiteRoom, SiteUser, UserDeed};
pub use administer::Office;
pub use import::{ClaimLink, Desk};
use telling::Telling;

/// Commits that may wait to be told before the feed flags instead.
const FEED: usize = 1024;
/// Photos that are worked on at once; each may take a core and some hundred MiB.
const PICTURES_AT_ONCE: usize = 1;
/// Messages whose code is coloured at once.
const COLOURED_AT_ONCE: usize = 2;
/// Files that are written or deleted at once.
const FILES_AT_ONCE: usize = 4;
/// How long a request of ours to another server may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How long `server_closing`, and answers under way, have to reach their clients before transports close.
const LAST_WORDS: Duration = Duration::from_millis(300);

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
    /// The key for pushing could not be made or read.
    #[error(transparent)]
    Push(#[from] PushCryptoError),
    /// The uploads folder or the network failed.
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

/// Runs the server on a bound listener, and its metrics on another where there is one, until `shutdown` is cancelled,
/// then stops it within the stop timeout.
///
/// # Errors
/// When a part cannot be started, or the listener fails.
pub async fn run(
    settings: Settings,
    listener: TcpListener,
    admin: Option<TcpListener>,
    tls: Option<Arc<rustls::ServerConfig>>,
    shutdown: CancellationToken,
) -> Result<(), AppError> {
    let server = Server::start(settings, listener, tls, Arc::new(SystemClock)).await?;
    if let Some(admin) = admin {
        server.serve_admin(admin)?;
    }
    server.run(shutdown).await
}

/// A started server, not yet accepting.
pub struct Server {
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
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
        tls: Option<Arc<rustls::ServerConfig>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AppError> {
        let tasks = Tasks::new();
        let (sender, receiver) = feed(FEED);
        let store = SqliteStore::open(&options(&settings, clock.as_ref()), sender)?;
        store.remove_guests().await?;
        let blobs = blobs(&settings)?;
        let told = Telling::kept(&settings, store.as_ref()).await?;
        let hub = Hub::new(
            Arc::<SqliteStore>::clone(&store),
            Arc::clone(&clock),
            tasks.clone(),
            settings.limits.sockets_per_person,
            settings.limits.ping_timeout,
        );
        let setup = setup_link(store.as_ref(), &settings, &listener, tls.is_some()).await?;
        let (outgoing, previews, asked) = outgoing(&settings)?;
        let blobs = Arc::new(blobs);
        let ctx = context(
            settings,
            store,
            (Arc::new(Arc::clone(&hub)), blobs),
            (outgoing, previews),
            told,
            clock,
            setup,
        )?;
        accounts::expect_brought_hashes(&ctx).await?;
        let site = Arc::new(Site {
            ctx,
            hub,
            tls: tls.is_some(),
        });
        background::begin(&site, &tasks, receiver);
        #[cfg(unix)]
        control::listen(&site, &tasks);
        let shower = Arc::clone(&site);
        tasks.until_stopped(async move { previews::show(&shower.ctx, asked).await });
        let (handshakes, sockets) = edge::socket::build(&site, &tasks);
        let router = edge::router::build(&site, handshakes);
        Ok(Self {
            listener,
            tls,
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
        } = self;
        let limits = site.ctx.settings.limits.clone();
        let (handle, connections) = (Handle::new(), CancellationToken::new());
        let serving = serve(
            listener,
            tls,
            router,
            &limits,
            (handle.clone(), connections.clone()),
        );
        tokio::pin!(serving);
        let failed = tokio::select! {
            ended = &mut serving => Some(ended),
            () = shutdown.cancelled() => None,
        };
        sockets.announce_stop();
        // A client that polls needs one more request to hear it, perhaps on a new connection.
        tokio::time::sleep(LAST_WORDS).await;
        handle.graceful_shutdown(Some(limits.stop_timeout.saturating_sub(LAST_WORDS * 4)));
        sockets.cut();
        // Other requests that are under way end by themselves, within the stop timeout.
        let ended = match failed {
            Some(ended) => ended,
            None => serving.await,
        };
        connections.cancel();
        sockets.close().await;
        if !tasks.stop(LAST_WORDS * 2).await {
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
    (outgoing, previews): (Outgoing, Previews),
    told: Telling,
    clock: Arc<dyn Clock>,
    setup: Option<[u8; 32]>,
) -> Result<Context, AppError> {
    Ok(Context {
        store,
        live,
        blobs,
        files: Blocking::new(PICTURES_AT_ONCE),
        outgoing,
        previews,
        vapid: told.vapid,
        mailer: told.mailer,
        mail_key: told.mail_key,
        colouring: Blocking::new(COLOURED_AT_ONCE),
        disk: Blocking::new(FILES_AT_ONCE),
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

async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: axum::Router,
    limits: &crate::config::Limits,
    (handle, connections): (Handle<SocketAddr>, CancellationToken),
) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?.handle(handle);
    server
        .http_builder()
        .http1()
        .header_read_timeout(limits.header_timeout);
    if let Some(config) = tls {
        let tls = RustlsAcceptor::new(RustlsConfig::from_config(config))
            .handshake_timeout(limits.handshake_timeout)
            .acceptor(BoundedAcceptor(NoDelayAcceptor::new()));
        let acceptor = CuttableAcceptor::new(tls, connections);
        server.acceptor(acceptor).serve(service).await
    } else {
        let acceptor = CuttableAcceptor::new(BoundedAcceptor(NoDelayAcceptor::new()), connections);
        server.acceptor(acceptor).serve(service).await
    }
}

/// The client for webhooks; where messages ask for link previews, and the queue of those that do.
fn outgoing(settings: &Settings) -> Result<(Outgoing, Previews, previews::Queue), OutgoingError> {
    let trust = Trust::of_the_system()?;
    let client = |private| Outgoing::new(&trust, ANSWERS_WITHIN, private);
    let to_pages = client(settings.link_previews_of_private_addresses)?;
    let (previews, asked) = Previews::new(to_pages, settings.link_previews);
    Ok((
        client(settings.outgoing_to_private_addresses)?,
        previews,
        asked,
    ))
}

/// While nobody owns the server: makes the one-time set-up link, prints it, and keeps its hash.
async fn setup_link(
    store: &dyn Store,
    settings: &Settings,
    listener: &TcpListener,
    tls: bool,
) -> Result<Option<[u8; 32]>, AppError> {
    if store.has_owner().await? {
        return Ok(None);
    }
    let token = Token::random();
    let scheme = if tls { "https" } else { "http" };
    let address = listener.local_addr().unwrap_or(settings.listen);
    let printed = writeln!(
        io::stdout(),
        "Nobody owns this server yet. Open it on this machine and register, or from elsewhere open\n  \
         {scheme}://{address}/setup/{}\n(put the name under which you reach the server in the place of {address}). \
         The link works once.",
        token.reveal()
    );
    if let Err(error) = printed {
        tracing::warn!(error = %error, "the set-up link could not be printed");
    }
    Ok(Some(token.hash()))
}

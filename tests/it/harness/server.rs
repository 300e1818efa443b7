//! A whole server in this process: on a port of its own, in a folder of its own, gone when the test is.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
};

use parlor::{
    app::{AppError, Server},
    base::{Clock, ManualClock, SystemClock},
    config::Settings,
    edge::Shared,
    model::{OidcIdentity, Operator, UserId},
};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Browser, Connect, Person, Script, within};

/// How a server is to be.
pub(crate) struct Builder {
    settings: Settings,
    clock: Arc<dyn Clock>,
}

impl Builder {
    /// Changes a setting.
    pub(crate) fn setting(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Tells the server the time by this clock.
    pub(crate) fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Starts it in a new folder.
    pub(crate) async fn start(mut self) -> TestServer {
        let folder = tempfile::tempdir().unwrap();
        self.settings.data_dir = folder.path().to_owned();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        TestServer::launch(self.settings, self.clock, folder, any).await
    }
}

/// A running server. Dropping it stops it.
pub(crate) struct TestServer {
    address: SocketAddr,
    base: String,
    site: Shared,
    clock: Arc<dyn Clock>,
    folder: Option<TempDir>,
    stop: CancellationToken,
    running: Option<JoinHandle<Result<(), AppError>>>,
}

/// What is left of a server that was stopped.
pub(crate) struct Stopped {
    settings: Settings,
    clock: Arc<dyn Clock>,
    folder: TempDir,
    address: SocketAddr,
}

impl TestServer {
    /// A server with the settings of tests: plain HTTP, cheap passwords, no limits of rates, no link previews.
    pub(crate) fn builder() -> Builder {
        let mut settings = Settings {
            plain_http: true,
            // No test asks a server of somebody else's.
            link_previews: false,
            ..Settings::default()
        };
        settings.limits.password_cost = 14;
        settings.limits.registrations_per_address = 0;
        settings.limits.sign_ons_per_address = 0;
        settings.limits.message_rate = 0;
        Builder {
            settings,
            clock: Arc::new(SystemClock),
        }
    }

    /// The same, in the first moment of 2026, in which it stays until its clock is moved.
    pub(crate) fn standing() -> (Builder, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(1_767_225_600_000));
        let builder = Self::builder().clock(Arc::<ManualClock>::clone(&clock));
        (builder, clock)
    }

    /// A server with the settings of tests.
    pub(crate) async fn start() -> Self {
        Self::builder().start().await
    }

    async fn launch(
        mut settings: Settings,
        clock: Arc<dyn Clock>,
        folder: TempDir,
        address: SocketAddr,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        settings.listen = address;
        let server = Server::start(settings, listener, None, Arc::clone(&clock))
            .await
            .unwrap();
        let site = Arc::clone(server.site());
        let stop = CancellationToken::new();
        let running = tokio::spawn(server.run(stop.clone()));
        Self {
            address,
            base: format!("http://{address}"),
            site,
            clock,
            folder: Some(folder),
            stop,
            running: Some(running),
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its own origin: `http://127.0.0.1:…`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Its parts.
    pub(crate) fn site(&self) -> &Shared {
        &self.site
    }

    /// Where its data is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.as_ref().expect("it runs").path()
    }

    /// How many sockets are connected.
    pub(crate) fn connected(&self) -> usize {
        self.site.hub.everybody().len()
    }

    /// Makes an account; the first one is the owner's.
    pub(crate) async fn person(&self, name: &str) -> Person {
        Person::register(&self.base, name).await
    }

    /// Links somebody's account with a provider, as if they had come back from there.
    pub(crate) async fn links(&self, person: &Person) {
        let by = Operator {
            user: Some(UserId(person.id)),
            address: "192.0.2.7".to_owned(),
            now: self.site.ctx.now(),
        };
        let identity = OidcIdentity {
            issuer: "https://login.example.org".to_owned(),
            subject: format!("{} at the provider", person.name),
        };
        let store = &self.site.ctx.store;
        let linked = store.link_identity(by, UserId(person.id), identity);
        linked.await.expect("linked");
    }

    /// A browser that has never been here.
    pub(crate) fn visitor(&self) -> Browser {
        Browser::new(&self.base, None)
    }

    /// A script without a token.
    pub(crate) fn nobody(&self) -> Script {
        Script::new(&self.base, None)
    }

    /// How a socket without credential connects.
    pub(crate) fn connect(&self) -> Connect {
        Connect::to(&self.base)
    }

    /// Asks it to stop, and does not wait.
    pub(crate) fn ask_to_stop(&self) {
        self.stop.cancel();
    }

    /// Stops it and waits until it has stopped.
    pub(crate) async fn stop(mut self) -> Stopped {
        self.stop.cancel();
        let running = self.running.take().expect("it runs");
        within("the server's end", running).await.unwrap().unwrap();
        Stopped {
            settings: (*self.site.ctx.settings).clone(),
            clock: Arc::clone(&self.clock),
            folder: self.folder.take().expect("it runs"),
            address: self.address,
        }
    }

    /// Stops it and starts it again, on the same folder and port.
    pub(crate) async fn restart(self) -> Self {
        self.stop().await.start().await
    }
}

impl Stopped {
    /// Where its data is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Changes a setting.
    pub(crate) fn setting(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Starts it again, on the same folder and port.
    pub(crate) async fn start(self) -> TestServer {
        TestServer::launch(self.settings, self.clock, self.folder, self.address).await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// An HTTP client that follows no redirect and asks no proxy.
pub(crate) fn client() -> reqwest::ClientBuilder {
    // The server's own client brings its provider with it; whoever comes second finds the first one's.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
}

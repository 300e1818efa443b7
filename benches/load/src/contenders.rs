//! Who is measured, and how each is started.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tempfile::TempDir;
use tokio::process::Command;
use tokio_rustls::TlsConnector;

use crate::{client::Address, machine::Cores, server::Server, site::Site};

/// A server that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contender {
    Parlor,
    Raw,
    Bare,
    Node,
    NodeFull,
    FlaskThreads,
    FlaskGevent,
}

impl Contender {
    /// What the tables call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parlor => "Parlor",
            Self::Raw => "raw broadcaster",
            Self::Bare => "bare socketioxide",
            Self::Node => "Node socket.io",
            Self::NodeFull => "Node socket.io, durable",
            Self::FlaskThreads => "Flask-SocketIO, threads",
            Self::FlaskGevent => "Flask-SocketIO, gevent",
        }
    }

    /// SQLite's `synchronous`: how sure what it acknowledged is.
    pub(crate) fn durability(self) -> &'static str {
        match self {
            Self::Parlor | Self::NodeFull => "FULL",
            Self::Raw | Self::Bare => "no store",
            Self::Node | Self::FlaskThreads | Self::FlaskGevent => "NORMAL",
        }
    }
}

/// All that servers are started with.
pub(crate) struct Kit {
    pub(crate) parlor: PathBuf,
    pub(crate) peers: PathBuf,
    pub(crate) python: PathBuf,
    /// Where the bench's own binaries lie.
    pub(crate) own: PathBuf,
    /// Where temporary folders are made.
    pub(crate) work: PathBuf,
    pub(crate) cores: Cores,
    pub(crate) certificate: Certificate,
    /// Once it is made.
    pub(crate) site: Option<Site>,
}

/// A certificate for the loopback address, and who trusts it.
pub(crate) struct Certificate {
    folder: TempDir,
    trusting: TlsConnector,
}

impl Certificate {
    /// Makes one, in a folder under `work`.
    ///
    /// # Errors
    /// What cannot be made or written.
    pub(crate) fn make(work: &Path) -> Result<Self> {
        let folder = TempDir::new_in(work)?;
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
        let pem = made.cert.pem();
        fs::write(folder.path().join("cert.pem"), &pem)?;
        fs::write(
            folder.path().join("key.pem"),
            made.signing_key.serialize_pem(),
        )?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes())?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            folder,
            trusting: TlsConnector::from(Arc::new(config)),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Kit {
    /// Starts a contender in a new folder; Parlor with the accounts and rooms of the site.
    ///
    /// # Errors
    /// Why it does not start.
    pub(crate) async fn start(&self, contender: Contender, tls: bool) -> Result<Server> {
        let folder = TempDir::with_prefix_in("run-", &self.work)?;
        if contender == Contender::Parlor {
            self.site()?.copy_to(folder.path())?;
        }
        let place = folder.path().to_owned();
        let command = self.command(contender, &place, tls);
        Server::start(command, &place, Some(folder), self.cores).await
    }

    /// The site that Parlor is started with.
    ///
    /// # Errors
    /// When it has not been made.
    pub(crate) fn site(&self) -> Result<&Site> {
        self.site.as_ref().context("Parlor's site is made first")
    }

    /// Where clients of `server` connect.
    pub(crate) fn address(&self, server: &Server, tls: bool) -> Address {
        Address {
            socket: server.address,
            tls: tls.then(|| self.certificate.trusting.clone()),
        }
    }

    /// The command that starts a contender on a free port in `folder`.
    pub(crate) fn command(&self, contender: Contender, folder: &Path, tls: bool) -> Command {
        let mut command = match contender {
            Contender::Parlor => self.parlor(folder, tls),
            Contender::Raw => Command::new(self.own.join("peer-raw")),
            Contender::Bare => Command::new(self.own.join("peer-bare")),
            Contender::Node => self.node("NORMAL", folder, tls),
            Contender::NodeFull => self.node("FULL", folder, tls),
            Contender::FlaskThreads => self.flask("threading", folder),
            Contender::FlaskGevent => self.flask("gevent", folder),
        };
        command.current_dir(folder);
        command
    }

    fn parlor(&self, folder: &Path, tls: bool) -> Command {
        let mut command = Command::new(&self.parlor);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PARLOR_") {
                command.env_remove(name);
            }
        }
        command
            .args(["serve", "--listen=127.0.0.1:0", "--log=warn"])
            .args([
                "--password-cost=14",
                "--link-previews=false",
                "--message-rate=0",
            ])
            .args([
                "--registrations-per-address=0",
                "--login-failures-per-address=0",
            ])
            .args([
                "--sockets-per-address=1000000",
                "--sockets-per-person=10000",
            ])
            .arg(format!("--data-dir={}", folder.display()));
        if tls {
            let flag = |name, file| format!("--{name}={}", self.certificate.path(file).display());
            command.args([flag("cert", "cert.pem"), flag("key", "key.pem")]);
        } else {
            command.arg("--plain-http");
        }
        command
    }

    fn node(&self, sync: &str, folder: &Path, tls: bool) -> Command {
        let mut command = Command::new("node");
        command
            .arg(self.peers.join("node/server.mjs"))
            .args(["--sync", sync, "--folder"])
            .arg(folder)
            .env("NODE_ENV", "production");
        if tls {
            command.arg("--cert").arg(self.certificate.path("cert.pem"));
            command.arg("--key").arg(self.certificate.path("key.pem"));
        }
        command
    }

    fn flask(&self, mode: &str, folder: &Path) -> Command {
        let mut command = Command::new(&self.python);
        command
            .arg(self.peers.join("flask/server.py"))
            .args(["--mode", mode, "--messages", "50", "--folder"])
            .arg(folder)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

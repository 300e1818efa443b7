//! The certificate that the server shows: the one that was given, or one that Parlor makes for itself on first start.
//! A file that Parlor did not make is never written to; its own is renewed when it has expired or soon will. The files are
//! looked at again while the server runs: a new certificate is shown to whoever connects from then on.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::{FromDer, GeneralName};

use crate::config::{SettingError, Settings};

#[cfg(test)]
mod tests;

/// The common name by which Parlor knows a certificate of its own.
const OWN_NAME: &str = "Parlor self-signed certificate";
/// Whom it is for: this machine, by name and by address.
const OWN_SUBJECTS: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// Apple's systems take no certificate that is valid for longer than 825 days.
const OWN_LIFETIME: Duration = Duration::days(800);
const RENEWED_BEFORE_END: Duration = Duration::days(7);

/// The certificate that new connections are shown, and where it lies.
#[derive(Debug)]
pub struct Certificate {
    files: Files,
    /// Whether the files are Parlor's own to make and renew.
    own: bool,
    config: Arc<ServerConfig>,
    names: Vec<String>,
    fingerprint: Vec<u8>,
    bell: Arc<Notify>,
}

impl Certificate {
    /// The certificate of `--cert` and `--key` if given, else that of `certs/` in the data folder, which is filled when it
    /// is empty.
    ///
    /// # Errors
    /// When a file cannot be read or written, holds no certificate or key, or when the two do not belong together.
    pub fn load(settings: &Settings, now: OffsetDateTime) -> Result<Self, SettingError> {
        let (files, own) = match (&settings.cert, &settings.key) {
            (Some(cert), Some(key)) => (Files::given(cert, key), false),
            _ => (Files::own(&settings.data_dir), true),
        };
        let material = files.material(own, now)?;
        material.warn_of_dates(&files.cert, now);
        let (names, fingerprint) = (material.names(), material.fingerprint());
        let config = material
            .into_config()
            .map_err(|error| files.refused(&error))?;
        Ok(Self {
            files,
            own,
            config,
            names,
            fingerprint,
            bell: Arc::default(),
        })
    }

    /// How new connections are accepted.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// The names and addresses that the certificate holds.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// What asks for a look at the files when it is rung.
    #[must_use]
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// Looks at the files again, and takes what they hold now. Says whether that is something new.
    ///
    /// # Errors
    /// As [`Self::load`]; the certificate stays what it was.
    pub fn look_again(&mut self, now: OffsetDateTime) -> Result<bool, SettingError> {
        let material = self.files.material(self.own, now)?;
        let fingerprint = material.fingerprint();
        if fingerprint == self.fingerprint {
            return Ok(false);
        }
        material.warn_of_dates(&self.files.cert, now);
        let names = material.names();
        let config = material.into_config();
        self.config = config.map_err(|error| self.files.refused(&error))?;
        (self.names, self.fingerprint) = (names, fingerprint);
        Ok(true)
    }
}

/// Where certificate and key lie, and which settings name them.
#[derive(Debug)]
struct Files {
    cert: PathBuf,
    key: PathBuf,
    cert_flag: &'static str,
    key_flag: &'static str,
}

impl Files {
    fn given(cert: &Path, key: &Path) -> Self {
        Self {
            cert: cert.to_owned(),
            key: key.to_owned(),
            cert_flag: "--cert",
            key_flag: "--key",
        }
    }

    fn own(data_dir: &Path) -> Self {
        let folder = data_dir.join("certs");
        Self {
            cert: folder.join("cert.pem"),
            key: folder.join("key.pem"),
            cert_flag: "--data-dir",
            key_flag: "--data-dir",
        }
    }

    fn material(&self, own: bool, now: OffsetDateTime) -> Result<Material, SettingError> {
        if own {
            own_material(self, now)
        } else {
            self.read()
        }
    }

    fn read(&self) -> Result<Material, SettingError> {
        let chain_pem = read(&self.cert, self.cert_flag)?;
        let key_pem = read(&self.key, self.key_flag)?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&chain_pem)
            .filter_map(Result::ok)
            .collect();
        let whole = chain
            .first()
            .is_some_and(|first| X509Certificate::from_der(first).is_ok());
        if !whole {
            let problem = format!(
                "{} holds no certificate. Name a certificate chain in PEM.",
                self.cert.display()
            );
            return Err(SettingError::flag(self.cert_flag, problem));
        }
        let key = PrivateKeyDer::from_pem_slice(&key_pem).map_err(|_| {
            let problem = format!(
                "{} holds no private key. Name an unencrypted private key in PEM.",
                self.key.display()
            );
            SettingError::flag(self.key_flag, problem)
        })?;
        Ok(Material { chain, key })
    }

    fn refused(&self, error: &rustls::Error) -> SettingError {
        let (key, cert) = (self.key.display(), self.cert.display());
        let problem = match error {
            rustls::Error::InconsistentKeys(_) => format!(
                "{key} does not belong to the certificate {cert}. Name the key that it was made with."
            ),
            other => format!("{key} and {cert} cannot be used ({other}). Name another pair."),
        };
        SettingError::flag(self.key_flag, problem)
    }
}

fn read(path: &Path, flag: &str) -> Result<Vec<u8>, SettingError> {
    fs::read(path).map_err(|error| {
        SettingError::flag(
            flag,
            format!(
                "{} cannot be read ({error}). Name a file that Parlor may read.",
                path.display()
            ),
        )
    })
}

/// A certificate chain, leaf first, and its key.
struct Material {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Material {
    fn leaf(&self) -> X509Certificate<'_> {
        let (_, leaf) =
            X509Certificate::from_der(&self.chain[0]).expect("it was parsed when it was read");
        leaf
    }

    fn ends(&self) -> OffsetDateTime {
        self.leaf().validity().not_after.to_datetime()
    }

    /// The names and addresses that the certificate is for (RFC 5280, section 4.2.1.6).
    fn names(&self) -> Vec<String> {
        let leaf = self.leaf();
        let names = leaf.subject_alternative_name().ok().flatten();
        let names = names.map_or(&[][..], |names| &names.value.general_names);
        let name = |name: &GeneralName<'_>| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
            _ => None,
        };
        names.iter().filter_map(name).collect()
    }

    /// What tells this pair from another.
    fn fingerprint(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in &self.chain {
            hash.update(part.as_ref());
        }
        hash.update(self.key.secret_der());
        hash.finalize().to_vec()
    }

    fn warn_of_dates(&self, path: &Path, now: OffsetDateTime) {
        let begins = self.leaf().validity().not_before.to_datetime();
        if self.ends() <= now {
            tracing::warn!(tls.cert = %path.display(), tls.expired_at = %self.ends(), "the certificate has expired; browsers will refuse it until it is renewed");
        } else if now < begins {
            tracing::warn!(tls.cert = %path.display(), tls.valid_from = %begins, "the certificate is not valid yet; browsers will refuse it until then");
        }
    }

    /// TLS 1.2 and 1.3 by ring. ALPN offers HTTP/2 for pages and HTTP/1.1 for the rest: a browser opens a WebSocket, which
    /// is an HTTP/1.1 upgrade (RFC 6455), over a connection of its own, as this server does not offer that of RFC 8441.
    fn into_config(self) -> Result<Arc<ServerConfig>, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(self.chain, self.key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn fits_together(&self) -> bool {
        let copy = Self {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
        };
        copy.into_config().is_ok()
    }
}

/// What lies in `certs/`, made first where it is missing, and made anew where it is ours and of no more use.
fn own_material(files: &Files, now: OffsetDateTime) -> Result<Material, SettingError> {
    match (files.cert.exists(), files.key.exists()) {
        (true, true) => {
            let found = files.read()?;
            let useful = found.ends() - RENEWED_BEFORE_END > now && found.fits_together();
            if useful || !made_by_us(&found.leaf()) {
                return Ok(found);
            }
            tracing::info!(tls.cert = %files.cert.display(), "the self-signed certificate is renewed");
        }
        (false, true) => {
            let problem = format!(
                "{} lies there without its certificate. Put cert.pem beside it, or take it away.",
                files.key.display()
            );
            return Err(SettingError::flag(files.key_flag, problem));
        }
        // The certificate is written first: one of ours without its key is a first start that was cut off.
        (true, false) => {
            let pem = read(&files.cert, files.cert_flag)?;
            let ours = CertificateDer::from_pem_slice(&pem).is_ok_and(|leaf| {
                X509Certificate::from_der(&leaf).is_ok_and(|(_, leaf)| made_by_us(&leaf))
            });
            if !ours {
                let problem = format!(
                    "{} lies there without its key. Put key.pem beside it, or take it away.",
                    files.cert.display()
                );
                return Err(SettingError::flag(files.cert_flag, problem));
            }
        }
        (false, false) => {}
    }
    make(files, now)?;
    files.read()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}

fn made_by_us(leaf: &X509Certificate<'_>) -> bool {
    let named = leaf
        .subject()
        .iter_common_name()
        .any(|name| name.as_str() == Ok(OWN_NAME));
    named && leaf.issuer() == leaf.subject()
}

fn make(files: &Files, now: OffsetDateTime) -> Result<(), SettingError> {
    let (cert, key) = self_signed(now).map_err(|error| {
        SettingError::flag(
            files.cert_flag,
            format!("A certificate could not be made ({error}). Give one with --cert and --key."),
        )
    })?;
    let folder = files.cert.parent().expect("both files lie in certs/");
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, files, &error))?;
    write(&files.cert, cert.as_bytes(), 0o644)
        .map_err(|error| unwritable(&files.cert, files, &error))?;
    write(&files.key, key.as_bytes(), 0o600).map_err(|error| unwritable(&files.key, files, &error))
}

fn self_signed(now: OffsetDateTime) -> Result<(String, String), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(OWN_SUBJECTS.map(String::from))?;
    params.distinguished_name.push(DnType::CommonName, OWN_NAME);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A day back, for clients whose clock is a little slow.
    params.not_before = now - Duration::DAY;
    params.not_after = params.not_before + OWN_LIFETIME;
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// Writes a whole file or none, which has its mode from the moment it exists.
fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let unfinished = path.with_extension("pem.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

fn unwritable(path: &Path, files: &Files, error: &io::Error) -> SettingError {
    let problem = format!(
        "{} cannot be written ({error}). Give Parlor write access, or a certificate with --cert and --key.",
        path.display()
    );
    SettingError::flag(files.cert_flag, problem)
}

//! `parlor serve`: finds the settings, makes sure that the server can start, runs it, and stops it when asked.
//! What can be wrong with a setting is found here, before the server begins.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::signals::Signals;
use crate::base::{SystemClock, utc};
use crate::config::{self, FileText, Origin, SettingError, Settings};
use crate::tls::Certificate;
use crate::{app, telemetry};

/// How long leftovers on blocking threads may hold up the end of the process.
const LAST_MOMENT: Duration = Duration::from_secs(1);

pub(super) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let settings = settings(matches)?;
    let data = data_folder(&settings.data_dir)?;
    let certificate = if settings.plain_http {
        None
    } else {
        Some(Certificate::load(&settings, utc(&SystemClock))?)
    };
    let (listener, address) = bind("--listen", settings.listen)?;
    let admin = settings
        .admin_listen
        .map(|wanted| bind("--admin-listen", wanted))
        .transpose()?;
    let redirect = settings
        .redirect_http
        .map(|wanted| bind("--redirect-http", wanted))
        .transpose()?;
    if settings.plain_http && !address.ip().is_loopback() {
        tracing::warn!(listen = %address, "plain HTTP on an address that others reach: put a proxy with HTTPS in front");
    }
    announce(&settings, address, &data);
    let admin = admin.map(|(listener, address)| {
        say(&format!("Metrics are at http://{address}/metrics"));
        listener
    });
    let redirect = redirect.map(|(listener, address)| {
        say(&format!("http://{address} leads to HTTPS"));
        listener
    });
    let listeners = app::Listeners {
        main: listener,
        admin,
        redirect,
    };
    let bell = certificate.as_ref().map(Certificate::bell);

    let runtime = Runtime::new().map_err(|error| Failure::running(&error))?;
    let stop = CancellationToken::new();
    let outcome = runtime.block_on(async {
        let mut signals = Signals::new(bell)?;
        let asked = async {
            signals.stop().await;
            tracing::info!("stopping; a second signal ends at once");
            stop.cancel();
            signals.stop().await;
        };
        tokio::select! {
            ended = app::run(settings, listeners, certificate, stop.clone()) => ended.map_err(|error| Failure::running(&error)),
            () = asked => Err(Failure::Running("ended at once, as a second signal asked".to_owned())),
        }
    });
    runtime.shutdown_timeout(LAST_MOMENT);
    outcome
}

/// The settings from flags, environment and file; from here on, what happens is logged as they say.
pub(super) fn settings(matches: &ArgMatches) -> Result<Settings, SettingError> {
    let environment = config::variables(std::env::vars_os())?;
    let file = settings_file(matches, &environment)?;
    let settings = Settings::from_matches(matches, &environment, file.as_ref())?;
    telemetry::init(&settings);
    for name in config::unknown_variables(&environment) {
        tracing::warn!(
            variable = name,
            "this variable names no setting and is not used"
        );
    }
    Ok(settings)
}

/// Reads the settings file: the one that was named, or `parlor.toml` where there is one.
fn settings_file(
    matches: &ArgMatches,
    environment: &[(String, String)],
) -> Result<Option<FileText>, SettingError> {
    let (path, named) = config::config_file(matches, environment);
    match (fs::read_to_string(&path), named) {
        (Ok(text), _) => Ok(Some(FileText { path, text })),
        (Err(error), None) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        (Err(error), named) => {
            let origin = named.unwrap_or_else(|| Origin::File(path.clone()));
            let problem = format!(
                "{} cannot be read ({error}). Name a file in UTF-8 that Parlor may read.",
                path.display()
            );
            Err(SettingError::new(origin, problem))
        }
    }
}

/// Makes the data folder where it is missing, and makes sure that Parlor may write there.
fn data_folder(folder: &Path) -> Result<PathBuf, SettingError> {
    let trial = folder.join(format!(".write-trial-{}", std::process::id()));
    fs::create_dir_all(folder)
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&trial).map(drop))
        .and_then(|()| fs::remove_file(&trial))
        .and_then(|()| folder.canonicalize())
        .map_err(|error| {
            let problem = format!("{} cannot be written to ({error}). Give Parlor write access, or name another folder.", folder.display());
            SettingError::flag("--data-dir", problem)
        })
}

fn bind(flag: &'static str, wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), SettingError> {
    let bound = TcpListener::bind(wanted).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|error| {
        let problem = match error.kind() {
            io::ErrorKind::AddrInUse => format!("{wanted} is in use by another program. Stop that one, or choose another port."),
            io::ErrorKind::PermissionDenied => format!("{wanted} needs a permission that Parlor does not have. Choose a port above 1023."),
            io::ErrorKind::AddrNotAvailable => format!("{wanted} is no address of this machine. Choose one that is, such as 127.0.0.1:5000."),
            _ => format!("{wanted} cannot be listened on ({error}). Choose another address."),
        };
        SettingError::flag(flag, problem)
    })
}

/// Says where the server is and where its data lies, on standard output.
fn announce(settings: &Settings, bound: SocketAddr, data: &Path) {
    let scheme = if settings.plain_http { "http" } else { "https" };
    let reached = SocketAddr::new(reachable(bound.ip()), bound.port());
    say(&format!(
        "Parlor is at {scheme}://{reached}\nData is in {}",
        data.display()
    ));
}

/// A line on standard output.
pub(super) fn say(line: &str) {
    // Whoever started it may have closed standard output; the server does not depend on being read.
    let _unread = writeln!(io::stdout(), "{line}");
}

/// Where a server that listens on every address can be opened from this machine.
fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_names_listen() {
        let (_held, address) = bind("--listen", "127.0.0.1:0".parse().unwrap()).unwrap();
        let line = bind("--listen", address).unwrap_err().to_string();
        assert!(
            line.starts_with("--listen: ") && line.contains("in use"),
            "{line}"
        );
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_names_data_dir() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let line = data_folder(&file.join("below")).unwrap_err().to_string();
        assert!(
            line.starts_with("--data-dir: ") && !line.contains('\n'),
            "{line}"
        );
    }

    #[test]
    fn a_missing_data_folder_is_made_and_left_clean() {
        let folder = tempfile::tempdir().unwrap();
        let data = data_folder(&folder.path().join("new/deep")).unwrap();
        assert!(data.is_absolute());
        assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
    }

    #[test]
    fn a_settings_file_that_was_named_has_to_be_there() {
        let command = config::flags(clap::Command::new("serve").no_binary_name(true));
        let matches = command
            .clone()
            .try_get_matches_from(["--config", "/does/not/exist.toml"])
            .unwrap();
        let line = settings_file(&matches, &[]).unwrap_err().to_string();
        assert!(line.starts_with("--config: "), "{line}");
        let none: [&str; 0] = [];
        let matches = command.try_get_matches_from(none).unwrap();
        let environment = [(
            "PARLOR_CONFIG".to_owned(),
            "/does/not/exist.toml".to_owned(),
        )];
        let line = settings_file(&matches, &environment)
            .unwrap_err()
            .to_string();
        assert!(line.starts_with("PARLOR_CONFIG: "), "{line}");
    }
}

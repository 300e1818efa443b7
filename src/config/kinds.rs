//! How the text of a setting becomes a value: one kind for each sort of value (a size, a time, a file …).
//! A kind knows its own placeholder and says what it expects when a text does not fit; ranges stand in the table.

use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use bytesize::ByteSize;
use ipnet::IpNet;
use tracing_subscriber::EnvFilter;

/// Whether a flag takes one value, none, or may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    One,
    Switch,
    Many,
}

/// A sort of value. Public only because the fields of [`Settings`](super::Settings) are of its values.
pub trait Kind {
    type Value: PartialOrd;
    /// The placeholder in help.
    const VALUE_NAME: &'static str;
    /// What is expected, as the end of "Write …".
    const EXPECTED: &'static str;
    const SHAPE: Shape = Shape::One;
    fn parse(text: &str) -> Option<Self::Value>;
    /// Values of a repeated setting; all other kinds take the last one.
    fn parse_all(texts: &[String]) -> Result<Self::Value, String> {
        let text = texts.last().map_or("", |text| text.trim());
        Self::parse(text).ok_or_else(|| refusal::<Self>(text))
    }
}

fn refusal<K: Kind + ?Sized>(text: &str) -> String {
    format!("\"{text}\" does not fit here. Write {}.", K::EXPECTED)
}

/// Parses the texts, and holds the value to its range.
pub(super) fn read<K: Kind>(
    texts: &[String],
    range: Option<(&str, &str)>,
) -> Result<K::Value, String> {
    let value = K::parse_all(texts)?;
    if let Some((least, most)) = range {
        let within = K::parse(least).is_none_or(|least| value >= least)
            && K::parse(most).is_none_or(|most| value <= most);
        if !within {
            let text = texts.join(", ");
            return Err(format!(
                "\"{text}\" is out of range. Write a value from {least} to {most}."
            ));
        }
    }
    Ok(value)
}

/// The value of a default, which a test holds to be right.
pub(super) fn default<K: Kind>(text: &str) -> K::Value {
    let texts = if text.is_empty() {
        vec![]
    } else {
        vec![text.to_owned()]
    };
    K::parse_all(&texts)
        .unwrap_or_else(|problem| panic!("every default in the settings table parses: {problem}"))
}

/// An IP address with a port.
pub struct Address;

impl Kind for Address {
    type Value = SocketAddr;
    const VALUE_NAME: &'static str = "ADDRESS";
    const EXPECTED: &'static str = "an IP address with a port, such as 127.0.0.1:5000 or [::]:443";
    fn parse(text: &str) -> Option<SocketAddr> {
        text.parse().ok()
    }
}

/// A folder's path.
pub struct Folder;

impl Kind for Folder {
    type Value = PathBuf;
    const VALUE_NAME: &'static str = "FOLDER";
    const EXPECTED: &'static str = "the path of a folder";
    fn parse(text: &str) -> Option<PathBuf> {
        (!text.is_empty()).then(|| PathBuf::from(text))
    }
}

/// A file's path.
pub struct File;

impl Kind for File {
    type Value = PathBuf;
    const VALUE_NAME: &'static str = "FILE";
    const EXPECTED: &'static str = "the path of a file";
    fn parse(text: &str) -> Option<PathBuf> {
        (!text.is_empty()).then(|| PathBuf::from(text))
    }
}

/// A value that may be left out.
pub struct Optional<K>(PhantomData<K>);

impl<K: Kind> Kind for Optional<K> {
    type Value = Option<K::Value>;
    const VALUE_NAME: &'static str = K::VALUE_NAME;
    const EXPECTED: &'static str = K::EXPECTED;
    fn parse(text: &str) -> Option<Option<K::Value>> {
        if text.is_empty() {
            Some(None)
        } else {
            K::parse(text).map(Some)
        }
    }
}

/// On or off.
pub struct Switch;

impl Kind for Switch {
    type Value = bool;
    const VALUE_NAME: &'static str = "true|false";
    const EXPECTED: &'static str = "true or false";
    const SHAPE: Shape = Shape::Switch;
    fn parse(text: &str) -> Option<bool> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        }
    }
}

/// Words for people: one line, not empty.
pub struct Words;

impl Kind for Words {
    type Value = String;
    const VALUE_NAME: &'static str = "TEXT";
    const EXPECTED: &'static str = "one line of 1 to 64 characters";
    fn parse(text: &str) -> Option<String> {
        let fits = (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        fits.then(|| text.to_owned())
    }
}

/// A filter of log lines in the syntax of `tracing_subscriber::EnvFilter`.
pub struct LogFilter;

impl Kind for LogFilter {
    type Value = String;
    const VALUE_NAME: &'static str = "FILTER";
    const EXPECTED: &'static str =
        "a level (error, warn, info, debug, trace) or a filter such as info,parlor::store=debug";
    fn parse(text: &str) -> Option<String> {
        let fits = !text.is_empty() && EnvFilter::builder().parse(text).is_ok();
        fits.then(|| text.to_owned())
    }
}

/// Web origins, as browsers send them: scheme, host, and port where it is not the scheme's own.
pub struct Origins;

impl Origins {
    fn normal(text: &str) -> Option<String> {
        let lower = text.trim().to_ascii_lowercase();
        let (scheme, rest) = lower.split_once("://")?;
        let own_port = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => return None,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let host = rest.strip_suffix(own_port).unwrap_or(rest);
        let foreign = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '@' | '*');
        (!host.is_empty() && !host.contains(foreign)).then(|| format!("{scheme}://{host}"))
    }
}

impl Kind for Origins {
    type Value = Vec<String>;
    const VALUE_NAME: &'static str = "ORIGIN";
    const EXPECTED: &'static str =
        "a scheme and a host, such as https://chat.example.org, without a path";
    const SHAPE: Shape = Shape::Many;
    fn parse(text: &str) -> Option<Vec<String>> {
        parts(text).map(Self::normal).collect()
    }
    fn parse_all(texts: &[String]) -> Result<Vec<String>, String> {
        each::<Self, _>(texts)
    }
}

/// The values of a repeated setting that are written one after the other, with commas between them.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// All values of a repeated setting, however often it was given.
fn each<K: Kind<Value = Vec<T>>, T: Clone>(texts: &[String]) -> Result<Vec<T>, String> {
    let parsed = texts
        .iter()
        .map(|text| K::parse(text).ok_or_else(|| refusal::<K>(text)));
    Ok(parsed.collect::<Result<Vec<_>, _>>()?.concat())
}

/// IP addresses, and networks of them in CIDR notation (RFC 4632, section 3.1).
pub struct Networks;

impl Kind for Networks {
    type Value = Vec<IpNet>;
    const VALUE_NAME: &'static str = "NETWORK";
    const EXPECTED: &'static str =
        "an IP address or a network of them, such as 127.0.0.1 or 10.0.0.0/8";
    const SHAPE: Shape = Shape::Many;
    fn parse(text: &str) -> Option<Vec<IpNet>> {
        let network = |part: &str| {
            let address = part.parse::<IpAddr>().map(IpNet::from);
            address.ok().or_else(|| part.parse().ok())
        };
        parts(text).map(network).collect()
    }
    fn parse_all(texts: &[String]) -> Result<Vec<IpNet>, String> {
        each::<Self, _>(texts)
    }
}

/// One web origin.
pub struct WebOrigin;

impl Kind for WebOrigin {
    type Value = String;
    const VALUE_NAME: &'static str = "ORIGIN";
    const EXPECTED: &'static str = Origins::EXPECTED;
    fn parse(text: &str) -> Option<String> {
        Origins::normal(text)
    }
}

/// An issuer: https without query and fragment (OpenID Connect Discovery 1.0, section 3); http only on this machine.
pub struct ProviderUrl;

impl Kind for ProviderUrl {
    type Value = String;
    const VALUE_NAME: &'static str = "URL";
    const EXPECTED: &'static str =
        "an issuer such as https://login.example.org; http only on 127.0.0.1, [::1] or localhost";
    fn parse(text: &str) -> Option<String> {
        let origin = text.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let origin = Origins::normal(&origin)?;
        let host = origin.strip_prefix("http://").unwrap_or_default();
        let here = ["127.0.0.1", "[::1]", "localhost"].iter().any(|here| {
            host.strip_prefix(here)
                .is_some_and(|port| port.is_empty() || port.starts_with(':'))
        });
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['?', '#']);
        (plain && (here || origin.starts_with("https:"))).then(|| text.to_owned())
    }
}

/// A whole number; underscores may group its digits.
pub struct Number<T>(PhantomData<T>);

impl<T: FromStr + PartialOrd> Kind for Number<T> {
    type Value = T;
    const VALUE_NAME: &'static str = "NUMBER";
    const EXPECTED: &'static str = "a whole number";
    fn parse(text: &str) -> Option<T> {
        text.replace('_', "").parse().ok()
    }
}

/// A number of bytes.
pub struct Size;

impl Kind for Size {
    type Value = usize;
    const VALUE_NAME: &'static str = "SIZE";
    const EXPECTED: &'static str = "a size such as 256KiB or 5MiB";
    fn parse(text: &str) -> Option<usize> {
        let size: ByteSize = text.replace('_', "").parse().ok()?;
        usize::try_from(size.as_u64()).ok()
    }
}

/// A length of time.
pub struct Span;

impl Kind for Span {
    type Value = Duration;
    const VALUE_NAME: &'static str = "TIME";
    const EXPECTED: &'static str = "a time with its unit, such as 500ms, 30s, 15min or 2h";
    fn parse(text: &str) -> Option<Duration> {
        humantime::parse_duration(text).ok()
    }
}

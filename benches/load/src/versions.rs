//! The versions of what the peers are made of, from the files that pin them.

use std::{fs, path::Path};

use anyhow::Result;
use serde_json::Value;

/// The workspace's lock file.
const LOCK: &str = include_str!("../../../Cargo.lock");

/// Name and version of each.
///
/// # Errors
/// When a peer's files are missing.
pub(crate) fn of(peers: &Path) -> Result<Vec<(&'static str, String)>> {
    let node: Value = serde_json::from_str(&fs::read_to_string(peers.join("node/package.json"))?)?;
    let flask = fs::read_to_string(peers.join("flask/requirements.txt"))?;
    let npm = |name: &str| {
        node["dependencies"][name]
            .as_str()
            .unwrap_or("?")
            .to_owned()
    };
    let pip = |name: &str| {
        let line = flask
            .lines()
            .find_map(|line| line.split_once("==").filter(|(found, _)| *found == name));
        line.map_or("?", |(_, version)| version).to_owned()
    };
    Ok(vec![
        ("socket.io", npm("socket.io")),
        ("better-sqlite3", npm("better-sqlite3")),
        ("Flask-SocketIO", pip("Flask-SocketIO")),
        ("gevent", pip("gevent")),
        ("socketioxide", locked("socketioxide")),
        ("tokio-tungstenite", locked("tokio-tungstenite")),
    ])
}

fn locked(name: &str) -> String {
    let entry = LOCK.split_once(&format!("name = \"{name}\"\nversion = \""));
    let version = entry.and_then(|(_, rest)| rest.split_once('"'));
    version.map_or("?", |(version, _)| version).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_peer_has_a_version() {
        let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers");
        let versions = of(&peers).unwrap();
        let known =
            |(_, version): &&(_, String)| version.starts_with(|first: char| first.is_ascii_digit());
        assert_eq!(
            versions.iter().filter(known).count(),
            versions.len(),
            "{versions:?}"
        );
    }
}

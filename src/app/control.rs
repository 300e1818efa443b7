//! How the command line reaches a server that runs on its data folder: a Unix socket in that folder, which only its owner
//! may open. One order, one answer, each a line of JSON; the server does it as it does everything else, so there is one
//! writer, and who is put out is put out at once.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    time::timeout,
};

use crate::{
    base::Tasks,
    edge::Shared,
    error::Error,
    service::{administration, exports::Export},
    wire::administration::{Order, Outcome},
};

/// The longest order.
const LONGEST: u64 = 16 * 1024;

/// How long an order, or taking its answer, may last. Orders are done one after the other: none waits longer for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the command line waits for its answer.
const ANSWERED_WITHIN: Duration = Duration::from_mins(1);

/// Where the socket is.
fn path(folder: &Path) -> PathBuf {
    folder.join("parlor.sock")
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked<O> {
    Order(O),
    /// An export of the data of the account of this name or address.
    Export(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Done(Outcome),
    /// The export follows: pieces, each after its length in four bytes, the first of which is the highest; the last one is
    /// empty, so that a part is not taken for the whole.
    Follows,
    Refused(String),
}

/// Listens until the server stops. Where that is impossible, the server runs all the same: it is then administered on its
/// pages, or while it is stopped.
pub(super) fn listen(site: &Shared, tasks: &Tasks) {
    let path = path(&site.ctx.settings.data_dir);
    let bound = bind(&path).and_then(|listener| Ok((listener, path.metadata()?.uid())));
    let exporting = tasks.clone();
    let (listener, owner) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            tracing::warn!(path = %path.display(), error = %error, "the command line cannot reach this server while it runs");
            return;
        }
    };
    let site = Arc::clone(site);
    tasks.until_stopped(async move {
        let _gone_with_the_server = Removed(path);
        loop {
            match listener.accept().await {
                Ok((stream, _)) if !is_by(&stream, owner) => {
                    tracing::warn!("another user than the server's tried to use its socket");
                }
                Ok((stream, _)) => {
                    if let Err(error) = serve(&site, &exporting, stream).await {
                        tracing::warn!(error = %error, "an order of the command line could not be read or answered");
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the command line could not be heard");
                    tokio::time::sleep(PATIENCE).await;
                }
            }
        }
    });
}

/// Takes the place of a socket that a server left which was killed: the database's lock says that none runs.
fn bind(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))?;
    Ok(listener)
}

/// Whether it is the owner, or root, who calls: the socket has its rights only a moment after it is there.
fn is_by(stream: &UnixStream, owner: u32) -> bool {
    stream
        .peer_cred()
        .is_ok_and(|peer| peer.uid() == owner || peer.uid() == 0)
}

/// A socket's file, which goes when nobody listens any more.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        // It may be gone already, with its folder.
        drop(std::fs::remove_file(&self.0));
    }
}

async fn serve(site: &Shared, tasks: &Tasks, mut stream: UnixStream) -> io::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut line = String::new();
    let mut reader = BufReader::new(reading.take(LONGEST));
    timeout(PATIENCE, reader.read_line(&mut line)).await??;
    let reply = match serde_json::from_str::<Asked<Order>>(&line) {
        Ok(Asked::Order(order)) => match administration::run(&site.ctx, order).await {
            Ok(outcome) => Reply::Done(outcome),
            Err(error) => refused(error),
        },
        Ok(Asked::Export(login)) => match administration::export(&site.ctx, &login).await {
            Ok(export) => {
                let site = Arc::clone(site);
                // It may take long, and the next order is not to wait for it.
                tasks.until_stopped(async move {
                    if let Err(error) = send(&site, export, stream).await {
                        tracing::warn!(error = %error, "an export could not be handed to the command line");
                    }
                });
                return Ok(());
            }
            Err(error) => refused(error),
        },
        Err(_) => Reply::Refused(
            "The server that runs is of another version. Use the same program as it.".to_owned(),
        ),
    };
    let answer = line_of(&reply)?;
    timeout(PATIENCE, writing.write_all(answer.as_bytes())).await??;
    Ok(())
}

fn refused(error: Error) -> Reply {
    if error.has_source() {
        tracing::error!(error = %error.chain(), "an order of the command line failed");
    }
    Reply::Refused(error.message)
}

fn line_of(value: &impl Serialize) -> serde_json::Result<String> {
    let mut line = serde_json::to_string(value)?;
    line.push('\n');
    Ok(line)
}

/// Sends an export while it is made.
async fn send(site: &Shared, mut export: Export, mut stream: UnixStream) -> io::Result<()> {
    let answer = line_of(&Reply::Follows)?;
    timeout(PATIENCE, stream.write_all(answer.as_bytes())).await??;
    loop {
        let next = export.next(&site.ctx).await.map_err(io::Error::other)?;
        let bytes = next.as_deref().unwrap_or_default();
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        timeout(PATIENCE, stream.write_all(&length.to_be_bytes())).await??;
        timeout(ANSWERED_WITHIN, stream.write_all(bytes)).await??;
        if next.is_none() {
            return Ok(());
        }
    }
}

/// Has the server that runs on this folder write an export into a file.
///
/// # Errors
/// What the server says, or that it did not answer, or broke off.
pub(super) async fn export(folder: &Path, login: &str, file: &mut File) -> Result<(), String> {
    let Ok(stream) = UnixStream::connect(path(folder)).await else {
        return Err(super::administer::unreachable(folder));
    };
    let broke_off =
        |error: io::Error| format!("The export broke off ({error}). Look at the server's log.");
    let mut stream = BufReader::new(stream);
    let asked = Asked::<&Order>::Export(login.to_owned());
    match exchange(&mut stream, &asked).await.map_err(broke_off)? {
        Reply::Refused(message) => Err(message),
        Reply::Done(_) => Err("The server's answer names nothing.".to_owned()),
        Reply::Follows => receive(&mut stream, file).await.map_err(broke_off),
    }
}

async fn receive(stream: &mut BufReader<UnixStream>, file: &mut File) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        let length = timeout(ANSWERED_WITHIN, stream.read_u32()).await??;
        if length == 0 {
            return Ok(());
        }
        bytes.clear();
        let piece = (&mut *stream).take(length.into());
        let read = timeout(ANSWERED_WITHIN, { piece }.read_to_end(&mut bytes)).await??;
        if u32::try_from(read).is_ok_and(|read| read < length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.write_all(&bytes)?;
    }
}

/// Has the server that runs on this folder do something; `None` where none can be reached.
///
/// # Errors
/// What the server says, or that it did not answer.
pub(super) async fn ask(folder: &Path, order: &Order) -> Option<Result<Outcome, String>> {
    let stream = UnixStream::connect(path(folder)).await.ok()?;
    let failed = |error: io::Error| {
        format!("The server did not answer ({error}). Look at the site's log before you try again.")
    };
    let (mut stream, asked) = (BufReader::new(stream), Asked::Order(order));
    let reply = timeout(ANSWERED_WITHIN, exchange(&mut stream, &asked)).await;
    Some(match reply.map_err(io::Error::from).flatten() {
        Ok(Reply::Done(outcome)) => Ok(outcome),
        Ok(Reply::Refused(message)) => Err(message),
        Ok(Reply::Follows) => Err("The server's answer names nothing.".to_owned()),
        Err(error) => Err(failed(error)),
    })
}

async fn exchange(stream: &mut BufReader<UnixStream>, asked: &Asked<&Order>) -> io::Result<Reply> {
    stream.write_all(line_of(asked)?.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_line(&mut answer).await?;
    Ok(serde_json::from_str(&answer)?)
}

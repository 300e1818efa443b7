//! Opening: the lock against a second server, the connections with their pragmas, the first contents.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig, named_params};

use super::{OpenError, migrations, rows};
use crate::model::{RoomCode, RoomKind, Timestamp};

/// How long a connection waits for another one's lock; only checkpoints and recovery hold one that is in the way.
const BUSY: Duration = Duration::from_secs(5);

/// Statements that each connection keeps prepared; more than there are.
const STATEMENTS: usize = 128;

/// For every connection. Memory-mapped reading stays off: there a failing disk is a signal that ends the
/// process instead of an error. `cache_size` is in KiB when negative.
const PRAGMAS: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -8000;
";

/// For the writer. FULL: a commit is on disk before it is answered (contract, promise 1). The WAL is cut
/// back to 64 MiB after a checkpoint.
const WRITER_PRAGMAS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = 67108864;
";

const HAS_TABLES: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema)";

const HAS_LOBBY: &str = "SELECT 1 FROM rooms WHERE code = :code";

const ADD_LOBBY: &str = "INSERT INTO rooms (code, name, kind, created_at) \
    VALUES (:code, :name, :kind, :now)";

/// The writer's connections, and the lock that keeps other servers away for as long as it is held.
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// The one that does checkpoints.
    pub(super) checkpointer: Connection,
    pub(super) lock: File,
}

/// Opens the database for the writer: locked, migrated, with its lobby.
pub(super) fn open(path: &Path, now: Timestamp) -> Result<Opened, OpenError> {
    let lock = lock(path)?;
    create(path)?;
    let mut connection = connect(path).map_err(|error| OpenError::of(path.to_owned(), error))?;
    let version = version(&connection, path)?;
    prepare(&mut connection, version, now)
        .map_err(|error| OpenError::of(path.to_owned(), error))?;
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .map_err(|error| OpenError::of(path.to_owned(), error))?;
    if mode != "wal" {
        return Err(OpenError::NoWal {
            path: path.to_owned(),
        });
    }
    let checkpointer = connect(path)
        .and_then(|checkpointer| {
            checkpointer.execute_batch(WRITER_PRAGMAS)?;
            Ok(checkpointer)
        })
        .map_err(|error| OpenError::of(path.to_owned(), error))?;
    Ok(Opened {
        connection,
        checkpointer,
        lock,
    })
}

/// Makes sure that the schema is the newest.
pub(super) fn is_of_today(path: &Path) -> Result<(), OpenError> {
    let connection = connect(path).map_err(|error| OpenError::of(path.to_owned(), error))?;
    if version(&connection, path)? < migrations::NEWEST {
        return Err(OpenError::Older {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// One more connection to a database that is open; it can only read.
pub(super) fn initialise_reader(connection: &mut Connection) -> rusqlite::Result<()> {
    initialise(connection)?;
    connection.execute_batch("PRAGMA query_only = ON")
}

/// How readers open the file: never creating it, never as a URI. Not read-only, since WAL's shared memory is written by readers too.
pub(super) fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// A lock beside the database, which the system lets go of when this process ends in whatever way.
fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = OsString::from(path);
    name.push(".lock");
    let name = PathBuf::from(name);
    let file = private()
        .open(&name)
        .map_err(|source| OpenError::Unwritable {
            path: name.clone(),
            source,
        })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(OpenError::Unwritable { path: name, source }),
    }
}

/// Makes the file where it is missing, readable by its owner only; SQLite gives its WAL the same rights.
fn create(path: &Path) -> Result<(), OpenError> {
    private()
        .open(path)
        .map(drop)
        .map_err(|source| OpenError::Unwritable {
            path: path.to_owned(),
            source,
        })
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags())?;
    initialise(&connection)?;
    Ok(connection)
}

fn initialise(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Where somebody has run ANALYZE, SQLite would plan a statement anew for each value that is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(PRAGMAS)
}

/// The schema's version, once it is sure that this is our database and not of a later time.
fn version(connection: &Connection, path: &Path) -> Result<usize, OpenError> {
    let read = || {
        let tables: bool = connection.query_row(HAS_TABLES, [], |row| row.get(0))?;
        let application: i32 =
            connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok((tables, application, version))
    };
    let (tables, application, found) =
        read().map_err(|error| OpenError::of(path.to_owned(), error))?;
    if !tables {
        return Ok(0);
    }
    if application != migrations::APPLICATION_ID {
        return Err(OpenError::Foreign {
            path: path.to_owned(),
        });
    }
    match usize::try_from(found) {
        Ok(version) if version <= migrations::NEWEST => Ok(version),
        _ => Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known: migrations::NEWEST,
        }),
    }
}

fn prepare(connection: &mut Connection, version: usize, now: Timestamp) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.execute_batch(WRITER_PRAGMAS)?;
    migrations::migrate(connection, version)?;
    let lobby = RoomCode::lobby();
    let code = named_params! { ":code": lobby.as_str() };
    if rows::one(connection, HAS_LOBBY, code, |_| Ok(()))?.is_some() {
        return Ok(());
    }
    let lobby = named_params! {
        ":code": lobby.as_str(), ":name": "Lobby", ":kind": rows::kind_text(RoomKind::Public), ":now": now.0,
    };
    rows::execute(connection, ADD_LOBBY, lobby).map(drop)
}

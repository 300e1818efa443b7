//! An SQLite file that somebody brought, read and never written, under limits.
//!
//! Which tables and columns there are is asked of the file itself; whoever reads names them from these answers. Nothing of
//! the file runs: views, triggers and virtual tables are not read.

mod error;

pub use error::TablesError;

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, limits::Limit, types::ValueRef};

/// How long a file that another program writes is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most bytes of one row, or of one value in it.
const ROW: i32 = 64 << 20;

/// The most bytes that are kept of a text; the rest is cut. A message has 40,000 characters of at most four.
const TEXT: usize = 160_004;

/// What an SQLite file begins with.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// The most tables, and the most columns of one, that are looked at.
const MOST: usize = 1_000;

/// A table as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it alone is the table's key.
    pub key: bool,
    /// The table whose rows it names, where the file says so.
    pub references: Option<String>,
}

/// What stands in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, or bytes that are no text.
    Nothing,
    /// A whole number.
    Number(i64),
    /// Another number.
    Real(f64),
    /// A text, cut where it is too long.
    Text(String),
}

impl Value {
    /// The value as text; `None` where there is none, or only blanks.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let text = match self {
            Self::Nothing => return None,
            Self::Number(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// Whether it says yes: a number but 0, or a text that is no word for no.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Number(number) => *number != 0,
            Self::Real(number) => *number != 0.0,
            Self::Text(text) => !matches!(
                text.trim().to_ascii_lowercase().as_str(),
                "" | "0" | "f" | "false" | "n" | "no" | "off"
            ),
        }
    }
}

/// A row: its number in its table, and the columns that were asked for.
pub type Row = (i64, Vec<Value>);

/// An open file. What it says stays the same as long as it is open.
#[derive(Debug)]
pub struct Tables {
    connection: Connection,
    path: PathBuf,
}

impl Tables {
    /// Opens a file for reading. Blocks.
    ///
    /// # Errors
    /// When it is missing, no database, locked, or damaged.
    pub fn open(path: &Path) -> Result<Self, TablesError> {
        let path = path.to_owned();
        let quiet = recognise(&path)?;
        let failed = |error: rusqlite::Error| TablesError::of(path.clone(), &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let connection =
            Connection::open_with_flags(address(&path, quiet), flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection
            .set_limit(Limit::SQLITE_LIMIT_LENGTH, ROW)
            .map_err(failed)?;
        connection
            .execute_batch("PRAGMA query_only = 1; PRAGMA trusted_schema = 0; BEGIN")
            .map_err(failed)?;
        let application: i32 = connection
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .map_err(failed)?;
        if application == i32::from_be_bytes(*b"Parl") {
            return Err(TablesError::Ours { path });
        }
        Ok(Self { connection, path })
    }

    fn failed(&self, error: &rusqlite::Error) -> TablesError {
        TablesError::of(self.path.clone(), error)
    }

    /// The ordinary tables, by name. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list(&self) -> Result<Vec<Table>, TablesError> {
        let ordinary = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 \
            AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name";
        let names = self.texts(ordinary, &[])?;
        if names.len() > MOST {
            return Err(TablesError::TooMany {
                path: self.path.clone(),
            });
        }
        names.into_iter().map(|name| self.table(name)).collect()
    }

    fn table(&self, name: String) -> Result<Table, TablesError> {
        let names = self.texts(
            "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
            &[&name],
        )?;
        if names.len() > MOST {
            return Err(TablesError::TooMany {
                path: self.path.clone(),
            });
        }
        let keys = self.texts(
            "SELECT name FROM pragma_table_info(?1) WHERE pk > 0",
            &[&name],
        )?;
        let mut columns = Vec::new();
        for column in names {
            let references = self.texts(
                "SELECT \"table\" FROM pragma_foreign_key_list(?1) WHERE \"from\" = ?2 COLLATE NOCASE LIMIT 1",
                &[&name, &column],
            )?;
            columns.push(Column {
                key: keys == [column.as_str()],
                name: column,
                references: references.into_iter().next(),
            });
        }
        Ok(Table { name, columns })
    }

    fn texts(&self, sql: &str, values: &[&str]) -> Result<Vec<String>, TablesError> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare(sql)?;
            let values = rusqlite::params_from_iter(values);
            statement.query_map(values, |row| row.get(0))?.collect()
        };
        read().map_err(|error| self.failed(&error))
    }

    /// Hands each row of a table to `each`, in the order of their numbers, until that says no. A column that is `None` is
    /// nothing in every row. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn each(
        &self,
        table: &Table,
        columns: &[Option<&str>],
        each: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), TablesError> {
        let number = rowid(table);
        let sql = format!("{} ORDER BY {number}", select(table, columns));
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if !each(taken(row, columns.len())?) {
                    break;
                }
            }
            Ok(())
        };
        read().map_err(|error| self.failed(&error))
    }

    /// The rows of these numbers, in this order. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows(
        &self,
        table: &Table,
        columns: &[Option<&str>],
        numbers: &[i64],
    ) -> Result<Vec<Row>, TablesError> {
        let number = rowid(table);
        let sql = format!("{} WHERE {number} = ?1", select(table, columns));
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.connection.prepare(&sql)?;
            let mut found = Vec::with_capacity(numbers.len());
            for number in numbers {
                let mut rows = statement.query([number])?;
                if let Some(row) = rows.next()? {
                    found.push(taken(row, columns.len())?);
                }
            }
            Ok(found)
        };
        read().map_err(|error| self.failed(&error))
    }
}

/// Whether this is an SQLite file; and whether it is one in WAL mode that nothing waits beside, which is then read as it
/// is, since SQLite would make files there.
fn recognise(path: &Path) -> Result<bool, TablesError> {
    let unreadable = |source| TablesError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let about = path.metadata().map_err(unreadable)?;
    if !about.is_file() {
        return Err(TablesError::NoFile {
            path: path.to_owned(),
        });
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(20).read_to_end(&mut start))
        .map_err(unreadable)?;
    if start.len() < 20 || !start.starts_with(HEADER) {
        return Err(TablesError::NoDatabase {
            path: path.to_owned(),
        });
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Ok(start[19] == 2 && !Path::new(&log).exists())
}

/// The path as a URI, in which `?`, `#` and `%` would mean something.
fn address(path: &Path, quiet: bool) -> String {
    let path = path.to_string_lossy();
    let path = path
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    let how = if quiet {
        "mode=ro&immutable=1"
    } else {
        "mode=ro"
    };
    format!("file:{path}?{how}")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name of the rows' numbers that no column of the table has.
fn rowid(table: &Table) -> &'static str {
    let has = |name: &str| {
        let mut columns = table.columns.iter();
        columns.any(|column| column.name.eq_ignore_ascii_case(name))
    };
    let names = ["rowid", "_rowid_", "oid"];
    names.into_iter().find(|name| !has(name)).unwrap_or("rowid")
}

fn select(table: &Table, columns: &[Option<&str>]) -> String {
    let columns: Vec<_> = columns
        .iter()
        .map(|column| column.map_or_else(|| "NULL".to_owned(), quoted))
        .collect();
    format!(
        "SELECT {}, {} FROM {}",
        rowid(table),
        columns.join(", "),
        quoted(&table.name)
    )
}

fn taken(row: &rusqlite::Row<'_>, count: usize) -> rusqlite::Result<Row> {
    let mut values = Vec::with_capacity(count);
    for place in 1..=count {
        values.push(match row.get_ref(place)? {
            ValueRef::Null | ValueRef::Blob(_) => Value::Nothing,
            ValueRef::Integer(number) => Value::Number(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(bytes) => {
                let kept = &bytes[..bytes.len().min(TEXT)];
                Value::Text(String::from_utf8_lossy(kept).into_owned())
            }
        });
    }
    Ok((row.get(0)?, values))
}

#[cfg(test)]
mod tests;

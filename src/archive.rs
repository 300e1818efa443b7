//! Zip archives: one that somebody brought, read entry by entry under limits; and one that is written ([`Packer`]).
//!
//! Nothing is unpacked: entries are looked up by their names and read into memory, so no name leads anywhere. What an
//! entry says of its size is not believed: the bytes that come out are counted.

mod pack;

use std::{
    fs::File,
    io::{self, BufReader, Read as _},
    path::{Path, PathBuf},
};

use zip::{
    ZipArchive,
    result::{ZipError, ZipResult},
};

pub use pack::Packer;

/// How many entries an archive may have; more are refused.
pub const ENTRIES: usize = 1_000_000;

/// How many bytes all that is read of an archive may have together; more are refused.
pub const TOTAL: u64 = 64 << 30;

/// Why an archive cannot be read: what it is and what to do, in one line.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file itself.
    #[error("{path} cannot be opened ({source}). Name the zip file as it was downloaded.")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No zip, or only part of one.
    #[error("{path} is no zip file, or only part of one ({problem}). Download it again.")]
    NoZip {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// More entries than [`ENTRIES`].
    #[error("This archive has more than {ENTRIES} entries. Export a shorter time.")]
    TooMany,
    /// One entry cannot be read.
    #[error("{name} cannot be read ({problem}). Download the archive again.")]
    Broken {
        /// Which entry.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An entry is packed in a way that is not known here.
    #[error(
        "{name} is encrypted, or packed in a way that Parlor does not read. Pack the archive again, without a password."
    )]
    Foreign {
        /// Which entry.
        name: String,
    },
    /// An entry unpacks to more than it may.
    #[error("{name} unpacks to more than {} MiB, so it is not read. Export a shorter time.", most >> 20)]
    TooLarge {
        /// Which entry.
        name: String,
        /// The most that it may have, in bytes.
        most: u64,
    },
    /// More than [`TOTAL`].
    #[error("This archive unpacks to more than {} GiB. Export a shorter time.", TOTAL >> 30)]
    Endless,
}

/// An open archive.
#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    unread: u64,
}

impl Archive {
    /// Opens an archive and reads its list of entries. Blocks, as all functions here do.
    ///
    /// # Errors
    /// When the file cannot be opened, is no zip, or has too many entries.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |source| ArchiveError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(unreadable)?;
        if !file.metadata().map_err(unreadable)?.is_file() {
            return Err(unreadable(io::Error::other("it is no file")));
        }
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|error| ArchiveError::NoZip {
            path: path.to_owned(),
            problem: said(&error),
        })?;
        if zip.len() > ENTRIES {
            return Err(ArchiveError::TooMany);
        }
        Ok(Self { zip, unread: TOTAL })
    }

    /// The names of its files, as they stand there; such as are no UTF-8 are left out, and so are folders.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names = self.zip.file_names().filter_map(ZipResult::ok);
        let names = names.filter(|name| !name.ends_with('/'));
        names.map(std::borrow::Cow::into_owned).collect()
    }

    /// A whole entry; `None` where there is none of this name.
    ///
    /// # Errors
    /// When it is damaged, packed in an unknown way, or has more than `most` bytes; when more than [`TOTAL`] was read.
    pub fn read(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, ArchiveError> {
        let broken = |problem| ArchiveError::Broken {
            name: name.to_owned(),
            problem,
        };
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(
                ZipError::UnsupportedArchive(_)
                | ZipError::CompressionMethodNotSupported(_)
                | ZipError::InvalidPassword,
            ) => {
                return Err(ArchiveError::Foreign {
                    name: name.to_owned(),
                });
            }
            Err(error) => return Err(broken(said(&error))),
        };
        let limit = most.min(self.unread);
        let mut bytes = Vec::new();
        entry
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| broken(error.to_string()))?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > self.unread {
            return Err(ArchiveError::Endless);
        }
        if length > most {
            return Err(ArchiveError::TooLarge {
                name: name.to_owned(),
                most,
            });
        }
        self.unread -= length;
        Ok(Some(bytes))
    }
}

/// What is wrong, without the library's preface.
fn said(error: &ZipError) -> String {
    match error {
        ZipError::InvalidArchive(problem) => problem.to_string(),
        error => error.to_string(),
    }
}

//! Keeps the bytes of photos and files under random ids: one trait, and the disk behind it.
//!
//! A write that returned is on disk (CONTRACT §2, promise 1), and a reader sees a whole file or
//! none. Knows neither owners nor permissions, and never lets a name leave its folder.

use std::ffi::OsStr;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf, absolute};
use std::sync::atomic::{AtomicU64, Ordering};

/// Leads the names of files that are still being written; no id begins with a dot.
const UNFINISHED: &str = ".tmp-";

/// How long an id may be: 96 random bits in base64url at least, a SHA-512 in hex at most.
const ID_LENGTH: std::ops::RangeInclusive<usize> = 16..=128;

/// The longest name of a variant, in bytes.
const VARIANT_LENGTH: usize = 32;

/// Where uploads lie. All calls block; callers move them off the async threads.
///
/// An id is 16 to 128 characters of `A–Z a–z 0–9 - _`, random, so that it cannot be guessed. A
/// variant names one form of the same thing (`96.webp`): 1 to 32 characters of `a–z 0–9 . - _`,
/// beginning with a letter or digit.
pub trait Blobs: Debug + Send + Sync {
    /// Stores `bytes` as one variant of `id`, in place of what was there.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] for a malformed id or variant, else whatever the storage
    /// says. After an error the old content or the new one is there, or none, but no part of one.
    fn put(&self, id: &str, variant: &str, bytes: &[u8]) -> io::Result<()>;

    /// Begins to write files of `id`, none of which is there before all are kept.
    ///
    /// # Errors
    ///
    /// As [`Blobs::put`].
    fn draft(&self, id: &str) -> io::Result<Draft>;

    /// How many bytes the storage has room for.
    ///
    /// # Errors
    ///
    /// Whatever the storage says.
    fn room(&self) -> io::Result<u64>;

    /// The file of one variant, for whoever sends it as a stream; `None` for every malformed id.
    fn path(&self, id: &str, variant: &str) -> Option<PathBuf>;

    /// The bytes of one variant; `None` when there are none, which includes every malformed id.
    ///
    /// # Errors
    ///
    /// Whatever the storage says.
    fn get(&self, id: &str, variant: &str) -> io::Result<Option<Vec<u8>>>;

    /// Removes every variant of `id`; that there are none is no error.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] for a malformed id, else whatever the storage says.
    fn delete(&self, id: &str) -> io::Result<()>;
}

/// Files in a folder: `ab/abcdef….96.webp`, so that no single directory grows long.
#[derive(Debug)]
pub struct DiskBlobs {
    folder: PathBuf,
    writes: AtomicU64,
}

impl DiskBlobs {
    /// Opens `folder`, and makes it (with its parents) where it is missing.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or is not a folder.
    pub fn new(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = absolute(folder)?;
        make_folder(&folder)?;
        Ok(Self {
            folder,
            writes: AtomicU64::new(0),
        })
    }

    /// A name for a file that is still being written, beside the one that it will have.
    fn unfinished(&self, directory: &Path, name: &str) -> PathBuf {
        let turn = self.writes.fetch_add(1, Ordering::Relaxed);
        directory.join(format!("{UNFINISHED}{name}-{}-{turn}", std::process::id()))
    }

    /// Removes what interrupted writes left behind, and tells how many files that were. Called
    /// once at the start, before the first [`Blobs::put`] of any process on this folder.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read or a file cannot be removed.
    pub fn sweep(&self) -> io::Result<usize> {
        let mut removed = 0;
        for directory in fs::read_dir(&self.folder)? {
            let directory = directory?;
            if directory.file_type()?.is_dir() {
                removed += remove_files(&directory.path(), UNFINISHED)?;
            }
        }
        Ok(removed)
    }

    /// The directory that holds everything of `id`.
    fn directory(&self, id: &str) -> Option<PathBuf> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !ID_LENGTH.contains(&id.len()) || !id.bytes().all(plain) {
            return None;
        }
        Some(self.folder.join(&id[..2]))
    }

    /// The directory and the file name of one variant.
    fn place(&self, id: &str, variant: &str) -> Option<(PathBuf, String)> {
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = variant.len() <= VARIANT_LENGTH
            && variant.bytes().next().is_some_and(lower)
            && variant
                .bytes()
                .all(|byte| lower(byte) || b".-_".contains(&byte));
        let directory = self.directory(id).filter(|_| fits)?;
        Some((directory, format!("{id}.{variant}")))
    }
}

impl Blobs for DiskBlobs {
    fn put(&self, id: &str, variant: &str, bytes: &[u8]) -> io::Result<()> {
        let (directory, name) = self.place(id, variant).ok_or_else(malformed)?;
        make_directory(&directory)?;
        let unfinished = self.unfinished(&directory, &name);
        let written =
            write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, directory.join(name)));
        if let Err(error) = written {
            // The failure itself is what the caller needs; a leftover is swept at the next start.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        sync_folder(&directory)?;
        // The directory may be new, made here or by a write that has not come this far yet.
        sync_folder(&self.folder)
    }

    fn draft(&self, id: &str) -> io::Result<Draft> {
        let directory = self.directory(id).ok_or_else(malformed)?;
        make_directory(&directory)?;
        Ok(Draft {
            unfinished: self.unfinished(&directory, id),
            folder: self.folder.clone(),
            directory,
            id: id.to_owned(),
            files: Vec::new(),
        })
    }

    fn room(&self) -> io::Result<u64> {
        fs4::available_space(&self.folder)
    }

    fn path(&self, id: &str, variant: &str) -> Option<PathBuf> {
        let (directory, name) = self.place(id, variant)?;
        Some(directory.join(name))
    }

    fn get(&self, id: &str, variant: &str) -> io::Result<Option<Vec<u8>>> {
        let Some((directory, name)) = self.place(id, variant) else {
            return Ok(None);
        };
        match fs::read(directory.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn delete(&self, id: &str) -> io::Result<()> {
        let directory = self.directory(id).ok_or_else(malformed)?;
        match remove_files(&directory, &format!("{id}.")) {
            Ok(_) => sync_folder(&directory),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn make_directory(directory: &Path) -> io::Result<()> {
    match fs::create_dir(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Writes a new file and waits until its content is on disk.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until the names in a folder are on disk: renaming a file alone promises nothing (see
/// the notes of Linux `fsync(2)`).
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes a folder and those above it, each on disk before the next.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let Some(parent) = folder.parent() else {
        return fs::create_dir(folder);
    };
    make_folder(parent)?;
    match fs::create_dir(folder) {
        Err(error) if !folder.is_dir() => Err(error),
        _ => sync_folder(parent),
    }
}

/// Removes the files of one folder whose names begin with `prefix`, and counts them.
fn remove_files(folder: &Path, prefix: &str) -> io::Result<usize> {
    let begins = |name: &OsStr| name.as_encoded_bytes().starts_with(prefix.as_bytes());
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !begins(&entry.file_name()) {
            continue;
        }
        match fs::remove_file(entry.path()) {
            Ok(()) => removed += 1,
            // Somebody else removed it first.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "malformed blob id or variant")
}

mod draft;
#[cfg(test)]
mod tests;

pub use draft::Draft;

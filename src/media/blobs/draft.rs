//! Files that are still being written: gone with the value unless they are kept, and swept at the next start when the
//! process ends before that.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::PathBuf,
};

use super::{VARIANT_LENGTH, sync_folder};

/// The files of one id, on their way. All calls block.
#[derive(Debug)]
pub struct Draft {
    /// The uploads' folder.
    pub(super) folder: PathBuf,
    /// The directory of this id in it.
    pub(super) directory: PathBuf,
    pub(super) id: String,
    /// What the names of unfinished files begin with.
    pub(super) unfinished: PathBuf,
    /// The files so far: variant, present path, and the file while it is written.
    pub(super) files: Vec<(String, PathBuf, Option<File>)>,
}

impl Draft {
    /// Adds `bytes` to the end of one variant, which is begun where it is not there.
    ///
    /// # Errors
    /// Whatever the storage says; what was written so far goes with the draft.
    pub fn write(&mut self, variant: &str, bytes: &[u8]) -> io::Result<()> {
        let index = match self.index(variant) {
            Some(index) => index,
            None => self.begin(variant)?,
        };
        let (_, path, file) = &mut self.files[index];
        let file = match file {
            Some(file) => file,
            None => file.insert(File::options().append(true).open(path)?),
        };
        file.write_all(bytes)
    }

    /// Puts `bytes` in the place of what one variant holds so far.
    ///
    /// # Errors
    /// As [`Draft::write`].
    pub fn replace(&mut self, variant: &str, bytes: &[u8]) -> io::Result<()> {
        if let Some(index) = self.index(variant) {
            let (_, path, file) = &mut self.files[index];
            *file = None;
            File::create(path)?;
        }
        self.write(variant, bytes)
    }

    /// What one variant holds so far.
    ///
    /// # Errors
    /// `NotFound` where it was not begun, else whatever the storage says.
    pub fn read(&self, variant: &str) -> io::Result<Vec<u8>> {
        let index = self.index(variant).ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = Vec::new();
        File::open(&self.files[index].1)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Waits until all that was written is on disk, under names that are not its own yet.
    ///
    /// # Errors
    /// Whatever the storage says.
    pub fn synced(mut self) -> io::Result<Self> {
        for (_, path, file) in &mut self.files {
            match file.take() {
                Some(file) => file.sync_all()?,
                None => File::open(path)?.sync_all()?,
            }
        }
        Ok(self)
    }

    /// Gives all files their names, once they are [`Draft::synced`]; they are there once this returns, also after a power
    /// cut.
    ///
    /// # Errors
    /// Whatever the storage says. Some may be there then; [`super::Blobs::delete`] removes them.
    pub fn keep(mut self) -> io::Result<()> {
        while let Some((variant, path, _)) = self.files.pop() {
            let name = self.directory.join(format!("{}.{variant}", self.id));
            if let Err(error) = fs::rename(&path, name) {
                self.files.push((variant, path, None));
                return Err(error);
            }
        }
        sync_folder(&self.directory)?;
        sync_folder(&self.folder)
    }

    fn index(&self, variant: &str) -> Option<usize> {
        self.files.iter().position(|(found, ..)| found == variant)
    }

    fn begin(&mut self, variant: &str) -> io::Result<usize> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
        if variant.is_empty() || variant.len() > VARIANT_LENGTH || !variant.bytes().all(plain) {
            return Err(super::malformed());
        }
        let mut path = self.unfinished.clone().into_os_string();
        path.push(format!(".{variant}"));
        let path = PathBuf::from(path);
        let file = File::create(&path)?;
        self.files.push((variant.to_owned(), path, Some(file)));
        Ok(self.files.len() - 1)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for (_, path, _) in &self.files {
            // What cannot be removed now is swept at the next start.
            drop(fs::remove_file(path));
        }
    }
}

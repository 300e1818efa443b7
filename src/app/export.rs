//! An export of somebody's data, for who runs the server: made by the server that runs on the data folder, or where none
//! does, here. Whoever asks writes the file.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::Office;
#[cfg(unix)]
use super::control;
use crate::service::administration;

impl Office {
    /// Writes an export of the data of the account of this name or address into a new file; when this answers, it is
    /// whole and on disk. Answers with how many bytes it has.
    ///
    /// # Errors
    /// Why there is none, for who runs the server. What was written of it is gone then.
    pub async fn export(&self, login: &str, output: &Path) -> Result<u64, String> {
        let mut file = new_file(output).map_err(|error| {
            format!(
                "{} cannot be written: {error}. Name a file that is not there yet, in a folder that is.",
                output.display()
            )
        })?;
        let written = self.write(login, &mut file).await;
        if written.is_err() {
            // It was made just now, and holds a part at most.
            drop(std::fs::remove_file(output));
        }
        written
    }

    async fn write(&self, login: &str, file: &mut File) -> Result<u64, String> {
        let failed = |error: io::Error| format!("The export could not be written: {error}.");
        match self {
            Self::Stopped(desk) => {
                let ctx = desk.context();
                let export = administration::export(ctx, login).await;
                let mut export = export.map_err(|error| error.message)?;
                while let Some(bytes) = export.next(ctx).await.map_err(|error| error.message)? {
                    file.write_all(&bytes).map_err(failed)?;
                }
            }
            #[cfg(unix)]
            Self::Running(folder) => control::export(folder, login, file).await?,
            #[cfg(not(unix))]
            Self::Running(_) => {
                return Err("A server runs on this data folder. Stop it first.".to_owned());
            }
        }
        file.sync_all().map_err(failed)?;
        Ok(file.metadata().map_err(failed)?.len())
    }
}

/// A file that nobody else may read.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

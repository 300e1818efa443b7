//! What the command line has done to accounts and rooms: by the server that runs on the data folder, or where none does,
//! here.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

#[cfg(unix)]
use super::control;
use super::{AppError, Desk, OpenError};
use crate::{
    base::SystemClock,
    config::Settings,
    error::chain,
    wire::administration::{Order, Outcome},
};

/// Whoever does what the command line asks for.
pub enum Office {
    /// A server that runs on this folder.
    Running(PathBuf),
    /// None runs, and none can start meanwhile.
    Stopped(Box<Desk>),
}

impl Office {
    /// Finds out who does it.
    ///
    /// # Errors
    /// When there is no database; when a server runs that cannot be reached.
    pub fn open(settings: Settings) -> Result<Self, AppError> {
        let folder = settings.data_dir.clone();
        match Desk::open(settings, Arc::new(SystemClock), false) {
            Ok(desk) => Ok(Self::Stopped(Box::new(desk))),
            Err(AppError::Open(OpenError::Locked { .. })) => Ok(Self::Running(folder)),
            Err(error) => Err(error),
        }
    }

    /// Has it done; when this answers, it is on disk, and who was put out is put out.
    ///
    /// # Errors
    /// Why it was not done, for who runs the server.
    pub async fn run(&self, order: Order) -> Result<Outcome, String> {
        match self {
            Self::Stopped(desk) => desk.administer(order).await,
            Self::Running(folder) => ask(folder, &order)
                .await
                .unwrap_or_else(|| Err(unreachable(folder))),
        }
    }

    /// Waits until all of it is on disk.
    pub async fn close(self) {
        if let Self::Stopped(desk) = self {
            desk.close().await;
        }
    }
}

/// What is said where a server holds the data folder and does not listen to the command line.
pub(super) fn unreachable(folder: &Path) -> String {
    format!(
        "A server runs on {}, but it cannot be reached. Stop it first, or do this as the user that runs it.",
        folder.display()
    )
}

#[cfg(unix)]
async fn ask(folder: &Path, order: &Order) -> Option<Result<Outcome, String>> {
    control::ask(folder, order).await
}

#[cfg(not(unix))]
async fn ask(_folder: &Path, _order: &Order) -> Option<Result<Outcome, String>> {
    None
}

impl Desk {
    async fn administer(&self, order: Order) -> Result<Outcome, String> {
        crate::service::administration::run(self.context(), order)
            .await
            .map_err(|error| {
                if error.has_source() {
                    chain(&error)
                } else {
                    error.message
                }
            })
    }
}

//! What it takes to tell people while they do not look: the key for pushing, the mailer, and the key for its links.

use super::AppError;
use crate::{
    config::Settings,
    mail::Mailer,
    secrets::{push::Vapid, random},
    service::letters::{self, Letters},
    store::{Store, StoreError},
};

/// The parts.
pub(super) struct Telling {
    pub(super) vapid: Vapid,
    pub(super) mailer: Option<Mailer>,
    pub(super) letters: Letters,
    pub(super) mail_key: [u8; 32],
}

impl Telling {
    /// With the keys that the store keeps, or new ones that it keeps from now on; and the letters that wait to be sent.
    pub(super) async fn kept(
        settings: &Settings,
        store: &dyn Store,
    ) -> Result<(Self, letters::Queue), AppError> {
        let vapid = store.key("vapid", Vapid::generate()?).await?;
        let mail_key = store.key("mail", random::<32>().to_vec()).await?;
        let damaged = |_| StoreError::Failed("the key for mails is damaged".into());
        let (letters, waiting) = letters::queue();
        let told = Self {
            vapid: Vapid::read(&vapid)?,
            mailer: Mailer::new(settings)?,
            letters,
            mail_key: mail_key.try_into().map_err(damaged)?,
        };
        Ok((told, waiting))
    }

    /// For work on a data folder that no server runs on: nobody is told of anything, so nobody ever learns of these keys.
    pub(super) fn nobody() -> Result<Self, AppError> {
        Ok(Self {
            vapid: Vapid::read(&Vapid::generate()?)?,
            mailer: None,
            letters: letters::queue().0,
            mail_key: random(),
        })
    }
}

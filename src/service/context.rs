//! What every service works with, and who asks.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{
    ceremonies::Ceremonies, exports::Exporting, letters::Letters, logins::Waiting,
    previews::Previews, sign_on::SignOn, throttle::Throttle, uploads::Claims,
};
use crate::{
    base::{Background, Blocking, Clock},
    config::Settings,
    mail::Mailer,
    media::blobs::Blobs,
    model::{Account, Credential, Operator, Origin, Permit, RoomCode, Scopes, Timestamp, UserId},
    outgoing::Outgoing,
    realtime::Live,
    secrets::{Passwords, push::Vapid},
    store::{Actor, Store},
    wire,
};

/// The parts that services use.
pub struct Context {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Who is connected.
    pub live: Arc<dyn Live>,
    /// Where files are.
    pub blobs: Arc<dyn Blobs>,
    /// Where pictures are worked on.
    pub pictures: Background,
    /// Where code is coloured.
    pub colouring: Blocking,
    /// Where files are written and deleted.
    pub disk: Blocking,
    /// Whose exports are being made.
    pub exporting: Exporting,
    /// Is notified when an account was deleted, which leaves something behind.
    pub closing: Notify,
    /// The uploads under way.
    pub uploads: Claims,
    /// How addresses that people wrote are reached.
    pub outgoing: Outgoing,
    /// Where messages ask for previews of what they link to.
    pub previews: Previews,
    /// The key by which push services know this server.
    pub vapid: Vapid,
    /// How mail is sent, where a mail server is set.
    pub mailer: Option<Mailer>,
    /// Where letters to people about their accounts are handed in.
    pub letters: Letters,
    /// The logins that wait for their code.
    pub logins: Waiting,
    /// What browsers were asked to do with passkeys.
    pub ceremonies: Ceremonies,
    /// The provider that people may log in with.
    pub sign_on: SignOn,
    /// What proves whose mails are to end.
    pub mail_key: [u8; 32],
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How passwords are hashed.
    pub passwords: Passwords,
    /// How often things may happen.
    pub throttle: Throttle,
    /// The settings.
    pub settings: Arc<Settings>,
    /// SHA-256 of the one-time set-up link's token, while there is no owner.
    pub setup: Option<[u8; 32]>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

impl Context {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.now_ms())
    }

    /// This caller, who changes something now, if this allows it.
    #[must_use]
    pub fn actor(&self, caller: &Caller, permit: Permit) -> Actor {
        Actor {
            user: caller.id(),
            now: self.now(),
            permit,
        }
    }

    /// This caller, as the site's log is to name them. Whether they run the site is asked by `reports::operator`.
    #[must_use]
    pub fn operator(&self, caller: &Caller) -> Operator {
        Operator {
            user: Some(caller.id()),
            address: caller.origin.address.to_string(),
            now: self.now(),
        }
    }

    /// How long an unused session lasts.
    #[must_use]
    pub fn session_lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.settings.limits.session_days) * 24 * 60 * 60)
    }

    /// How long a session lasts at most.
    #[must_use]
    pub fn session_end(&self) -> Duration {
        let days = u64::from(self.settings.limits.session_most_days);
        Duration::from_secs(days * 24 * 60 * 60)
    }

    /// A person as everybody sees them now.
    #[must_use]
    pub fn user(&self, card: &crate::model::UserCard) -> wire::User {
        wire::User::of(card, self.live.status(card.id))
    }

    /// A person as they see themselves now.
    #[must_use]
    pub fn me(&self, account: &Account) -> wire::UserSelf {
        wire::UserSelf::of(account, self.live.status(account.card.id))
    }

    /// A member as everybody sees them now.
    #[must_use]
    pub fn member(&self, member: &crate::model::Member) -> wire::Member {
        wire::Member::of(member, self.live.status(member.user.id))
    }
}

/// By which credential somebody speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A browser session.
    Session {
        /// SHA-256 of the cookie's value.
        hash: [u8; 32],
        /// When its owner last showed who they are.
        proved_at: Timestamp,
        /// The room that it entered last by page or form.
        entered: Option<RoomCode>,
    },
    /// A bearer token.
    Token {
        /// SHA-256 of the token.
        hash: [u8; 32],
    },
    /// No credential: a guest.
    Guest,
}

impl Via {
    /// The credential alone.
    #[must_use]
    pub fn credential(&self) -> Credential {
        match self {
            Self::Session { hash, .. } => Credential::Session(*hash),
            Self::Token { hash } => Credential::Token(*hash),
            Self::Guest => Credential::Guest,
        }
    }
}

/// Somebody with a valid credential.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub account: Account,
    /// By what.
    pub via: Via,
    /// From where.
    pub origin: Origin,
    /// What the credential may do; `None` is all that the account may.
    pub scopes: Option<Scopes>,
}

impl Caller {
    /// Who.
    #[must_use]
    pub fn id(&self) -> UserId {
        self.account.card.id
    }
}

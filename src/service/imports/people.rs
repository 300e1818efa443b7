//! Who is brought: people as accounts that wait to be claimed or that their old passwords open, programs as bots, and
//! those who have accounts here.

use std::collections::{HashMap, HashSet};

use super::{Import, ImportError, text};
use crate::{
    model::{Email, Identity, NewImportedPerson, Source, UserId, UserName},
    service::{Context, accounts},
    store::StoreError,
};

/// How many numbers are tried behind a name that is taken.
const NUMBERS: usize = 10_000;

/// Somebody who was brought, now or before.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: UserId,
    /// What they are called here.
    pub(super) name: String,
    /// Whether they are still there, so that rooms are theirs.
    pub(super) active: bool,
    /// Whether this run brought them.
    pub(super) fresh: bool,
    /// Whether they can log in.
    pub(super) here: bool,
}

/// Everybody who was brought, by their ids there.
pub(super) struct People {
    all: HashMap<String, Person>,
    /// The keys of names that a dry run would have taken.
    taken: HashSet<String>,
    /// The keys of the addresses of those whom this run brought.
    addresses: HashSet<String>,
    /// The last number that a dry run gave in the place of an id.
    unmade: i64,
}

impl People {
    /// Those who were brought before.
    pub(super) async fn known(ctx: &Context, source: Source) -> Result<Self, ImportError> {
        let waiting = ctx.store.unclaimed().await?;
        let waiting: HashSet<_> = waiting.iter().map(|person| person.card.id).collect();
        let mut all = HashMap::new();
        for (key, id) in ctx.store.imported_people(source).await? {
            let account = ctx.store.account(id).await?;
            let person = Person {
                id,
                name: account.as_ref().map_or_else(
                    || key.clone(),
                    |account| account.card.name.as_str().to_owned(),
                ),
                active: account.is_some(),
                fresh: false,
                here: account.is_some_and(|account| !account.card.bot) && !waiting.contains(&id),
            };
            all.insert(key, person);
        }
        Ok(Self {
            all,
            taken: HashSet::new(),
            addresses: HashSet::new(),
            unmade: 0,
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<&Person> {
        self.all.get(key)
    }

    /// Everybody.
    pub(super) fn all(&self) -> impl Iterator<Item = &Person> {
        self.all.values()
    }
}

/// How somebody comes into their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Login {
    /// Once they claim it.
    Claim,
    /// By the password with this hash, as the store keeps it.
    Password(String),
    /// Not at all: it is a program's.
    Program,
}

/// Somebody whose account is to be made.
pub(super) struct New<'a> {
    pub(super) key: &'a str,
    /// What they could be called, the best first.
    pub(super) names: Vec<&'a str>,
    /// Their address there, or what stands in its place.
    pub(super) email: &'a str,
    pub(super) active: bool,
    pub(super) login: Login,
}

impl Import<'_> {
    /// Brings somebody who was not brought before; under `match_email`, as the account that has the same address here.
    pub(super) async fn bring_person(&mut self, new: New<'_>) -> Result<(), ImportError> {
        let Ok(email) = Email::parse(new.email.trim()) else {
            return self.make(new, None).await;
        };
        if new.login == Login::Program {
            return self.make(new, None).await;
        }
        if !self.people.addresses.insert(email.key()) {
            self.report.warn(format!(
                "{} has an address that somebody before them has: their account gets none",
                new.names.first().unwrap_or(&new.key)
            ));
            return self.make(new, None).await;
        }
        let Some(found) = self.ctx.store.credentials(email.as_str()).await? else {
            return self.make(new, Some(email)).await;
        };
        let name = found.account.card.name.as_str().to_owned();
        if self.how.match_email {
            return self
                .matched(&new, &email, found.account.card.id, name)
                .await;
        }
        let instead = match new.login {
            Login::Password(_) => "they get an account of their own, without an address",
            Login::Claim | Login::Program => "they get an account of their own to claim",
        };
        self.report.warn(format!(
            "{name} here has the address {email} of somebody there. Addresses are not verified: if you trust that \
             it is the same person, import with --match-email; else {instead}"
        ));
        let free = (new.login == Login::Claim).then_some(email);
        self.make(new, free).await
    }

    /// Somebody who has an account here.
    async fn matched(
        &mut self,
        new: &New<'_>,
        email: &Email,
        id: UserId,
        name: String,
    ) -> Result<(), ImportError> {
        self.report.matched += 1;
        if !self.how.dry {
            self.keep(new, Some(email), Identity::Known(id)).await?;
        }
        let person = Person {
            id,
            name,
            active: new.active,
            fresh: true,
            here: true,
        };
        self.people.all.insert(new.key.to_owned(), person);
        Ok(())
    }

    /// Makes an account for somebody.
    pub(super) async fn make(
        &mut self,
        new: New<'_>,
        email: Option<Email>,
    ) -> Result<(), ImportError> {
        let name = self.free_name(&new).await?;
        let shown = name.as_str().to_owned();
        let here = matches!(new.login, Login::Password(_));
        match new.login {
            Login::Claim => self.report.people += 1,
            Login::Password(_) => self.report.logins += 1,
            Login::Program => self.report.programs += 1,
        }
        let id = if self.how.dry {
            self.people.taken.insert(name.key().to_owned());
            self.people.unmade -= 1;
            UserId(self.people.unmade)
        } else {
            let identity = match &new.login {
                Login::Claim => Identity::Placeholder(name),
                Login::Program => Identity::Program(name),
                Login::Password(hash) => Identity::Person {
                    name,
                    email: email.clone(),
                    password_hash: hash.clone(),
                },
            };
            self.keep(&new, email.as_ref(), identity).await?
        };
        let person = Person {
            id,
            name: shown,
            active: new.active,
            fresh: true,
            here,
        };
        self.people.all.insert(new.key.to_owned(), person);
        Ok(())
    }

    async fn keep(
        &self,
        new: &New<'_>,
        email: Option<&Email>,
        identity: Identity,
    ) -> Result<UserId, StoreError> {
        let person = NewImportedPerson {
            source: self.how.source,
            key: new.key.to_owned(),
            identity,
            email: email.map_or("", Email::as_str).to_owned(),
            active: new.active,
            now: self.ctx.now(),
        };
        self.ctx.store.import_person(person).await
    }

    /// The first of somebody's names that may be one here, with a number behind it where it is taken.
    async fn free_name(&self, new: &New<'_>) -> Result<UserName, ImportError> {
        let most = self.ctx.settings.limits.name_max;
        let source = self.how.source.as_str();
        let by_key = format!("{source}-{}", new.key.to_lowercase());
        let wanted = new.names.iter().copied().chain([by_key.as_str(), source]);
        for text in wanted {
            let text = text::name(text);
            for number in 1..=NUMBERS {
                let end = if number > 1 {
                    format!("-{number}")
                } else {
                    String::new()
                };
                let room = most.saturating_sub(end.len());
                let stem: String = text.chars().take(room).collect();
                let Ok(name) = accounts::name(self.ctx, &format!("{stem}{end}")) else {
                    break;
                };
                let taken = self.people.taken.contains(name.key())
                    || self.ctx.store.account_by_name(name.key()).await?.is_some();
                if !taken {
                    return Ok(name);
                }
            }
        }
        Err(ImportError::Failed(format!(
            "no name is free for {}",
            new.key
        )))
    }
}

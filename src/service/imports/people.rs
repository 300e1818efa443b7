//! Who is brought: people as accounts that wait to be claimed, programs as bots, and those who have accounts here.

use std::collections::{HashMap, HashSet};

use super::{
    Import, ImportError,
    export::{Message, User},
    words,
};
use crate::{
    model::{Email, Identity, NewImportedPerson, Source, UserId, UserName},
    service::{Context, accounts},
    store::StoreError,
};

/// Slack itself, which speaks without being in the list.
const SLACKBOT: &str = "USLACKBOT";

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
    /// The last number that a dry run gave in the place of an id.
    unmade: i64,
}

impl People {
    /// Those who were brought before.
    pub(super) async fn known(ctx: &Context) -> Result<Self, ImportError> {
        let waiting = ctx.store.unclaimed().await?;
        let waiting: HashSet<_> = waiting.iter().map(|person| person.card.id).collect();
        let mut all = HashMap::new();
        for (key, id) in ctx.store.imported_people(Source::Slack).await? {
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

/// Somebody whose account is to be made.
struct New<'a> {
    key: &'a str,
    /// What they could be called, the best first.
    names: Vec<&'a str>,
    email: &'a str,
    active: bool,
    program: bool,
}

impl Import<'_> {
    /// Brings everybody in the list of people.
    pub(super) async fn bring_people(&mut self) -> Result<(), ImportError> {
        let users = std::mem::take(&mut self.export.users);
        for user in &users {
            if self.people.get(&user.id).is_none() {
                self.bring_user(user).await?;
            }
        }
        Ok(())
    }

    async fn bring_user(&mut self, user: &User) -> Result<(), ImportError> {
        let profile = &user.profile;
        let email = profile.email.as_deref().unwrap_or_default().trim();
        let names = [&profile.display_name, &profile.real_name, &user.name];
        let new = New {
            key: &user.id,
            names: names.into_iter().flatten().map(String::as_str).collect(),
            email: if Email::parse(email).is_ok() {
                email
            } else {
                ""
            },
            active: !user.deleted,
            program: user.is_bot || user.id == SLACKBOT,
        };
        if !new.program && !new.email.is_empty() {
            let found = self.ctx.store.credentials(new.email).await?;
            if let Some(found) = found {
                let name = found.account.card.name.as_str().to_owned();
                if self.wanted.match_email {
                    self.report.matched += 1;
                    return self.matched(&new, found.account.card.id, name).await;
                }
                self.report.warn(format!(
                    "{name} here has the address {email} of somebody there. Addresses are not verified: if you trust that \
                     it is the same person, import with --match-email; else they get an account of their own to claim"
                ));
            }
        }
        self.make(new).await
    }

    /// Somebody who has an account here.
    async fn matched(
        &mut self,
        new: &New<'_>,
        id: UserId,
        name: String,
    ) -> Result<(), ImportError> {
        if !self.dry {
            self.keep(new, Identity::Known(id)).await?;
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

    async fn make(&mut self, new: New<'_>) -> Result<(), ImportError> {
        let name = self.free_name(&new).await?;
        let shown = name.as_str().to_owned();
        let id = if self.dry {
            self.people.taken.insert(name.key().to_owned());
            self.people.unmade -= 1;
            UserId(self.people.unmade)
        } else {
            let identity = if new.program {
                Identity::Program(name)
            } else {
                Identity::Placeholder(name)
            };
            self.keep(&new, identity).await?
        };
        if new.program {
            self.report.programs += 1;
        } else {
            self.report.people += 1;
        }
        let person = Person {
            id,
            name: shown,
            active: new.active,
            fresh: true,
            here: false,
        };
        self.people.all.insert(new.key.to_owned(), person);
        Ok(())
    }

    async fn keep(&self, new: &New<'_>, identity: Identity) -> Result<UserId, StoreError> {
        let person = NewImportedPerson {
            source: Source::Slack,
            key: new.key.to_owned(),
            identity,
            email: new.email.to_owned(),
            active: new.active,
            now: self.ctx.now(),
        };
        self.ctx.store.import_person(person).await
    }

    /// The first of somebody's names that may be one here, with a number behind it where it is taken.
    async fn free_name(&self, new: &New<'_>) -> Result<UserName, ImportError> {
        let most = self.ctx.settings.limits.name_max;
        let by_key = format!("slack-{}", new.key.to_lowercase());
        let wanted = new.names.iter().copied().chain([by_key.as_str(), "slack"]);
        for text in wanted {
            let text = words::name(text);
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

    /// Who wrote a message; who is in no list gets an account that nobody is asked to claim. `None` where nobody did.
    pub(super) async fn author(
        &mut self,
        message: &Message,
    ) -> Result<Option<UserId>, ImportError> {
        let by_name = message.username.as_ref().map(|name| format!("name:{name}"));
        let keys = [&message.user, &message.bot_id, &by_name];
        let Some(key) = keys.into_iter().flatten().find(|key| !key.is_empty()) else {
            return Ok(None);
        };
        if self.people.get(key).is_none() {
            let profile = message
                .user_profile
                .as_ref()
                .or(message.bot_profile.as_ref());
            let called =
                profile.map(|profile| [&profile.display_name, &profile.real_name, &profile.name]);
            let mut names: Vec<_> = called
                .into_iter()
                .flatten()
                .flatten()
                .map(String::as_str)
                .collect();
            names.extend(message.username.as_deref());
            let program = message.user.as_ref().is_none_or(|user| user == SLACKBOT);
            let new = New {
                key,
                names,
                email: "",
                active: false,
                program,
            };
            self.make(new).await?;
        }
        Ok(self.people.get(key).map(|person| person.id))
    }
}

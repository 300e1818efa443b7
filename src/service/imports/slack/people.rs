//! People and programs of the workspace.

use super::{
    Slack,
    export::{Message, User},
};
use crate::{
    model::UserId,
    service::imports::{
        ImportError,
        people::{Login, New},
    },
};

/// Slack itself, which speaks without being in the list.
const SLACKBOT: &str = "USLACKBOT";

impl Slack<'_> {
    /// Brings everybody in the list of people.
    pub(super) async fn bring_people(&mut self) -> Result<(), ImportError> {
        let users = std::mem::take(&mut self.export.users);
        for user in &users {
            if self.import.people.get(&user.id).is_none() {
                self.import.bring_person(new(user)).await?;
            }
        }
        Ok(())
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
        if self.import.people.get(key).is_none() {
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
                login: if program {
                    Login::Program
                } else {
                    Login::Claim
                },
            };
            self.import.make(new, None).await?;
        }
        Ok(self.import.people.get(key).map(|person| person.id))
    }
}

fn new(user: &User) -> New<'_> {
    let profile = &user.profile;
    let names = [&profile.display_name, &profile.real_name, &user.name];
    let program = user.is_bot || user.id == SLACKBOT;
    New {
        key: &user.id,
        names: names.into_iter().flatten().map(String::as_str).collect(),
        email: profile.email.as_deref().unwrap_or_default(),
        active: !user.deleted,
        login: if program {
            Login::Program
        } else {
            Login::Claim
        },
    }
}

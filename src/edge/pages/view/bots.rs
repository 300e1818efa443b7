//! What the page of one's bots shows.

use askama::Template;

use super::{FieldError, FieldErrors, Shell};

/// A bot.
#[derive(Clone, Debug, Default)]
pub struct BotRow {
    /// Its account's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its tokens.
    pub tokens: Vec<TokenRow>,
}

/// A token of a bot.
#[derive(Clone, Debug, Default)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// "read, write".
    pub scopes: String,
    /// The day it was made: "3 March 2025".
    pub made: String,
}

/// `/settings/bots`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/bots.html")]
pub struct BotsPage {
    /// The page's surroundings.
    pub shell: Shell,
    /// My bots.
    pub bots: Vec<BotRow>,
    /// The token that was just made.
    pub token: Option<String>,
    /// Where one shows first who one is, before one can make a token, if one has to.
    pub confirm: Option<String>,
    /// The name that was typed.
    pub name: String,
    /// The label that was typed.
    pub label: String,
    /// The bot that the form which failed was about; 0 for the form that makes one.
    pub about: i64,
    /// Fields: `name` (make), `label` and `scopes` (token), and `""`.
    pub errors: Vec<FieldError>,
}

impl BotsPage {
    /// The message about `field` of the form for this bot.
    fn error(&self, bot: &BotRow, field: &str) -> Option<&str> {
        let about = (self.about == bot.id).then_some(&self.errors);
        about.and_then(|errors| errors.of(field))
    }

    /// The message about `field` of the form that makes a bot.
    fn new_error(&self, field: &str) -> Option<&str> {
        let about = (self.about == 0).then_some(&self.errors);
        about.and_then(|errors| errors.of(field))
    }

    /// What was typed as the label of a token for this bot.
    fn typed(&self, bot: &BotRow) -> &str {
        if self.about == bot.id {
            &self.label
        } else {
            ""
        }
    }
}

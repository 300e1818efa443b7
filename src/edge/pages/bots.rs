//! One's bots and their tokens.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    confirm, times,
    view::{BotRow, BotsPage, TokenRow},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Pair, Segment, bots::bot},
        body::FormBody,
    },
    error::Result,
    model,
    service::{
        Faults, bots,
        proof::{self, Act, Proof},
    },
};

const PATH: &str = "/settings/bots";

/// `GET /settings/bots`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn) -> Answered {
    let mut page = page(&site, &user).await?;
    page.token = user.visitor.handed_on();
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn) -> Result<BotsPage> {
    let bots = bots::list(&site.ctx, &user.caller).await?;
    Ok(BotsPage {
        shell: user.shell("Bots"),
        bots: bots.iter().map(row).collect(),
        confirm: (!proof::is_recent(&site.ctx, &user.caller, Act::BotTokens))
            .then(|| confirm::address(PATH)),
        ..BotsPage::default()
    })
}

fn row(bot: &model::Bot) -> BotRow {
    let token = |token: &model::BotToken| TokenRow {
        id: token.id.clone(),
        label: token.label.clone(),
        scopes: token.scopes.names().collect::<Vec<_>>().join(", "),
        made: times::day_of_year(token.created_at),
    };
    BotRow {
        id: bot.card.id.0,
        name: bot.card.name.as_str().to_owned(),
        tokens: bot.tokens.iter().map(token).collect(),
    }
}

/// The forms of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BotForm {
    csrf: String,
    name: String,
    label: String,
    read: String,
    write: String,
    join: String,
}

/// The page after a form failed; `bot` is the one that the form was about.
async fn again(
    site: &Site,
    user: &LoggedIn,
    bot: i64,
    form: BotForm,
    faults: &Faults,
) -> Result<Response> {
    let mut page = page(site, user).await?;
    page.errors = field_errors(faults, &["name", "label", "scopes"]);
    (page.about, page.name, page.label) = (bot, form.name, form.label);
    Ok(refused(&page, faults))
}

/// `POST /settings/bots`.
pub(super) async fn create(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<BotForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    match bots::create(&site.ctx, &user.caller, &form.name).await {
        Ok(_) => Ok(see(PATH)),
        Err(faults) => Ok(again(&site, &user, 0, form, &faults).await?),
    }
}

/// `POST /settings/bots/{id}/tokens`: makes a token; the next page shows it once.
pub(super) async fn issue_token(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<BotForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    if let Some(first) = confirm::first(&site, &user, Act::BotTokens, PATH) {
        return Ok(first);
    }
    let bot = bot(&id)?;
    let chosen = [
        ("read", &form.read),
        ("write", &form.write),
        ("join", &form.join),
    ];
    let scopes: Vec<&str> = chosen
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, _)| *name)
        .collect();
    match bots::issue_token(
        &site.ctx,
        &user.caller,
        bot,
        &form.label,
        &scopes,
        Proof::default(),
    )
    .await
    {
        Ok((token, _)) => {
            user.visitor.hand_on(token.reveal());
            Ok(see(PATH))
        }
        Err(faults) => Ok(again(&site, &user, bot.0, form, &faults).await?),
    }
}

/// `POST /settings/bots/{id}/tokens/{token}/end`.
pub(super) async fn end_token(
    State(site): State<Shared>,
    user: LoggedIn,
    Pair(id, token): Pair,
    FormBody(form): FormBody<BotForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    bots::end_token(&site.ctx, &user.caller, bot(&id)?, &token).await?;
    Ok(see(PATH))
}

/// `POST /settings/bots/{id}/delete`.
pub(super) async fn delete(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<BotForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let id = bot(&id)?;
    bots::delete(&site.ctx, &user.caller, id).await?;
    Ok(see(PATH))
}

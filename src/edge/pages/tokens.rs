//! One's tokens: which programs speak for one, and how that begins and ends.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login::Confirmation,
    times,
    view::{OwnTokenRow, Ticks, TokensPage},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, Site, api::Segment, body::FormBody},
    error::{Error, Result},
    model::{OwnToken, Scope, Scopes, Timestamp},
    service::{
        Faults,
        tokens::{self, Wanted},
    },
};

const PATH: &str = "/settings/tokens";

/// For how long a token holds unless another time is chosen: 90 days, in seconds.
const USUAL: &str = "7776000";

/// `GET /settings/tokens`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn) -> Answered {
    let mut page = page(&site, &user).await?;
    page.made = user.visitor.handed_on();
    USUAL.clone_into(&mut page.expires_in);
    page.ticks.read = true;
    Ok(render(&page))
}

async fn page(site: &Site, user: &LoggedIn) -> Result<TokensPage> {
    let now = site.ctx.now();
    let tokens = tokens::list(&site.ctx, &user.caller).await?;
    Ok(TokensPage {
        shell: user.shell("Tokens"),
        tokens: tokens.iter().map(|token| row(token, now)).collect(),
        ..TokensPage::default()
    })
}

fn row(token: &OwnToken, now: Timestamp) -> OwnTokenRow {
    let at = |at: Timestamp| format!("{}, {} UTC", times::day(at, now), times::clock(at));
    let ends = |at: Timestamp| format!("{}, {} UTC", times::day_of_year(at), times::clock(at));
    OwnTokenRow {
        id: token.id.clone(),
        label: token.label.clone(),
        may: may(token.scopes.as_ref()),
        made: times::day_of_year(token.created_at),
        used: token.used_at.map(at),
        ends: token.expires_at.map(ends),
    }
}

/// What a token may do, in words: "read, write".
fn may(scopes: Option<&Scopes>) -> String {
    let whole = |scopes: &Scopes| Scope::ALL.iter().all(|scope| scopes.has(*scope));
    let some = scopes.filter(|scopes| !whole(scopes));
    some.map_or_else(
        || "everything".to_owned(),
        |scopes| scopes.names().collect::<Vec<_>>().join(", "),
    )
}

/// The form that makes a token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenForm {
    csrf: String,
    label: String,
    read: String,
    write: String,
    join: String,
    account: String,
    expires_in: String,
    current_password: String,
}

impl TokenForm {
    fn ticks(&self) -> Ticks {
        Ticks {
            read: !self.read.is_empty(),
            write: !self.write.is_empty(),
            join: !self.join.is_empty(),
            account: !self.account.is_empty(),
        }
    }

    fn expires_in(&self) -> Result<Option<i64>> {
        if self.expires_in.is_empty() {
            return Ok(None);
        }
        let text = "Choose for how long the token holds.";
        let seconds = self.expires_in.parse().map(Some);
        seconds.map_err(|_| Error::invalid("expires_in", text))
    }
}

/// `POST /settings/tokens`: makes a token; the next page shows it once.
pub(super) async fn issue(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<TokenForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let ticks = form.ticks();
    let chosen = [ticks.read, ticks.write, ticks.join, ticks.account];
    let scopes: Vec<&str> = Scope::ALL
        .iter()
        .zip(chosen)
        .filter_map(|(scope, chosen)| chosen.then_some(scope.as_str()))
        .collect();
    let expires_in = match form.expires_in() {
        Ok(seconds) => seconds,
        Err(error) => return Ok(again(&site, &user, form, &vec![error]).await?),
    };
    let wanted = Wanted {
        label: &form.label,
        scopes: Some(&scopes),
        expires_in,
    };
    match tokens::issue_own(&site.ctx, &user.caller, &form.current_password, wanted).await {
        Ok(issued) => {
            user.visitor.hand_on(issued.token.reveal());
            Ok(see(PATH))
        }
        Err(faults) => Ok(again(&site, &user, form, &faults).await?),
    }
}

/// The page after the form failed.
async fn again(site: &Site, user: &LoggedIn, form: TokenForm, faults: &Faults) -> Result<Response> {
    let mut page = page(site, user).await?;
    let fields = ["label", "scopes", "expires_in", "current_password"];
    page.errors = field_errors(faults, &fields);
    page.ticks = form.ticks();
    (page.purpose, page.expires_in) = (form.label, form.expires_in);
    Ok(refused(&page, faults))
}

/// `POST /settings/tokens/{id}/end`.
pub(super) async fn end(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    tokens::end(&site.ctx, &user.caller, &id).await?;
    Ok(see(PATH))
}

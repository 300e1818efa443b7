//! Accounts, for who runs the site: found, made, disabled, given a new password, and who else runs the site.

use axum::extract::State;
use serde::Deserialize;

use super::{
    super::{
        Answered,
        answer::{field_errors, refused, render, see},
        confirm, times,
        view::{AdminPeoplePage, AdminPerson, AdminPersonPage},
        visit::{LoggedIn, encoded},
    },
    DeedForm,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment, user_id},
        body::FormBody,
    },
    error::Result,
    model::{Listed, Timestamp, UserId},
    service::{administration, confirmed, proof::Act, reports},
    wire::administration::{NewSiteUser, SiteUser, TakeUserDeed},
};

const PATH: &str = "/admin/people";

/// `GET /admin/people`.
pub(in crate::edge::pages) async fn list(
    State(site): State<Shared>,
    user: LoggedIn,
    params: Params,
) -> Answered {
    let after = params.number("after")?;
    let page = page(&site, &user, params.text("query"), after).await?;
    Ok(render(&page))
}

async fn page(
    site: &Site,
    user: &LoggedIn,
    query: &str,
    after: Option<i64>,
) -> Result<AdminPeoplePage> {
    let (ctx, caller) = (&site.ctx, &user.caller);
    let (found, more) = administration::list_users(ctx, caller, query, after, None).await?;
    let now = ctx.now();
    let last = found.last().filter(|_| more);
    Ok(AdminPeoplePage {
        shell: user.shell("People"),
        query: query.to_owned(),
        next: last.map(|last| {
            let after = last.account.card.id.0;
            format!("{PATH}?query={}&after={after}", encoded(query))
        }),
        people: found.iter().map(|listed| person(listed, now)).collect(),
        ..AdminPeoplePage::default()
    })
}

fn person(listed: &Listed, now: Timestamp) -> AdminPerson {
    let account = &listed.account;
    AdminPerson {
        id: account.card.id.0,
        name: account.card.name.as_str().to_owned(),
        email: account.email.as_str().to_owned(),
        admin: account.admin,
        disabled: listed.disabled_at.is_some(),
        human: !account.card.bot && !listed.waits,
        state: SiteUser::from(listed).state(),
        made: times::day_of_year(account.created_at),
        seen: listed.seen_at.map(|at| times::day(at, now)),
    }
}

/// The form for a new account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::edge::pages) struct NewPersonForm {
    csrf: String,
    name: String,
    email: String,
    admin: String,
}

/// `POST /admin/people`: makes an account; its own page shows the password once.
pub(in crate::edge::pages) async fn create(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<NewPersonForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    reports::admin(&user.caller)?;
    let new = NewSiteUser {
        name: form.name,
        email: form.email,
        admin: !form.admin.is_empty(),
        ..NewSiteUser::default()
    };
    if new.admin
        && let Some(first) = confirm::first(&site, &user, Act::Account, PATH)
    {
        return Ok(first);
    }
    match confirmed::create_user(&site.ctx, &user.caller, &new).await {
        Ok(made) => {
            let id = made.users.first().map(|made| made.id).unwrap_or_default();
            user.visitor.hand_on(&made.password.unwrap_or_default());
            Ok(see(&format!("{PATH}/{id}")))
        }
        Err(faults) => {
            let page = AdminPeoplePage {
                name: new.name,
                email: new.email,
                admin: new.admin,
                errors: field_errors(&faults, &["name", "email"]),
                ..page(&site, &user, "", None).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

/// `GET /admin/people/{id}`.
pub(in crate::edge::pages) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    params: Params,
) -> Answered {
    let mut page = person_page(&site, &user, user_id(&id)).await?;
    page.shell.flash = done(params.text("done")).map(str::to_owned);
    page.password = user.visitor.handed_on();
    Ok(render(&page))
}

async fn person_page(site: &Site, user: &LoggedIn, id: UserId) -> Result<AdminPersonPage> {
    let found = administration::user(&site.ctx, &user.caller, id).await?;
    let person = person(&found, site.ctx.now());
    Ok(AdminPersonPage {
        shell: user.shell(&person.name),
        own: id == user.caller.id(),
        person,
        ..AdminPersonPage::default()
    })
}

/// What was just done, in words.
fn done(action: &str) -> Option<&'static str> {
    Some(match action {
        "disable" => "The account is disabled. Every session and token of it has ended.",
        "enable" => "The account is open.",
        "promote" => "This person runs the site from now on.",
        "demote" => {
            "This person no longer runs the site. Every session and token of theirs has ended."
        }
        "reset_password" => "Every session and token of the account has ended.",
        _ => return None,
    })
}

/// `POST /admin/people/{id}`.
pub(in crate::edge::pages) async fn change(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<DeedForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let id = user_id(&id);
    reports::admin(&user.caller)?;
    let deed = form.deed();
    if matches!(deed, Ok(deed) if confirmed::asks_proof(deed))
        && let Some(first) = confirm::first(&site, &user, Act::Account, &format!("{PATH}/{}", id.0))
    {
        return Ok(first);
    }
    let changed = async {
        let deed = TakeUserDeed {
            action: deed?,
            confirm: Some(form.confirm.clone()),
            current_password: None,
            code: None,
        };
        confirmed::change_user(&site.ctx, &user.caller, id, &deed).await
    };
    match changed.await {
        Ok(outcome) => {
            if let Some(password) = &outcome.password {
                user.visitor.hand_on(password);
            }
            Ok(see(&format!("{PATH}/{}?done={}", id.0, form.action)))
        }
        Err(error) => {
            let faults = [error];
            let page = AdminPersonPage {
                action: form.failed(&faults),
                errors: field_errors(&faults, &["confirm"]),
                ..person_page(&site, &user, id).await?
            };
            Ok(refused(&page, &faults))
        }
    }
}

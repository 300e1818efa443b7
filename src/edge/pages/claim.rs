//! Where a claim link leads: an account that was imported waits there for its person.

use axum::extract::State;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login,
    register::RegisterForm,
    view::ClaimPage,
    visit::{Anybody, shell},
};
use crate::{
    edge::{Shared, api::Segment, body::FormBody, caller::Visitor},
    model::Unclaimed,
    service::claims,
    wire::bodies::NewUser,
};

/// `GET /claim/{token}`.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    let waiting = claims::look(&site.ctx, &token).await?;
    Ok(render(&page(&visitor, &token, &waiting)))
}

fn page(visitor: &Visitor, token: &str, waiting: &Unclaimed) -> ClaimPage {
    let account = waiting.card.name.as_str();
    ClaimPage {
        shell: shell(visitor, "Take your account"),
        action: format!("/claim/{token}"),
        account: account.to_owned(),
        name: account.to_owned(),
        email: waiting.email.clone(),
        ..ClaimPage::default()
    }
}

/// `POST /claim/{token}`.
pub(super) async fn take(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
    FormBody(form): FormBody<RegisterForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let waiting = claims::look(&site.ctx, &token).await?;
    let new = NewUser::from(form);
    match claims::take(&site.ctx, &visitor.origin, &token, &new).await {
        Ok(account) => {
            login::begin(&site, &visitor, &account).await?;
            Ok(see("/"))
        }
        Err(faults) => {
            let page = ClaimPage {
                name: new.name,
                email: new.email,
                errors: field_errors(&faults, &["name", "email", "password"]),
                ..page(&visitor, &token, &waiting)
            };
            Ok(refused(&page, &faults))
        }
    }
}

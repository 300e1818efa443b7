//! Getting back into an account whose password is forgotten.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    view::{RecoverPage, RecoverTokenPage},
    visit::{Anybody, shell},
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
        body::FormBody,
        caller::Visitor,
    },
    service::recovery,
};

/// Where one logs in with the new password.
const DONE: &str = "/login?done=recovered";

/// The forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RecoverForm {
    csrf: String,
    login: String,
    recovery_code: String,
    password: String,
}

fn page(site: &Site, visitor: &Visitor) -> RecoverPage {
    RecoverPage {
        shell: shell(visitor, "Forgotten password"),
        by_mail: recovery::by_mail(&site.ctx),
        ..RecoverPage::default()
    }
}

/// `GET /recover`.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    params: Params,
) -> Answered {
    let mut page = page(&site, &visitor);
    page.sent = !params.text("sent").is_empty();
    Ok(render(&page))
}

/// `POST /recover`: by mail where it is set up, else by a recovery code.
pub(super) async fn send(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    FormBody(form): FormBody<RecoverForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let (ctx, origin) = (&site.ctx, &visitor.origin);
    let (done, path) = if recovery::by_mail(ctx) {
        let asked = recovery::ask(ctx, origin, &form.login);
        (asked.map_err(|error| vec![error]), "/recover?sent=1")
    } else {
        let (login, code) = (&form.login, &form.recovery_code);
        let recovered = recovery::by_code(ctx, origin, login, code, &form.password);
        (recovered.await, DONE)
    };
    match done {
        Ok(()) => Ok(see(path)),
        Err(faults) => {
            let page = RecoverPage {
                login: form.login,
                errors: field_errors(&faults, &["login", "recovery_code", "password"]),
                ..page(&site, &visitor)
            };
            Ok(refused(&page, &faults))
        }
    }
}

fn token_page(visitor: &Visitor, token: &str, account: &str) -> RecoverTokenPage {
    RecoverTokenPage {
        shell: shell(visitor, "A new password"),
        action: format!("/recover/{token}"),
        account: account.to_owned(),
        ..RecoverTokenPage::default()
    }
}

/// `GET /recover/{token}`.
pub(super) async fn show_token(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    let (token, account) = recovery::look(&site.ctx, &token).await?;
    let name = account.card.name.as_str();
    Ok(render(&token_page(&visitor, token.reveal(), name)))
}

/// `POST /recover/{token}`.
pub(super) async fn send_token(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
    FormBody(form): FormBody<RecoverForm>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let (sent, account) = recovery::look(&site.ctx, &token).await?;
    let recovered = recovery::by_link(&site.ctx, &visitor.origin, &token, &form.password);
    match recovered.await {
        Ok(()) => Ok(see(DONE)),
        Err(error) => {
            let faults = [error];
            let page = RecoverTokenPage {
                errors: field_errors(&faults, &["password"]),
                ..token_page(&visitor, sent.reveal(), account.card.name.as_str())
            };
            Ok(refused(&page, &faults))
        }
    }
}

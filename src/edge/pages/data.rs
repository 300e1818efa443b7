//! One's data: a copy of it, and how it goes, all of it.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    confirm,
    login::{Confirmation, without_storage},
    view::DataPage,
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, Site, api::export::answer, body::FormBody},
    error::{Error, Result},
    service::{Faults, closing, exports, proof},
    wire::bodies::{DeleteMe, SaidBefore},
};

/// `GET /settings/data`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn) -> Answered {
    Ok(render(&page(&site, &user).await?))
}

async fn page(site: &Site, user: &LoggedIn) -> Result<DataPage> {
    Ok(DataPage {
        shell: user.shell("Your data"),
        has_password: proof::has_password(&site.ctx, &user.caller).await?,
        ..DataPage::default()
    })
}

/// `POST /settings/data/export`: the archive, sent while it is made.
pub(super) async fn export(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    match exports::begin(&site.ctx, &user.caller) {
        Ok(export) => Ok(answer(&site, export)),
        Err(error) => {
            let mut page = page(&site, &user).await?;
            page.export_error = Some(error.message.clone());
            Ok(refused(&page, &[error]))
        }
    }
}

/// The form that deletes the account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteForm {
    csrf: String,
    messages: String,
    confirm: String,
    current_password: String,
}

/// `POST /settings/data/delete`: deletes the account, and logs this browser out.
pub(super) async fn delete(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<DeleteForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let messages = match form.messages.as_str() {
        "keep" => SaidBefore::Keep,
        "remove" => SaidBefore::Remove,
        _ => {
            let text = "Choose what becomes of your messages.";
            let faults = vec![Error::invalid("messages", text)];
            return again(&site, &user, form, &faults).await;
        }
    };
    if proof::asks_code(&site.ctx, &user.caller).await? {
        return Ok(see(&confirm::address("/settings/data")));
    }
    let asked = DeleteMe {
        confirm: form.confirm.clone(),
        current_password: form.current_password.clone(),
        code: None,
        messages,
    };
    if let Err(faults) = closing::close_own(&site.ctx, &user.caller, &asked).await {
        return again(&site, &user, form, &faults).await;
    }
    user.visitor.end_session();
    Ok(without_storage(see("/login?done=deleted")))
}

/// The page after the form failed.
async fn again(site: &Site, user: &LoggedIn, form: DeleteForm, faults: &Faults) -> Answered {
    let mut page = page(site, user).await?;
    let fields = ["messages", "confirm", "current_password"];
    page.errors = field_errors(faults, &fields);
    page.remove = form.messages == "remove";
    page.confirm = form.confirm;
    Ok(refused(&page, faults))
}

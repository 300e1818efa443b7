//! One's own account: name, e-mail, password. Each section of the page is a form of its own.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    view::ProfilePage,
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, Site, api::Params, body::FormBody},
    error::{Error, Result},
    service::{passwords, profile, proof, sign_on},
    wire::bodies::PatchMe,
};

/// `GET /profile`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let mut page = page(&site, &user).await?;
    page.shell.flash = saved(params.text("saved")).map(str::to_owned);
    if let (Some(flash), Ok(score)) = (&mut page.shell.flash, params.text("strength").parse()) {
        flash.insert_str(0, &format!("{} ", passwords::words(score)));
    }
    Ok(render(&page))
}

/// What a change that was just made is called.
fn saved(section: &str) -> Option<&'static str> {
    match section {
        "name" => Some("Your name is saved."),
        "email" => Some("Your e-mail is saved."),
        "address" => Some(
            "Two mails are on their way, to the old and the new address. The new one holds once the links in both were used.",
        ),
        "password" => Some("Your password is saved. Every other device is logged out."),
        "photo" => Some("Your photo is saved."),
        "no-photo" => Some("Your photo is removed."),
        _ => None,
    }
}

async fn page(site: &Site, user: &LoggedIn) -> Result<ProfilePage> {
    let account = &user.caller.account;
    Ok(ProfilePage {
        has_password: proof::has_password(&site.ctx, &user.caller).await?,
        sign_on: sign_on::name(&site.ctx),
        shell: user.shell("Profile"),
        name: account.card.name.as_str().to_owned(),
        email: account.email.as_str().to_owned(),
        ..ProfilePage::default()
    })
}

/// The forms of the page, by `section`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileForm {
    csrf: String,
    section: String,
    name: String,
    email: String,
    password: String,
    current_password: String,
}

/// `POST /profile`.
pub(super) async fn change(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<ProfileForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let patch = patch(&form)?;
    match profile::change(&site.ctx, &user.caller, &patch).await {
        Ok(changed) => {
            if let Some(session) = &changed.session {
                user.visitor.begin_session(&site, session);
            }
            let strength = changed
                .strength
                .map(|strength| format!("&strength={}", strength.score));
            let strength = strength.unwrap_or_default();
            let section = if changed.address_waits {
                "address"
            } else {
                &form.section
            };
            Ok(see(&format!("/profile?saved={section}{strength}")))
        }
        Err(faults) => {
            let mut page = page(&site, &user).await?;
            page.name = patch.name.unwrap_or(page.name);
            page.email = patch.email.unwrap_or(page.email);
            Ok(again(page, &form.section, &faults))
        }
    }
}

fn patch(form: &ProfileForm) -> Result<PatchMe> {
    let none = PatchMe::default();
    match form.section.as_str() {
        "name" => Ok(PatchMe {
            name: Some(form.name.clone()),
            ..none
        }),
        "email" => Ok(PatchMe {
            email: Some(form.email.clone()),
            current_password: Some(form.current_password.clone()),
            ..none
        }),
        "password" => Ok(PatchMe {
            password: Some(form.password.clone()),
            current_password: Some(form.current_password.clone()),
            ..none
        }),
        _ => Err(Error::invalid(
            "section",
            "The section is name, email or password. Reload the page and try again.",
        )),
    }
}

/// The page after a section's form failed.
fn again(page: ProfilePage, section: &str, faults: &[Error]) -> Response {
    let errors = field_errors(
        faults,
        &["photo", "name", "email", "current_password", "password"],
    );
    refused(
        &ProfilePage {
            section: section.to_owned(),
            errors,
            ..page
        },
        faults,
    )
}

/// The page after the form for the photo failed.
pub(super) async fn photo_refused(site: &Site, user: &LoggedIn, error: Error) -> Answered {
    Ok(again(page(site, user).await?, "photo", &[error]))
}

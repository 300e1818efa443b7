//! The way to the OpenID Connect provider and back, and the page on which an account is linked with it.

use axum::extract::State;

use super::{
    Answered,
    answer::{render, see},
    confirm, login,
    view::SignOnPage,
    visit::{Anybody, LoggedIn, encoded, leading_to, local_path},
};
use crate::{
    edge::{Shared, api::Params, body::FormBody},
    service::{
        proof::{Act, Proof},
        sign_on::{self, Arrived, Purpose, Returned},
    },
};

const PATH: &str = "/settings/oidc";

/// The address of the button, from which it leads on to `next`.
pub(super) fn address(next: &str) -> String {
    leading_to("/login/oidc", next)
}

/// `GET /login/oidc`: on to the provider. Whoever is logged in shows there once more who they are.
pub(super) async fn go(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    params: Params,
) -> Answered {
    let next = local_path(params.text("next")).unwrap_or("/");
    let invite = params.text("invite");
    let purpose = match &visitor.caller {
        Some(_) => Purpose::Confirm,
        None if invite.is_empty() => Purpose::LogIn,
        None => Purpose::Invited(invite.to_owned()),
    };
    let next = match &purpose {
        Purpose::Invited(token) => format!("/invite/{}", encoded(token)),
        _ => next.to_owned(),
    };
    let (token, address) = sign_on::begin(&site.ctx, &visitor.origin, purpose, &next).await?;
    visitor.begin_sign_on(&token);
    Ok(see(&address))
}

/// `GET /login/oidc/return`: back from there.
pub(super) async fn back(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    params: Params,
) -> Answered {
    let returned = Returned {
        code: params.text("code"),
        state: params.text("state"),
        error: params.text("error"),
    };
    let token = visitor.begun_sign_on();
    visitor.end_sign_on();
    let (ctx, origin) = (&site.ctx, &visitor.origin);
    let arrived = sign_on::finish(ctx, origin, visitor.caller.as_ref(), token, returned).await?;
    match arrived {
        Arrived::LoggedIn {
            account,
            proved_at,
            next,
        } => {
            login::begin_proved(&site, &visitor, &account, proved_at).await?;
            Ok(see(local_path(&next).unwrap_or("/")))
        }
        Arrived::Linked => Ok(see("/settings/oidc?done=linked")),
    }
}

/// `GET /settings/oidc`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let Some(name) = sign_on::name(&site.ctx) else {
        return Err(sign_on::none().into());
    };
    let state = sign_on::state(&site.ctx, &user.caller).await?;
    let mut page = SignOnPage {
        shell: user.shell("Single sign-on"),
        name: name.clone(),
        linked: state.identity.is_some(),
        has_password: state.has_password,
        address: None,
    };
    page.shell.flash = match params.text("done") {
        "linked" => Some(format!("Your account is linked with {name}.")),
        "unlinked" => Some(format!("Your account is not linked with {name} any more.")),
        _ => None,
    };
    Ok(render(&page))
}

/// `POST /settings/oidc`: the page with the way to the provider. It is a link, since no form of ours leads to another site.
pub(super) async fn link(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<login::Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let Some(name) = sign_on::name(&site.ctx) else {
        return Err(sign_on::none().into());
    };
    if let Some(first) = confirm::first(&site, &user, Act::Account, PATH) {
        return Ok(first);
    }
    let (token, address) = sign_on::begin_link(&site.ctx, &user.caller).await?;
    user.visitor.begin_sign_on(&token);
    Ok(render(&SignOnPage {
        shell: user.shell("Single sign-on"),
        name,
        linked: false,
        has_password: true,
        address: Some(address),
    }))
}

/// `POST /settings/oidc/unlink`.
pub(super) async fn unlink(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<login::Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    if let Some(first) = confirm::first(&site, &user, Act::Account, PATH) {
        return Ok(first);
    }
    sign_on::unlink(&site.ctx, &user.caller, Proof::default()).await?;
    Ok(see("/settings/oidc?done=unlinked"))
}

//! Making an account: `/register`, and `/setup/{token}` for the first one.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    login,
    view::{RegisterPage, WaitingPage},
    visit::{Anybody, shell},
};
use crate::{
    edge::{Shared, Site, api::Segment, body::FormBody, caller::Visitor, respond::PageError},
    error::Result,
    service::{
        accounts::{self, Door, Registering},
        sign_on,
    },
    wire::bodies::NewUser,
};

/// Where a new account lands.
const FIRST_ROOM: &str = "/room/lobby";

/// The form in which somebody makes an account, here and where an invitation or a claim leads.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RegisterForm {
    pub(super) csrf: String,
    name: String,
    email: String,
    password: String,
}

impl From<RegisterForm> for NewUser {
    fn from(form: RegisterForm) -> Self {
        Self {
            name: form.name,
            email: form.email,
            password: form.password,
            invite: None,
            claim: None,
        }
    }
}

/// `GET /register`.
pub(super) async fn show(State(site): State<Shared>, Anybody(visitor): Anybody) -> Answered {
    if visitor.caller.is_some() {
        return Ok(see("/"));
    }
    let door = visitor.door();
    form(&site, &visitor, &door, "/register").await
}

/// `GET /setup/{token}`.
pub(super) async fn show_setup(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    let action = setup_path(&token);
    form(&site, &visitor, &Door::Setup(token), &action).await
}

/// `POST /register`.
pub(super) async fn send(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    FormBody(form): FormBody<RegisterForm>,
) -> Answered {
    let door = visitor.door();
    register(&site, &visitor, &door, "/register", form).await
}

/// `POST /setup/{token}`.
pub(super) async fn send_setup(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
    FormBody(form): FormBody<RegisterForm>,
) -> Answered {
    let action = setup_path(&token);
    register(&site, &visitor, &Door::Setup(token), &action, form).await
}

fn setup_path(token: &str) -> String {
    format!("/setup/{token}")
}

/// What somebody who comes by the ordinary door finds.
pub(super) async fn offer(site: &Site, visitor: &Visitor) -> Result<Registering> {
    accounts::registering(&site.ctx, &visitor.door()).await
}

/// The page for everybody but the owner until there is one.
pub(super) fn waiting(visitor: &Visitor) -> Response {
    let page = WaitingPage {
        shell: shell(visitor, "Not open yet"),
    };
    (StatusCode::SERVICE_UNAVAILABLE, render(&page)).into_response()
}

/// The empty form, or the reason why there is none.
async fn empty(
    site: &Site,
    visitor: &Visitor,
    door: &Door,
    action: &str,
) -> Result<RegisterPage, Response> {
    let found = accounts::registering(&site.ctx, door).await;
    let owner = match found.map_err(|error| PageError(error).into_response())? {
        Registering::AsOwner => true,
        Registering::Open => false,
        Registering::WaitsForOwner => return Err(waiting(visitor)),
        Registering::Closed => return Err(PageError(accounts::closed()).into_response()),
    };
    Ok(RegisterPage {
        shell: shell(
            visitor,
            if owner {
                "Open your parlor"
            } else {
                "Make an account"
            },
        ),
        action: action.to_owned(),
        owner,
        sign_on: sign_on::name(&site.ctx).filter(|_| !owner),
        ..RegisterPage::default()
    })
}

async fn form(site: &Site, visitor: &Visitor, door: &Door, action: &str) -> Answered {
    let page = empty(site, visitor, door, action).await;
    Ok(page.map_or_else(|instead| instead, |page| render(&page)))
}

async fn register(
    site: &Site,
    visitor: &Visitor,
    door: &Door,
    action: &str,
    form: RegisterForm,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let page = match empty(site, visitor, door, action).await {
        Ok(page) => page,
        Err(instead) => return Ok(instead),
    };
    let new = NewUser::from(form);
    match accounts::register(&site.ctx, &visitor.origin, door, &new).await {
        Ok(account) => {
            login::begin(site, visitor, &account).await?;
            Ok(see(FIRST_ROOM))
        }
        Err(faults) => {
            let errors = field_errors(&faults, &["name", "email", "password"]);
            let page = RegisterPage {
                name: new.name,
                email: new.email,
                errors,
                ..page
            };
            Ok(refused(&page, &faults))
        }
    }
}

//! Where the links of a new address lead.

use axum::extract::State;

use super::{
    Answered,
    answer::{render, see},
    login::Confirmation,
    view::AddressPage,
    visit::{Anybody, shell},
};
use crate::{
    edge::{
        Shared,
        api::{Params, Segment},
        body::FormBody,
    },
    service::addresses,
};

/// `GET /address/{token}`. Opening it does nothing yet: programs that look through mails open links, too.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    let (token, account, email) = addresses::look(&site.ctx, &token).await?;
    Ok(render(&AddressPage {
        shell: shell(&visitor, "A new address"),
        action: format!("/address/{}", token.reveal()),
        account: account.card.name.as_str().to_owned(),
        email,
        done: None,
    }))
}

/// `POST /address/{token}`.
pub(super) async fn confirm(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    visitor.check_csrf(&form.csrf)?;
    let holds = addresses::confirm(&site.ctx, &token).await?;
    Ok(see(if holds {
        "/address?done=now"
    } else {
        "/address?done=half"
    }))
}

/// `GET /address`: what came of it.
pub(super) async fn show_done(Anybody(visitor): Anybody, params: Params) -> Answered {
    let done = match params.text("done") {
        "now" => "Your account has its new address.",
        "half" => {
            "Confirmed. The address holds once the link in the mail to the other address was used, too."
        }
        _ => return Ok(see("/profile")),
    };
    Ok(render(&AddressPage {
        shell: shell(&visitor, "A new address"),
        done: Some(done),
        ..AddressPage::default()
    }))
}

//! The way out of mails that stands in each of them: works without logging in, and by one `POST` of a mail program
//! (RFC 8058). The token in the address is what proves whose mails they are.

use axum::extract::State;

use super::{
    Answered,
    answer::render,
    view::MailOffPage,
    visit::{Anybody, shell},
};
use crate::{
    edge::{Shared, api::Segment},
    service::mailing,
};

/// `GET /mail/off/{token}`: asks first, since mail programs open links by themselves.
pub(super) async fn show(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    mailing::whose(&site.ctx, &token)?;
    Ok(render(&MailOffPage {
        shell: shell(&visitor, "Mails"),
        token,
        done: false,
    }))
}

/// `POST /mail/off/{token}`.
pub(super) async fn turn_off(
    State(site): State<Shared>,
    Anybody(visitor): Anybody,
    Segment(token): Segment,
) -> Answered {
    mailing::turn_off(&site.ctx, &token).await?;
    Ok(render(&MailOffPage {
        shell: shell(&visitor, "Mails"),
        token,
        done: true,
    }))
}

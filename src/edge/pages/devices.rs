//! Where one is logged in, and how that ends.

use axum::{extract::State, response::Response};

use super::{
    Answered,
    answer::{render, see},
    login::Confirmation,
    times,
    view::{DevicesPage, SessionRow},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, api::Segment, body::FormBody},
    error::Result,
    model::Device,
    service::devices,
};

const PATH: &str = "/settings/sessions";

/// `GET /settings/sessions`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn) -> Answered {
    let now = site.ctx.now();
    let devices = devices::list(&site.ctx, &user.caller).await?;
    let row = |device: &Device| SessionRow {
        id: device.id.clone(),
        words: device.words(),
        address: device.address.clone(),
        since: times::day_of_year(device.created_at),
        seen: format!(
            "{}, {}",
            times::day(device.used_at, now),
            times::clock(device.used_at)
        ),
        current: device.current,
    };
    Ok(render(&DevicesPage {
        shell: user.shell("Devices"),
        devices: devices.iter().map(row).collect(),
    }))
}

/// `POST /settings/sessions`: ends all others.
pub(super) async fn end_others(
    State(site): State<Shared>,
    user: LoggedIn,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    Ok(back(devices::end_others(&site.ctx, &user.caller).await)?)
}

/// `POST /settings/sessions/{id}/end`.
pub(super) async fn end(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    Ok(back(devices::end(&site.ctx, &user.caller, &id).await)?)
}

fn back(ended: Result<()>) -> Result<Response> {
    ended.map(|()| see(PATH))
}

//! The pages of who runs the site; this one: what was reported. What is said in private rooms shows here only where
//! somebody reported it.

pub(super) mod invites;
pub(super) mod people;
pub(super) mod rooms;

use axum::extract::State;
use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error as Unknown},
};

use super::{
    Answered,
    answer::{render, see},
    login::Confirmation,
    times,
    view::{AdminPage, ReasonRow, ReportRow},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared,
        api::{Params, Segment},
        body::FormBody,
    },
    error::{Error, Result},
    model::Report,
    service::reports,
    wire::avatar,
};

/// `GET /admin`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let resolved = params.text("resolved") == "1";
    let before = params.number("before")?;
    let ctx = &site.ctx;
    let (reports, more) = reports::list(ctx, &user.caller, resolved, before, None).await?;
    let page = AdminPage {
        shell: user.shell("Admin"),
        resolved,
        more_before: reports.last().filter(|_| more).map(|oldest| oldest.id),
        reports: reports.iter().map(report).collect(),
    };
    Ok(render(&page))
}

fn report(report: &Report) -> ReportRow {
    let reasons = report.reasons.iter().map(|reason| ReasonRow {
        name: reason.by.name.as_str().to_owned(),
        reason: reason.reason.as_str().to_owned(),
    });
    ReportRow {
        id: report.id,
        user_id: report.user.id.0,
        name: report.user.name.as_str().to_owned(),
        avatar: avatar(&report.user),
        text: report.message.as_ref().map(|message| message.text.clone()),
        room: report
            .room
            .as_ref()
            .map(|room| room.name.as_str().to_owned()),
        reasons: reasons.collect(),
        time: report.created_at.to_string(),
        full: times::full(report.created_at),
    }
}

/// A form that does something to an account or a room.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeedForm {
    csrf: String,
    action: String,
    confirm: String,
}

impl DeedForm {
    /// What is done, as the wire names it.
    fn deed<T: DeserializeOwned>(&self) -> Result<T> {
        let name = self.action.as_str().into_deserializer();
        let unknown = |_: Unknown| Error::invalid("action", "Choose what to do.");
        T::deserialize(name).map_err(unknown)
    }

    /// Beside which form what is wrong stands: that of the action, unless there is no such one.
    fn failed(&self, faults: &[Error]) -> String {
        let unknown = faults.iter().any(|fault| fault.field == Some("action"));
        if unknown {
            String::new()
        } else {
            self.action.clone()
        }
    }
}

/// `POST /admin/reports/{id}/resolve`.
pub(super) async fn resolve(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(id): Segment,
    FormBody(form): FormBody<Confirmation>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    // What is no number is the number of no report.
    let id = id.parse().unwrap_or_default();
    reports::resolve(&site.ctx, &user.caller, id).await?;
    Ok(see("/admin"))
}

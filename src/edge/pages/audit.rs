//! The site's log, for who runs it.

use axum::extract::State;

use super::{
    Answered,
    answer::render,
    times,
    view::{AuditPage, AuditRow},
    visit::LoggedIn,
};
use crate::{
    edge::{Shared, api::Params},
    model::{COMMAND_LINE, Deed, SiteLogEntry},
    service::administration,
};

/// `GET /admin/audit`.
pub(super) async fn show(State(site): State<Shared>, user: LoggedIn, params: Params) -> Answered {
    let before = params.number("before")?;
    let (entries, more) = administration::log(&site.ctx, &user.caller, before, None).await?;
    let page = AuditPage {
        shell: user.shell("Audit log"),
        more_before: entries.last().filter(|_| more).map(|oldest| oldest.id),
        entries: entries.iter().map(line).collect(),
    };
    Ok(render(&page))
}

fn line(entry: &SiteLogEntry) -> AuditRow {
    let by = match entry.by {
        Some(_) => entry.by_name.clone(),
        None => format!("The {COMMAND_LINE}"),
    };
    let target = &entry.target;
    let text = match entry.deed {
        Deed::CreateUser => format!("{by} made the account {target}."),
        Deed::DisableUser => format!("{by} disabled the account {target}."),
        Deed::EnableUser => format!("{by} enabled the account {target}."),
        Deed::ResetPassword => format!("{by} gave {target} a new password."),
        Deed::PromoteUser => format!("{by} made {target} an admin."),
        Deed::DemoteUser => format!("{by} ended that {target} is an admin."),
        Deed::ArchiveRoom => format!("{by} archived the room {target}."),
        Deed::RestoreRoom => format!("{by} opened the room {target} again."),
        Deed::DeleteRoom => format!("{by} deleted the room {target}."),
        Deed::ResolveReport => format!("{by} resolved what was reported of {target}."),
    };
    AuditRow {
        text,
        from: entry.address.clone(),
        time: entry.created_at.to_string(),
        full: times::full(entry.created_at),
    }
}

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
    model::{CLOSED_NAME, COMMAND_LINE, Deed, SiteLogEntry},
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
        // Who deletes their own account is not called by a name.
        Deed::DeleteUser if entry.by_name == CLOSED_NAME => {
            format!("The {target} was deleted by its person.")
        }
        Deed::DeleteUser => format!("{by} deleted the {target}."),
        Deed::ExportUser => format!("{by} took an export of the data of {target}."),
        Deed::SweepMessages => {
            format!("The server deleted {target} that were older than their rooms keep them.")
        }
        Deed::ArchiveRoom => format!("{by} archived the room {target}."),
        Deed::RestoreRoom => format!("{by} opened the room {target} again."),
        Deed::DeleteRoom => format!("{by} deleted the room {target}."),
        Deed::TurnOnFactor => format!("{by} switched a second factor on."),
        Deed::TurnOffFactor => format!("{by} switched a second factor off."),
        Deed::RemoveFactors => format!("{by} removed the second factors of {target}."),
        Deed::LinkIdentity => format!("{by} linked their account with single sign-on."),
        Deed::UnlinkIdentity => format!("{by} unlinked their account from single sign-on."),
        Deed::AddPasskey => format!("{by} added a passkey."),
        Deed::RemovePasskey => format!("{by} removed a passkey."),
        Deed::ResolveReport => format!("{by} resolved what was reported of {target}."),
        Deed::CreateInvite => format!("{by} made an invitation to {target}."),
        Deed::RevokeInvite => format!("{by} ended an invitation to {target}."),
    };
    AuditRow {
        text,
        from: entry.address.clone(),
        time: entry.created_at.to_string(),
        full: times::full(entry.created_at),
    }
}

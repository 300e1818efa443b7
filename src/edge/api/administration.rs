//! Running the site as JSON.

use axum::{Json, extract::State};

use super::{Answered, Params};
use crate::{
    edge::{Shared, caller::ApiCaller},
    service::administration,
    wire::administration::{AuditBody, AuditEntry},
};

/// `GET /admin/audit`: for who runs the site.
pub(super) async fn audit(
    State(site): State<Shared>,
    ApiCaller(caller): ApiCaller,
    params: Params,
) -> Answered<AuditBody> {
    let (before, limit) = (params.number("before")?, params.number("limit")?);
    let (entries, more) = administration::log(&site.ctx, &caller, before, limit).await?;
    Ok(Json(AuditBody {
        entries: entries.iter().map(AuditEntry::from).collect(),
        more,
    }))
}

//! Telling the site's admin of a message or a person, and what the admin sees of the site.

use super::{
    Caller, Command, Context, Reply, moderation, permissions,
    rooms::{page_of, page_size},
};
use crate::{
    error::{Code, Error, Result},
    model::{MessageId, NewReport, Operator, Reason, Report, Subject},
    store::StoreError,
    wire::events::{Done, MakeReport},
};

/// Reports a message or a person; one that is reported already is not doubled.
///
/// # Errors
/// `invalid` and `too_long` for its fields; `not_found` for what is not there or not the caller's to see;
/// `forbidden` for oneself; `rate_limited`.
pub async fn report(ctx: &Context, caller: &Caller, report: &MakeReport) -> Result<()> {
    let reason = Reason::parse(&report.reason).map_err(|why| Error::of_field("reason", why))?;
    if reason.as_str().is_empty() {
        return Err(Error::invalid(
            "reason",
            "Say in a few words what is wrong.",
        ));
    }
    let subject = match (report.id, &report.user) {
        (Some(id), None) => Subject::Message(MessageId(id)),
        (None, Some(user)) => Subject::Person(moderation::find(ctx, user).await?),
        _ => {
            return Err(Error::invalid(
                "id",
                "Report one message by its id, or one person by user.",
            ));
        }
    };
    if subject == Subject::Person(caller.id()) {
        return Err(Error::new(Code::Forbidden, "You cannot report yourself."));
    }
    ctx.throttle.report(caller.id())?;
    let new = NewReport {
        subject,
        by: caller.id(),
        reason,
        now: ctx.now(),
        permit: permissions::may_report,
    };
    let kept = ctx.store.report(new).await;
    kept.map(drop).map_err(|error| match error {
        StoreError::NotFound("message") => Error::not_found("message").field("id"),
        StoreError::NotFound("person") => Error::not_found("person").field("user"),
        error => error.into(),
    })
}

/// Who runs the site.
///
/// # Errors
/// `forbidden` for everybody else.
pub fn admin(caller: &Caller) -> Result<()> {
    if caller.account.admin {
        Ok(())
    } else {
        Err(Error::new(
            Code::Forbidden,
            "Only the site's admin may do that.",
        ))
    }
}

/// This person, if they run the site, as its log is to name them.
///
/// # Errors
/// `forbidden`.
pub fn operator(ctx: &Context, caller: &Caller) -> Result<Operator> {
    admin(caller)?;
    Ok(ctx.operator(caller))
}

/// Reports for the admin, the newest first, and whether there are earlier ones.
///
/// # Errors
/// `forbidden`; `invalid` for the limit.
pub async fn list(
    ctx: &Context,
    caller: &Caller,
    resolved: bool,
    before: Option<i64>,
    limit: Option<i64>,
) -> Result<(Vec<Report>, bool)> {
    admin(caller)?;
    let limit = page_size(limit)?;
    let reports = ctx.store.reports(resolved, before, limit + 1).await?;
    Ok(page_of(reports, limit))
}

/// Notes that a report is dealt with.
///
/// # Errors
/// `forbidden`, `not_found`.
pub async fn resolve(ctx: &Context, caller: &Caller, report: i64) -> Result<Report> {
    let by = operator(ctx, caller)?;
    Ok(ctx.store.resolve_report(report, by).await?)
}

impl Command for MakeReport {
    async fn run(self, ctx: &Context, caller: &Caller) -> Result<Reply<Done>> {
        report(ctx, caller, &self).await?;
        Ok(Done {}.into())
    }
}

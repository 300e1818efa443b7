//! Reports, as the store offers them.

use async_trait::async_trait;

use super::Result;
use crate::model::{NewReport, Operator, Report};

/// What people told the site's admin of.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Keeps a report, with what the message says now; one of what is reported already is added to that one, and
    /// a person's second one of the same changes nothing. Answers with the report's number.
    ///
    /// # Errors
    /// `NotFound("message")` or `NotFound("person")`, also where it is not theirs to see; `Denied`.
    async fn report(&self, new: NewReport) -> Result<i64>;

    /// Reports that are resolved or not, the newest first, those before `before`.
    async fn reports(&self, resolved: bool, before: Option<i64>, limit: u32)
    -> Result<Vec<Report>>;

    /// Notes that a person who runs the site has resolved a report, in the site's log too; harmless when it is resolved.
    ///
    /// # Errors
    /// `NotFound("report")`, `Denied`.
    async fn resolve_report(&self, report: i64, by: Operator) -> Result<Report>;
}

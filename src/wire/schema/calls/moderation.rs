//! Calls about keeping order.

use super::{Call, LIMIT, Parameter, Types};
use crate::{
    error::Code,
    wire::{
        bodies::{LogBody, ReportBody, ReportsBody, TakeMeasure},
        events::MakeReport,
    },
};

pub(super) const LOG: [Parameter; 2] = [
    Parameter {
        name: "before",
        words: "Those before this entry's id.",
    },
    LIMIT,
];
const REPORTS: [Parameter; 3] = [
    Parameter {
        name: "resolved",
        words: "1: those that are resolved; 0 or left out: those that are not.",
    },
    Parameter {
        name: "before",
        words: "Those before this report's id.",
    },
    LIMIT,
];

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    [
        Call::new("post", "/rooms/{code}/moderate", "moderate", "Keeps order in a room.")
            .body(Types::taken::<TakeMeasure>).no_content().refused(&[Code::TooLong, Code::Conflict]),
        Call::new("get", "/rooms/{code}/log", "roomLog", "Reads what was done to keep order, the newest first; for moderators.")
            .query(&LOG).answers(200, Types::given::<LogBody>),
        Call::new("post", "/reports", "report", "Tells the site's admin of a message or a person; one that is reported already is not doubled.")
            .body(Types::taken::<MakeReport>).no_content().refused(&[Code::NotFound, Code::TooLong, Code::RateLimited]),
        Call::new("get", "/reports", "reports", "Reads reports, the newest first; for the site's admin.")
            .query(&REPORTS).answers(200, Types::given::<ReportsBody>),
        Call::new("post", "/reports/{id}/resolve", "resolveReport", "Notes that a report is dealt with; for the site's admin.")
            .answers(200, Types::given::<ReportBody>),
    ].map(|call| call.about("moderation")).into()
}

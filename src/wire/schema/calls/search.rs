//! The call that finds messages.

use super::{Call, LIMIT, Parameter, Types};
use crate::{error::Code, wire::events::SearchAck};

const TEXTS: [Parameter; 6] = [
    Parameter {
        name: "query",
        words: "Words that all must be there, the last one perhaps only begun; `\"several words\"` in this order; \
                `from:name`, `in:room`, `before:day`, `after:day`.",
    },
    Parameter {
        name: "room",
        words: "Only in the room of this code.",
    },
    Parameter {
        name: "from",
        words: "Only by the person of this name.",
    },
    Parameter {
        name: "since",
        words: "Only what was sent at this time or later: RFC 3339, or a day in UTC.",
    },
    Parameter {
        name: "until",
        words: "Only what was sent before this time: RFC 3339, or a day in UTC.",
    },
    Parameter {
        name: "cursor",
        words: "Where the answer before this one ended.",
    },
];

pub(super) fn calls() -> [Call; 1] {
    let words = "Finds messages in one's rooms, the newest first.";
    [Call::new("get", "/search", "search", words)
        .texts(&TEXTS)
        .query(&[LIMIT])
        .answers(200, Types::given::<SearchAck>)
        .refused(&[Code::NotFound, Code::TooLong])
        .about("messages")]
}

//! Calls about one's browser sessions.

use super::{Call, Types};
use crate::wire::devices::SessionsBody;

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::new("get", "/sessions", "sessions", "Lists where one is logged in.").answers(200, Types::given::<SessionsBody>),
        Call::new("delete", "/sessions", "endSessions", "Ends all of one's sessions but the one that asks, with their sockets.").no_content(),
        Call::new("delete", "/sessions/{id}", "endSession", "Ends one session, with its sockets.").no_content(),
    ]
}

//! Calls about one's tokens.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::{
        bodies::{NewToken, TokenBody},
        tokens::TokensBody,
    },
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::new("get", "/tokens", "tokens", "Lists one's tokens, with their scopes and when they end.").answers(200, Types::given::<TokensBody>),
        Call::new("post", "/tokens", "issueToken", "Logs a script in: makes a bearer token, which is shown this once.").open()
            .body(Types::taken::<NewToken>).answers(201, Types::given::<TokenBody>)
            .refused(&[Code::Unauthorized, Code::TooLong, Code::RateLimited]),
        Call::new("delete", "/tokens/{id}", "endOwnToken", "Ends one token, with its sockets.").no_content(),
        Call::new("delete", "/tokens/current", "endToken", "Ends the credential that makes the call, and its sockets.").no_content(),
    ]
}

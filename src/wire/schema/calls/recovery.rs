//! Calls by which somebody gets back into their account.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::recovery::{AddressBody, AskRecovery, ConfirmAddress, Recover},
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::new("post", "/recovery", "askRecovery", "Has a link mailed by which a forgotten password is replaced. Answers the same for an account that is not there.").open()
            .body(Types::taken::<AskRecovery>).no_content().refused(&[Code::RateLimited]),
        Call::new("put", "/recovery", "recover", "Chooses a new password, by the token of a mailed link or by a recovery code; ends every session and token.").open()
            .body(Types::taken::<Recover>).no_content()
            .refused(&[Code::Unauthorized, Code::Forbidden, Code::NotFound, Code::TooLong, Code::RateLimited]),
        Call::new("post", "/addresses/confirm", "confirmAddress", "Uses a link that was mailed for a new address; the account has it once both links were used.").open()
            .body(Types::taken::<ConfirmAddress>).answers(200, Types::given::<AddressBody>).refused(&[Code::NotFound, Code::Conflict]),
    ]
}

//! Calls about one's second factors.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::factors::{AppSecretBody, FirstCode, RecoveryCodesBody, ShowWho, TwoFactorBody},
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::new("get", "/me/two-factor", "twoFactor", "Says whether logins ask for a code, and how many recovery codes are left.").answers(200, Types::given::<TwoFactorBody>),
        Call::new("post", "/me/two-factor", "beginTwoFactor", "Makes a secret for an authenticator app. Logins ask for its codes after `PUT`.")
            .optional_body(Types::taken::<ShowWho>).answers(201, Types::given::<AppSecretBody>).refused(&[Code::Conflict, Code::RateLimited]),
        Call::new("put", "/me/two-factor", "turnOnTwoFactor", "Has logins ask for a code, once the first one is right. Answers with ten recovery codes.")
            .body(Types::taken::<FirstCode>).answers(200, Types::given::<RecoveryCodesBody>).refused(&[Code::RateLimited]),
        Call::new("delete", "/me/two-factor", "turnOffTwoFactor", "Has logins ask for no code any more; recovery codes stay.")
            .optional_body(Types::taken::<ShowWho>).no_content().refused(&[Code::RateLimited]),
        Call::new("post", "/me/recovery-codes", "makeRecoveryCodes", "Makes ten recovery codes, in the place of those that there were.")
            .optional_body(Types::taken::<ShowWho>).answers(201, Types::given::<RecoveryCodesBody>).refused(&[Code::RateLimited]),
    ]
}

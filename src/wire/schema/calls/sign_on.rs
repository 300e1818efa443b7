//! Calls about single sign-on.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::{factors::ShowWho, sign_on::SignOnBody},
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::new("get", "/me/oidc", "signOn", "Says who one is at the OpenID Connect provider that people log in with here. `not_found` where there is none.")
            .answers(200, Types::given::<SignOnBody>).refused(&[Code::NotFound]),
        Call::new("delete", "/me/oidc", "unlinkSignOn", "Ends that one's identity there opens one's account. It takes a browser to link one.")
            .optional_body(Types::taken::<ShowWho>).no_content().refused(&[Code::NotFound, Code::Conflict, Code::RateLimited]),
    ]
}

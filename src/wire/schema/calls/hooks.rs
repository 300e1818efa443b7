//! Calls about webhooks.

use super::{Body, Call, Types};
use crate::{
    error::Code,
    wire::{
        bodies::MessageBody,
        hooks::{
            HookMessage, IncomingHookBody, IncomingHooksBody, NewIncomingHook, NewOutgoingHook,
            OutgoingHookBody, OutgoingHooksBody,
        },
    },
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    let mut receive = Call::new("post", "/hooks/{token}", "receiveHook",
        "Says something by an incoming webhook; `/hooks/{token}` is the same. 200: it was there already, under the same `client_id`.")
        .open().answers(201, Types::given::<MessageBody>).answers(200, Types::given::<MessageBody>)
        .refused(&[Code::TooLong, Code::RateLimited, Code::Muted, Code::Forbidden]);
    receive.body = Body::Hook(Types::taken::<HookMessage>);
    [
        Call::new("get", "/rooms/{code}/hooks", "hooks", "Lists a room's incoming webhooks, for its owner and moderators.")
            .answers(200, Types::given::<IncomingHooksBody>),
        Call::new("post", "/rooms/{code}/hooks", "createHook", "Makes an incoming webhook; its address is shown this once.")
            .body(Types::taken::<NewIncomingHook>).answers(201, Types::given::<IncomingHookBody>)
            .refused(&[Code::TooLong, Code::Conflict]),
        Call::new("delete", "/rooms/{code}/hooks/{id}", "revokeHook", "Revokes an incoming webhook; what came by it stays.").no_content(),
        Call::new("get", "/rooms/{code}/outgoing-hooks", "outgoingHooks", "Lists a room's outgoing webhooks, for its owner and moderators.")
            .answers(200, Types::given::<OutgoingHooksBody>),
        Call::new("post", "/rooms/{code}/outgoing-hooks", "createOutgoingHook", "Makes an outgoing webhook; its secret is shown this once.")
            .body(Types::taken::<NewOutgoingHook>).answers(201, Types::given::<OutgoingHookBody>),
        Call::new("delete", "/rooms/{code}/outgoing-hooks/{id}", "removeOutgoingHook", "Removes an outgoing webhook.").no_content(),
        receive,
    ].map(|call| call.about("integrations")).into()
}

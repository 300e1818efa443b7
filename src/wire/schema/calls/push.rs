//! Calls about Web Push.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::push::{
        EndedSubscription, NewSubscription, PushKeyBody, SubscriptionBody, SubscriptionsBody,
    },
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    let (get, post, delete) = ("get", "post", "delete");
    [
        Call::new(get, "/push/key", "pushKey", "Reads the server's public key, for `applicationServerKey`.")
            .answers(200, Types::given::<PushKeyBody>),
        Call::new(get, "/push/subscriptions", "subscriptions", "Lists one's devices that are pushed to.")
            .answers(200, Types::given::<SubscriptionsBody>),
        Call::new(post, "/push/subscriptions", "subscribe",
            "Pushes to a device what concerns one, until the session or token ends that makes the call. It takes what a browser's `PushSubscription.toJSON()` yields; of 20 devices the oldest gives way.")
            .body(Types::taken::<NewSubscription>).answers(201, Types::given::<SubscriptionBody>),
        Call::new(delete, "/push/subscriptions", "unsubscribe", "Pushes to a device no more.")
            .body(Types::taken::<EndedSubscription>).no_content().refused(&[Code::NotFound]),
    ].map(|call| call.about("accounts")).into()
}

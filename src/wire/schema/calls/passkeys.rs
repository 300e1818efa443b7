//! Calls about passkeys.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::{
        factors::ShowWho,
        passkeys::{
            AskPasskey, NewPasskey, PasskeyBody, PasskeyChallenge, PasskeysBody, PatchPasskey,
        },
    },
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::new("get", "/me/passkeys", "passkeys", "Lists one's passkeys.").answers(200, Types::given::<PasskeysBody>),
        Call::new("post", "/me/passkeys/challenge", "beginPasskey", "Begins to add a passkey: answers with what the browser is to make.")
            .optional_body(Types::taken::<ShowWho>).answers(200, Types::given::<PasskeyChallenge>).refused(&[Code::Conflict, Code::RateLimited]),
        Call::new("post", "/me/passkeys", "addPasskey", "Adds the passkey that the browser made.")
            .body(Types::taken::<NewPasskey>).answers(201, Types::given::<PasskeyBody>).refused(&[Code::Conflict]),
        Call::new("patch", "/me/passkeys/{id}", "renamePasskey", "Gives one of one's passkeys another name.")
            .body(Types::taken::<PatchPasskey>).answers(200, Types::given::<PasskeyBody>),
        Call::new("delete", "/me/passkeys/{id}", "removePasskey", "Takes one of one's passkeys away.")
            .optional_body(Types::taken::<ShowWho>).no_content().refused(&[Code::RateLimited]),
        Call::new("post", "/passkeys/challenge", "askPasskey", "Begins to use a passkey in this browser: answers with what it is to ask its devices for.")
            .open().body(Types::taken::<AskPasskey>).answers(200, Types::given::<PasskeyChallenge>).refused(&[Code::Unauthorized, Code::Forbidden, Code::NotFound]),
    ]
}

//! Identifiers: `i64` newtypes, so that a room's id cannot be handed over where a person's belongs.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A person's id.
    UserId,
    /// A room's id inside the store; clients only ever see the room's code.
    RoomId,
    /// A message's id: grows, over all rooms, in the order in which the server accepted them.
    MessageId,
    /// An invitation's id.
    InviteId,
    /// A room's change counter: grows by one with each message and each change to one (contract, promise 4).
    Seq,
    /// A webhook's id.
    HookId,
    /// The id of a page that a message links to.
    LinkPageId,
}

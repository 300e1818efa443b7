//! What may happen: one file a subject, free functions over a [`Context`].
//!
//! A service checks the words it is given, asks whether the caller may, has the store keep it, and
//! answers in wire records. It never sees a request, a socket or SQL. Subjects call each other only
//! down this order: `confirmed` → `administration`, `imports`, `claims`, `post` → `site_invites`, `sign_on`, `closing`, `exports` → `guests`, `accounts`, `sessions`, `profile`, `addresses`, `recovery`, `tokens`, `factors`, `passkeys`, `devices`, `bots`, `hooks`, `outgoing_hooks`, `pushes`, `mailing`, `retention` → `notifications` → `reports`, `moderation`,
//! `invites`, `own`, `room_changes`, `lists`, `search` → `rooms` → `reading` → `messages`, `changes`, `uploads` → `mentions`, `previews` →
//! `permissions`, `scopes`, `passwords`, `proof`, `logins`, `required`, `ceremonies`, `codes`, `letters`, `throttle`, `queue`, `render`, `slack`.

pub mod accounts;
pub mod addresses;
pub mod administration;
pub mod bots;
pub mod ceremonies;
pub mod changes;
pub mod claims;
pub mod closing;
pub mod codes;
mod commands;
pub mod confirmed;
mod context;
pub mod devices;
pub mod emoji;
pub mod exports;
pub mod factors;
pub mod guests;
pub mod hooks;
pub mod imports;
pub mod invites;
pub mod letters;
pub mod lists;
pub mod logins;
pub mod mailing;
pub mod mentions;
pub mod messages;
pub mod moderation;
pub mod notifications;
pub mod outgoing_hooks;
pub mod own;
pub mod passkeys;
pub mod passwords;
pub mod permissions;
pub mod post;
pub mod previews;
pub mod profile;
pub mod proof;
pub mod pushes;
mod queue;
pub mod reading;
pub mod recovery;
pub mod render;
pub mod reports;
pub mod required;
pub mod retention;
pub mod room_changes;
pub mod rooms;
pub mod scopes;
pub mod search;
pub mod sessions;
pub mod sign_on;
pub mod site_invites;
pub mod slack;
pub mod throttle;
pub mod tokens;
pub mod uploads;

pub use commands::{Answer, Command, Follow, Reply};
pub use context::{Caller, Context, Via};

use crate::{error::Error, store::StoreError};

/// The faults of a form: one for each field that has one, or one that belongs to none.
pub type Faults = Vec<Error>;

impl From<StoreError> for Error {
    /// What a client is told of a store's refusal. What a subject can say better, it says itself first.
    fn from(error: StoreError) -> Self {
        use crate::error::Code;
        match error {
            StoreError::Taken("name") => {
                Self::new(Code::Conflict, "That name is taken. Try another.").field("name")
            }
            StoreError::Taken("email") => Self::new(
                Code::Conflict,
                "That address belongs to an account already. Log in, or use another.",
            )
            .field("email"),
            StoreError::Taken(field) => {
                Self::new(Code::Conflict, "That is taken already.").field(field)
            }
            StoreError::NotFound("room") => Self::no_room(),
            StoreError::NotFound(what) => Self::not_found(what),
            StoreError::Full(field) => Self::invalid(
                field,
                "There are as many as there may be. Use one of those.",
            ),
            StoreError::Denied(denied) => denied.into(),
            StoreError::OverQuota => Self::new(
                Code::TooLarge,
                "Your files would take more room here than you have. Delete messages with large files first.",
            ),
            StoreError::KeptOut => Self::new(
                Code::Conflict,
                "A moderator keeps them out of this room. They have to be let in again first.",
            )
            .field("user"),
            StoreError::LastOwner => Self::new(
                Code::Conflict,
                "A room needs an owner. Make somebody else one first.",
            ),
            StoreError::LastAdmin => Self::new(
                Code::Conflict,
                "The site needs somebody who runs it. Make somebody else an admin first.",
            ),
            StoreError::Program => Self::new(
                Code::Conflict,
                "This account belongs to a program or waits for its person. Only a person's account can have that.",
            ),
            StoreError::Fixed => Self::new(
                Code::Conflict,
                "The lobby and direct conversations stay as they are.",
            ),
            StoreError::NoOwner => Self::new(
                Code::Unavailable,
                "This server waits for its owner, who makes the first account. Come back a little later.",
            ),
            error @ (StoreError::Busy | StoreError::Closed | StoreError::Failed(_)) => {
                Self::unavailable(error)
            }
        }
    }
}

/// The value, or its fault put with the others.
fn collect<T>(faults: &mut Faults, result: Result<T, Error>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

//! The one error that reaches clients, in the contract's words, and its source for the operator.

use std::{error::Error as StdError, fmt, time::Duration};

use crate::model::{Denied, Invalid, Timestamp};

/// The contract's error codes (section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// No valid credential.
    Unauthorized,
    /// A valid credential without the right.
    Forbidden,
    /// Not there, or not for this person to know of.
    NotFound,
    /// Not of the right form.
    Invalid,
    /// Too many characters.
    TooLong,
    /// Too many bytes.
    TooLarge,
    /// In the way of something that is there already.
    Conflict,
    /// Too often.
    RateLimited,
    /// May not write in this room for now.
    Muted,
    /// May not enter this room for now.
    Banned,
    /// Must wait between two messages in this room.
    SlowMode,
    /// This server takes no new accounts, or none without an invitation.
    RegistrationClosed,
    /// The server cannot do it now.
    Unavailable,
}

impl Code {
    /// Every code, in the contract's order.
    pub const ALL: [Self; 13] = [
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Invalid,
        Self::TooLong,
        Self::TooLarge,
        Self::Conflict,
        Self::RateLimited,
        Self::Muted,
        Self::Banned,
        Self::SlowMode,
        Self::RegistrationClosed,
        Self::Unavailable,
    ];

    /// The code as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::TooLong => "too_long",
            Self::TooLarge => "too_large",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Muted => "muted",
            Self::Banned => "banned",
            Self::SlowMode => "slow_mode",
            Self::RegistrationClosed => "registration_closed",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden | Self::Muted | Self::Banned | Self::RegistrationClosed => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Invalid | Self::TooLong => 422,
            Self::RateLimited | Self::SlowMode => 429,
            Self::Unavailable => 503,
        }
    }
}

/// A result whose failure can be shown to a client.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure: what the client is told, and what the operator may need to know.
#[derive(Debug)]
pub struct Error {
    /// Which kind.
    pub code: Code,
    /// What to do about it, for people.
    pub message: String,
    /// The field at fault, by its wire name.
    pub field: Option<&'static str>,
    /// When it is worth another try.
    pub retry_after: Option<Duration>,
    /// Until when it holds.
    pub until: Option<Timestamp>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A failure of this kind.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            retry_after: None,
            until: None,
            source: None,
        }
    }

    /// The same, and which field is at fault.
    #[must_use]
    pub fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// A field that is not of the right form.
    #[must_use]
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message).field(field)
    }

    /// Nothing there.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("There is no such {what}, or it is not yours to see."),
        )
    }

    /// No room of that code, or none for this person to know of.
    #[must_use]
    pub fn no_room() -> Self {
        Self::not_found("room").field("room")
    }

    /// Nobody is logged in.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, "Log in first.")
    }

    /// Too often; worth another try after `wait`.
    #[must_use]
    pub fn rate_limited(message: impl Into<String>, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(Code::RateLimited, message)
        }
    }

    /// Something in the server failed; `source` is for the operator's log only.
    #[must_use]
    pub fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(
                Code::Unavailable,
                "The server could not do this just now. Try again in a moment.",
            )
        }
    }

    /// A text that failed its rule, in this field.
    #[must_use]
    pub fn of_field(field: &'static str, invalid: Invalid) -> Self {
        let code = if invalid.too_long {
            Code::TooLong
        } else {
            Code::Invalid
        };
        Self::new(code, invalid.message).field(field)
    }

    /// Whether something in the server failed, and not only the client's wish.
    #[must_use]
    pub fn has_source(&self) -> bool {
        self.source.is_some()
    }

    /// The chain of causes for the operator's log; empty when the client was at fault.
    #[must_use]
    pub fn chain(&self) -> String {
        self.source().map_or_else(String::new, chain)
    }
}

/// What an error says and what its causes say, on one line.
#[must_use]
pub fn chain(error: &dyn StdError) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::no_room(),
            Denied::Forbidden => Self::new(Code::Forbidden, "You may not do that in this room."),
            Denied::Muted(until) => Self {
                until: Some(until),
                ..Self::new(Code::Muted, "You may read here, but not write for now.")
            },
            Denied::Banned(until) => Self {
                until: Some(until),
                ..Self::new(
                    Code::Banned,
                    "A moderator keeps you out of this room for now. Choose another one.",
                )
            },
            Denied::SlowMode(wait) => Self {
                retry_after: Some(Duration::from_millis(wait)),
                ..Self::new(
                    Code::SlowMode,
                    "This room is in slow mode. Wait a moment, then send it again.",
                )
            },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

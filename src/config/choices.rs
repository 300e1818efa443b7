//! Settings of which one word out of a few is chosen.

use super::kinds::Kind;

/// Who must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecondFactor {
    /// Nobody.
    None,
    /// Who runs the site.
    Admins,
    /// Everybody.
    Everybody,
}

impl Kind for SecondFactor {
    type Value = Self;
    const VALUE_NAME: &'static str = "none|admins|everybody";
    const EXPECTED: &'static str = "none, admins or everybody";
    fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "admins" => Some(Self::Admins),
            "everybody" => Some(Self::Everybody),
            _ => None,
        }
    }
}

/// The header in which a proxy names whom it speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: addresses with commas between them.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Kind for ProxyHeader {
    type Value = Self;
    const VALUE_NAME: &'static str = "x-forwarded-for|forwarded";
    const EXPECTED: &'static str = "x-forwarded-for or forwarded";
    fn parse(text: &str) -> Option<Self> {
        match text {
            "x-forwarded-for" => Some(Self::XForwardedFor),
            "forwarded" => Some(Self::Forwarded),
            _ => None,
        }
    }
}

/// Who may register an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Whoever holds an invitation.
    Invite,
    /// Nobody.
    Closed,
}

impl Kind for Registration {
    type Value = Self;
    const VALUE_NAME: &'static str = "open|invite|closed";
    const EXPECTED: &'static str = "open, invite or closed";
    fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "invite" => Some(Self::Invite),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// How the way to the mail server is kept from listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailSecurity {
    /// TLS after a first plain word (RFC 3207).
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Not at all.
    None,
}

impl Kind for MailSecurity {
    type Value = Self;
    const VALUE_NAME: &'static str = "starttls|tls|none";
    const EXPECTED: &'static str = "starttls, tls or none";
    fn parse(text: &str) -> Option<Self> {
        match text {
            "starttls" => Some(Self::Starttls),
            "tls" => Some(Self::Tls),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

impl Kind for LogFormat {
    type Value = Self;
    const VALUE_NAME: &'static str = "text|json";
    const EXPECTED: &'static str = "text or json";
    fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

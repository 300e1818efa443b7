//! Running the site: what is done to accounts and rooms, by whom, and what is known of an account to who does it.

use super::{Account, Timestamp, UserId};

/// What somebody did to run the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// An account was made.
    CreateUser,
    /// Nobody may log in to an account any more.
    DisableUser,
    /// A disabled account is open again.
    EnableUser,
    /// An account has another password.
    ResetPassword,
    /// A person runs the site from now on.
    PromoteUser,
    /// A person no longer runs the site.
    DemoteUser,
    /// An account was deleted, by its person or by who runs the site.
    DeleteUser,
    /// Who runs the site took an export of a person's data.
    ExportUser,
    /// The server deleted what is older than the site keeps.
    SweepMessages,
    /// A room takes no more messages.
    ArchiveRoom,
    /// An archived room takes messages again.
    RestoreRoom,
    /// A room is no more.
    DeleteRoom,
    /// A report was dealt with.
    ResolveReport,
    /// An invitation to the site was made.
    CreateInvite,
    /// An invitation to the site ended before its time.
    RevokeInvite,
    /// A person's logins ask for a second factor.
    TurnOnFactor,
    /// They do not any more.
    TurnOffFactor,
    /// A person's second factors, passkeys and recovery codes were taken away.
    RemoveFactors,
    /// A person's account is opened by an identity at the OpenID Connect provider.
    LinkIdentity,
    /// It is not any more.
    UnlinkIdentity,
    /// A person can log in with one more passkey.
    AddPasskey,
    /// A person took a passkey away.
    RemovePasskey,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::CreateUser,
        Self::DisableUser,
        Self::EnableUser,
        Self::ResetPassword,
        Self::PromoteUser,
        Self::DemoteUser,
        Self::DeleteUser,
        Self::ExportUser,
        Self::SweepMessages,
        Self::ArchiveRoom,
        Self::RestoreRoom,
        Self::DeleteRoom,
        Self::ResolveReport,
        Self::CreateInvite,
        Self::RevokeInvite,
        Self::TurnOnFactor,
        Self::TurnOffFactor,
        Self::RemoveFactors,
        Self::LinkIdentity,
        Self::UnlinkIdentity,
        Self::AddPasskey,
        Self::RemovePasskey,
    ];

    /// Its name in the log and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateUser => "create_user",
            Self::DisableUser => "disable_user",
            Self::EnableUser => "enable_user",
            Self::ResetPassword => "reset_password",
            Self::PromoteUser => "promote_user",
            Self::DemoteUser => "demote_user",
            Self::DeleteUser => "delete_user",
            Self::ExportUser => "export_user",
            Self::SweepMessages => "sweep_messages",
            Self::ArchiveRoom => "archive_room",
            Self::RestoreRoom => "restore_room",
            Self::DeleteRoom => "delete_room",
            Self::ResolveReport => "resolve_report",
            Self::CreateInvite => "create_invite",
            Self::RevokeInvite => "revoke_invite",
            Self::TurnOnFactor => "turn_on_factor",
            Self::TurnOffFactor => "turn_off_factor",
            Self::RemoveFactors => "remove_factors",
            Self::LinkIdentity => "link_identity",
            Self::UnlinkIdentity => "unlink_identity",
            Self::AddPasskey => "add_passkey",
            Self::RemovePasskey => "remove_passkey",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == name)
    }
}

/// Who does something to run the site, from where, and when.
#[derive(Debug, Clone)]
pub struct Operator {
    /// The admin; `None` is who has the server's command line.
    pub user: Option<UserId>,
    /// An address, or where else it comes from.
    pub address: String,
    /// Now.
    pub now: Timestamp,
}

/// What changes in an account when the site's operator changes it.
#[derive(Debug, Clone)]
pub enum AccountDeed {
    /// Nobody may log in; every session and token ends. What was said stays.
    Disable,
    /// Logging in is possible again.
    Enable,
    /// The password has this hash from now on; every session and token ends.
    ResetPassword(String),
    /// The person runs the site.
    Promote,
    /// The person no longer runs the site; every session and token ends, since sockets remember what they may.
    Demote,
    /// The person logs in by the password alone; second factors, passkeys and recovery codes go.
    RemoveFactors,
}

impl AccountDeed {
    /// What stands in the log of it.
    #[must_use]
    pub const fn deed(&self) -> Deed {
        match self {
            Self::Disable => Deed::DisableUser,
            Self::Enable => Deed::EnableUser,
            Self::ResetPassword(_) => Deed::ResetPassword,
            Self::Promote => Deed::PromoteUser,
            Self::Demote => Deed::DemoteUser,
            Self::RemoveFactors => Deed::RemoveFactors,
        }
    }
}

/// What becomes of a room when the site's operator decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomDeed {
    /// It takes no more messages.
    Archive,
    /// It takes messages again.
    Restore,
    /// It is no more.
    Delete,
}

impl RoomDeed {
    /// What stands in the log of it.
    #[must_use]
    pub const fn deed(self) -> Deed {
        match self {
            Self::Archive => Deed::ArchiveRoom,
            Self::Restore => Deed::RestoreRoom,
            Self::Delete => Deed::DeleteRoom,
        }
    }
}

/// An account as who runs the site sees it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Since when nobody may log in to it.
    pub disabled_at: Option<Timestamp>,
    /// Whether it was imported and waits for its person.
    pub waits: bool,
    /// Whether a login asks for a second factor.
    pub two_factor: bool,
    /// When one of its live sessions was last used.
    pub seen_at: Option<Timestamp>,
}

/// An entry of the site's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteLogEntry {
    /// Its number; later ones are higher.
    pub id: i64,
    /// Who did it; `None` is who has the server's command line.
    pub by: Option<UserId>,
    /// What they were called.
    pub by_name: String,
    /// What they did.
    pub deed: Deed,
    /// To whom or what, as it was called.
    pub target: String,
    /// From where.
    pub address: String,
    /// When.
    pub created_at: Timestamp,
}

/// What stands in the log for who has the server's command line.
pub const COMMAND_LINE: &str = "command line";

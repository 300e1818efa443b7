//! What the site's log tells of.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// What somebody did to run the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// An account was made.
    CreateUser,
    /// Nobody may log in to an account any more.
    DisableUser,
    /// A disabled account is open again.
    EnableUser,
    /// An account has another password.
    ResetPassword,
    /// A person runs the site from then on.
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
    /// A room was deleted.
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

impl From<model::Deed> for Deed {
    fn from(deed: model::Deed) -> Self {
        match deed {
            model::Deed::CreateUser => Self::CreateUser,
            model::Deed::DisableUser => Self::DisableUser,
            model::Deed::EnableUser => Self::EnableUser,
            model::Deed::ResetPassword => Self::ResetPassword,
            model::Deed::PromoteUser => Self::PromoteUser,
            model::Deed::DemoteUser => Self::DemoteUser,
            model::Deed::DeleteUser => Self::DeleteUser,
            model::Deed::ExportUser => Self::ExportUser,
            model::Deed::SweepMessages => Self::SweepMessages,
            model::Deed::ArchiveRoom => Self::ArchiveRoom,
            model::Deed::RestoreRoom => Self::RestoreRoom,
            model::Deed::DeleteRoom => Self::DeleteRoom,
            model::Deed::ResolveReport => Self::ResolveReport,
            model::Deed::CreateInvite => Self::CreateInvite,
            model::Deed::RevokeInvite => Self::RevokeInvite,
            model::Deed::TurnOnFactor => Self::TurnOnFactor,
            model::Deed::TurnOffFactor => Self::TurnOffFactor,
            model::Deed::RemoveFactors => Self::RemoveFactors,
            model::Deed::LinkIdentity => Self::LinkIdentity,
            model::Deed::UnlinkIdentity => Self::UnlinkIdentity,
            model::Deed::AddPasskey => Self::AddPasskey,
            model::Deed::RemovePasskey => Self::RemovePasskey,
        }
    }
}

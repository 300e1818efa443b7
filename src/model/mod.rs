//! What exists in Parlor: newtypes that are valid by construction, and plain records.
//!
//! Nothing here does I/O, awaits, or knows how a thing is stored or shown. A value of one of these
//! types has passed its rule; the rules themselves are those of the contract, section 5.

mod administration;
mod attachment;
mod bots;
mod closing;
mod devices;
mod exports;
mod factors;
mod hooks;
mod ids;
mod imports;
mod invites;
mod message;
mod moderation;
mod name;
mod notifications;
mod passkeys;
mod previews;
mod records;
mod reports;
mod room_code;
mod rooms;
mod scopes;
mod search;
mod text;
mod time;
mod tokens;
mod words;

pub use administration::{
    AccountDeed, COMMAND_LINE, Deed, Listed, Operator, RoomDeed, SiteLogEntry,
};
pub use attachment::{Attachment, FileName, Look, NewUpload, Upload, UploadId};
pub use bots::{Bearer, Bot, BotToken, NewBot};
pub use closing::{CLOSED_NAME, SaidBefore};
pub use devices::Device;
pub use exports::{OwnFile, OwnReaction};
pub use factors::{Factors, NewTotp};
pub use hooks::{Delivery, IncomingHook, NewIncomingHook, NewOutgoingHook, Outcome, OutgoingHook};
pub use ids::{HookId, InviteId, LinkPageId, MessageId, RoomId, Seq, UserId};
pub use imports::{
    Identity, ImportedMessage, Merged, NewImportedPerson, NewImportedRoom, Place, Source, Unclaimed,
};
pub use invites::{Invite, NewInvite, NewSiteInvite};
pub use message::{Emoji, Mentioned, MessageChange, MessageEdit, MessagePermit, Quote, Reaction};
pub use moderation::{Ban, LogEntry, Logged, Measure, MeasurePermit, NewMeasure, Reason, Target};
pub use name::UserName;
pub use notifications::{
    Concerned, Gathered, MissedBy, MissedEnd, MissedRoom, NewSubscription, Notice,
    NotificationSettings, Push, PushKeys, PushOutcome, PushPlace, QuietHours, Seen, Subscription,
    WhichSubscription,
};
pub use passkeys::{MOST_PASSKEYS, NewPasskey, Passkey, PasskeyId, PasskeyUse};
pub use previews::{KnownPage, LinkPage, Linked, NewLinkPage, PageImage, Preview};
pub use records::{
    Account, Change, Credential, Denied, Message, NewAccount, NewMessage, NewSession, NewToken,
    OidcIdentity, Origin, Permit, Revocation, Session, UserCard,
};
pub use reports::{NewReport, Report, ReportReason, ReportedMessage, ReportedRoom, Subject};
pub use room_code::RoomCode;
pub use rooms::{
    LeaveReason, Member, Membership, NewRoom, Notify, Preferences, PreferencesChange,
    RemovalReason, Role, Room, RoomChange, RoomKind, RoomState, Standing,
};
pub use scopes::{Scope, Scopes};
pub use search::{Phrase, Search, SearchHit, SearchPlace};
pub use text::{ClientId, Email, Excerpt, MessageText, RoomName, Topic};
pub use time::Timestamp;
pub use tokens::OwnToken;
pub use words::words;

/// Why a text was not accepted as a value of one of the types here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// What to do about it, ready to be shown to the person who typed it.
    pub message: String,
    /// Whether the only fault is length (the wire code `too_long` instead of `invalid`).
    pub too_long: bool,
}

impl Invalid {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            too_long: false,
        }
    }

    pub(crate) fn too_long(what: &str, max: usize) -> Self {
        Self {
            message: format!("{what} may have at most {max} characters."),
            too_long: true,
        }
    }
}

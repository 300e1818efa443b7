//! Who may do what in a room: one function over one table.

use std::time::Duration;

use crate::model::{Denied, Measure, Message, Role, RoomKind, Standing, Target, Timestamp, UserId};

/// Something that a person wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Know that it exists, its name and topic.
    See,
    /// Become a member.
    Join,
    /// Become a member by an invitation.
    JoinInvited,
    /// Read its messages, and who belongs to it.
    Read,
    /// Say something in it.
    Write,
    /// Show that one writes.
    Type,
    /// Have a message of one's own say something else.
    EditMessage,
    /// Leave only a message's place.
    DeleteMessage,
    /// Take away what is shown of the pages that a message links to.
    HidePreviews,
    /// Answer a message with an emoji.
    React,
    /// Keep a message in view.
    Pin,
    /// Bring others in, by name or by a link.
    Invite,
    /// Take back an invitation that somebody else made.
    RevokeInvite,
    /// Give it another name or topic.
    Update,
    /// Make it public or private.
    Publish,
    /// Say for how long its messages are kept.
    Retain,
    /// Close it for writing, and open it again.
    Archive,
    /// End it with all that was said in it.
    Delete,
    /// Give the membership up.
    Leave,
    /// Tell the site's admin of a message or a person in it.
    Report,
    /// Read who was moderated, by whom and why.
    ReadLog,
    /// Put somebody out, who may come back.
    Kick,
    /// Put somebody out, or keep them out, for a time.
    Ban,
    /// Let somebody in again.
    Unban,
    /// Keep somebody from writing for a time.
    Mute,
    /// Let somebody write again.
    Unmute,
    /// Give somebody, or oneself, another role.
    SetRole,
    /// Say how long a member waits between two messages.
    SetSlowMode,
    /// Delete what somebody said of late.
    DeleteMessages,
    /// Make and revoke its webhooks.
    Integrate,
}

impl Action {
    /// What it is to take this measure.
    #[must_use]
    pub const fn of(measure: &Measure) -> Self {
        match measure {
            Measure::Kick => Self::Kick,
            Measure::Ban { .. } => Self::Ban,
            Measure::Unban => Self::Unban,
            Measure::Mute { .. } => Self::Mute,
            Measure::Unmute => Self::Unmute,
            Measure::SetRole(_) => Self::SetRole,
            Measure::SlowMode(_) => Self::SetSlowMode,
            Measure::DeleteMessages(_) => Self::DeleteMessages,
        }
    }
}

/// What stands in the way of who has the role for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// The room is closed for writing.
    Archived,
    /// Who does it may not write for now.
    Muted,
    /// The room is slow, and who does it has just written; moderators need not wait.
    Slow,
    /// The room is a conversation between named people, in which nobody keeps order.
    Direct,
    /// The room is the lobby, in which everybody comes in.
    Lobby,
    /// It is done to oneself.
    Oneself,
    /// It is done to what somebody else said.
    Others,
    /// It is done to what somebody else said, by who keeps no order here.
    OthersUnlessModerator,
    /// Who does it keeps no order in a room where somebody does.
    OnlyModerators,
    /// It is done to a moderator or an owner; an owner may do that, too.
    Rank,
}

use Obstacle::{
    Archived, Direct, Lobby, Muted, Oneself, OnlyModerators, Others, OthersUnlessModerator, Rank,
    Slow,
};

/// Whoever may know of the room, belonging to it or not.
const ANYBODY: Option<Role> = None;
const MEMBER: Option<Role> = Some(Role::Member);
const MODERATOR: Option<Role> = Some(Role::Moderator);
const OWNER: Option<Role> = Some(Role::Owner);

/// The table: the least role that an action asks for, and what stands in its way.
#[rustfmt::skip]
#[allow(clippy::match_same_arms, reason = "a table has a row for each action")]
const fn rule(action: Action) -> (Option<Role>, &'static [Obstacle]) {
    match action {
        Action::See            => (ANYBODY,   &[]),
        Action::Join           => (ANYBODY,   &[]),
        Action::JoinInvited    => (ANYBODY,   &[Direct]),
        Action::Read           => (MEMBER,    &[]),
        Action::Write          => (MEMBER,    &[Archived, Muted, Slow]),
        Action::Type           => (MEMBER,    &[Archived, Muted]),
        Action::EditMessage    => (MEMBER,    &[Archived, Muted, Others]),
        Action::DeleteMessage  => (MEMBER,    &[Archived, OthersUnlessModerator]),
        Action::HidePreviews   => (MEMBER,    &[Archived, OthersUnlessModerator]),
        Action::React          => (MEMBER,    &[Archived, Muted]),
        Action::Pin            => (MEMBER,    &[Archived, Muted, OnlyModerators]),
        Action::Invite         => (MEMBER,    &[Direct, Archived, Muted]),
        Action::RevokeInvite   => (MODERATOR, &[Direct]),
        Action::Update         => (MODERATOR, &[Direct, Archived]),
        Action::Publish        => (MODERATOR, &[Direct, Lobby, Archived]),
        Action::Retain         => (OWNER,     &[Direct, Archived]),
        Action::Archive        => (OWNER,     &[Direct, Lobby]),
        Action::Delete         => (OWNER,     &[Direct, Lobby]),
        Action::Leave          => (MEMBER,    &[Direct]),
        Action::Report         => (MEMBER,    &[Oneself]),
        Action::ReadLog        => (MODERATOR, &[Direct]),
        Action::Kick           => (MODERATOR, &[Direct, Oneself, Rank]),
        Action::Ban            => (MODERATOR, &[Direct, Oneself, Rank]),
        Action::Unban          => (MODERATOR, &[Direct, Oneself, Rank]),
        Action::Mute           => (MODERATOR, &[Direct, Oneself, Rank]),
        Action::Unmute         => (MODERATOR, &[Direct, Oneself, Rank]),
        Action::SetRole        => (OWNER,     &[Direct]),
        Action::SetSlowMode    => (MODERATOR, &[Direct]),
        Action::DeleteMessages => (MODERATOR, &[Direct, Oneself, Rank]),
        Action::Integrate      => (MODERATOR, &[Direct]),
    }
}

/// Whether a person with this standing may do this now. Who is not in a room that is not public learns
/// nothing of it, not even that it exists (contract, section 2).
///
/// # Errors
/// Why not.
pub fn may(action: Action, standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may_to(action, standing, Target::NOBODY, now)
}

/// [`may`] for what is done to somebody.
///
/// # Errors
/// Why not.
pub fn may_to(
    action: Action,
    standing: &Standing,
    target: Target,
    now: Timestamp,
) -> Result<(), Denied> {
    let (least, obstacles) = rule(action);
    let Some(membership) = &standing.membership else {
        // Who holds an invitation knows of the room by it.
        let known = action == Action::JoinInvited && standing.room.kind == RoomKind::Private;
        return match (standing.room.kind, standing.banned_until) {
            (RoomKind::Public, Some(until)) if until > now => Err(Denied::Banned(until)),
            (_, Some(until)) if known && until > now => Err(Denied::Banned(until)),
            _ if known => Ok(()),
            (RoomKind::Public, _) if least == ANYBODY => Ok(()),
            (RoomKind::Public, _) => Err(Denied::Forbidden),
            _ => Err(Denied::NotFound),
        };
    };
    let role = membership.role;
    if least.is_some_and(|least| role < least) {
        return Err(Denied::Forbidden);
    }
    for obstacle in obstacles {
        let forbidden = match obstacle {
            Archived => standing.room.archived,
            Direct => standing.room.kind == RoomKind::Direct,
            Lobby => standing.room.code.is_lobby(),
            Oneself => target.oneself,
            Others => !target.oneself,
            OthersUnlessModerator => !target.oneself && role < Role::Moderator,
            OnlyModerators => standing.room.kind != RoomKind::Direct && role < Role::Moderator,
            Rank => role < Role::Owner && target.role >= MODERATOR,
            Muted => match membership.muted_until {
                Some(until) if until > now => return Err(Denied::Muted(until)),
                _ => false,
            },
            Slow => match wait(standing, role, membership.sent_at, now) {
                Some(wait) => return Err(Denied::SlowMode(wait)),
                None => false,
            },
        };
        if forbidden {
            return Err(Denied::Forbidden);
        }
    }
    Ok(())
}

/// How long a member must wait in a slow room, in milliseconds.
fn wait(
    standing: &Standing,
    role: Role,
    sent_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<u64> {
    let pause = u64::try_from(standing.room.slow_mode_s).unwrap_or_default();
    let next = sent_at?.plus(Duration::from_secs(pause));
    let wait = u64::try_from(next.0 - now.0).unwrap_or_default();
    (role < Role::Moderator && pause > 0 && wait > 0).then_some(wait)
}

/// Makes of actions what the store asks inside its transactions.
macro_rules! permits {
    ($($name:ident: $action:ident,)+) => {$(
        #[doc = concat!("[`may`] for [`Action::", stringify!($action), "`], for the store to ask inside its transaction.")]
        ///
        /// # Errors
        /// Why not.
        pub fn $name(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
            may(Action::$action, standing, now)
        }
    )+};
}

permits! {
    may_join: Join,
    may_join_invited: JoinInvited,
    may_read: Read,
    may_write: Write,
    may_invite: Invite,
    may_revoke_invite: RevokeInvite,
    may_update: Update,
    may_publish: Publish,
    may_retain: Retain,
    may_archive: Archive,
    may_delete: Delete,
    may_leave: Leave,
    may_integrate: Integrate,
}

/// Whether an invitation to the site may lead into this room: an admin's into a public one, and into a private one as
/// anybody's who belongs to it.
///
/// # Errors
/// Why not.
pub fn may_land_in(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    if standing.room.kind == RoomKind::Public {
        return takes_people(standing, now);
    }
    may(Action::Invite, standing, now)
}

/// Whether an invitation may lead into this room whoever makes it: nobody joins direct conversations, and nobody needs
/// a room that is closed.
///
/// # Errors
/// `Forbidden`.
pub fn takes_people(standing: &Standing, _: Timestamp) -> Result<(), Denied> {
    if standing.room.kind == RoomKind::Direct || standing.room.archived {
        return Err(Denied::Forbidden);
    }
    Ok(())
}

/// [`may_to`] for what is done to a message.
///
/// # Errors
/// Why not.
pub fn may_change(
    action: Action,
    standing: &Standing,
    message: &Message,
    actor: UserId,
    now: Timestamp,
) -> Result<(), Denied> {
    let target = Target {
        role: None,
        oneself: message.author.id == actor,
    };
    may_to(action, standing, target, now)
}

/// [`may_to`] for a measure, for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_take(
    measure: &Measure,
    standing: &Standing,
    target: Target,
    now: Timestamp,
) -> Result<(), Denied> {
    may_to(Action::of(measure), standing, target, now)
}

/// [`may_to`] for [`Action::Report`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_report(standing: &Standing, target: Target, now: Timestamp) -> Result<(), Denied> {
    may_to(Action::Report, standing, target, now)
}

#[cfg(test)]
mod tests;

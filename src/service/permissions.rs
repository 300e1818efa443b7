//! Who may do what in a room: one function over one table.

use std::time::Duration;

use crate::model::{Denied, Message, Role, RoomKind, Standing, Target, Timestamp, UserId};

/// Something that a person wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Know that it exists, its name and topic.
    See,
    /// Become a member.
    Join,
    /// Read its messages, and who belongs to it.
    Read,
    /// Say something in it.
    Write,
    /// Have a message of one's own say something else.
    EditMessage,
    /// Leave only a message's place.
    DeleteMessage,
    /// Answer a message with an emoji.
    React,
    /// Keep a message in view.
    Pin,
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
    Archived, Direct, Muted, Oneself, OnlyModerators, Others, OthersUnlessModerator, Rank, Slow,
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
        Action::Read           => (MEMBER,    &[]),
        Action::Write          => (MEMBER,    &[Archived, Muted, Slow]),
        Action::EditMessage    => (MEMBER,    &[Archived, Muted, Others]),
        Action::DeleteMessage  => (MEMBER,    &[Archived, OthersUnlessModerator]),
        Action::React          => (MEMBER,    &[Archived, Muted]),
        Action::Pin            => (MEMBER,    &[Archived, Muted, OnlyModerators]),
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
        return match (standing.room.kind, standing.banned_until) {
            (RoomKind::Public, Some(until)) if until > now => Err(Denied::Banned(until)),
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

/// [`may`] for [`Action::Join`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_join(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may(Action::Join, standing, now)
}

/// [`may`] for [`Action::Read`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_read(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may(Action::Read, standing, now)
}

/// [`may`] for [`Action::Write`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_write(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may(Action::Write, standing, now)
}

/// [`may`] for [`Action::Integrate`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_integrate(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may(Action::Integrate, standing, now)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Membership, MessageId, Room, RoomCode, RoomId, RoomName, Seq, Topic};

    const NOW: Timestamp = Timestamp(10_000);
    const LATER: Timestamp = Timestamp(11_000);

    fn standing(kind: RoomKind, role: Option<Role>) -> Standing {
        Standing {
            room: Room {
                id: RoomId(1),
                code: RoomCode::lobby(),
                name: RoomName::stored("Lobby".to_owned()),
                topic: Topic::default(),
                kind,
                archived: false,
                members: 1,
                created_at: Timestamp(0),
                last_seq: Seq(0),
                slow_mode_s: 0,
            },
            membership: role.map(|role| Membership {
                role,
                joined_at: Timestamp(0),
                muted_until: None,
                read_id: MessageId(0),
                unread: 0,
                mentions: 0,
                sent_at: None,
            }),
            banned_until: None,
        }
    }

    fn place(standing: &mut Standing) -> &mut Membership {
        standing.membership.as_mut().expect("a member")
    }

    #[test]
    fn who_is_no_member_sees_public_rooms_only() {
        for (kind, action, expected) in [
            (RoomKind::Public, Action::See, Ok(())),
            (RoomKind::Public, Action::Join, Ok(())),
            (RoomKind::Public, Action::Read, Err(Denied::Forbidden)),
            (RoomKind::Public, Action::Write, Err(Denied::Forbidden)),
            (RoomKind::Public, Action::Kick, Err(Denied::Forbidden)),
            (RoomKind::Private, Action::See, Err(Denied::NotFound)),
            (RoomKind::Private, Action::Join, Err(Denied::NotFound)),
            (RoomKind::Private, Action::Kick, Err(Denied::NotFound)),
            (RoomKind::Direct, Action::Write, Err(Denied::NotFound)),
        ] {
            let mut standing = standing(kind, None);
            assert_eq!(may(action, &standing, NOW), expected, "{kind:?} {action:?}");
            standing.banned_until = Some(NOW);
            assert_eq!(may(action, &standing, NOW), expected, "a ban that is over");
            standing.banned_until = Some(LATER);
            let banned = match kind {
                RoomKind::Public => Denied::Banned(LATER),
                RoomKind::Private | RoomKind::Direct => Denied::NotFound,
            };
            assert_eq!(
                may(action, &standing, NOW),
                Err(banned),
                "{kind:?} {action:?}"
            );
        }
    }

    #[test]
    fn a_muted_member_reads_until_the_mute_is_over() {
        let mut member = standing(RoomKind::Private, MEMBER);
        for (until, expected) in [
            (None, Ok(())),
            (Some(NOW), Ok(())),
            (Some(LATER), Err(Denied::Muted(LATER))),
        ] {
            place(&mut member).muted_until = until;
            assert_eq!(may(Action::Write, &member, NOW), expected);
            assert_eq!(may(Action::Read, &member, NOW), Ok(()));
        }
    }

    #[test]
    fn in_a_slow_room_members_wait_and_moderators_do_not() {
        for (role, sent_at, expected) in [
            (MEMBER, None, Ok(())),
            (MEMBER, Some(5_000), Err(Denied::SlowMode(25_000))),
            (MEMBER, Some(-20_000), Ok(())),
            (MODERATOR, Some(9_999), Ok(())),
            (OWNER, Some(9_999), Ok(())),
        ] {
            let mut slow = standing(RoomKind::Public, role);
            slow.room.slow_mode_s = 30;
            place(&mut slow).sent_at = sent_at.map(Timestamp);
            assert_eq!(
                may(Action::Write, &slow, NOW),
                expected,
                "{role:?} {sent_at:?}"
            );
            slow.room.slow_mode_s = 0;
            assert_eq!(may(Action::Write, &slow, NOW), Ok(()));
        }
    }

    #[test]
    fn an_archived_room_is_read_and_kept_in_order_but_not_written_in() {
        let mut archived = standing(RoomKind::Public, OWNER);
        archived.room.archived = true;
        for (action, expected) in [
            (Action::Read, Ok(())),
            (Action::Write, Err(Denied::Forbidden)),
            (Action::Kick, Ok(())),
        ] {
            assert_eq!(may(action, &archived, NOW), expected, "{action:?}");
        }
    }

    #[test]
    fn moderators_act_on_members_and_owners_on_everybody_but_themselves() {
        let target = |role| Target {
            role,
            oneself: false,
        };
        for action in [
            Action::Kick,
            Action::Ban,
            Action::Mute,
            Action::DeleteMessages,
        ] {
            for (actor, on, may_do) in [
                (MEMBER, ANYBODY, false),
                (MEMBER, MEMBER, false),
                (MODERATOR, ANYBODY, true),
                (MODERATOR, MEMBER, true),
                (MODERATOR, MODERATOR, false),
                (MODERATOR, OWNER, false),
                (OWNER, MODERATOR, true),
                (OWNER, OWNER, true),
            ] {
                let found = may_to(action, &standing(RoomKind::Public, actor), target(on), NOW);
                assert_eq!(found.is_ok(), may_do, "{action:?}: {actor:?} on {on:?}");
                let direct = may_to(action, &standing(RoomKind::Direct, actor), target(on), NOW);
                assert_eq!(direct, Err(Denied::Forbidden));
            }
            let oneself = Target {
                role: OWNER,
                oneself: true,
            };
            let found = may_to(action, &standing(RoomKind::Public, OWNER), oneself, NOW);
            assert_eq!(found, Err(Denied::Forbidden), "{action:?}");
        }
    }

    #[test]
    fn only_owners_give_roles() {
        for (role, may_do) in [(MEMBER, false), (MODERATOR, false), (OWNER, true)] {
            let found = may(Action::SetRole, &standing(RoomKind::Private, role), NOW);
            assert_eq!(found.is_ok(), may_do, "{role:?}");
        }
    }
}

//! The table of permissions, row by row.

use super::*;
use crate::model::{
    Membership, MessageId, Preferences, Room, RoomCode, RoomId, RoomName, Seq, Topic,
};

const NOW: Timestamp = Timestamp(10_000);
const LATER: Timestamp = Timestamp(11_000);

fn standing(kind: RoomKind, role: Option<Role>) -> Standing {
    Standing {
        room: Room {
            id: RoomId(1),
            code: RoomCode::parse("tea").expect("a code"),
            name: RoomName::stored("Tea".to_owned()),
            topic: Topic::default(),
            kind,
            archived: false,
            members: 1,
            created_at: Timestamp(0),
            last_seq: Seq(0),
            slow_mode_s: 0,
            retention_days: 0,
            people: Vec::new(),
        },
        membership: role.map(|role| Membership {
            role,
            joined_at: Timestamp(0),
            muted_until: None,
            read_id: MessageId(0),
            unread: 0,
            mentions: 0,
            sent_at: None,
            preferences: Preferences::default(),
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

/// What this action comes to in the rooms of the next test, a letter each: `-` may, `f` forbidden, `n` not found,
/// `m`uted, `b`anned.
fn word(action: Action, rooms: &[Standing]) -> String {
    let letter = |standing| match may(action, standing, NOW) {
        Ok(()) => '-',
        Err(Denied::Forbidden) => 'f',
        Err(Denied::NotFound) => 'n',
        Err(Denied::Muted(_)) => 'm',
        Err(Denied::Banned(_)) => 'b',
        Err(Denied::SlowMode(_)) => 's',
    };
    rooms.iter().map(letter).collect()
}

#[test]
#[rustfmt::skip]
fn what_becomes_of_a_room_takes_its_people() {
    use RoomKind::{Direct, Private, Public};
    let changed = |mut standing: Standing, change: fn(&mut Standing)| {
        change(&mut standing);
        standing
    };
    let rooms = [
        standing(Public, ANYBODY),
        standing(Private, ANYBODY),
        changed(standing(Private, ANYBODY), |room| room.banned_until = Some(LATER)),
        standing(Direct, ANYBODY),
        standing(Public, MEMBER),
        standing(Private, MEMBER),
        changed(standing(Private, MEMBER), |room| place(room).muted_until = Some(LATER)),
        standing(Private, MODERATOR),
        standing(Private, OWNER),
        changed(standing(Private, OWNER), |room| room.room.archived = true),
        changed(standing(Public, OWNER), |room| room.room.code = RoomCode::lobby()),
        standing(Direct, MEMBER),
    ];
    for (action, expected) in [
        (Action::JoinInvited,  "--bn-------f"),
        (Action::Invite,       "fnnn--m--f-f"),
        (Action::RevokeInvite, "fnnnfff----f"),
        (Action::Update,       "fnnnfff--f-f"),
        (Action::Publish,      "fnnnfff--fff"),
        (Action::Retain,       "fnnnffff-f-f"),
        (Action::Archive,      "fnnnffff--ff"),
        (Action::Delete,       "fnnnffff--ff"),
        (Action::Leave,        "fnnn-------f"),
    ] {
        assert_eq!(word(action, &rooms), expected, "{action:?}");
    }
}

#[test]
fn only_owners_give_roles() {
    for (role, may_do) in [(MEMBER, false), (MODERATOR, false), (OWNER, true)] {
        let found = may(Action::SetRole, &standing(RoomKind::Private, role), NOW);
        assert_eq!(found.is_ok(), may_do, "{role:?}");
    }
}

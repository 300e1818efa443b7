//! Who may do what in a room: one function over one table.

use crate::model::{Denied, RoomKind, Standing, Timestamp};

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
}

/// Whether a person with this standing may do this now. Who is not in a room that is not public learns
/// nothing of it, not even that it exists (contract, section 2).
///
/// # Errors
/// Why not.
pub fn may(action: Action, standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    let public = standing.room.kind == RoomKind::Public;
    let Some(membership) = &standing.membership else {
        return match action {
            Action::See | Action::Join if public => Ok(()),
            _ if public => Err(Denied::Forbidden),
            _ => Err(Denied::NotFound),
        };
    };
    match action {
        Action::See | Action::Join | Action::Read => Ok(()),
        Action::Write if standing.room.archived => Err(Denied::Forbidden),
        Action::Write => match membership.muted_until {
            Some(until) if until > now => Err(Denied::Muted(until)),
            _ => Ok(()),
        },
    }
}

/// [`may`] for [`Action::Join`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_join(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may(Action::Join, standing, now)
}

/// [`may`] for [`Action::Write`], for the store to ask inside its transaction.
///
/// # Errors
/// Why not.
pub fn may_write(standing: &Standing, now: Timestamp) -> Result<(), Denied> {
    may(Action::Write, standing, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Membership, MessageId, Role, Room, RoomCode, RoomId, RoomName, Seq, Topic};

    fn standing(kind: RoomKind, archived: bool, membership: Option<Membership>) -> Standing {
        Standing {
            room: Room {
                id: RoomId(1),
                code: RoomCode::lobby(),
                name: RoomName::stored("Lobby".to_owned()),
                topic: Topic::default(),
                kind,
                archived,
                members: 1,
                created_at: Timestamp(0),
                last_seq: Seq(0),
                slow_mode_s: 0,
            },
            membership,
        }
    }

    fn member(muted_until: Option<Timestamp>) -> Membership {
        Membership {
            role: Role::Member,
            joined_at: Timestamp(0),
            muted_until,
            read_id: MessageId(0),
            unread: 0,
            mentions: 0,
        }
    }

    #[test]
    fn the_table_of_permissions() {
        use Action::{Join, Read, See, Write};
        use RoomKind::{Direct, Private, Public};
        let now = Timestamp(10);
        let later = Timestamp(11);
        let stranger = || None;
        for (what, standing, expected) in [
            (See, standing(Public, false, stranger()), Ok(())),
            (Join, standing(Public, false, stranger()), Ok(())),
            (
                Read,
                standing(Public, false, stranger()),
                Err(Denied::Forbidden),
            ),
            (
                Write,
                standing(Public, false, stranger()),
                Err(Denied::Forbidden),
            ),
            (
                See,
                standing(Private, false, stranger()),
                Err(Denied::NotFound),
            ),
            (
                Join,
                standing(Private, false, stranger()),
                Err(Denied::NotFound),
            ),
            (
                Write,
                standing(Direct, false, stranger()),
                Err(Denied::NotFound),
            ),
            (Read, standing(Private, false, Some(member(None))), Ok(())),
            (Join, standing(Private, false, Some(member(None))), Ok(())),
            (Write, standing(Private, false, Some(member(None))), Ok(())),
            (
                Write,
                standing(Public, true, Some(member(None))),
                Err(Denied::Forbidden),
            ),
            (Read, standing(Public, true, Some(member(None))), Ok(())),
            (
                Write,
                standing(Public, false, Some(member(Some(later)))),
                Err(Denied::Muted(later)),
            ),
            (
                Read,
                standing(Public, false, Some(member(Some(later)))),
                Ok(()),
            ),
            (
                Write,
                standing(Public, false, Some(member(Some(now)))),
                Ok(()),
            ),
        ] {
            assert_eq!(may(what, &standing, now), expected, "{what:?} {standing:?}");
        }
    }
}
